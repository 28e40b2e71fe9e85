package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/s2"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"threadline/internal/crm"
)

// maxUnpacked bounds what a compressed body may expand to.
const maxUnpacked = 64 << 20

// Blobs keeps large bodies and raw messages of a workspace under the hash of
// their content, so that a repeat writes nothing. They are durable before the
// commit that names them.
type Blobs struct {
	bucket *blob.Bucket

	mu     sync.RWMutex         // held for writing while one is swept
	wanted map[string]time.Time // keys that this process put lately: no commit may name them yet
	holds  int                  // while there are any, nothing is swept
}

// NewBlobs wraps an opened bucket, which the caller closes.
func NewBlobs(b *blob.Bucket) *Blobs { return &Blobs{bucket: b, wanted: map[string]time.Time{}} }

// BlobName is the content address of data.
func BlobName(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Put stores data and returns its content address.
func (b *Blobs) Put(ctx context.Context, ws crm.WorkspaceID, data []byte) (string, error) {
	ref := BlobName(data)
	key := string(ws) + "/" + ref[:2] + "/" + ref
	b.want(key)
	b.mu.RLock()
	defer b.mu.RUnlock()
	if at, err := b.bucket.Attributes(ctx, key); err == nil && time.Since(at.ModTime) < sweepAge/2 {
		return ref, nil // an older one is written again, so that nobody sweeps it
	}
	if err := b.bucket.WriteAll(ctx, key, data, nil); err != nil {
		return "", crm.E(crm.Unavailable, "store.Blobs.Put", "a large body cannot be written to the blob store", err)
	}
	return ref, nil
}

// Get reads the data of a content address; crm.NotFound when it is not there.
func (b *Blobs) Get(ctx context.Context, ws crm.WorkspaceID, ref string) ([]byte, error) {
	if len(ref) != 2*sha256.Size {
		return nil, crm.Errorf(crm.Invalid, "store.Blobs.Get", "not a content address")
	}
	r, err := b.bucket.NewReader(ctx, string(ws)+"/"+ref[:2]+"/"+ref, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, crm.E(crm.NotFound, "store.Blobs.Get", "a stored body is missing from the blob store", err)
	}
	if err != nil {
		return nil, crm.E(crm.Unavailable, "store.Blobs.Get", "the blob store cannot be read", err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, crm.E(crm.Unavailable, "store.Blobs.Get", "the blob store cannot be read", err)
	}
	return data, nil
}

// BodyCodec packs bodies with S2. It is safe for concurrent use.
type BodyCodec struct {
	codec codec
	write cbor.UserBufferEncMode
	desks sync.Pool // of *desk
}

// desk is what packing needs beside its result; reused, because a body in the
// making is several times what it packs to.
type desk struct {
	raw    bytes.Buffer
	packed []byte
}

// maxDesk bounds what is kept between bodies.
const maxDesk = 1 << 20

// NewBodyCodec makes a codec.
func NewBodyCodec() (*BodyCodec, error) {
	c, err := newCodec()
	if err != nil {
		return nil, err
	}
	write, err := encOptions().UserBufferEncModeWithTags(c.tags)
	if err != nil {
		return nil, fmt.Errorf("set up encoding: %w", err)
	}
	return &BodyCodec{codec: c, write: write, desks: sync.Pool{New: func() any { return new(desk) }}}, nil
}

// Pack encodes and compresses.
func (b *BodyCodec) Pack(c *crm.BodyContent) ([]byte, error) {
	d := b.desks.Get().(*desk)
	defer func() {
		if d.raw.Cap()+cap(d.packed) <= maxDesk {
			b.desks.Put(d)
		}
	}()
	d.raw.Reset()
	if err := b.write.MarshalToBuffer(c, &d.raw); err != nil {
		return nil, crm.E(crm.Invalid, "store.BodyCodec", "a body cannot be stored", err)
	}
	if n := s2.MaxEncodedLen(d.raw.Len()); n > cap(d.packed) {
		d.packed = make([]byte, n)
	}
	return bytes.Clone(s2.Encode(d.packed[:cap(d.packed)], d.raw.Bytes())), nil
}

// Unpack is the inverse of Pack.
func (b *BodyCodec) Unpack(data []byte) (*crm.BodyContent, error) {
	const op = crm.Op("store.BodyCodec")
	size, err := s2.DecodedLen(data)
	if err != nil || size > maxUnpacked {
		return nil, crm.E(crm.Internal, op, "a stored body cannot be read", err)
	}
	raw, err := s2.Decode(nil, data)
	if err != nil {
		return nil, crm.E(crm.Internal, op, "a stored body cannot be read", err)
	}
	var c crm.BodyContent
	if err := b.codec.dec.Unmarshal(raw, &c); err != nil {
		return nil, crm.E(crm.Internal, op, "a stored body cannot be read", err)
	}
	return &c, nil
}

// LoadBody reads the content of a message's body, wherever it lies.
func (b *BodyCodec) LoadBody(ctx context.Context, sp *Space, blobs *Blobs, id crm.MessageID) (*crm.BodyContent, error) {
	doc, err := Bodies.Get(ctx, sp, string(id))
	if err != nil {
		return nil, err
	}
	data := doc.Value.Data
	if doc.Value.Blob != "" {
		if data, err = blobs.Get(ctx, sp.ws, doc.Value.Blob); err != nil {
			return nil, err
		}
	}
	return b.Unpack(data)
}
