package store

import "testing"

// TestEntries: what one index makes of a field takes nothing from another one, of
// which the same field is the list.
func TestEntries(t *testing.T) {
	c, err := NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.encode(map[string]any{"a": int64(1), "t": []any{"x", "y"}})
	if err != nil {
		t.Fatal(err)
	}
	list := Index{Collection: "c", Array: "t", Order: "a"}
	for name, other := range map[string]Index{"Equal": {Collection: "c", Equal: []string{"t"}}, "Order": {Collection: "c", Order: "t"}} {
		got, err := NewIndexes([]Index{other, list}).Entries("c", "id", data)
		if err != nil || len(got) != 2 || got[0].Index.Name() != list.Name() || got[1].Index.Name() != list.Name() {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
