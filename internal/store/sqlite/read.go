package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// row is a stored document with its number; n is 0 when there is none.
type row struct {
	n       int64
	version store.Version
	data    []byte
}

func (r row) raw(k store.Key) store.Raw {
	return store.Raw{Key: k, Version: r.version, Data: r.data}
}

// pointSizes are the numbers of ids that are asked for at once.
var pointSizes = []int{256, 32, 8, 3, 1}

// rows reads documents by key; keys without one are not in the result.
func (s *session) rows(keys []store.Key) (map[store.Key]row, error) {
	out := make(map[store.Key]row, len(keys))
	err := s.points(keys, `SELECT id, n, version, data FROM doc`, func(k store.Key, r *sql.Rows) error {
		var x row
		err := r.Scan(&k.ID, &x.n, (*int64)(&x.version), (*blob)(&x.data))
		out[k] = x
		return err
	})
	return out, err
}

// numbers is rows without reading the documents themselves.
func (s *session) numbers(keys []store.Key) (map[store.Key]row, error) {
	out := map[store.Key]row{}
	err := s.points(keys, `SELECT id, n FROM doc`, func(k store.Key, r *sql.Rows) error {
		x := row{version: 1} // any but 0: it exists
		err := r.Scan(&k.ID, &x.n)
		out[k] = x
		return err
	})
	return out, err
}

func (s *session) points(keys []store.Key, sel string, scan func(store.Key, *sql.Rows) error) error {
	bySpace := map[spaceName][]string{}
	for _, k := range keys {
		sp := spaceName{k.Workspace, k.Collection}
		bySpace[sp] = append(bySpace[sp], k.ID)
	}
	for sp, ids := range bySpace {
		num := s.names.spaceOf(sp)
		if num == 0 {
			continue
		}
		err := padded(len(ids), pointSizes, func(from, to, size int) error {
			args := make([]any, 0, size+1)
			args = append(args, num)
			for i := range size {
				args = append(args, ids[min(from+i, to-1)])
			}
			query := sel + ` WHERE space = ? AND id IN (?` + strings.Repeat(",?", size-1) + `)`
			return s.each(context.Background(), query, args, func(r *sql.Rows) error {
				return scan(store.Key{Workspace: sp.ws, Collection: sp.coll}, r)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Get implements store.Driver.
func (d *Driver) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	var out []store.Raw
	err := d.read(ctx, "sqlite.Get", func(s *session) error {
		have, err := s.rows(keys)
		out = raws(keys, have)
		return err
	})
	return out, err
}

func raws(keys []store.Key, have map[store.Key]row) []store.Raw {
	out := make([]store.Raw, len(keys))
	for i, k := range keys {
		out[i] = have[k].raw(k)
	}
	return out
}

// feedBytes end a page of the feed: a change of an import is as large as a document
// may be, and who follows asks for a hundred.
const feedBytes = 4 << 20

var errEnough = errors.New("the page is full")

// Feed implements store.Driver.
func (d *Driver) Feed(ctx context.Context, ws crm.WorkspaceID, after store.Position, limit int) ([]store.Raw, store.Position, error) {
	seq := int64(0)
	if after != "" {
		var err error
		if seq, err = strconv.ParseInt(string(after), 10, 64); err != nil || seq < 0 {
			return nil, after, crm.Errorf(crm.Invalid, "sqlite.Feed", "%q is no position in the feed", crm.Clip(string(after), 40))
		}
	}
	const query = `SELECT f.seq, d.space, d.id, d.version, d.data FROM feed f CROSS JOIN doc d ON d.n = f.doc
		WHERE f.ws = ? AND f.seq > ? ORDER BY f.seq` + atMost
	var out []store.Raw
	size := 0
	err := d.read(ctx, "sqlite.Feed", func(s *session) error {
		return s.each(context.Background(), query, []any{string(ws), seq, limit}, func(r *sql.Rows) error {
			if size > feedBytes {
				return errEnough
			}
			var space int64
			var raw store.Raw
			if err := r.Scan(&seq, &space, &raw.Key.ID, (*int64)(&raw.Version), (*blob)(&raw.Data)); err != nil {
				return err
			}
			raw.Key.Workspace, raw.Key.Collection = ws, s.names.spaceAt(space).coll
			out, size = append(out, raw), size+len(raw.Data)
			return nil
		})
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	if err != nil || len(out) == 0 {
		return nil, after, err
	}
	return out, store.Position(strconv.FormatInt(seq, 10)), nil
}

// End implements store.Ender.
func (d *Driver) End(ctx context.Context, ws crm.WorkspaceID) (store.Position, error) {
	pos := store.Position("")
	err := d.read(ctx, "sqlite.End", func(s *session) error {
		return s.each(ctx, `SELECT seq FROM feed WHERE ws = ? ORDER BY seq DESC LIMIT 1`, []any{string(ws)}, func(r *sql.Rows) error {
			var seq int64
			err := r.Scan(&seq)
			pos = store.Position(strconv.FormatInt(seq, 10))
			return err
		})
	})
	return pos, err
}

// Workspaces implements store.Driver.
func (d *Driver) Workspaces(ctx context.Context) ([]crm.WorkspaceID, error) {
	const query = `SELECT DISTINCT ws FROM space s WHERE EXISTS (SELECT 1 FROM doc WHERE space = s.n) ORDER BY ws`
	var out []crm.WorkspaceID
	err := d.read(ctx, "sqlite.Workspaces", func(s *session) error {
		return s.each(ctx, query, nil, func(r *sql.Rows) error {
			var ws crm.WorkspaceID
			err := r.Scan(&ws)
			out = append(out, ws)
			return err
		})
	})
	return out, err
}
