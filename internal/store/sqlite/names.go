package sqlite

import (
	"context"
	"database/sql"
	"sync"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// spaceName names one collection of one workspace.
type spaceName struct {
	ws   crm.WorkspaceID
	coll string
}

// ixName names one index of one workspace.
type ixName struct {
	ws   crm.WorkspaceID
	name string
}

// names keeps the small integers that stand for spaces and indexes. Only the
// writer adds any; one that is not committed yet has no documents, so readers
// may see it.
type names struct {
	mu     sync.RWMutex
	spaces map[spaceName]int64
	space  map[int64]spaceName
	ixs    map[ixName]int64
	short  map[*store.Index]string // Index.Name, computed once
	fresh  []any                   // added since the last commit
}

func newNames(indexes *store.Indexes) *names {
	n := &names{
		spaces: map[spaceName]int64{}, space: map[int64]spaceName{},
		ixs: map[ixName]int64{}, short: map[*store.Index]string{},
	}
	for _, ix := range indexes.All() {
		n.short[ix] = ix.Name()
	}
	return n
}

func (n *names) load(s *session) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	err := s.each(context.Background(), `SELECT n, ws, coll FROM space`, nil, func(r *sql.Rows) error {
		var num int64
		var sp spaceName
		err := r.Scan(&num, &sp.ws, &sp.coll)
		n.spaces[sp], n.space[num] = num, sp
		return err
	})
	if err != nil {
		return err
	}
	return s.each(context.Background(), `SELECT n, ws, name FROM ix`, nil, func(r *sql.Rows) error {
		var num int64
		var ix ixName
		err := r.Scan(&num, &ix.ws, &ix.name)
		n.ixs[ix] = num
		return err
	})
}

// spaceOf returns the number of a space, 0 when there is none yet.
func (n *names) spaceOf(sp spaceName) int64 {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.spaces[sp]
}

// spaceAt is the inverse of spaceOf.
func (n *names) spaceAt(num int64) spaceName {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.space[num]
}

// nameOf names an index, also one of another store.Indexes.
func (n *names) nameOf(ix *store.Index) string {
	if s, ok := n.short[ix]; ok {
		return s
	}
	return ix.Name()
}

// ixOf returns the number of an index, 0 when it has no entries.
func (n *names) ixOf(ws crm.WorkspaceID, ix *store.Index) int64 {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.ixs[ixName{ws, n.nameOf(ix)}]
}

// addSpace returns the number of a space and stores a new one.
func (n *names) addSpace(s *session, sp spaceName) (int64, error) {
	if num := n.spaceOf(sp); num != 0 {
		return num, nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	num := int64(1)
	for has := range n.space {
		num = max(num, has+1)
	}
	n.spaces[sp], n.space[num] = num, sp
	n.fresh = append(n.fresh, sp)
	return num, s.exec(`INSERT INTO space (n, ws, coll) VALUES (?, ?, ?)`, num, string(sp.ws), sp.coll)
}

// addIx returns the number of an index and stores a new one.
func (n *names) addIx(s *session, ws crm.WorkspaceID, ix *store.Index) (int64, error) {
	if num := n.ixOf(ws, ix); num != 0 {
		return num, nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	num := int64(1)
	for _, has := range n.ixs {
		num = max(num, has+1)
	}
	key := ixName{ws, n.nameOf(ix)}
	n.ixs[key] = num
	n.fresh = append(n.fresh, key)
	return num, s.exec(`INSERT INTO ix (n, ws, name) VALUES (?, ?, ?)`, num, string(ws), key.name)
}

// settle keeps or forgets what was added since the last commit.
func (n *names) settle(committed bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range n.fresh {
		if committed {
			break
		}
		switch k := f.(type) {
		case spaceName:
			delete(n.space, n.spaces[k])
			delete(n.spaces, k)
		case ixName:
			delete(n.ixs, k)
		}
	}
	n.fresh = nil
}
