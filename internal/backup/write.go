package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// House is what is backed up. One backup is made at a time.
type House struct {
	Snapshot func(ctx context.Context, path string) error                 // copies the database as it is at one instant
	Open     func(ctx context.Context, path string) (*store.Store, error) // opens a copy
	Blobs    *store.Blobs
	Dir      string // holds the temporary copy
	Version  string // of the program
	Now      func() crm.Time

	busy sync.Mutex
}

const opWrite = crm.Op("backup.Write")

// Write writes an archive of the house. It fails with crm.Conflict while
// another one is being written.
func (h *House) Write(ctx context.Context, w io.Writer) (err error) {
	if !h.busy.TryLock() {
		return crm.Errorf(crm.Conflict, opWrite, "another backup is being made").WithHint("wait for its end")
	}
	defer h.busy.Unlock()
	dir := filepath.Join(h.Dir, ".backup")
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := remake(dir); err != nil {
		return err
	}
	// Until the end no body is swept that the snapshot names.
	release := h.Blobs.Hold()
	defer release()
	made, file := h.Now(), filepath.Join(dir, dataName)
	if err := h.Snapshot(ctx, file); err != nil {
		return err
	}
	named, err := h.strip(ctx, file)
	if err != nil {
		return err
	}
	a := &archive{w: tar.NewWriter(w), tally: newTally(), made: made}
	if err := a.json(headName, Head{Product: product, Format: format, MadeBy: h.Version, MadeAt: made}); err != nil {
		return err
	}
	if err := a.file(dataName, file); err != nil {
		return err
	}
	return a.finish(ctx, h.Blobs, named)
}

// remake makes an empty folder; a backup that was killed has left its copy.
func remake(dir string) error {
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
		return crm.E(crm.Unavailable, opWrite, "the folder for the copy cannot be made", err)
	}
	return nil
}

// strip takes out of the copy what must not come alive elsewhere, and returns
// the large bodies that it names.
func (h *House) strip(ctx context.Context, file string) (_ []blobRef, err error) {
	st, err := h.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	spaces, err := st.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var out []blobRef
	for _, ws := range spaces {
		sp := st.In(ws)
		if err := calm(ctx, sp); err != nil {
			return nil, err
		}
		refs, err := refsOf(ctx, sp)
		if err != nil {
			return nil, err
		}
		for _, ref := range refs {
			out = append(out, blobRef{ws, ref})
		}
	}
	return out, nil
}

type blobRef struct {
	ws  crm.WorkspaceID
	ref string
}

func (b blobRef) name() string { return blobRoot + string(b.ws) + "/" + b.ref }

// refsOf lists the content addresses that a workspace names, sorted.
func refsOf(ctx context.Context, sp *store.Space) ([]string, error) {
	named := map[string]bool{}
	err := store.Bodies.Each(ctx, sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Body]) error {
		named[d.Value.Blob], named[d.Value.Raw] = true, true
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = store.Jobs.Each(ctx, sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Job]) error {
		for _, ref := range d.Value.Blobs {
			named[ref] = true
		}
		return nil
	})
	if err == nil {
		err = store.Files.Each(ctx, sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.StoredFile]) error {
			named[d.Value.Blob] = true
			return nil
		})
	}
	delete(named, "")
	return slices.Sorted(maps.Keys(named)), err
}

// archive is a tar file in the making.
type archive struct {
	w     *tar.Writer
	tally *tally
	made  crm.Time
}

func (a *archive) finish(ctx context.Context, blobs *store.Blobs, named []blobRef) error {
	var missing []string
	for _, b := range named {
		data, err := blobs.Get(ctx, b.ws, b.ref)
		if crm.IsKind(err, crm.NotFound) {
			missing = append(missing, b.name())
			continue
		}
		if err != nil {
			return err
		}
		if err := a.bytes(b.name(), data); err != nil {
			return err
		}
	}
	if err := a.json(endName, a.tally.close(missing)); err != nil {
		return err
	}
	return written(a.w.Close())
}

func (a *archive) json(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return crm.E(crm.Internal, opWrite, "the archive cannot be described", err)
	}
	return a.bytes(name, data)
}

func (a *archive) bytes(name string, data []byte) error {
	if err := a.begin(name, int64(len(data))); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	a.tally.add(name, int64(len(data)), sum[:])
	_, err := a.w.Write(data)
	return written(err)
}

func (a *archive) file(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return crm.E(crm.Unavailable, opWrite, "the copy of the database cannot be read", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return crm.E(crm.Unavailable, opWrite, "the copy of the database cannot be read", err)
	}
	if err := a.begin(name, info.Size()); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(a.w, io.TeeReader(f, sum)); err != nil {
		return written(err)
	}
	a.tally.add(name, info.Size(), sum.Sum(nil))
	return nil
}

func (a *archive) begin(name string, size int64) error {
	return written(a.w.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.made.Std(), Format: tar.FormatPAX}))
}

func written(err error) error {
	if err == nil {
		return nil
	}
	return crm.E(crm.Unavailable, opWrite, "the archive cannot be written", err)
}
