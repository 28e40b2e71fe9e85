package intake

import (
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/table"
)

// shaper turns rows of text into rows of records.
type shaper struct {
	noun   crm.Noun
	spec   Spec
	fields []crm.Field // of each column; without a key for one that is left out
	order  []int       // of reading the columns
	id     func(number int64) crm.RecordID
}

func newShaper(n crm.Noun, s Spec, id func(int64) crm.RecordID) *shaper {
	sh := &shaper{noun: n, spec: s, id: id, order: reading(s.Columns)}
	for _, key := range s.Map {
		f, _ := n.Field(key)
		sh.fields = append(sh.fields, f)
	}
	return sh
}

// row reads the values of a row; what is wrong with it is in its Err.
func (sh *shaper) row(in table.Row) records.Row {
	out := records.Row{ID: sh.id(in.Number), Values: map[string]any{}}
	if in.Err != nil {
		out.Err = asError(in.Err)
		return out
	}
	for i := len(sh.fields); i < len(in.Cells); i++ {
		if strings.TrimSpace(table.Bare(in.Cells[i])) != "" {
			out.Err = crm.Errorf(crm.Invalid, "intake.row", "the row has %d cells, the file %d columns", len(in.Cells), len(sh.fields))
			return out
		}
	}
	for _, i := range sh.order {
		if i >= len(in.Cells) || sh.fields[i].Key == "" {
			continue
		}
		cell := strings.TrimSpace(table.Bare(in.Cells[i]))
		if cell == "" {
			continue
		}
		if err := sh.cell(&out, sh.fields[i], cell); err != nil {
			out.Err = asError(err)
			return out
		}
	}
	if len(out.Values) == 0 && len(out.Names) == 0 {
		out.Err = crm.Errorf(crm.Invalid, "intake.row", "the row says nothing about a %s", sh.noun.Kind)
	}
	return out
}

// cell reads one cell into the row.
func (sh *shaper) cell(out *records.Row, f crm.Field, cell string) error {
	texts := []string{cell}
	if f.Many {
		texts = split(cell)
	}
	if f.Type == crm.FieldRelation || f.Type == crm.FieldUser {
		if out.Names == nil {
			out.Names = map[string][]string{}
		}
		out.Names[f.Key] = append(out.Names[f.Key], texts...)
		return nil
	}
	if !f.Many {
		if joins(sh.noun, f) {
			cell = joined((&crm.Record{Values: out.Values}).Text(f.Key), cell)
		}
		v, err := f.Parse(cell)
		if v != nil {
			out.Values[f.Key] = v
		}
		return err
	}
	v, err := f.Parse(texts)
	if err != nil {
		return err
	}
	list := crm.Record{Values: map[string]any{"": v}}
	have := crm.Record{Values: out.Values}
	all := have.List(f.Key)
	for _, s := range list.List("") {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if len(all) > 0 {
		out.Values[f.Key] = all
	}
	return nil
}

// split cuts a cell that holds a list.
func split(cell string) []string {
	parts := strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\n' || r == '|' })
	if len(parts) == 1 {
		parts = strings.Split(cell, ",")
	}
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func asError(err error) *crm.Error {
	if e, ok := err.(*crm.Error); ok {
		return e
	}
	return crm.E(crm.Invalid, "intake.row", "the row cannot be used", err)
}
