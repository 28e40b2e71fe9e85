package export

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// checkFiles reads the contents of the files that people put into fields.
func (v *verifier) checkFiles(ctx context.Context) error {
	return store.Files.Each(ctx, v.sp, store.Query{Limit: 500}, func(d store.Doc[crm.StoredFile]) error {
		v.step()
		_, err := v.blob(ctx, store.Files.Name, d.Value.ID, d.Value.Blob, "the content of "+crm.Clip(d.Value.Name, 200))
		return err
	})
}

// blob reads a blob; nil when it is missing or not what its address says.
func (v *verifier) blob(ctx context.Context, collection, id, ref, what string) ([]byte, error) {
	data, err := v.blobs.Get(ctx, v.sp.Workspace(), ref)
	switch {
	case crm.IsKind(err, crm.NotFound), crm.IsKind(err, crm.Invalid):
		v.find(collection, id, todoRestore, "%s should be in the blob store as %s and is not", what, crm.Clip(ref, 64))
		return nil, nil
	case err != nil:
		return nil, err
	}
	if store.BlobName(data) != ref {
		v.find(collection, id, todoRestore, "%s in the blob store as %s was changed", what, crm.Clip(ref, 64))
		return nil, nil
	}
	return data, nil
}
