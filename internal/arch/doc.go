// Package arch holds the structure of the program as a test: which room may
// import which, who may know a vendor, and what the pure rooms may not touch.
// It exports nothing and stores nothing. A new room is a line in the table of
// arch_test.go, so that it shows in review.
package arch
