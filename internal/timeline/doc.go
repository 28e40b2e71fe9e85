// Package timeline reads what happened: the timeline of a record, the list of
// mail, one message whole, the sheet of its card, and why it is where it is.
//
// What it promises:
//   - Every read takes an access.Viewer. What a viewer may not see is neither
//     returned nor counted, and pages are cut by the same index that decides it;
//     a message of which only metadata may be seen is redacted before anything
//     is made of it.
//   - Sentences are in the language of the caller (Service.In).
//   - HTML of mail is sanitised when it is read: no scripts, no classes, ids or
//     forms, no loading of anything from elsewhere.
//   - Nothing here writes; who opens a body is told to whoever keeps that
//     (Service.Telling), before it is handed out.
//
// The package stores nothing.
package timeline
