package sequence

import (
	"context"
	"slices"
	"sync"

	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/store"
)

// Errands are the sequences that are to be sent.
func (s *Service) Errands(ctx context.Context) ([]campaign.Errand, error) {
	docs, err := store.Sequences.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("status", string(crm.SequenceActive))}, Order: "at"})
	out := make([]campaign.Errand, len(docs))
	for i, d := range docs {
		out[i] = &errand{s: s, seq: d.Value}
	}
	return out, err
}

// errand is a sequence as it is sent. Several groups of it are under way at once,
// and each asks anew how the sequence is.
type errand struct {
	s   *Service
	mu  sync.Mutex
	seq crm.Sequence
}

// now is the sequence as it was read last.
func (e *errand) now() *crm.Sequence {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := e.seq
	return &q
}

// Terms implements campaign.Errand.
func (e *errand) Terms() *crm.Campaign {
	q := e.now()
	return &crm.Campaign{ID: q.ID, Name: q.Name, Mailbox: q.Mailbox, Pace: q.Pace, Track: q.Track, Marketing: q.Marketing, Purpose: q.Purpose, Owner: q.Owner, At: q.At, Restored: q.Restored}
}

// Going implements campaign.Errand.
func (e *errand) Going(ctx context.Context, tx *store.Tx) (bool, error) {
	doc, err := store.Sequences.Get(ctx, tx, e.now().ID)
	if err == nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.seq = doc.Value
	}
	return doc.Value.Status == crm.SequenceActive, err
}

// Idle implements campaign.Errand.
func (e *errand) Idle() bool { return true }

// Empty implements campaign.Errand: somebody may be put in at any time.
func (e *errand) Empty(context.Context) error { return nil }

// Halt implements campaign.Errand.
func (e *errand) Halt(ctx context.Context, why string, restored crm.Time) error {
	info, id := store.ChangeInfo{Cause: crm.CauseSystem, Title: "pause a sequence"}, e.now().ID
	_, err := e.s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Sequences.Get(ctx, tx, id)
		if err != nil || doc.Value.Status != crm.SequenceActive {
			return err
		}
		doc.Value.Status, doc.Value.Why, doc.Value.At = crm.SequencePaused, why, e.s.sp.Store().Now()
		doc.Value.Restored = max(doc.Value.Restored, restored)
		store.Sequences.Put(tx, &doc.Value)
		return nil
	})
	return err
}

// Admit implements campaign.Errand: it asks once more whether the letter is
// wanted.
func (e *errand) Admit(ctx context.Context, tx *store.Tx, due []crm.Recipient) ([]campaign.Word, error) {
	enrolments, err := e.enrolments(ctx, tx, due)
	if err != nil {
		return nil, err
	}
	q := e.now()
	v, err := e.s.records.Viewer(ctx, q.Owner)
	if err != nil {
		return nil, err
	}
	out := make([]campaign.Word, len(due))
	for i := range due {
		enr := enrolments[i]
		switch {
		case enr.ID == "":
			out[i].Out = string(crm.EnrolmentLeft)
		case enr.State != crm.EnrolmentActive:
			out[i].Out = string(enr.State)
		case due[i].Step > len(q.Steps):
			out[i].Out = string(crm.EnrolmentFinished)
		default:
			out[i].Out, err = e.objection(ctx, tx, person{viewer: v, enr: enr, step: q.Steps[due[i].Step-1], deal: q.StopOnDeal})
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// enrolments reads who lines belong to; those that are gone have no id.
func (e *errand) enrolments(ctx context.Context, r store.Reader, lines []crm.Recipient) ([]crm.Enrolment, error) {
	ids := make([]string, len(lines))
	for i := range lines {
		ids[i] = lines[i].Enrolment
	}
	docs, err := store.Enrolments.GetMany(ctx, r, ids)
	out := make([]crm.Enrolment, len(lines))
	for i, d := range docs {
		if d.Exists() {
			out[i] = d.Value
		}
	}
	return out, err
}

// Fill implements campaign.Errand.
func (e *errand) Fill(ctx context.Context, b *campaign.Bench, lines []crm.Recipient) ([]campaign.Letter, error) {
	q := e.now()
	letters, err := compile(b, q)
	if err != nil {
		return nil, err
	}
	persons, err := b.Persons(ctx, lines)
	if err != nil {
		return nil, err
	}
	enrolments, err := e.enrolments(ctx, e.s.sp, lines)
	if err != nil {
		return nil, err
	}
	deals := make([]crm.RecordID, len(lines))
	for i := range enrolments {
		deals[i] = enrolments[i].Deal
	}
	about, err := b.Read(ctx, deals)
	if err != nil {
		return nil, err
	}
	d, err := e.s.desk(ctx)
	if err != nil {
		return nil, err
	}
	before, err := d.lines(ctx, e.s.sp, q, enrolments)
	if err != nil {
		return nil, err
	}
	out := make([]campaign.Letter, len(lines))
	for i := range lines {
		persons[i].Deal = about[i]
		if persons[i].Contact == nil {
			out[i].Out = crm.StopGone
			continue
		}
		step := lines[i].Step - 1
		if step >= len(letters) { // taken away since it was claimed
			out[i].Out = string(crm.EnrolmentFinished)
			continue
		}
		out[i].Filled = b.Fill(letters[step], persons[i])
		continues(q, &out[i], before[i], step)
	}
	return out, nil
}

// compile makes the letters of the steps ready to be filled.
func compile(b *campaign.Bench, q *crm.Sequence) ([]*letter.Compiled, error) {
	out := make([]*letter.Compiled, len(q.Steps))
	for i := range q.Steps {
		var err error
		if out[i], err = b.Compile(q.Steps[i].Letter); err != nil {
			return nil, inStep(err, i)
		}
	}
	return out, nil
}

// continues makes a letter go on with the conversation of the letters before it:
// it answers the last of them that went out, and has the subject of the first.
func continues(q *crm.Sequence, l *campaign.Letter, lines []crm.Recipient, step int) {
	if step == 0 || q.Steps[step].New {
		return
	}
	for _, had := range lines[q.Starts(step):step] {
		if had.State != crm.RecipientSent {
			continue
		}
		if len(l.References) == 0 && had.Subject != "" {
			l.Subject = reply(had.Subject)
		}
		l.References, l.Answers = append(l.References, had.RFCID), had.RFCID
		if had.Thread != "" {
			l.Thread = had.Thread
		}
	}
}

// reply is the subject of an answer.
func reply(subject string) string {
	if len(subject) > 3 && (subject[:3] == "Re:" || subject[:3] == "RE:") {
		return subject
	}
	return "Re: " + subject
}

// After implements campaign.Errand: what became of a letter decides what comes
// next.
func (e *errand) After(ctx context.Context, tx *store.Tx, known []crm.Recipient) (func(*store.Tx), error) {
	enrolments, err := e.enrolments(ctx, tx, known)
	if err != nil {
		return nil, err
	}
	var ours []crm.Enrolment
	for _, x := range enrolments {
		if x.ID != "" && !slices.ContainsFunc(ours, func(o crm.Enrolment) bool { return o.ID == x.ID }) {
			ours = append(ours, x)
		}
	}
	if len(ours) == 0 {
		return func(*store.Tx) {}, nil
	}
	q := e.now()
	box, err := store.Mailboxes.Get(ctx, tx, string(q.Mailbox))
	if err != nil {
		return nil, err
	}
	d, err := e.s.desk(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := d.lines(ctx, tx, q, ours)
	return func(tx *store.Tx) { e.s.write(tx, d, q, &box.Value, ours, lines, known) }, err
}
