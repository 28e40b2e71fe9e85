// Package crm holds the words of Threadline: every noun of the product once,
// with its rules, and nothing that blocks.
//
// What it promises:
//   - Ids, addresses, domains, times and money are types. Raw text becomes one
//     of them in a Parse function at the door and is trusted from there on.
//   - Every stored enumeration is written out as text and only ever grows.
//   - No I/O, no clock, no randomness: time and random ids come in as values.
//
// The package stores nothing. Struct tags name the fields as the store and the
// canonical export write them; the API uses the same names.
package crm
