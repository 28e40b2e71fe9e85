package crm

import (
	"slices"
	"strconv"
)

// A custom field that people sort and filter by has one of a fixed number of
// slots, whose indexes exist for every kind: value slots for fields that
// compare, list slots for lists. A third list holds all records that custom
// relations point to, so that whoever points to a record can be found.
const (
	valueSlots = 8
	listSlots  = 2
	maxSlot    = 200 // bytes of a text in a slot: sorting needs no more
	// LinkSlot is the list of records that custom relations name.
	LinkSlot = "links"
)

// Slots lists the names of the value slots and of the list slots.
func Slots() (values, lists []string) {
	for i := range valueSlots {
		values = append(values, "v"+strconv.Itoa(i+1))
	}
	for i := range listSlots {
		lists = append(lists, "l"+strconv.Itoa(i+1))
	}
	return values, lists
}

// FreeSlot returns a slot for a field of its sort that none of the others has,
// also none that is archived.
func FreeSlot(f Field, others []FieldDef, kind Kind) (string, error) {
	values, lists := Slots()
	if f.List() {
		values = lists
	}
	for _, s := range values {
		if !slices.ContainsFunc(others, func(d FieldDef) bool { return d.Kind == kind && d.Slot == s }) {
			return s, nil
		}
	}
	return "", Errorf(TooLarge, "crm.FreeSlot", "%s has %d indexed fields of this sort, which are all there can be", kind, len(values)).
		WithField("indexed").WithHint("make the field without an index, or take the index from another")
}

// Path is where an index finds the field in a document: its slot, or its value.
// ok is false for a custom field without a slot, which no index has.
func (f Field) Path() (path string, ok bool) {
	switch {
	case f.Figure:
		return "figures." + f.Key, true
	case f.Slot != "":
		return "slots." + f.Slot, true
	case f.Custom || f.Type.Derived():
		return "", false
	}
	return "values." + f.Key, true
}

// FillSlots puts into the record's slots what its custom fields say.
func (n Noun) FillSlots(r *Record) {
	out := map[string]any{}
	var links []string
	for _, f := range n.Fields {
		if !f.Custom && !n.Kind.Custom() {
			continue
		}
		if f.Type == FieldRelation {
			links = append(links, r.List(f.Key)...)
		}
		if v := r.Values[f.Key]; f.Slot != "" && v != nil {
			out[f.Slot] = clipSlot(f.plainOf(v))
		}
	}
	if len(links) > 0 {
		slices.Sort(links)
		out[LinkSlot] = slices.Compact(links)
	}
	if r.Slots = out; len(out) == 0 {
		r.Slots = nil
	}
}

func clipSlot(v any) any {
	if s, ok := v.(string); ok && len(s) > maxSlot {
		return cutBytes(s, maxSlot)
	}
	return v
}

// cutBytes cuts text to at most n bytes without breaking a letter.
func cutBytes(s string, n int) string {
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
