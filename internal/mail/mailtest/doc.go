// Package mailtest holds crafted messages with a fault each, for every test that
// carries mail: what is read from bytes, and what comes through a real server.
// It promises the same bytes at every call and stores nothing.
package mailtest
