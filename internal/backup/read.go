package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"threadline/internal/crm"
)

// Sink takes what an archive holds. What it took is worth something only when
// Read returned without an error.
type Sink struct {
	Data io.Writer                                                                  // the database
	Blob func(ctx context.Context, ws crm.WorkspaceID, data []byte) (string, error) // a large body; returns its content address
}

// Read reads an archive to its end, and checks all of it. name is that of the
// archive, for messages.
func Read(ctx context.Context, r io.Reader, name string, to Sink) (Summary, error) {
	rd := &reader{tar: tar.NewReader(r), name: name, to: to, tally: newTally()}
	for {
		h, err := rd.tar.Next()
		if err != nil {
			return Summary{}, rd.broken(err)
		}
		done, err := rd.entry(ctx, h)
		if err != nil {
			return Summary{}, err
		}
		if done {
			return rd.sum, nil
		}
	}
}

const opRead = crm.Op("backup.Read")

type reader struct {
	tar   *tar.Reader
	name  string
	to    Sink
	tally *tally
	sum   Summary
}

// entry takes one entry, and tells whether it was the last.
func (r *reader) entry(ctx context.Context, h *tar.Header) (bool, error) {
	switch n := r.tally.entries; {
	case n == 0:
		return false, r.head(h)
	case n == 1:
		return false, r.data(h)
	case h.Name == endName:
		return true, r.end(h)
	case strings.HasPrefix(h.Name, blobRoot):
		return false, r.blob(ctx, h)
	}
	return false, r.damaged()
}

func (r *reader) head(h *tar.Header) error {
	if h.Name != headName {
		return r.foreign()
	}
	data, err := r.all(h, maxHead)
	if err != nil {
		return err
	}
	if json.Unmarshal(data, &r.sum.Head) != nil || r.sum.Product != product || r.sum.Format < 1 {
		return r.foreign()
	}
	if r.sum.Format > format {
		return crm.Errorf(crm.Invalid, opRead, "%s was made by a newer program (%s, format %d; this one knows up to %d)", r.name, crm.Clip(r.sum.MadeBy, 40), r.sum.Format, format).
			WithHint("restore it with that version of threadline or a later one")
	}
	return nil
}

func (r *reader) data(h *tar.Header) error {
	if h.Name != dataName {
		return r.damaged()
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(sum, r.to.Data), r.tar)
	if err != nil {
		return r.broken(err)
	}
	r.tally.add(h.Name, n, sum.Sum(nil))
	r.sum.Bytes = n
	return nil
}

func (r *reader) blob(ctx context.Context, h *tar.Header) error {
	ws, ref, _ := strings.Cut(strings.TrimPrefix(h.Name, blobRoot), "/")
	if ws == "" || strings.Trim(ws, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return r.damaged()
	}
	data, err := r.all(h, maxBlob)
	if err != nil {
		return err
	}
	got, err := r.to.Blob(ctx, crm.WorkspaceID(ws), data)
	if err != nil {
		return err
	}
	if got != ref {
		return r.damaged()
	}
	r.sum.Blobs++
	return nil
}

func (r *reader) end(h *tar.Header) error {
	data, err := r.read(h, maxEnd)
	if err != nil {
		return err
	}
	var told end
	if json.Unmarshal(data, &told) != nil {
		return r.damaged()
	}
	if sum := r.tally.close(told.Missing); told.Entries != sum.Entries || told.SHA256 != sum.SHA256 {
		return r.damaged()
	}
	r.sum.Missing = told.Missing
	return nil
}

// all reads an entry into memory and sums it up.
func (r *reader) all(h *tar.Header, most int64) ([]byte, error) {
	data, err := r.read(h, most)
	if err == nil {
		sum := sha256.Sum256(data)
		r.tally.add(h.Name, int64(len(data)), sum[:])
	}
	return data, err
}

func (r *reader) read(h *tar.Header, most int64) ([]byte, error) {
	if h.Size > most {
		return nil, r.damaged()
	}
	data, err := io.ReadAll(r.tar)
	if err != nil {
		return nil, r.broken(err)
	}
	return data, nil
}

// broken explains an error of the tar file.
func (r *reader) broken(err error) error {
	switch {
	case errors.Is(err, tar.ErrHeader) && r.tally.entries == 0:
		return r.foreign()
	case errors.Is(err, tar.ErrHeader):
		return r.damaged()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return crm.Errorf(crm.Invalid, opRead, "%s was cut: its end is missing", r.name).WithHint(another)
	}
	return crm.E(crm.Unavailable, opRead, r.name+" cannot be read, or what it holds cannot be written", err)
}

func (r *reader) damaged() error {
	return crm.Errorf(crm.Invalid, opRead, "%s is damaged: what it holds is not what was backed up", r.name).WithHint(another)
}

func (r *reader) foreign() error {
	return crm.Errorf(crm.Invalid, opRead, "%s is no backup of threadline", r.name).WithHint("name a file that threadline backup made")
}

const another = "take another copy of the file, or an earlier backup"
