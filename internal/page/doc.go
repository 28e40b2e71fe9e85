// Package page makes the HTML of mail safe to show, by a list of what is allowed.
//
// What it promises: no scripts, frames, forms, classes or ids, no style that takes
// an address, nothing that is loaded from elsewhere. Pictures that a mail names
// are blocked, or led to a place of our own that the caller says; a mail that
// names that place itself is led there no more than any other.
//
// The package is pure and stores nothing.
package page
