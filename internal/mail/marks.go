package mail

import (
	"slices"

	"threadline/internal/crm"
)

// markSet collects what was guessed, cut or not understood.
type markSet []crm.Mark

func (m *markSet) add(mark crm.Mark) {
	if !slices.Contains(*m, mark) {
		*m = append(*m, mark)
	}
}

func (m *markSet) when(cond bool, mark crm.Mark) {
	if cond {
		m.add(mark)
	}
}

func (m markSet) sorted() []crm.Mark {
	slices.Sort(m)
	return m
}
