// Package i18n is the message catalogue: every sentence and trade term that a
// person reads, in English, French, Italian and Polish, with the plural forms,
// dates and amounts of each language.
//
// What it promises:
//   - Every key exists in every language with the same placeholders.
//   - A sentence never asks for the declension of a name: names stand where
//     the nominative is right.
//   - No I/O and no clock. It imports nothing of ours and stores nothing.
//
// A new language is one file with its catalogue and one line in each of the
// tables of lang.go, date.go and number.go; a new sentence is a constant in
// keys.go and one line in each catalogue.
package i18n
