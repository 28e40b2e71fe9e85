package audit

import (
	"bytes"
	"context"
	"encoding/hex"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Report is what Verify found.
type Report struct {
	Entries  int64  `json:"entries"`            // of the chain, that are right
	Head     string `json:"head,omitempty"`     // hash of the last: write it down elsewhere
	Unsealed int    `json:"unsealed,omitempty"` // changes that no sealer has come to yet, at most a page
	Broken   *Break `json:"broken,omitempty"`   // the first entry that is not right
}

// Break is the first place at which the chain is not what was sealed.
type Break struct {
	Seq    int64  `json:"seq"`
	Change string `json:"change,omitempty"`
	What   string `json:"what"`
}

// Verify walks the chain from its beginning.
func Verify(ctx context.Context, sp *store.Space) (Report, error) {
	var out Report
	var prev []byte
	q := store.Query{Order: "seq", Limit: page}
	for out.Broken == nil {
		p, err := store.Audit.Query(ctx, sp, q)
		if crm.IsKind(err, crm.Internal) && q.Limit > 1 {
			q.Limit = 1 // one of them cannot be read: which?
			continue
		}
		if crm.IsKind(err, crm.Internal) {
			out.Broken = &Break{Seq: out.Entries + 1, What: "the entry cannot be read"}
			break
		}
		if err != nil {
			return out, err
		}
		if err := check(ctx, sp, p.Values(), &prev, &out); err != nil {
			return out, err
		}
		if p.Next == "" {
			break
		}
		q.After = p.Next
	}
	out.Head = hex.EncodeToString(prev)
	if out.Broken != nil {
		return out, nil
	}
	return out, ended(ctx, sp, prev, &out)
}

// check compares a page of entries with the changes that they seal.
func check(ctx context.Context, sp *store.Space, list []crm.AuditEntry, prev *[]byte, out *Report) error {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	changes, err := store.ChangeLog.GetMany(ctx, sp, ids)
	switch {
	case crm.IsKind(err, crm.Internal) && len(list) > 1: // one of them cannot be read: which?
		for i := 0; i < len(list) && out.Broken == nil; i++ {
			if err := check(ctx, sp, list[i:i+1], prev, out); err != nil {
				return err
			}
		}
		return nil
	case crm.IsKind(err, crm.Internal):
		out.Broken = &Break{Seq: out.Entries + 1, Change: ids[0], What: "the change cannot be read"}
		return nil
	case err != nil:
		return err
	}
	for i := range list {
		if what := wrong(&list[i], changes[i], *prev, out.Entries+1); what != "" {
			out.Broken = &Break{Seq: out.Entries + 1, Change: list[i].ID, What: what}
			return nil
		}
		*prev = list[i].Hash
		out.Entries++
	}
	return nil
}

func wrong(e *crm.AuditEntry, c store.Doc[crm.Change], prev []byte, seq int64) string {
	switch {
	case e.Seq != seq:
		return "an entry is missing here"
	case !bytes.Equal(e.Prev, prev):
		return "the entry does not follow the one before"
	case !bytes.Equal(e.Hash, link(e)):
		return "the entry was altered"
	case !c.Exists():
		return "the change was removed"
	case !bytes.Equal(e.Sum, sum(e.Salt, &c.Value)):
		return "the change was altered"
	}
	return ""
}

// ended compares the end of the chain with its head, and the head with the feed.
func ended(ctx context.Context, sp *store.Space, last []byte, out *Report) error {
	head, err := headOf(ctx, sp)
	if err != nil {
		return err
	}
	if head.Value.Count != out.Entries || !bytes.Equal(head.Value.Hash, last) {
		out.Broken = &Break{Seq: out.Entries + 1, What: "the end of the chain was cut off, or its head was altered"}
		return nil
	}
	items, _, err := sp.Changes(ctx, store.Position(head.Value.Until), page)
	for _, it := range items {
		if it.Change != nil {
			out.Unsealed++
		}
	}
	return err
}
