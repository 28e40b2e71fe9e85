// Package page makes the HTML of mail safe, by a list of what is allowed: that of
// mail that came in, to be shown, and that of mail that is written here, to be sent.
//
// What both promise: no scripts, frames, forms, classes or ids, no style that takes
// an address.
//
// Of mail that is shown nothing is loaded from elsewhere. Pictures that it names are
// blocked, or led to a place of our own that the caller says; a mail that names that
// place itself is led there no more than any other.
//
// Mail that is sent keeps the pictures that its writer put there, because they are
// the writer's words: the logo of a signature, what a template shows. It is the
// recipients' programs that load them, or ask first. Left out, and told to the
// writer, are those that recipients would not see: bytes within the text (data:),
// which the large mail services take out, so that only what was pasted along unseen
// would leave the house; http:, which is loaded in the open and mostly blocked; what
// names a part or a file that does not go along. Left out, too, are pictures that
// are too small or hidden to be seen. They come with text that is pasted from
// somebody else's newsletter or quoted from a tracked mail, and would tell a third
// party who reads; what this workspace finds out itself is put in later, where its
// rules allow it (package track). A picture that says no size may be as small: that
// cannot be known without loading it, which is what its sender wants.
//
// The package is pure and stores nothing.
package page
