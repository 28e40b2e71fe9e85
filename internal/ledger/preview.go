package ledger

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Preview tells what a correction, a rule or an exclusion would change of mail
// that the viewer may know of; the rest is neither shown nor counted. It comes
// out of the same decision that makes the links.
type Preview struct {
	Changed int64   `json:"changed" doc:"Messages that would change"`
	More    bool    `json:"more,omitempty" doc:"There are more: counting stopped"`
	Hidden  int64   `json:"hidden,omitempty" doc:"Messages that others would not know of any more"`
	Shown   int64   `json:"shown,omitempty" doc:"Messages that others would know of again"`
	Records []Shift `json:"records" doc:"Records whose timelines would change, the most changed first"`
	Sample  []Moved `json:"sample" doc:"The newest of the messages"`
}

// Shift counts the mail that a record would gain and lose.
type Shift struct {
	Record crm.RecordID `json:"record"`
	Name   string       `json:"name"`
	Gained int64        `json:"gained"`
	Lost   int64        `json:"lost"`
}

// Moved is one message with the links that it gains and loses, each with its
// reason.
type Moved struct {
	Message crm.MessageID `json:"message"`
	Date    crm.Time      `json:"date"`
	From    crm.Address   `json:"from,omitempty"`
	Subject string        `json:"subject,omitempty"` // only for who may read it
	Gained  []crm.Link    `json:"gained,omitempty"`
	Lost    []crm.Link    `json:"lost,omitempty"`
	Turned  string        `json:"turned,omitempty" enum:"private,shared,metadata_only"`
}

const (
	previewMails  = 5000 // how many touched messages are looked at
	previewSample = 10
)

// PreviewCorrection tells what a correction would change.
func PreviewCorrection(ctx context.Context, sp *store.Space, v access.Viewer, c Correction) (Preview, error) {
	p, err := propose(ctx, sp, c)
	if err != nil {
		return Preview{}, err
	}
	return preview(ctx, sp, v, p)
}

// PreviewRule tells what a standing rule would change.
func PreviewRule(ctx context.Context, sp *store.Space, v access.Viewer, r crm.Rule) (Preview, error) {
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err == nil {
		err = cmp.Or(effective(dir, r.Value), standsFor(dir, r.Value))
	}
	if err != nil {
		return Preview{}, err
	}
	r.ID = crm.DerivedID(crm.PrefixRule, key, string(r.Value), string(r.Record))
	return preview(ctx, sp, v, &proposal{rules: []crm.Rule{r}})
}

// PreviewExclusion tells what an exclusion would change of stored mail;
// never_store changes nothing of it.
func PreviewExclusion(ctx context.Context, sp *store.Space, v access.Viewer, e crm.Exclusion) (Preview, error) {
	dir, key, err := base(ctx, sp, sp.Workspace())
	if err == nil {
		err = excludable(dir, &e)
	}
	if err != nil {
		return Preview{}, err
	}
	e.ID = exclusionID(key, &e)
	return preview(ctx, sp, v, &proposal{excluded: []crm.Exclusion{e}})
}

