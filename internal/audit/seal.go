package audit

import (
	"context"
	"io"
	"log/slog"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

const (
	page      = 100
	saltBytes = 16
	lookEvery = 500 * time.Millisecond // where another instance writes, no bell rings here
	retryIn   = 5 * time.Second
)

// Sealer adds changes to the chain of a workspace.
type Sealer struct {
	sp     *store.Space
	random io.Reader
	log    *slog.Logger
}

// NewSealer makes a sealer; random is the source of salts.
func NewSealer(sp *store.Space, random io.Reader, log *slog.Logger) *Sealer {
	return &Sealer{sp: sp, random: random, log: log}
}

// Run seals until ctx ends.
func (s *Sealer) Run(ctx context.Context) error {
	return s.sp.Follow(ctx, store.Pace{Every: lookEvery, Retry: retryIn}, s.CatchUp,
		func(err error) { s.log.Error("the audit chain cannot be continued", "err", err) })
}

// CatchUp seals what the feed holds now.
func (s *Sealer) CatchUp(ctx context.Context) error {
	for {
		more, err := s.step(ctx)
		if crm.IsKind(err, crm.Conflict) {
			continue // another sealer was quicker: read the head again
		}
		if err != nil || !more {
			return err
		}
	}
}

// step seals one page of the feed; false at its end.
func (s *Sealer) step(ctx context.Context) (bool, error) {
	head, err := headOf(ctx, s.sp)
	if err != nil {
		return false, err
	}
	items, next, err := s.sp.Changes(ctx, store.Position(head.Value.Until), page)
	if err != nil || len(items) == 0 {
		return false, err
	}
	var changes []*crm.Change
	for _, it := range items {
		if it.Change != nil {
			changes = append(changes, it.Change)
		}
	}
	return true, s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.add(ctx, tx, head.Version, changes, string(next))
	})
}

func headOf(ctx context.Context, r store.Reader) (store.Doc[crm.AuditEntry], error) {
	docs, err := store.Audit.GetMany(ctx, r, []string{crm.AuditHead})
	if err != nil {
		return store.Doc[crm.AuditEntry]{}, err
	}
	return docs[0], nil
}

// add writes entries for those changes that have none yet: the feed may bring
// one twice.
func (s *Sealer) add(ctx context.Context, tx *store.Tx, version store.Version, changes []*crm.Change, until string) error {
	ids := make([]string, len(changes))
	for i, c := range changes {
		ids[i] = c.ID
	}
	have, err := store.Audit.GetMany(ctx, tx, ids)
	if err != nil {
		return err
	}
	head, err := headOf(ctx, tx)
	if err != nil {
		return err
	}
	if head.Version != version {
		return crm.Errorf(crm.Conflict, "audit.add", "another sealer was quicker")
	}
	h := head.Value
	seen := map[string]bool{}
	for i, c := range changes {
		if have[i].Exists() || seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		salt := make([]byte, saltBytes)
		if _, err := io.ReadFull(s.random, salt); err != nil {
			return crm.E(crm.Internal, "audit.add", "the source of randomness failed", err)
		}
		e := crm.AuditEntry{ID: c.ID, Seq: h.Count + 1, At: s.sp.Store().Now(), Salt: salt, Sum: sum(salt, c), Prev: h.Hash}
		e.Hash = link(&e)
		store.Audit.Create(tx, &e)
		h.Count, h.Hash = e.Seq, e.Hash
	}
	h.ID, h.Until = crm.AuditHead, until
	store.Audit.Put(tx, &h)
	return nil
}
