package sqlite

import (
	"context"
	"database/sql"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// reindexRows is how many documents are read at once while indexing.
const reindexRows = 1000

// reindex makes the entries of indexes whose definition is new and removes
// those of definitions that are gone, in one transaction.
func (d *Driver) reindex(ctx context.Context) error {
	have := map[string]bool{}
	err := d.writer.each(ctx, `SELECT name FROM definition`, nil, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		have[name] = true
		return err
	})
	if err != nil {
		return err
	}
	fresh := map[string]map[*store.Index]bool{} // by collection
	for _, ix := range d.indexes.All() {
		name := d.names.nameOf(ix)
		if have[name] {
			delete(have, name)
			continue
		}
		if fresh[ix.Collection] == nil {
			fresh[ix.Collection] = map[*store.Index]bool{}
		}
		fresh[ix.Collection][ix] = true
	}
	if len(fresh) == 0 && len(have) == 0 {
		return nil
	}
	if err := d.writer.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	if err := d.rebuild(ctx, have, fresh); err != nil {
		_ = d.writer.exec(`ROLLBACK`) // err says why
		return err
	}
	d.names.settle(true)
	return d.writer.exec(`COMMIT`)
}

func (d *Driver) rebuild(ctx context.Context, gone map[string]bool, fresh map[string]map[*store.Index]bool) error {
	for name := range gone {
		if err := d.drop(name); err != nil {
			return err
		}
	}
	for coll, list := range fresh {
		for ix := range list {
			if err := d.writer.exec(`INSERT INTO definition (name) VALUES (?)`, d.names.nameOf(ix)); err != nil {
				return err
			}
		}
		for _, sp := range d.names.spacesOf(coll) {
			if err := d.fill(ctx, sp, list); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Driver) drop(name string) error {
	for _, num := range d.names.forget(name) {
		if err := d.writer.exec(`DELETE FROM idx WHERE ix = ?`, num); err != nil {
			return err
		}
	}
	if err := d.writer.exec(`DELETE FROM ix WHERE name = ?`, name); err != nil {
		return err
	}
	return d.writer.exec(`DELETE FROM definition WHERE name = ?`, name)
}

// fill computes the entries of new indexes for every document of a space.
func (d *Driver) fill(ctx context.Context, sp spaceName, list map[*store.Index]bool) error {
	plan := &store.Plan{Workspace: sp.ws, Collection: sp.coll, Limit: reindexRows}
	for {
		if err := ended(ctx, "sqlite.Open"); err != nil {
			return err
		}
		docs, err := d.writer.byID(plan)
		if err != nil {
			return err
		}
		var places []place
		for _, f := range docs {
			entries, err := d.indexes.Entries(sp.coll, f.key.ID, f.row.data)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if !list[e.Index] {
					continue
				}
				num, err := d.names.addIx(d.writer, sp.ws, e.Index)
				if err != nil {
					return err
				}
				places = append(places, place{num, e.Key, f.row.n})
			}
		}
		if err := d.writer.addPlaces(places); err != nil {
			return err
		}
		if len(docs) < reindexRows {
			return nil
		}
		plan.After = []byte(docs[len(docs)-1].key.ID)
	}
}

// spacesOf returns the spaces of a collection.
func (n *names) spacesOf(coll string) []spaceName {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var out []spaceName
	for sp := range n.spaces {
		if sp.coll == coll {
			out = append(out, sp)
		}
	}
	return out
}

// forget returns and drops the numbers of an index.
func (n *names) forget(name string) []int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []int64
	for k, num := range n.ixs {
		if k.name == name {
			out = append(out, num)
			delete(n.ixs, k)
		}
	}
	return out
}

// Check looks at the structure of the whole file: for verify and doctor. It
// takes time in proportion to the file.
func (d *Driver) Check(ctx context.Context) error {
	var first string
	err := d.read(ctx, "sqlite.Check", func(s *session) error {
		return s.each(ctx, `PRAGMA quick_check(1)`, nil, func(r *sql.Rows) error { return r.Scan(&first) })
	})
	if err == nil && first != "ok" {
		err = damaged("sqlite.Check", crm.Errorf(crm.Internal, "sqlite.Check", "%s", first))
	}
	return err
}
