// Package testenv starts the real servers that tests and benchmarks run
// against, in a throw-away folder and on free loopback ports.
//
// What it promises:
//   - Nothing outlives its owner: a server is stopped by its process id and
//     waited for, and it dies with the process that started it.
//   - A test that cannot have its server says so loudly. It is skipped with the
//     name of the missing package, or it fails when THREADLINE_REQUIRE_DOVECOT
//     is 1.
//
// It stores nothing outside of the folder it was given.
package testenv
