// Package file keeps the files that people put into fields of records.
//
// What it promises:
//   - A file is kept before its address is told, and for good: history and undo
//     may name it.
//   - It is handed out through a record that names it, to who may read that field
//     of that record, and through nothing else.
//   - Nobody fills the disk: a person uploads so much in a day (Allowance).
//   - The same content is one file. Whoever puts it where others see it has put
//     it here themselves: its address is no right to it.
//
// What it stores: file documents, and contents in the blob store.
package file

import (
	"context"
	"io"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Service keeps files. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	records *records.Service
	blobs   *store.Blobs
	allow   *Allowance
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service, blobs *store.Blobs, allow *Allowance) *Service {
	return &Service{sp: sp, records: r, blobs: blobs, allow: allow}
}

// Put keeps a file; what it returns is the value of a field.
func (s *Service) Put(ctx context.Context, v access.Viewer, name, kind string, in io.Reader) (crm.StoredFile, error) {
	const op = crm.Op("file.Put")
	if !v.Records() {
		return crm.StoredFile{}, crm.Errorf(crm.Denied, op, "files are for members of the workspace").WithHint("sign in")
	}
	data, err := io.ReadAll(io.LimitReader(in, crm.MaxFile+1))
	switch {
	case err != nil:
		return crm.StoredFile{}, crm.E(crm.Invalid, op, "the file did not arrive whole", err)
	case len(data) > crm.MaxFile:
		return crm.StoredFile{}, crm.Errorf(crm.TooLarge, op, "a file has at most %d MB", crm.MaxFile>>20).WithField("body")
	case len(data) == 0:
		return crm.StoredFile{}, crm.Errorf(crm.Invalid, op, "the file is empty").WithField("body")
	}
	if err := s.take(ctx, v.User, data); err != nil {
		return crm.StoredFile{}, err
	}
	release := s.blobs.Hold()
	defer release()
	ref, err := s.blobs.Put(ctx, s.sp.Workspace(), data)
	if err != nil {
		return crm.StoredFile{}, crm.Wrap(op, "the file cannot be kept", err)
	}
	f := crm.StoredFile{ID: crm.FileID(ref), Blob: ref, Name: mail.CleanFileName(name, kind), Type: kind, Size: int64(len(data)), By: v.User, At: s.sp.Store().Now()}
	return f, crm.Wrap(op, "the file cannot be kept", s.keep(ctx, f))
}

// take counts a file for who puts it, unless they put the same before.
func (s *Service) take(ctx context.Context, who crm.UserID, data []byte) error {
	ref := store.BlobName(data)
	docs, err := store.Files.GetMany(ctx, s.sp, []string{crm.FileID(ref)})
	if err != nil {
		return crm.Wrap("file.Put", "the file cannot be kept", err)
	}
	if docs[0].Exists() && docs[0].Value.PutBy(who) {
		return nil
	}
	return s.allow.Take(ctx, who, 1, int64(len(data)))
}

// keep writes a file down, and of one that is there who else put it.
func (s *Service) keep(ctx context.Context, f crm.StoredFile) error {
	return s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Files.GetMany(ctx, tx, []string{f.ID})
		if err != nil {
			return err
		}
		had := docs[0].Value
		switch {
		case !docs[0].Exists():
			store.Files.Create(tx, &f)
		case f.By != "" && !had.PutBy(f.By):
			had.Also = append(had.Also, f.By)
			store.Files.Put(tx, &had)
		}
		return nil
	})
}

// Get returns the file that a field of a record names, and its content.
func (s *Service) Get(ctx context.Context, v access.Viewer, id crm.RecordID, field string) (crm.StoredFile, []byte, error) {
	const op = crm.Op("file.Get")
	doc, err := s.records.Get(ctx, v, id)
	if err != nil {
		return crm.StoredFile{}, nil, err
	}
	said, _ := doc.Value.Values[field].(map[string]any)
	ref, _ := said["blob"].(string)
	none := crm.Errorf(crm.NotFound, op, "there is no file in %q of this record", crm.Clip(field, 40)).WithField("field")
	if len(ref) != 64 {
		return crm.StoredFile{}, nil, none
	}
	// Only what was put here is handed out: a field may name anything.
	kept, err := store.Files.GetMany(ctx, s.sp, []string{crm.FileID(ref)})
	if err != nil || !kept[0].Exists() || kept[0].Value.Blob != ref {
		return crm.StoredFile{}, nil, orElse(err, none)
	}
	data, err := s.blobs.Get(ctx, s.sp.Workspace(), ref)
	f := kept[0].Value
	if name, ok := said["name"].(string); ok {
		f.Name = mail.CleanFileName(name, f.Type)
	}
	return f, data, crm.Wrap(op, "the file cannot be read", err)
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
