// Package formula reads and computes the expressions of formula fields.
//
// An expression is typed: numbers, texts, yes/no, dates and times. It reads the
// fields of its own record and, after the name of a relation to one record and
// a point, those of the record there; other formulas too, as long as none
// depends on itself:
//
//	if(amount > 100000, "big", "small")
//	round(amount * probability / 100, 0)
//	days(today(), expected_close)
//	company.name + " / " + name
//
// Operators, from weak to strong: or · and · not · = != < <= > >= · + - · * / ·
// unary -. A missing value makes the whole missing, except in empty, coalesce
// and the condition of if; so does a division by zero, and a text that would be
// longer than one in a field may be.
//
// What it promises: a compiled expression never fails and depends on its inputs
// alone; every error of compiling is crm.Invalid with the position, counted in
// characters from 1.
//
// The package stores nothing.
package formula
