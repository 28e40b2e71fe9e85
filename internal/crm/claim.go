package crm

import "slices"

// Claim says which record has a value that no other may have. Its id is derived
// from kind, field and value, so that two who want the same value want the same
// document.
type Claim struct {
	ID     string   `cbor:"-" json:"id"`
	Kind   Kind     `cbor:"kind" json:"kind"`
	Field  string   `cbor:"field" json:"field"`
	Record RecordID `cbor:"record" json:"record"`
}

// Counter is the last number that was given out under its id.
type Counter struct {
	ID   string `cbor:"-" json:"id"`
	Last int64  `cbor:"last" json:"last"`
}

// CounterID names the counter of an auto-number.
func CounterID(k Kind, field string) string { return string(k) + "_" + field }

// Claims returns the claims that a record makes by its unique fields, those that
// are archived among them: they come back with their values. Text is the same when
// it folds to the same.
func (n Noun) Claims(key IDKey, r *Record) []Claim {
	var out []Claim
	for _, f := range slices.Concat(n.Fields, n.Archived) {
		v := r.Values[f.Key]
		if !f.Unique || v == nil {
			continue
		}
		id := DerivedID(PrefixClaim, key, string(n.Kind), f.Key, Fold(f.Format(v)))
		out = append(out, Claim{ID: id, Kind: n.Kind, Field: f.Key, Record: r.ID})
	}
	return out
}
