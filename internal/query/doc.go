// Package query is the one query language: text such as
//
//	deals where stage = proposal and company = com_… order by created_at desc limit 20
//
// becomes a Query whose values have the types of the fields they compare, and a
// Query becomes text again. It knows words, not stores: package records turns a
// Query into what an index can answer. It stores nothing.
package query
