package erase

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// stones leaves a keyed hash of every address of the person, before anything goes:
// mail that a server lists again meanwhile stays away, too.
func (r *run) stones(ctx context.Context) (work, error) {
	if len(r.p.Addresses) == 0 {
		return nil, nil
	}
	ws, err := store.Workspaces.Get(ctx, r.s.sp, string(r.s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	var missing []crm.Exclusion
	for _, a := range r.p.Addresses {
		e := crm.ErasedFrom(ws.Value.IDKey, a, r.s.sp.Store().Now())
		have, err := store.Exclusions.GetMany(ctx, r.s.sp, []string{e.ID})
		if err != nil {
			return nil, err
		}
		if !have[0].Exists() || have[0].Value.At < r.job.CreatedAt { // of an earlier erasure
			missing = append(missing, e)
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	ids := make([]string, len(missing))
	for i := range missing {
		ids[i] = missing[i].ID
	}
	return func(ctx context.Context, tx *store.Tx) (int, error) {
		_, err := store.Exclusions.GetMany(ctx, tx, ids)
		for i := range missing {
			store.Exclusions.Put(tx, &missing[i])
		}
		return len(missing), err
	}, nil
}

// Lift lets mail of an address be stored that an erasure keeps away; crm.NotFound
// when none does.
func (s *Service) Lift(ctx context.Context, v access.Viewer, info store.ChangeInfo, a crm.Address) (string, error) {
	if err := v.Require(crm.RightAdmin); err != nil {
		return "", err
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return "", err
	}
	batch, err := ledger.Include(ctx, s.sp, v, info, crm.ErasedFrom(ws.Value.IDKey, a, 0).ID)
	if crm.IsKind(err, crm.NotFound) {
		return "", crm.Errorf(crm.NotFound, "erase.Lift", "no erasure keeps mail of this address away").WithField("address")
	}
	return batch, err
}

// mentioned tells whether a text holds an address or the name of the person.
func (p *person) mentioned(text string) bool { return p.without(text) != text }

// without is the text without the person's addresses and name.
func (p *person) without(text string) string {
	words := []string{}
	for _, a := range p.Addresses {
		words = append(words, string(a))
	}
	if len(strings.Fields(p.Name)) > 1 { // one word may be any word
		words = append(words, p.Name)
	}
	for _, w := range words {
		text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(w)).ReplaceAllLiteralString(text, "…")
	}
	return text
}

var contentAddress = regexp.MustCompile("[0-9a-f]{64}")

// filesOf finds the files that fields of the person's records name, or named
// once: the log still holds that.
func (s *Service) filesOf(ctx context.Context, p *person) ([]string, error) {
	named := map[string]bool{}
	take := func(data []byte) {
		for _, ref := range contentAddress.FindAll(data, -1) {
			named[string(ref)] = true
		}
	}
	for _, id := range append([]crm.RecordID{p.Record}, p.Alone...) {
		q := store.Query{Where: []store.Filter{{Field: "touched", Op: store.Contains, Value: string(id)}}, Order: "at", Limit: 200}
		err := store.ChangeLog.Each(ctx, s.sp, q, func(d store.Doc[crm.Change]) error {
			for _, e := range d.Value.Entries {
				if e.ID == string(id) {
					take(e.Before)
					take(e.After)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if err := s.eachRecord(ctx, func(id string, data []byte) {
		if id == string(p.Record) || slices.Contains(p.Alone, crm.RecordID(id)) {
			take(data)
		}
	}); err != nil {
		return nil, err
	}
	var out []string
	for ref := range named {
		docs, err := store.Files.GetMany(ctx, s.sp, []string{crm.FileID(ref)})
		if err != nil {
			return nil, err
		}
		if docs[0].Exists() && docs[0].Value.Blob == ref {
			out = append(out, ref)
		}
	}
	slices.Sort(out)
	return out, nil
}

// eachRecord walks all records and activities as they are stored.
func (s *Service) eachRecord(ctx context.Context, f func(id string, data []byte)) error {
	for _, name := range []string{store.Records.Name, store.Activities.Name} {
		if err := s.sp.EachRaw(ctx, name, func(d store.RawDoc) error { f(d.ID, d.Data); return nil }); err != nil {
			return err
		}
	}
	return nil
}

// files lets the files go that no other record names; their contents are swept.
func (r *run) files(ctx context.Context) (work, error) {
	var ids, wanted []string
	for _, ref := range r.p.Files {
		ids = append(ids, crm.FileID(ref))
	}
	if len(ids) == 0 {
		return nil, nil
	}
	docs, err := store.Files.GetMany(ctx, r.s.sp, ids)
	if err != nil {
		return nil, err
	}
	err = r.s.eachRecord(ctx, func(_ string, data []byte) {
		for _, ref := range r.p.Files {
			if bytes.Contains(data, []byte(ref)) {
				wanted = append(wanted, crm.FileID(ref))
			}
		}
	})
	ids = ids[:0]
	for _, d := range docs {
		if d.Exists() && !slices.Contains(wanted, d.Value.ID) {
			ids = append(ids, d.Value.ID)
		}
	}
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return func(_ context.Context, tx *store.Tx) (int, error) {
		for _, id := range ids {
			store.Files.Delete(tx, id)
		}
		return len(ids), nil
	}, nil
}
