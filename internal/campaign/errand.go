package campaign

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/store"
)

// Errand is something whose mail goes out by the ledger, one line for each mail:
// a campaign, or a sequence. What is asked of it within a transaction reads
// before it writes, and may be asked again.
type Errand interface {
	// Terms say which mailbox sends, when, how fast, and what is tracked.
	Terms() *crm.Campaign
	// Going tells whether it may send now.
	Going(ctx context.Context, tx *store.Tx) (bool, error)
	// Admit says of each line that is due whether it goes out; none: all do.
	Admit(ctx context.Context, tx *store.Tx, due []crm.Recipient) ([]Word, error)
	// Fill makes the letters of claimed lines.
	Fill(ctx context.Context, b *Bench, lines []crm.Recipient) ([]Letter, error)
	// After follows what became of lines, which are about to be written: it reads,
	// and returns what writes.
	After(ctx context.Context, tx *store.Tx, lines []crm.Recipient) (func(*store.Tx), error)
	// Idle tells whether nobody has to look after it while no line is due.
	Idle() bool
	// Empty is called when no line is left to which anything will happen.
	Empty(ctx context.Context) error
	// Halt stops it without being asked to, and says why. Of who was due before a
	// moment it is not known whether they had their mail; 0: of everybody it is.
	Halt(ctx context.Context, why string, restored crm.Time) error
}

// Word is what is said of a line that is due: it goes out, or it waits, or it is
// left out for a reason.
type Word struct {
	Wait crm.Time
	Out  string
}

// Letter is a filled letter with the conversation that it goes on with.
type Letter struct {
	letter.Filled
	Fill       func() letter.Filled // when it goes out, so that a group does not hold all of its letters
	Answers    crm.RFCID
	References []crm.RFCID
	Thread     string // in the mail system
	Out        string // why they get none after all; "" when they do
}

// mailing is a campaign as an errand.
type mailing struct {
	s        *Service
	c        crm.Campaign
	compiled *letter.Compiled
}

// Terms implements Errand.
func (m *mailing) Terms() *crm.Campaign { return &m.c }

// Going implements Errand.
func (m *mailing) Going(ctx context.Context, tx *store.Tx) (bool, error) {
	doc, err := store.Campaigns.Get(ctx, tx, m.c.ID)
	return doc.Value.Status == crm.CampaignSending, err
}

// Admit implements Errand: what was written down is sent.
func (m *mailing) Admit(context.Context, *store.Tx, []crm.Recipient) ([]Word, error) { return nil, nil }

// Fill implements Errand, from the records as they are now. Whose contact is gone
// since, or is not the owner's to read any more, gets none.
func (m *mailing) Fill(ctx context.Context, b *Bench, lines []crm.Recipient) ([]Letter, error) {
	persons, err := b.Persons(ctx, lines)
	if err != nil {
		return nil, err
	}
	out := make([]Letter, len(lines))
	for i := range lines {
		if persons[i].Contact == nil {
			out[i].Out = crm.StopGone
			continue
		}
		out[i].Fill = func() letter.Filled { return b.Fill(m.compiled, persons[i]) }
	}
	return out, nil
}

// After implements Errand.
func (m *mailing) After(context.Context, *store.Tx, []crm.Recipient) (func(*store.Tx), error) {
	return func(*store.Tx) {}, nil
}

// Idle implements Errand.
func (m *mailing) Idle() bool { return false }

// Empty implements Errand: it is over.
func (m *mailing) Empty(ctx context.Context) error { return m.s.done(ctx, m.c.ID) }

// Halt implements Errand.
func (m *mailing) Halt(ctx context.Context, why string, restored crm.Time) error {
	return m.s.halt(ctx, m.c.ID, why, restored)
}

// sending are the campaigns that are to be sent.
func (s *Service) sending(ctx context.Context) ([]Errand, error) {
	docs, err := store.Campaigns.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("status", string(crm.CampaignSending))}, Order: "at"})
	out := make([]Errand, len(docs))
	for i, d := range docs {
		out[i] = &mailing{s: s, c: d.Value}
	}
	return out, err
}
