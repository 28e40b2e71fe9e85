// Package query is the one query language: text such as
//
//	deals where stage in (Proposal, Negotiation) and created > 7d ago and company.name ~ acme order by amount desc
//
// The way of a question:
//
//	text ⇄ Query     Parse, Format; a Query is plain data and reads the same as JSON
//	Query → Bound    Bind: values get the types of their fields, "today", "7d ago"
//	                 and "me" become what they are for this person at this moment
//	Bound            Match: the meaning of the language, on one record in memory
//
// It knows words, not stores: package records turns a Bound into what an index
// can answer and what is left to a scan. It stores nothing.
//
// Meaning: a comparison with a field that is empty does not hold, so that its
// negation does. Text compares as it is stored; ~ looks for folded text inside
// of folded text. A test on a field of related records holds when it does for
// any of them. Whole days, weeks, months and years are spans in the person's
// zone: = means within, > after their end. Records without the field that gives
// the order come last, whichever way it goes.
package query
