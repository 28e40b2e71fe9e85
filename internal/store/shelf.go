package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// shelfBytes bounds what one shelf keeps.
const shelfBytes = 16 << 20

// Stiller is an engine that answers many questions of one moment for less than
// each of them costs alone.
type Stiller interface {
	// Still runs f with a reader all of whose answers are of one moment. It holds
	// a connection until f returns: f must not read in any other way.
	Still(ctx context.Context, f func(DriverReader) error) error
}

// Shelf keeps what was read of a workspace, until the feed tells of it. Nothing
// that is read through it is older than the look with which its reader begins,
// whoever wrote: so it answers as the engine would, and a look costs two reads
// where a card costs ten. Engines whose reads cost nothing are asked
// themselves, and of one moment if they can. It keeps documents of logged
// collections, each change of which the feed tells, and mail and names of
// conversations, of which arrivals tell what anybody sees of them; flags of mail,
// which are told nowhere, may be old.
type Shelf struct {
	sp    *Space
	watch *Watch  // nil: keep nothing
	still Stiller // nil: cannot

	mu   sync.Mutex
	age  uint64 // looks that found something
	kept map[string]kept
	size int
}

// kept is the answer to one question.
type kept struct {
	collection string
	raws       []Raw
	next       string
	size       int
}

// NewShelf makes an empty shelf.
func NewShelf(sp *Space) *Shelf {
	still, _ := sp.store.driver.(Stiller)
	return &Shelf{sp: sp, watch: sp.Watch(ChangeLog.Name, Arrivals.Name), still: still, kept: map[string]kept{}}
}

// Read runs f with a reader that answers as of the moment of the call or later.
// f must read with it alone.
func (s *Shelf) Read(ctx context.Context, f func(Reader) error) error {
	switch {
	case s.watch != nil:
		r, err := s.reader(ctx)
		if err != nil {
			return err
		}
		return f(r)
	case s.still != nil:
		return s.still.Still(ctx, func(r DriverReader) error { return f(&stillReader{s.sp, r}) })
	}
	return f(s.sp)
}

// stillReader reads as of one moment.
type stillReader struct {
	sp *Space
	r  DriverReader
}

func (s *stillReader) get(ctx context.Context, collection string, ids []string) ([]Raw, error) {
	keys, err := s.sp.keys(collection, ids)
	if err != nil {
		return nil, err
	}
	return s.r.Get(ctx, keys)
}

func (s *stillReader) query(ctx context.Context, collection string, q Query) ([]Raw, string, error) {
	return s.sp.page(ctx, s.r, collection, q)
}

func (s *stillReader) room() Room { return s.sp.room() }

func (s *stillReader) decode(raw Raw, v any) error { return s.sp.decode(raw, v) }

// reader looks for news and returns a reader that answers as of that moment or
// later.
func (s *Shelf) reader(ctx context.Context) (*shelfReader, error) {
	if _, err := s.watch.Look(ctx, s.drop); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return &shelfReader{s: s, age: s.age}, nil
}

// drop takes off what the news are about.
func (s *Shelf) drop(news []FeedItem, all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age++
	about := about(news)
	if all || about == nil {
		clear(s.kept)
		s.size = 0
		return
	}
	for question, k := range s.kept {
		if about[k.collection] {
			s.size -= k.size
			delete(s.kept, question)
		}
	}
}

// about names the collections of which the entries tell; nil is all of them. An
// arrival without messages tells of what was derived from something else.
func about(news []FeedItem) map[string]bool {
	out := map[string]bool{}
	for _, it := range news {
		switch {
		case it.Arrival != nil && len(it.Arrival.Items) == 0:
			return nil
		case it.Arrival != nil:
			out[Messages.Name], out[Threads.Name] = true, true
		default:
			for _, e := range it.Change.Entries {
				out[e.Collection] = true
			}
		}
	}
	return out
}

// shelved are the collections of which the feed tells everything that matters.
func shelved(collection string) bool {
	return collection == Messages.Name || collection == Threads.Name || slices.Contains(loggedNames(), collection)
}

// shelfReader reads as of one look or later.
type shelfReader struct {
	s   *Shelf
	age uint64
}

func (r *shelfReader) get(ctx context.Context, collection string, ids []string) ([]Raw, error) {
	if !shelved(collection) {
		return r.s.sp.get(ctx, collection, ids)
	}
	out, ask, at := make([]Raw, len(ids)), []string(nil), []int(nil)
	for i, id := range ids {
		if k, have := r.find(collection + "/" + id); have {
			out[i] = k.raws[0]
			continue
		}
		ask, at = append(ask, id), append(at, i)
	}
	raws, err := r.s.sp.get(ctx, collection, ask)
	if err != nil {
		return nil, err
	}
	for i, raw := range raws {
		out[at[i]] = raw
		r.keep(collection+"/"+ask[i], kept{collection: collection, raws: raws[i : i+1]})
	}
	return out, nil
}

func (r *shelfReader) query(ctx context.Context, collection string, q Query) ([]Raw, string, error) {
	if !shelved(collection) || q.Without != nil { // a question that nobody else asks
		return r.s.sp.query(ctx, collection, q)
	}
	question := question(collection, q)
	if k, have := r.find(question); have {
		return k.raws, k.next, nil
	}
	raws, next, err := r.s.sp.query(ctx, collection, q)
	if err == nil {
		r.keep(question, kept{collection: collection, raws: raws, next: next})
	}
	return raws, next, err
}

func (r *shelfReader) room() Room { return r.s.sp.room() }

func (r *shelfReader) decode(raw Raw, v any) error { return r.s.sp.decode(raw, v) }

// question writes a query in words that no other query has.
func question(collection string, q Query) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s?%q %t %d %q", collection, q.Order, q.Desc, q.Limit, q.After)
	for _, f := range q.Where {
		fmt.Fprintf(&b, " %q %q %T %#v", f.Field, f.Op, f.Value, f.Value)
	}
	return b.String()
}

func (r *shelfReader) find(question string) (kept, bool) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	k, have := r.s.kept[question]
	return k, have
}

// keep puts an answer on the shelf, unless news came since the reader's look: of
// them it may know nothing.
func (r *shelfReader) keep(question string, k kept) {
	k.size = len(question) + len(k.next)
	for _, raw := range k.raws {
		k.size += len(raw.Data) + len(raw.Key.ID)
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.s.age != r.age || k.size > shelfBytes {
		return
	}
	r.s.size += k.size - r.s.kept[question].size
	r.s.kept[question] = k
	for other, o := range r.s.kept {
		if r.s.size <= shelfBytes {
			break
		}
		if other != question {
			r.s.size -= o.size
			delete(r.s.kept, other)
		}
	}
}
