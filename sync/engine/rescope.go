package engine

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// rescope works out again whether a folder is synced: its role or the owner's
// choice may have changed. One that no longer is keeps its messages on their
// timelines and is only counted; one that now is starts from the beginning.
// What lies in memory is stored with whatever comes next of the folder.
func (r *run) rescope(ctx context.Context, f source.Folder, box *crm.Box) error {
	skip := skipReason(r.mailbox, f)
	box.Role = f.Role
	if skip == box.Skip {
		return nil
	}
	if box.Skip == "" {
		if err := r.clear(ctx, box); err != nil {
			return err
		}
	}
	box.Skip, box.Epoch, box.Cursor, box.Counts = skip, 0, "", crm.Counts{}
	box.Server, box.Listed, box.FlagsAt, box.Since, box.KnownAt = 0, 0, 0, r.mailbox.Since, r.mailbox.Acquainted()
	return nil
}

// clear takes every copy off a folder and forgets where it stands. The messages
// stay where they are. The caller stores the folder.
func (r *run) clear(ctx context.Context, box *crm.Box) error {
	k, err := r.copiesOf(ctx, box)
	if err != nil {
		return err
	}
	ids := r.gone(box, k, nil)
	slices.Sort(ids)
	for chunk := range slices.Chunk(ids, removeChunk) {
		if err := r.remove(ctx, box.ID, chunk); err != nil {
			return err
		}
	}
	if err := r.outlived(ctx, box, true); err != nil {
		return err
	}
	box.Cursor, box.Live, box.Pending, box.Relist = "", nil, nil, false
	box.Counts, box.Known, box.Server = crm.Counts{}, nil, 0
	return nil
}
