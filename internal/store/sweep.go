package store

import (
	"context"
	"errors"
	"io"
	"path"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"threadline/internal/crm"
)

// sweepAge is how long a blob that no body names is left alone: a commit that
// names it may be on its way.
const sweepAge = time.Hour

// want remembers that a commit may soon name the key, and forgets those for
// which it is too late.
func (b *Blobs) want(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	for k, at := range b.wanted {
		if now.Sub(at) > sweepAge {
			delete(b.wanted, k)
		}
	}
	b.wanted[key] = now
}

// Hold keeps every blob from being swept until release is called.
func (b *Blobs) Hold() (release func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holds++
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.holds--
	})
}

// Sweep deletes the blobs of a workspace that no body, job or file names, and that neither
// this process put within the last hour nor any other wrote then.
func (b *Blobs) Sweep(ctx context.Context, sp *Space) error { return b.sweep(ctx, sp, sweepAge) }

func (b *Blobs) sweep(ctx context.Context, sp *Space, age time.Duration) error {
	before := time.Now().Add(-age)
	var old []string
	list := b.bucket.List(&blob.ListOptions{Prefix: string(sp.ws) + "/"})
	for {
		obj, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return crm.E(crm.Unavailable, "store.Blobs.Sweep", "the blob store cannot be read", err)
		}
		if !obj.IsDir && obj.ModTime.Before(before) {
			old = append(old, obj.Key)
		}
	}
	if len(old) == 0 {
		return nil
	}
	named := map[string]bool{}
	err := Bodies.Each(ctx, sp, Query{Limit: MaxLimit}, func(d Doc[crm.Body]) error {
		named[d.Value.Blob], named[d.Value.Raw] = true, true
		return nil
	})
	if err != nil {
		return err
	}
	err = Jobs.Each(ctx, sp, Query{Limit: MaxLimit}, func(d Doc[crm.Job]) error {
		for _, ref := range d.Value.Blobs {
			named[ref] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = Files.Each(ctx, sp, Query{Limit: MaxLimit}, func(d Doc[crm.StoredFile]) error {
		named[d.Value.Blob] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range old {
		if named[path.Base(key)] {
			continue
		}
		if err := b.drop(ctx, key, before); err != nil {
			return err
		}
	}
	return nil
}

// drop deletes a blob unless it is wanted again.
func (b *Blobs) drop(ctx context.Context, key string, before time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.holds > 0 {
		return nil // the next round finds it again
	}
	at, err := b.bucket.Attributes(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	if err == nil && (b.wanted[key].After(before) || !at.ModTime.Before(before)) {
		return nil
	}
	if err == nil {
		err = b.bucket.Delete(ctx, key)
	}
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return crm.E(crm.Unavailable, "store.Blobs.Sweep", "a body that nobody names cannot be deleted", err)
	}
	return nil
}
