package search

import (
	"cmp"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// KindMessage stands beside the kinds of records for mail.
const KindMessage crm.Kind = "message"

// subject is what can be found, in the words of the index.
type subject struct {
	ID    string
	Kind  crm.Kind
	At    crm.Time // its place among others
	Known []known
}

// known is what an audience may know of a subject. A word stands under the
// widest audience only.
type known struct {
	By    crm.Audience
	Heads []string
	Words []string
}

// holds tells whether the audiences know all that is asked, and whether a name
// begins with it.
func (s *subject) holds(a asked, by []crm.Audience) (all, begins bool) {
	if len(a.numbers) > 0 { // a name may begin with digits too
		begins = slices.ContainsFunc(a.numbers, func(h string) bool { return s.any(by, heads, h) })
	}
	all = len(a.words) > 0
	for _, w := range a.words {
		all = all && s.any(by, func(k known) []string { return k.Words }, w)
	}
	return all, begins || a.head != "" && s.any(by, heads, a.head)
}

func heads(k known) []string { return k.Heads }

func (s *subject) any(by []crm.Audience, of func(known) []string, prefix string) bool {
	return slices.ContainsFunc(s.Known, func(k known) bool {
		return slices.Contains(by, k.By) && slices.ContainsFunc(of(k), func(w string) bool { return strings.HasPrefix(w, prefix) })
	})
}

// told are the types of fields whose text can be found.
func told(t crm.FieldType) bool {
	switch t {
	case crm.FieldText, crm.FieldLongText, crm.FieldEmail, crm.FieldDomain, crm.FieldPhone, crm.FieldURL, crm.FieldTags,
		crm.FieldMultiSelect, crm.FieldAutoNumber:
		return true
	}
	return false
}

// named are the types whose beginning is as good as a name.
func named(t crm.FieldType) bool {
	return t == crm.FieldEmail || t == crm.FieldDomain || t == crm.FieldPhone || t == crm.FieldAutoNumber
}

// ofRecord makes the subject of a record or an activity. Names and addresses
// come first, so that a long text never crowds them out.
func ofRecord(n crm.Noun, r *crm.Record) subject {
	var set wordSet
	var heads []string
	fields := slices.Clone(n.Fields)
	slices.SortStableFunc(fields, func(a, b crm.Field) int { return cmp.Compare(weight(n, a), weight(n, b)) })
	for _, f := range fields {
		if f.System || !told(f.Type) {
			continue
		}
		for _, text := range texts(f, r) {
			set.add(text)
			if h := head(text); h != "" && (named(f.Type) || f.Key == n.Title) {
				heads = append(heads, h)
			}
			if f.Type == crm.FieldPhone {
				heads = append(heads, endings(crm.Phone(text))...)
			}
		}
	}
	at := r.At
	if at == 0 {
		at = r.CreatedAt
	}
	s := subject{ID: string(r.ID), Kind: r.Kind, At: at}
	// Whoever reads all of a kind asks under everybody, others under what the
	// record carries.
	for _, a := range slices.Concat([]crm.Audience{crm.Members}, r.Audience) {
		s.Known = append(s.Known, known{By: a, Heads: heads, Words: set.list})
	}
	return s
}

// endings are the parts of a number that people know by heart: as it is dialled in
// its country, and its last seven and four digits.
func endings(p crm.Phone) []string {
	var out []string
	for _, s := range []string{p.National(), last(string(p), 7), last(string(p), 4)} {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func last(s string, n int) string { return s[max(len(s)-n, 0):] }

func weight(n crm.Noun, f crm.Field) int {
	switch {
	case f.Key == n.Title:
		return 0
	case named(f.Type):
		return 1
	case f.Type == crm.FieldLongText:
		return 3
	}
	return 2
}

// texts are the values of a field as they are searched.
func texts(f crm.Field, r *crm.Record) []string {
	if f.List() {
		return r.List(f.Key)
	}
	if v := r.Values[f.Key]; v != nil {
		return []string{f.Format(v)}
	}
	return nil
}

// ofMessage makes the subject of a message: its people for whoever may know of
// it, its subject for whoever may read it.
func ofMessage(m *crm.Message) subject {
	var people, all wordSet
	for _, p := range m.Participants {
		people.add(p.Name)
		people.add(string(p.Address))
	}
	all.add(m.Subject)
	know, read := access.Knowers(m)
	s := subject{ID: string(m.ID), Kind: KindMessage, At: m.Date}
	for _, a := range know {
		s.Known = append(s.Known, known{By: a, Words: people.list})
	}
	for _, a := range read {
		own := all.list
		if i := slices.IndexFunc(s.Known, func(k known) bool { return k.By == a }); i >= 0 {
			s.Known[i].Words = slices.Concat(s.Known[i].Words, own)
			continue
		}
		if slices.Contains(know, crm.Members) { // everybody, so whoever reads it too
			own = slices.DeleteFunc(slices.Clone(own), func(w string) bool { return people.have[w] })
		} else {
			own = slices.Concat(people.list, own)
		}
		s.Known = append(s.Known, known{By: a, Words: own})
	}
	return s
}
