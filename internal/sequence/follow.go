package sequence

import (
	"context"
	"slices"

	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Listener tells sequences what comes back and what changes. What it is told
// twice changes nothing.
func (s *Service) Listener() campaign.Listener {
	return campaign.Listener{Heard: s.heard, Changed: s.changed}
}

// heard follows a mail that came back.
func (s *Service) heard(ctx context.Context, h campaign.Heard) error {
	list, err := s.concerned(ctx, h)
	if err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		switch {
		case h.Kind == campaign.HeardAway, h.Kind == campaign.HeardSent:
			err = s.replan(ctx, e)
		case h.At > e.Since:
			err = s.stop(ctx, e, string(h.Kind), store.ChangeInfo{Cause: crm.CauseRecipient, Title: "a sequence ends: " + string(h.Kind)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// concerned are those on their way whom a mail is about: whose letter it answers
// or returns, and who wrote it, by whichever of their addresses.
func (s *Service) concerned(ctx context.Context, h campaign.Heard) ([]crm.Enrolment, error) {
	var out []crm.Enrolment
	add := func(docs []store.Doc[crm.Enrolment]) {
		for _, d := range docs {
			if d.Exists() && d.Value.Goes() && !slices.ContainsFunc(out, func(e crm.Enrolment) bool { return e.ID == d.Value.ID }) {
				out = append(out, d.Value)
			}
		}
	}
	if h.Line.Enrolment != "" {
		docs, err := store.Enrolments.GetMany(ctx, s.sp, []string{h.Line.Enrolment})
		if err != nil {
			return nil, err
		}
		add(docs)
	}
	if h.From == "" {
		return out, nil
	}
	page, err := store.Enrolments.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("address", string(h.From))}, Order: "at", Desc: true, Limit: 100})
	if err != nil {
		return nil, err
	}
	add(page.Items)
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	who, err := store.Identities.GetMany(ctx, s.sp, []string{crm.IdentityID(ws.Value.IDKey, crm.AddressToken(h.From))})
	if err != nil {
		return nil, err
	}
	for _, holder := range who[0].Value.Holders {
		if !holder.Held(h.At) {
			continue
		}
		page, err := s.enrolmentsOf(ctx, holder.Record)
		if err != nil {
			return nil, err
		}
		add(page)
	}
	return out, nil
}

func (s *Service) enrolmentsOf(ctx context.Context, contact crm.RecordID) ([]store.Doc[crm.Enrolment], error) {
	page, err := store.Enrolments.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("contact", string(contact))}, Order: "at", Desc: true, Limit: 100})
	return page.Items, err
}

// stop ends a sequence for somebody who is on their way.
func (s *Service) stop(ctx context.Context, e *crm.Enrolment, why string, info store.ChangeInfo) error {
	return s.again(ctx, e, info, func(x *crm.Enrolment) bool {
		if !x.Goes() {
			return false
		}
		x.State, x.Reason, x.At = crm.EnrolmentStopped, why, s.sp.Store().Now()
		return true
	})
}

// replan plans anew for somebody.
func (s *Service) replan(ctx context.Context, e *crm.Enrolment) error {
	return s.again(ctx, e, store.ChangeInfo{Cause: crm.CauseSystem, Title: "a sequence goes on"}, func(*crm.Enrolment) bool { return false })
}

// again reads somebody anew, lets edit change them, and plans. One who is gone
// has left.
func (s *Service) again(ctx context.Context, e *crm.Enrolment, info store.ChangeInfo, edit func(*crm.Enrolment) bool) error {
	doc, err := store.Sequences.GetMany(ctx, s.sp, []string{e.Sequence})
	if err != nil || !doc[0].Exists() {
		return err
	}
	seq := doc[0].Value
	box, err := store.Mailboxes.GetMany(ctx, s.sp, []string{string(seq.Mailbox)})
	if err != nil {
		return err
	}
	d, err := s.desk(ctx)
	if err != nil {
		return err
	}
	_, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		now, err := store.Enrolments.GetMany(ctx, tx, []string{e.ID})
		if err != nil {
			return err
		}
		x := now[0].Value
		if !now[0].Exists() {
			x = *e
			x.State = crm.EnrolmentLeft
		}
		lines, err := d.lines(ctx, tx, &seq, []crm.Enrolment{x})
		if err != nil {
			return err
		}
		if now[0].Exists() && edit(&x) {
			store.Enrolments.Put(tx, &x)
		}
		s.write(tx, d, &seq, &box[0].Value, []crm.Enrolment{x}, lines, nil)
		return nil
	})
	return err
}

