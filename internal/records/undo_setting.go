package records

import (
	"context"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// settled refuses to unmake a folder or a pipeline in which records have come to
// be, outside of the batch.
func (u *undo) settled(ctx context.Context, r store.Reader, st step) error {
	if st.to != nil {
		return nil
	}
	docs, err := store.Settings.GetMany(ctx, r, []string{st.id})
	if err != nil || !docs[0].Exists() {
		return err
	}
	known := func(id crm.RecordID) bool {
		key := store.Records.Name + "/" + string(id)
		return u.all[key] != nil || u.inside != nil && u.inside(key)
	}
	switch x := docs[0].Value; {
	case x.Pipeline != nil:
		return unused(ctx, r, x.Pipeline.For(), x.Pipeline.Key, "", known)
	case x.Folder != nil:
		return u.emptied(ctx, r, x.Folder.Kind())
	}
	return nil
}

func (u *undo) emptied(ctx context.Context, r store.Reader, kind crm.Kind) error {
	for key := range u.all {
		if n, _ := crm.NounOf(kind); strings.HasPrefix(key, collectionOf(n).Name+"/"+string(kind)+"_") {
			return nil // made in the same batch
		}
	}
	return empty(ctx, r, kind)
}
