package sqlite

import (
	"path/filepath"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestStill: what a shelf's reader answers is of one moment, whatever is
// committed meanwhile, and the next reader knows of it.
func TestStill(t *testing.T) {
	t.Parallel()
	s, _ := openAt(t, filepath.Join(t.TempDir(), "data.db"), store.Shapes())
	sp := s.In("wsp_a")
	put := func(subject string) error {
		b := sp.Batch()
		store.Messages.Put(b, &crm.Message{ID: "msg_1", Thread: "thr_1", Subject: subject})
		return b.Commit(t.Context())
	}
	shelf, seen := store.NewShelf(sp), []string(nil)
	read := func(r store.Reader) error {
		doc, err := store.Messages.Get(t.Context(), r, "msg_1")
		if err != nil {
			return err
		}
		page, err := store.Messages.Query(t.Context(), r, store.Query{Where: []store.Filter{store.Is("thread", "thr_1")}, Order: "date"})
		for _, m := range page.Items {
			seen = append(seen, doc.Value.Subject+"/"+m.Value.Subject)
		}
		return err
	}
	if err := put("before"); err != nil {
		t.Fatal(err)
	}
	err := shelf.Read(t.Context(), func(r store.Reader) error {
		if err := read(r); err != nil {
			return err
		}
		if err := put("after"); err != nil {
			return err
		}
		return read(r)
	})
	if err == nil {
		err = shelf.Read(t.Context(), read)
	}
	if err != nil || len(seen) != 3 || seen[0] != "before/before" || seen[1] != "before/before" || seen[2] != "after/after" {
		t.Errorf("read %q, %v", seen, err)
	}
}
