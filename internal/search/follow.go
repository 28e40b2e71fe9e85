package search

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Indexer keeps an index like the store: it makes it when there is none, then
// follows the feed. It has one owner, who calls Run, or CatchUp now and then.
type Indexer struct {
	sp    *store.Space
	index Index
	log   *slog.Logger
}

// NewIndexer makes the indexer of a workspace.
func NewIndexer(sp *store.Space, index Index, log *slog.Logger) *Indexer {
	return &Indexer{sp: sp, index: index, log: log}
}

const (
	version = 2   // of what subjects are made of; another one makes the index anew
	page    = 500 // documents, or entries of the feed, at a time
)

// sources are the collections that are read to make the index, in their order.
func sources() []string {
	return []string{store.Records.Name, store.Activities.Name, store.Messages.Name}
}

// Run follows until ctx ends.
func (x *Indexer) Run(ctx context.Context) error {
	return x.sp.Follow(ctx, store.DefaultPace(), x.CatchUp, func(err error) {
		x.log.Error("the search index cannot be brought up to date", "err", err)
	})
}

// Rebuild empties the index, so that the next CatchUp makes it anew.
func (x *Indexer) Rebuild(ctx context.Context) error {
	return crm.Wrap("search.Rebuild", "the search index cannot be emptied", x.index.Clear(ctx))
}

// CatchUp brings the index to the present end of the feed.
func (x *Indexer) CatchUp(ctx context.Context) error {
	st, err := x.index.State(ctx)
	if err != nil {
		return err
	}
	if st.Version != version {
		if st, err = x.begin(ctx); err != nil {
			return err
		}
	}
	if st, err = x.build(ctx, st); err != nil {
		return err
	}
	for {
		items, next, err := x.sp.Changes(ctx, store.Position(st.Position), page)
		if crm.IsKind(err, crm.Invalid) { // a position of another database
			return x.Rebuild(ctx)
		}
		if err != nil || len(items) == 0 {
			return err
		}
		st.Position = string(next)
		if err := x.follow(ctx, items, st); err != nil {
			return err
		}
	}
}

// begin starts to make the index: what happens from now on is followed when all
// documents are read.
func (x *Indexer) begin(ctx context.Context) (State, error) {
	st := State{Version: version, Building: sources()[0] + "/"}
	if err := x.index.Clear(ctx); err != nil {
		return st, err
	}
	end, err := x.sp.FeedEnd(ctx)
	if err != nil {
		return st, err
	}
	st.Position = string(end)
	return st, x.index.Apply(ctx, nil, nil, st)
}

// build reads all documents, from where it stopped.
func (x *Indexer) build(ctx context.Context, st State) (State, error) {
	for st.Building != "" {
		name, cursor, _ := strings.Cut(st.Building, "/")
		l, err := x.loader(ctx)
		if err != nil {
			return st, err
		}
		var put []subject
		var next string
		mail := func(m *crm.Message) []subject { return []subject{ofMessage(m)} }
		switch name {
		case store.Messages.Name:
			put, next, err = read(ctx, x.sp, store.Messages, cursor, mail)
		case store.Activities.Name:
			put, next, err = read(ctx, x.sp, store.Activities, cursor, l.record)
		default:
			put, next, err = read(ctx, x.sp, store.Records, cursor, l.record)
		}
		if err != nil {
			return st, err
		}
		if st.Building = name + "/" + next; next == "" {
			st.Building = after(name)
		}
		if err := x.index.Apply(ctx, put, nil, st); err != nil {
			return st, err
		}
	}
	return st, nil
}

// read makes subjects of one page of a collection.
func read[T any](ctx context.Context, sp *store.Space, c store.Collection[T], cursor string, of func(*T) []subject) ([]subject, string, error) {
	p, err := c.Query(ctx, sp, store.Query{Limit: page, After: cursor})
	if err != nil {
		return nil, "", err
	}
	var put []subject
	for i := range p.Items {
		put = append(put, of(&p.Items[i].Value)...)
	}
	return put, p.Next, nil
}

// after is the beginning of the collection that is read after one.
func after(name string) string {
	list := sources()
	if i := slices.Index(list, name) + 1; i < len(list) {
		return list[i] + "/"
	}
	return ""
}

// follow indexes anew what entries of the feed touched, as it is now.
func (x *Indexer) follow(ctx context.Context, items []store.FeedItem, st State) error {
	touched := map[string]map[string]bool{store.Records.Name: {}, store.Activities.Name: {}, store.Messages.Name: {}}
	for _, it := range items {
		if it.Change != nil {
			for _, e := range it.Change.Entries {
				if ids := touched[e.Collection]; ids != nil {
					ids[e.ID] = true
				}
			}
		}
		if it.Arrival != nil {
			for _, a := range it.Arrival.Items {
				touched[store.Messages.Name][string(a.Message)] = true
			}
		}
	}
	l, err := x.loader(ctx)
	if err != nil {
		return err
	}
	mail := func(m *crm.Message) []subject { return []subject{ofMessage(m)} }
	b := &gathered{}
	err = errors.Join(
		collect(ctx, x.sp, store.Records, touched, l.record, b),
		collect(ctx, x.sp, store.Activities, touched, l.record, b),
		collect(ctx, x.sp, store.Messages, touched, mail, b))
	if err != nil {
		return err
	}
	return x.index.Apply(ctx, b.put, b.gone, st)
}

// gathered is what is to be done to the index.
type gathered struct {
	put  []subject
	gone []string
}

// collect reads touched documents of one collection.
func collect[T any](ctx context.Context, sp *store.Space, c store.Collection[T], touched map[string]map[string]bool, of func(*T) []subject, to *gathered) error {
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(touched[c.Name])), page) {
		docs, err := c.GetMany(ctx, sp, chunk)
		if err != nil {
			return err
		}
		for i := range docs {
			if docs[i].Exists() {
				to.put = append(to.put, of(&docs[i].Value)...)
			} else {
				to.gone = append(to.gone, chunk[i])
			}
		}
	}
	return nil
}

// loader makes subjects of records in the words of the workspace.
type loader struct{ schema crm.Schema }

func (x *Indexer) loader(ctx context.Context) (loader, error) {
	settings, err := store.Settings.All(ctx, x.sp, store.Query{})
	list := make([]crm.Setting, len(settings))
	for i, d := range settings {
		list[i] = d.Value
	}
	return loader{schema: crm.NewSchema(list)}, err
}

func (l loader) record(r *crm.Record) []subject {
	n, ok := l.schema.Noun(r.Kind)
	if !ok { // its folder is gone
		return nil
	}
	return []subject{ofRecord(n, r)}
}
