// Package card builds the card JSON of Google Workspace add-ons for the Gmail
// sidebar, and the envelopes that carry cards and effects back to the host.
//
// What it promises:
//   - A value made here is a card that the host accepts: what the host requires
//     is an argument of a constructor, a union holds one member by
//     construction, and only widgets that the Gmail sidebar shows exist.
//   - Text is escaped as it is made. Nothing that a mail says can become
//     markup, a control character or a change of direction.
//   - A card has at most MaxWidgets widgets and MaxBytes of JSON. Sections that
//     may shrink say how much they leave out.
//   - Parts without their required content (an input without a name, a button
//     that does nothing) vanish instead of spoiling the card.
//
// The package is pure and stores nothing. The shapes follow google.apps.card.v1
// in its JSON form; our own web page draws the same JSON.
package card
