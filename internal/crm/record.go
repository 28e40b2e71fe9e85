package crm

import (
	"maps"
	"slices"
)

// Record is a contact, company, deal, task, note, call or any other noun of the
// table Nouns. What it holds is described by the noun's fields; Values maps
// field keys to values of exactly the type that the field type names.
type Record struct {
	ID        RecordID       `cbor:"-" json:"id"`
	Kind      Kind           `cbor:"kind" json:"kind"`
	Values    map[string]any `cbor:"values" json:"values"`
	Slots     map[string]any `cbor:"slots,omitempty" json:"-"` // what indexes hold of custom fields, see FillSlots
	CreatedAt Time           `cbor:"created_at" json:"created_at"`
	CreatedBy UserID         `cbor:"created_by,omitempty" json:"created_by,omitempty"`
	Derived   map[string]any `cbor:"-" json:"derived,omitempty"`       // computed when asked for
	Alike     []string       `cbor:"alike,omitempty" json:"-"`         // its name, folded: duplicates and names in files are found by it
	Feed      []FeedToken    `cbor:"feed,omitempty" json:"-"`          // of an activity: the timelines it stands on
	At        Time           `cbor:"at,omitempty" json:"at,omitempty"` // of an activity: where it stands on them
	Audience  []Audience     `cbor:"audience,omitempty" json:"-"`      // who reaches it, where roles restrict reading; see package access
}

// Clone returns a copy that shares nothing that is ever changed in place.
func (r Record) Clone() Record {
	r.Values = maps.Clone(r.Values)
	r.Slots = maps.Clone(r.Slots)
	r.Feed = slices.Clone(r.Feed)
	r.Audience = slices.Clone(r.Audience)
	return r
}

// Text returns the text value of a field, "" when absent.
func (r *Record) Text(key string) string {
	s, _ := r.Values[key].(string)
	return s
}

// List returns the value of a list field; single text counts as a list of one.
func (r *Record) List(key string) []string {
	switch v := r.Values[key].(type) {
	case []string:
		return v
	case []any:
		out := make([]string, 0, len(v))
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	case string:
		return []string{v}
	}
	return nil
}

// When returns the value of a time field, zero when absent.
func (r *Record) When(key string) Time {
	t, _ := r.Values[key].(Time)
	return t
}

// Int returns the value of an integer field, 0 when absent.
func (r *Record) Int(key string) int64 {
	n, _ := r.Values[key].(int64)
	return n
}

// Records returns the ids in a relation field.
func (r *Record) Records(key string) []RecordID {
	list := r.List(key)
	out := make([]RecordID, len(list))
	for i, s := range list {
		out[i] = RecordID(s)
	}
	return out
}

// Name returns what people call the record: its title field, or a fallback.
func (r *Record) Name() string {
	if n, ok := NounOf(r.Kind); ok {
		if s := r.Text(n.Title); s != "" {
			return s
		}
	}
	for _, key := range []string{"emails", "domains"} {
		if l := r.List(key); len(l) > 0 {
			return l[0]
		}
	}
	return string(r.ID)
}

// Tokens returns the identities that the record holds.
func (r *Record) Tokens() []Token {
	n, ok := NounOf(r.Kind)
	if !ok || n.Activity { // who came to a meeting is no less who they are
		return nil
	}
	if r.Kind == KindLead && r.Text("status") == LeadConverted { // what it became holds them
		return nil
	}
	var out []Token
	for _, f := range n.Fields {
		prefix := f.Type.identity()
		if prefix == "" {
			continue
		}
		for _, v := range r.List(f.Key) {
			out = append(out, Token(prefix+v))
		}
	}
	return out
}
