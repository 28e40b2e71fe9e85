package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// MakeFolder makes a new kind of record; crm.Exists when its key or its plural
// is taken.
func (s *Service) MakeFolder(ctx context.Context, by By, f crm.Folder) (string, error) {
	if err := f.Check(); err != nil {
		return "", err
	}
	return s.set(ctx, by, "make the folder "+f.Plural, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		for _, o := range sch.Folders() {
			if o.Key == f.Key || o.Plural == f.Plural {
				return crm.Errorf(crm.Exists, "records.MakeFolder", "there is a folder %s already", o.Plural).WithField("key")
			}
		}
		return put(tx, crm.FolderSetting(f))
	})
}

// EditFolder changes the labels of a folder. Key, plural and whether its records
// move are what addresses, queries and records rest on, so they stay.
func (s *Service) EditFolder(ctx context.Context, by By, key string, labels map[string]string) (string, error) {
	return s.set(ctx, by, "change the folder "+key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		f, err := folderIn(sch, key)
		if err != nil {
			return err
		}
		if f.Labels = labels; len(labels) == 0 {
			f.Labels = nil
		}
		if err := f.Check(); err != nil {
			return err
		}
		return put(tx, crm.FolderSetting(f))
	})
}

// DeleteFolder deletes a folder without records, with its fields and pipelines.
func (s *Service) DeleteFolder(ctx context.Context, by By, key string) (string, error) {
	return s.set(ctx, by, "delete the folder "+key, func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		f, err := folderIn(sch, key)
		if err != nil {
			return err
		}
		if err := empty(ctx, tx, f.Kind()); err != nil {
			return err
		}
		for _, d := range sch.Defs() {
			if d.To == f.Kind() && d.Kind != f.Kind() {
				return crm.Errorf(crm.Conflict, "records.DeleteFolder", "the field %s of %s points to it", d.Key, d.Kind).WithField("key")
			}
		}
		store.Settings.Delete(tx, crm.FolderSetting(f).ID)
		for _, d := range sch.Defs() {
			if d.Kind == f.Kind() {
				store.Settings.Delete(tx, crm.FieldSetting(d).ID)
			}
		}
		for _, p := range sch.AllPipelines() {
			if p.Kind == f.Kind() {
				store.Settings.Delete(tx, crm.PipelineSetting(p).ID)
			}
		}
		return nil
	})
}

func folderIn(sch crm.Schema, key string) (crm.Folder, error) {
	all := sch.Folders()
	i := slices.IndexFunc(all, func(f crm.Folder) bool { return f.Key == key || f.Plural == key })
	if i < 0 {
		return crm.Folder{}, crm.Errorf(crm.NotFound, "records.folder", "the workspace made no folder %q", crm.Clip(key, 40)).WithField("folder")
	}
	return all[i], nil
}

// empty refuses when there is a record of the kind.
func empty(ctx context.Context, r store.Reader, kind crm.Kind) error {
	n, _ := crm.NounOf(kind)
	page, err := collectionOf(n).Query(ctx, r, store.Query{Where: []store.Filter{store.Is("kind", kind)}, Order: "created_at", Limit: 1})
	if err == nil && len(page.Items) > 0 {
		return crm.Errorf(crm.Conflict, "records.folder", "the folder has records, such as %s", page.Items[0].Value.ID).
			WithField("folder").WithHint("delete them first")
	}
	return err
}

// set runs one change of settings, all of which are read first.
func (s *Service) set(ctx context.Context, by By, title string, do func(ctx context.Context, tx *store.Tx, sch crm.Schema) error) (string, error) {
	return s.setAs(ctx, by, crm.RightSettings, title, do)
}

// setAs is set for settings that take another right.
func (s *Service) setAs(ctx context.Context, by By, right crm.Right, title string, do func(ctx context.Context, tx *store.Tx, sch crm.Schema) error) (string, error) {
	batch, err := s.sp.Change(ctx, by.info(title), func(ctx context.Context, tx *store.Tx) error {
		sch, err := readSchema(ctx, tx)
		if err != nil {
			return err
		}
		if err := writer(access.NewPolicy(sch), by).Require(right); err != nil {
			return err
		}
		return do(ctx, tx, sch)
	})
	return batch, crm.Wrap("records.set", "the setting cannot be changed", err)
}

// maySet refuses to change a setting without the right.
func (s *Service) maySet(ctx context.Context, tx *store.Tx, by By, right crm.Right) error {
	sch, err := readSchema(ctx, tx)
	if err != nil {
		return err
	}
	return writer(access.NewPolicy(sch), by).Require(right)
}

// put writes a setting; one that is new was not among those read.
func put(tx *store.Tx, x crm.Setting) error {
	if tx.Saw(store.Settings.Name, x.ID) {
		store.Settings.Put(tx, &x)
	} else {
		store.Settings.Create(tx, &x)
	}
	return nil
}