// changed follows what people and programs change.
func (s *Service) changed(ctx context.Context, c *crm.Change) error {
	for i := range c.Entries {
		e := &c.Entries[i]
		var err error
		switch e.Collection {
		case store.Suppressions.Name:
			err = s.suppressed(ctx, e)
		case store.Enrolments.Name:
			err = s.edited(ctx, e)
		case store.Records.Name:
			err = s.recordChanged(ctx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// suppressed stops whoever does not want to be written to any more.
func (s *Service) suppressed(ctx context.Context, e *crm.ChangeEntry) error {
	if e.After == nil {
		return nil
	}
	x, err := store.Suppressions.Decode(s.sp, e.ID, e.After)
	if err != nil || x.Address == "" {
		return err
	}
	page, err := store.Enrolments.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("address", string(x.Address))}, Order: "at", Desc: true, Limit: 100})
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		if !d.Value.Goes() || x.At <= d.Value.Since {
			continue
		}
		if x.Purpose != "" {
			seq, err := store.Sequences.GetMany(ctx, s.sp, []string{d.Value.Sequence})
			if err != nil {
				return err
			}
			if seq[0].Value.Purpose != x.Purpose {
				continue
			}
		}
		info := store.ChangeInfo{Cause: crm.CauseRecipient, Title: "a sequence ends: " + string(x.Reason)}
		if err := s.stop(ctx, &d.Value, string(x.Reason), info); err != nil {
			return err
		}
	}
	return nil
}

// edited plans anew for somebody of whom a person, or an undo, said something.
func (s *Service) edited(ctx context.Context, e *crm.ChangeEntry) error {
	data := e.After
	if data == nil {
		data = e.Before
	}
	x, err := store.Enrolments.Decode(s.sp, e.ID, data)
	if err != nil {
		return err
	}
	return s.replan(ctx, &x)
}

// recordChanged stops people whose deal moved, and those who are gone.
func (s *Service) recordChanged(ctx context.Context, e *crm.ChangeEntry) error {
	switch n, ok := crm.NounOfID(crm.RecordID(e.ID)); {
	case !ok:
		return nil
	case n.Kind == crm.KindContact && e.After == nil:
		return s.stopAll(ctx, crm.RecordID(e.ID), crm.StopGone, func(*crm.Sequence, *crm.Enrolment) bool { return true })
	case n.Kind == crm.KindDeal && e.Before != nil && e.After != nil:
		return s.dealMoved(ctx, e)
	}
	return nil
}

func (s *Service) dealMoved(ctx context.Context, e *crm.ChangeEntry) error {
	was, err := store.Records.Decode(s.sp, e.ID, e.Before)
	if err != nil {
		return err
	}
	now, err := store.Records.Decode(s.sp, e.ID, e.After)
	if err != nil || was.Text("stage") == now.Text("stage") && was.Text("pipeline") == now.Text("pipeline") {
		return err
	}
	for _, contact := range now.List("contacts") {
		err := s.stopAll(ctx, crm.RecordID(contact), crm.StopDeal, func(q *crm.Sequence, x *crm.Enrolment) bool {
			return q.StopOnDeal && (x.Deal == "" || x.Deal == now.ID) && moved(&now, x.Since)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stopAll stops the sequences of a contact for which it holds.
func (s *Service) stopAll(ctx context.Context, contact crm.RecordID, why string, holds func(*crm.Sequence, *crm.Enrolment) bool) error {
	list, err := s.enrolmentsOf(ctx, contact)
	if err != nil {
		return err
	}
	for _, d := range list {
		if !d.Value.Goes() {
			continue
		}
		seq, err := store.Sequences.GetMany(ctx, s.sp, []string{d.Value.Sequence})
		if err != nil {
			return err
		}
		if !holds(&seq[0].Value, &d.Value) {
			continue
		}
		info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "a sequence ends: " + why}
		if err := s.stop(ctx, &d.Value, why, info); err != nil {
			return err
		}
	}
	return nil
}
