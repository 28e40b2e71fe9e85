package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// MayName refuses values that name files which the writer did not put into the
// store. Kept are the values of the record as the writer reads them: what stands
// there already may stay.
func (s *Service) MayName(ctx context.Context, v access.Viewer, n crm.Noun, values, kept map[string]any) error {
	if v.Operator {
		return nil
	}
	var ids, keys []string
	for key, value := range values {
		f, ok := n.Field(key)
		blob := blobOf(value)
		if !ok || f.Type != crm.FieldFile || blob == "" || blob == blobOf(kept[key]) {
			continue
		}
		ids, keys = append(ids, crm.FileID(blob)), append(keys, key)
	}
	if len(ids) == 0 {
		return nil
	}
	docs, err := store.Files.GetMany(ctx, s.sp, ids)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if !d.Exists() || d.Value.Blob != blobOf(values[keys[i]]) || !d.Value.PutBy(v.User) {
			return crm.Errorf(crm.Invalid, "records.MayName", "there is no such file").WithField(keys[i]).WithHint("upload it first: POST /api/v1/files")
		}
	}
	return nil
}

// blobOf is the address of the content in the value of a file.
func blobOf(value any) string {
	m, _ := value.(map[string]any)
	s, _ := m["blob"].(string)
	return s
}

// mayName is MayName for a record that there is.
func (s *Service) mayName(ctx context.Context, v access.Viewer, n crm.Noun, id crm.RecordID, values map[string]any) error {
	named := false
	for _, value := range values {
		named = named || blobOf(value) != ""
	}
	if !named {
		return nil
	}
	docs, err := fetch(ctx, s.sp, []crm.RecordID{id})
	if err != nil {
		return err
	}
	var kept map[string]any
	if docs[0].Exists() && v.Reads(&docs[0].Value) {
		kept = v.Show(docs[0].Value).Values
	}
	return s.MayName(ctx, v, n, values, kept)
}