func preview(ctx context.Context, sp *store.Space, v access.Viewer, p *proposal) (Preview, error) {
	dir, _, err := base(ctx, sp, sp.Workspace())
	if err != nil {
		return Preview{}, err
	}
	t := newTouched()
	p.touches(t, dir.Free)
	b := previewer{v: v, seen: map[crm.MessageID]bool{}, shifts: map[crm.RecordID]*Shift{}}
	err = t.each(ctx, sp, func(ids []crm.MessageID) error {
		for chunk := range chunks(ids, rematchChunk) {
			if b.looked >= previewMails {
				b.out.More = true
				return nil
			}
			b.looked += len(chunk)
			if err := b.look(ctx, sp, chunk, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Preview{}, err
	}
	return b.finish(ctx, sp)
}

// previewer gathers what would change.
type previewer struct {
	v      access.Viewer
	looked int
	seen   map[crm.MessageID]bool
	shifts map[crm.RecordID]*Shift
	moved  []Moved
	out    Preview
}

func (b *previewer) look(ctx context.Context, sp *store.Space, ids []crm.MessageID, p *proposal) error {
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := relink(ctx, tx, sp.Workspace(), ids, relinking{}) // what is still to follow is not the proposal's doing
		if err != nil {
			return err
		}
		next, err := relink(ctx, tx, sp.Workspace(), ids, relinking{with: p})
		if err != nil {
			return err
		}
		have := map[crm.MessageID]*crm.Message{}
		for _, m := range now.moves {
			have[m.next.ID] = m.next
		}
		for _, m := range next.moves {
			was := cmp.Or(have[m.next.ID], m.was)
			delete(have, m.next.ID)
			b.note(move{was, m.next})
		}
		for _, m := range now.moves { // the proposal keeps it as it is stored
			if have[m.next.ID] != nil {
				b.note(move{m.next, m.was})
			}
		}
		return nil
	})
}

// note counts a message once, and only for who may know of it.
func (b *previewer) note(m move) {
	level := access.Message(b.v, m.was)
	if level == access.None || b.seen[m.was.ID] {
		return
	}
	b.seen[m.was.ID] = true
	mv, changed := moved(m, level)
	if !changed {
		return
	}
	b.out.Changed++
	switch mv.Turned {
	case turnedPrivate:
		b.out.Hidden++
	case turnedShared:
		b.out.Shown++
	}
	for _, l := range mv.Gained {
		b.shift(l.Record).Gained++
	}
	for _, l := range mv.Lost {
		b.shift(l.Record).Lost++
	}
	b.moved = append(b.moved, mv)
}

func (b *previewer) shift(id crm.RecordID) *Shift {
	if b.shifts[id] == nil {
		b.shifts[id] = &Shift{Record: id, Name: string(id)}
	}
	return b.shifts[id]
}

// finish names the records and cuts the sample.
func (b *previewer) finish(ctx context.Context, sp *store.Space) (Preview, error) {
	docs, err := store.Records.GetMany(ctx, sp, texts(keys(b.shifts)))
	if err != nil {
		return Preview{}, err
	}
	b.out.Records = []Shift{}
	for _, d := range docs {
		switch r := b.v.Show(d.Value); {
		case d.Exists() && b.v.Reads(&d.Value):
			b.shifts[r.ID].Name = r.Name()
		case d.Exists():
			delete(b.shifts, r.ID)
		}
	}
	for _, id := range keys(b.shifts) {
		b.out.Records = append(b.out.Records, *b.shifts[id])
	}
	slices.SortStableFunc(b.out.Records, func(x, y Shift) int { return cmp.Compare(y.Gained+y.Lost, x.Gained+x.Lost) })
	slices.SortFunc(b.moved, func(x, y Moved) int {
		return cmp.Or(cmp.Compare(y.Date, x.Date), cmp.Compare(x.Message, y.Message))
	})
	b.out.Sample = append([]Moved{}, b.moved[:min(len(b.moved), previewSample)]...)
	return b.out, nil
}

// What a message turns into for others.
const (
	turnedPrivate  = "private"
	turnedShared   = "shared"
	turnedMetadata = "metadata_only"
)

// moved tells what becomes of a message, as the level shows it; false when its
// place and who may know of it stay the same.
func moved(m move, level access.Level) (Moved, bool) {
	shown := access.Redact(*m.was, level)
	out := Moved{Message: shown.ID, Date: shown.Date, From: shown.From().Address, Subject: shown.Subject,
		Gained: linksMissing(m.next.Links, m.was.Links, level), Lost: linksMissing(m.was.Links, m.next.Links, level)}
	switch was, is := m.was.Private, m.next.Private; {
	case is && !was:
		out.Turned = turnedPrivate
	case was && !is:
		out.Turned = turnedShared
	case m.next.Excluded == crm.MetadataOnly && m.was.Excluded != crm.MetadataOnly:
		out.Turned = turnedMetadata
	}
	return out, len(out.Gained)+len(out.Lost) > 0 || m.was.Private != m.next.Private || m.was.Excluded != m.next.Excluded
}

func linksMissing(a, b []crm.Link, level access.Level) []crm.Link {
	ids := missingFrom(a, b)
	var out []crm.Link
	for _, l := range access.Redact(crm.Message{Links: a}, level).Links {
		if slices.Contains(ids, l.Record) {
			out = append(out, l)
		}
	}
	return out
}
