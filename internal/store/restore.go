package store

import (
	"context"

	"threadline/internal/crm"
)

// Restore puts documents of an export as they were, in commits as large as the
// engine has room for: logged collections too, without a change document,
// because the log comes with them. It is for a workspace that nobody works in
// yet.
func (sp *Space) Restore(ctx context.Context, docs []RawDoc) error {
	room := sp.store.Room()
	b, size := sp.Batch(), 0
	flush := func() error {
		err := b.Commit(ctx)
		b, size = sp.Batch(), 0
		return err
	}
	for _, d := range docs {
		if _, ok := infoOf(d.Collection); !ok {
			return crm.Errorf(crm.Invalid, "store.Restore", "there is no collection %q", crm.Clip(d.Collection, 40))
		}
		// What an engine adds is bounded by what a document may have.
		if n := 2*len(d.Data) + 1024; size+n > room.Bytes || len(b.writes) >= room.Writes {
			if err := flush(); err != nil {
				return err
			}
			size = n
		} else {
			size += n
		}
		b.logged = true
		b.err = sp.check(d.ID)
		b.addEncoded(Write{Key: b.key(d.Collection, d.ID), Data: d.Data})
		if b.err != nil {
			return b.err
		}
	}
	return flush()
}

func infoOf(collection string) (CollectionInfo, bool) {
	for _, c := range CollectionInfos() {
		if c.Name == collection {
			return c, true
		}
	}
	return CollectionInfo{}, false
}
