package engine

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// maxTraces is how many mails a trace shows: of each folder the newest so many
// are asked for, whatever else fits the clue.
const maxTraces = 20

// Trace is a mail that fits a clue: how its server shows it now, and what became
// of it here. Of several copies of one mail, the one that came furthest.
type Trace struct {
	Whereabouts
	Message   crm.MessageID   `json:"message,omitempty"` // ours, of one that is stored
	MessageID crm.RFCID       `json:"message_id,omitempty"`
	From      crm.Participant `json:"from"`
	Subject   string          `json:"subject,omitempty"`
	Date      crm.Time        `json:"date"` // as the mail says, else as the server does
	arrived   crm.Time        // as the server says
}

// Traces is the newest mail that fits a clue.
type Traces struct {
	Items  []Trace  `json:"items"`
	More   bool     `json:"more" doc:"Others fit, too: say more of the mail"`
	Closed []string `json:"closed,omitempty" doc:"Folders that were not looked through, because the server does not open them"`
}

// Trace asks the server of a mailbox which mails fit a clue, and says of each
// what became of it: the newest first. Nothing of what it reads is stored. It
// shows words of mail: it is for the owner of the mailbox alone.
func (e *Engine) Trace(ctx context.Context, m *crm.Mailbox, clue source.Clue) (out Traces, err error) {
	if clue, err = clue.Parse("engine.Trace"); err != nil {
		return out, err
	}
	q, err := e.ask(ctx, m)
	if err != nil {
		return out, err
	}
	defer q.end()
	t := tracing{inquiry: q, clue: clue}
	if err := q.each(ctx, clue, func(b *crm.Box, found source.Found) error { return t.folder(ctx, b, found) }); err != nil {
		return out, err
	}
	list := t.newest()
	return Traces{Items: list[:min(len(list), maxTraces)], More: t.more || len(list) > maxTraces, Closed: q.closed}, nil
}

// tracing collects what the folders of a mailbox have.
type tracing struct {
	*inquiry
	clue  source.Clue
	found []Trace
	more  bool
}

func (t *tracing) folder(ctx context.Context, b *crm.Box, found source.Found) error {
	t.more = t.more || found.Keys.Size() > maxTraces
	found.Keys = found.Keys.Top(maxTraces)
	seen, err := t.headers(ctx, b, found)
	if err != nil {
		return err
	}
	for k := range found.Keys.All() {
		one := seen[k]
		if one.arrived != 0 && (one.arrived < t.clue.From || t.clue.Until > 0 && one.arrived >= t.clue.Until) {
			continue // servers know days alone, by a zone of their own
		}
		if err := t.settle(ctx, b, found.Epoch, k, &one); err != nil {
			return err
		}
		t.found = append(t.found, one)
	}
	return nil
}

// headers reads how copies look. A mail that breaks the connection is what people
// look for, too: it and what would have come after it are told without a header.
func (t *tracing) headers(ctx context.Context, b *crm.Box, found source.Found) (map[crm.Key]Trace, error) {
	out := map[crm.Key]Trace{}
	for it, err := range t.s.Fetch(ctx, b.Name, found.Epoch, found.Keys, source.Want{HeadersOnly: true}) {
		if crm.IsKind(err, crm.Unavailable) || crm.IsKind(err, crm.Internal) {
			return out, t.again(ctx)
		}
		if err != nil {
			return nil, err
		}
		out[it.Key] = shownBy(&it)
	}
	return out, nil
}

// shownBy is a mail as its header shows it.
func shownBy(it *source.Item) Trace {
	p := it.Parse()
	out := Trace{MessageID: p.RFCID, Subject: p.Subject, Date: cmp.Or(p.Date, it.Internal), arrived: it.Internal}
	for _, one := range p.Participants {
		if one.Role == crm.RoleFrom {
			out.From = one
			break
		}
	}
	return out
}

// settle says what became of a copy.
func (t *tracing) settle(ctx context.Context, b *crm.Box, epoch uint64, k crm.Key, into *Trace) error {
	w, err := t.e.became(ctx, t.s, t.m, t.key, b, epoch, k)
	into.Whereabouts = w
	if err != nil || w.State != WhereStored {
		return err
	}
	docs, err := store.Copies.GetMany(ctx, t.e.sp, []string{string(w.Copy)})
	if err == nil && docs[0].Exists() {
		into.Message = docs[0].Value.Message
	}
	return err
}

// newest is every mail once, the newest first.
func (t *tracing) newest() []Trace {
	out := []Trace{}
	at := map[crm.RFCID]int{}
	for _, one := range t.found {
		i, seen := at[one.MessageID]
		switch {
		case one.MessageID == "" || !seen:
			at[one.MessageID] = len(out)
			out = append(out, one)
		case one.better(out[i].Whereabouts):
			out[i] = one
		}
	}
	slices.SortStableFunc(out, func(x, y Trace) int { return cmp.Compare(y.Date, x.Date) })
	return out
}
