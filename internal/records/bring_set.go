package records

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"threadline/internal/crm"
)

// setLists adds to the lists of a record what a row adds, and takes from them
// what it drops.
func setLists(said map[string]any, was *crm.Record, row *Row) {
	for key, list := range row.Add {
		said[key] = union(was.List(key), list)
	}
	for key, list := range row.Drop {
		left := was.List(key)
		if now, ok := said[key].([]string); ok {
			left = now
		}
		left = slices.DeleteFunc(slices.Clone(left), func(s string) bool { return slices.Contains(list, s) })
		if said[key] = nil; len(left) > 0 {
			said[key] = left
		}
	}
}

// differences lists the values in which two images of a record differ.
func differences(was, now *crm.Record) []FieldDiff {
	keys := maps.Clone(was.Values)
	maps.Copy(keys, now.Values)
	var out []FieldDiff
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if a, b := was.Values[key], now.Values[key]; !reflect.DeepEqual(a, b) {
			out = append(out, FieldDiff{Field: key, Before: a, After: b})
		}
	}
	return out
}

// seen stands for what a record says in the fields that a row changes.
func seen(r *crm.Record, row *Row) string {
	keys := map[string]bool{}
	for key := range row.Values {
		keys[key] = true
	}
	for key := range row.Names {
		keys[key] = true
	}
	for _, lists := range []map[string][]string{row.Add, row.Drop} {
		for key := range lists {
			keys[key] = true
		}
	}
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		fmt.Fprintf(h, "%q=%#v;", key, r.Values[key])
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// asSeen refuses to set fields that somebody changed since they were looked at.
func (g *bringer) asSeen(p *Outcome, id crm.RecordID, row *Row) error {
	if b := g.recs[id]; b == nil || p.Seen == "" || p.Seen == seen(&b.now, row) {
		return nil
	}
	return crm.Errorf(crm.Conflict, "records.Bring", "since it was planned, somebody changed the same fields of %s", id).
		WithHint("plan again to see what they are now")
}
