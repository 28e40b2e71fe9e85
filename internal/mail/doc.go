// Package mail turns the bytes of a mail into a message.
//
// What it promises:
//   - Parse never fails and never panics: what cannot be understood is kept raw
//     or cut, and named by a crm.Mark.
//   - Pure: no I/O, no clock, no randomness. The same bytes give the same
//     result, and a part tree from elsewhere (FromTree) gives the same message
//     and the same id as the bytes that it was made of.
//   - Time and memory are linear in the input, whatever the input. The limits
//     stand in limits.go and act before anything is decoded.
//   - All text that comes out is valid UTF-8 without NUL.
//
// It is tolerant where mail is: one bad address, date, charset or boundary
// costs that thing alone. Syntax follows RFC 5322 (messages), 2045–2047 and
// 2231 (MIME), 3676 (flowed text), 3834 and 3464 (automatic mail).
//
// The package stores nothing.
package mail
