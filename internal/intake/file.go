package intake

import (
	"context"
	"errors"
	"io"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// pieceSize is how much of a file one blob holds.
const pieceSize = 4 << 20

// keep stores a file piece by piece, and returns the names of the pieces and
// the first of them. Each is allowed before it is kept; those of a file that is
// refused are swept with what nobody names.
func keep(ctx context.Context, blobs *store.Blobs, ws crm.WorkspaceID, in io.Reader, allow func(files, bytes int64) error) (names []string, size int64, head []byte, err error) {
	for {
		piece := make([]byte, pieceSize)
		n, err := io.ReadFull(in, piece)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, 0, nil, crm.E(crm.Invalid, "intake.keep", "the file was cut on its way", err)
		}
		if n > 0 {
			first := int64(0)
			if head == nil {
				first = 1
			}
			if err := allow(first, int64(n)); err != nil {
				return nil, 0, nil, err
			}
			name, err := blobs.Put(ctx, ws, piece[:n])
			if err != nil {
				return nil, 0, nil, err
			}
			names, size = append(names, name), size+int64(n)
			if head == nil {
				head = piece[:n]
			}
		}
		if err != nil {
			return names, size, head, nil
		}
	}
}

// pieces reads a kept file.
type pieces struct {
	ctx   context.Context
	blobs *store.Blobs
	ws    crm.WorkspaceID
	names []string
	now   []byte
}

// Read implements io.Reader.
func (p *pieces) Read(b []byte) (int, error) {
	for len(p.now) == 0 {
		if len(p.names) == 0 {
			return 0, io.EOF
		}
		var err error
		if p.now, err = p.blobs.Get(p.ctx, p.ws, p.names[0]); err != nil {
			return 0, err
		}
		p.names = p.names[1:]
	}
	n := copy(b, p.now)
	p.now = p.now[n:]
	return n, nil
}
