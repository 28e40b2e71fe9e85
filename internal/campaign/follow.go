package campaign

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
)

// Follower writes into the ledger what comes back: it reads the feed of arrivals
// from its stored position. Reading one twice changes nothing.
type Follower struct {
	s      *Service
	bodies *store.BodyCodec
	blobs  *store.Blobs
	log    *slog.Logger
	listen Listener
}

// Listener is told what the follower finds out, and what was changed in the
// workspace; perhaps more than once.
type Listener struct {
	Heard   func(ctx context.Context, h Heard) error
	Changed func(ctx context.Context, c *crm.Change) error
}

// HeardKind is what came back.
type HeardKind string

const (
	HeardReply     HeardKind = crm.StopReplied
	HeardAway      HeardKind = "away"
	HeardSent      HeardKind = "sent" // of a letter of which nobody knew
	HeardBounce    HeardKind = crm.StopBounced
	HeardComplaint HeardKind = HeardKind(crm.SuppressedComplained)
)

// Heard is something that came back, of a line of the ledger, or from somebody
// who answers none of ours.
type Heard struct {
	Kind HeardKind
	Line crm.Recipient // without an id: none
	From crm.Address   // "" of a report
	At   crm.Time
}

// NewFollower makes the follower of a workspace. It has one owner.
func NewFollower(s *Service, bodies *store.BodyCodec, blobs *store.Blobs, log *slog.Logger, listen Listener) *Follower {
	return &Follower{s: s, bodies: bodies, blobs: blobs, log: log, listen: listen}
}

const (
	followID   = "job_campaigns"
	followPage = 200

	bounceWindow = 7 * 24 * time.Hour  // after which a bounce that names an address alone is of other mail
	replyWindow  = 90 * 24 * time.Hour // the same of a mail that answers nothing
	awayDefault  = 3 * 24 * time.Hour  // of a notice that names no day
)

// Run follows until ctx ends.
func (f *Follower) Run(ctx context.Context) error {
	return f.s.sp.Follow(ctx, store.DefaultPace(), f.CatchUp, func(err error) {
		f.log.Error("what came back to campaigns cannot be written down", "err", err)
	})
}

// CatchUp works off the feed up to its present end.
func (f *Follower) CatchUp(ctx context.Context) error {
	return f.s.sp.WorkOff(ctx, followID, "campaigns", followPage, func(ctx context.Context, items []store.FeedItem) error {
		for _, it := range items {
			if err := f.take(ctx, it.Arrival); err != nil {
				return err
			}
			if it.Change != nil && f.listen.Changed != nil {
				if err := f.listen.Changed(ctx, it.Change); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (f *Follower) take(ctx context.Context, a *crm.Arrival) error {
	if a == nil {
		return nil
	}
	for _, it := range a.Items {
		if !it.New || it.Historical {
			continue
		}
		if err := f.arrived(ctx, it.Message); err != nil {
			return err
		}
	}
	return nil
}

// arrived finds out what a message says about mails of campaigns.
func (f *Follower) arrived(ctx context.Context, id crm.MessageID) error {
	docs, err := store.Messages.GetMany(ctx, f.s.sp, []string{string(id)})
	if err != nil || !docs[0].Exists() {
		return err
	}
	m := &docs[0].Value
	if own := recipientOf(m.RFCID); own != "" { // our mail itself came back from the mailbox: it went out
		h := Heard{Kind: HeardSent, At: m.Date}
		err := f.note(ctx, own, func(r *crm.Recipient) bool {
			if !proved(r) {
				return false
			}
			if r.Sent > m.Date || r.Sent == 0 {
				r.Sent = m.Date
			}
			h.Line = *r
			return true
		})
		if err != nil || h.Line.ID == "" {
			return err
		}
		return f.tell(ctx, h)
	}
	reports, err := f.reports(ctx, m)
	if err != nil {
		return err
	}
	for i := range reports {
		if err := f.reported(ctx, m, &reports[i]); err != nil {
			return err
		}
	}
	if len(reports) > 0 || m.Direction != crm.Inbound {
		return nil
	}
	if t, ok := leavingToken(m.Subject); ok {
		_, err := f.s.Leave(ctx, t)
		if crm.IsKind(err, crm.NotFound) {
			return nil // made up, or cut
		}
		return err
	}
	return f.answered(ctx, m)
}

// reports reads what a bounce or a complaint tells.
func (f *Follower) reports(ctx context.Context, m *crm.Message) ([]crm.Report, error) {
	if m.Class != crm.ClassBounce && m.Class != crm.ClassNotification {
		return nil, nil
	}
	c, err := f.bodies.LoadBody(ctx, f.s.sp, f.blobs, m.ID)
	if crm.IsKind(err, crm.NotFound) {
		return nil, nil // of a mail whose header alone is kept
	}
	if err != nil {
		return nil, err
	}
	return c.Reports, nil
}

// reported writes one report down. A mail that is still being tried is none, and
// neither is a busy server.
func (f *Follower) reported(ctx context.Context, m *crm.Message, r *crm.Report) error {
	if r.Kind != crm.ReportFailed && r.Kind != crm.ReportComplaint {
		return nil
	}
	id, err := f.reportedOn(ctx, m, r)
	if err != nil || id == "" {
		return err
	}
	var rcp crm.Recipient
	weight := mail.Weigh(r.Status, r.Text)
	err = f.note(ctx, id, func(x *crm.Recipient) bool {
		changed := proved(x)
		switch {
		case r.Kind == crm.ReportComplaint && x.Complained == 0:
			x.Complained, changed = m.Date, true
		case r.Kind == crm.ReportFailed && (x.Bounced == 0 || x.Bounce == crm.BounceSoft && weight != crm.BounceSoft):
			x.Bounced, x.Bounce, x.Said, changed = m.Date, weight, strings.TrimSpace(r.Status+" "+r.Text), true
		}
		rcp = *x
		return changed
	})
	if err != nil || rcp.ID == "" {
		return err
	}
	kind := HeardBounce
	if r.Kind == crm.ReportComplaint {
		kind = HeardComplaint
	}
	if err := f.tell(ctx, Heard{Kind: kind, Line: rcp, At: max(m.Date, rcp.Sent)}); err != nil {
		return err
	}
	switch {
	case r.Kind == crm.ReportComplaint:
		return f.s.suppressReader(ctx, &rcp, crm.SuppressedComplained)
	case weight == crm.BounceHard:
		return f.s.suppressReader(ctx, &rcp, crm.SuppressedBounced)
	}
	return nil
}

// suppressReader keeps campaigns away from whom the ledger names.
func (s *Service) suppressReader(ctx context.Context, r *crm.Recipient, why crm.SuppressionReason) error {
	_, err := s.Suppress(ctx, store.ChangeInfo{Cause: crm.CauseRecipient, Title: string(why)}, r.Address, why, r.Campaign)
	return err
}

// reportedOn finds the recipient that a report is about: by the Message-ID of
// what came back, by what the bounce refers to, else by the address that it
// names, when that was written to lately.
func (f *Follower) reportedOn(ctx context.Context, m *crm.Message, r *crm.Report) (string, error) {
	if id := recipientOf(r.Of); id != "" {
		return id, nil
	}
	if id := mentioned(m); id != "" {
		return id, nil
	}
	if r.Of != "" || r.Recipient == "" { // it returns another mail
		return "", nil
	}
	return f.writtenTo(ctx, r.Recipient, m.Date, bounceWindow)
}

// answered writes an answer down: a real one, or a notice of absence, which is
// none. Mail of lists and programs is neither.
func (f *Follower) answered(ctx context.Context, m *crm.Message) error {
	if m.Class != crm.ClassPerson && m.Class != crm.ClassCalendar && m.Class != crm.ClassAutoReply {
		return nil
	}
	id, err := f.answers(ctx, m)
	if err != nil {
		return err
	}
	h := Heard{Kind: HeardReply, From: m.From().Address, At: m.Date}
	if id == "" {
		if m.Class == crm.ClassAutoReply {
			return nil
		}
		return f.tell(ctx, h)
	}
	away := crm.Time(0)
	if m.Class == crm.ClassAutoReply {
		if away, err = f.awayUntil(ctx, m); err != nil {
			return err
		}
		h.Kind = HeardAway
	}
	err = f.note(ctx, id, func(r *crm.Recipient) bool {
		changed := proved(r)
		switch {
		case away > r.Away:
			r.Away, changed = away, true
		case away == 0 && (r.Replied == 0 || m.Date < r.Replied):
			r.Replied, r.Reply, changed = m.Date, m.ID, true
		}
		h.Line, h.At = *r, max(m.Date, r.Sent)
		return changed
	})
	if err != nil {
		return err
	}
	return f.tell(ctx, h)
}

func (f *Follower) tell(ctx context.Context, h Heard) error {
	if f.listen.Heard == nil {
		return nil
	}
	return f.listen.Heard(ctx, h)
}

// answers finds the recipient whose mail a message answers: by Message-ID, by
// who wrote it, or by the conversation, when somebody else answers for them.
func (f *Follower) answers(ctx context.Context, m *crm.Message) (string, error) {
	if id := mentioned(m); id != "" {
		return id, nil
	}
	if id, err := f.writtenTo(ctx, m.From().Address, m.Date, replyWindow); err != nil || id != "" {
		return id, err
	}
	if len(m.References)+len(m.InReplyTo) == 0 {
		return "", nil
	}
	page, err := store.Messages.Query(ctx, f.s.sp, store.Query{Where: []store.Filter{store.Is("thread", string(m.Thread))}, Order: "date", Limit: 50})
	if err != nil {
		return "", err
	}
	for _, x := range page.Values() {
		if id := recipientOf(x.RFCID); id != "" {
			return id, nil
		}
	}
	return "", nil
}

// writtenTo finds the mail that an address got last before a moment: one that was
// in doubt was sent before it is due, by the time of a look-up.
func (f *Follower) writtenTo(ctx context.Context, a crm.Address, before crm.Time, within time.Duration) (string, error) {
	if a == "" {
		return "", nil
	}
	due := store.Filter{Field: "due", Op: store.Le, Value: before.Add(looks * grace)}
	page, err := store.Recipients.Query(ctx, f.s.sp, store.Query{Where: []store.Filter{store.Is("address", a), due}, Order: "due", Desc: true, Limit: 20})
	if err != nil {
		return "", err
	}
	var last crm.Recipient
	for _, r := range page.Values() {
		if r.State == crm.RecipientSent && r.Sent > last.Sent && r.Sent <= before && before.Sub(r.Sent) <= within {
			last = r
		}
	}
	return last.ID, nil
}

// awayUntil reads until when somebody is away; a notice without a day is
// believed for a while.
func (f *Follower) awayUntil(ctx context.Context, m *crm.Message) (crm.Time, error) {
	text := m.Subject + "\n" + m.Snippet
	c, err := f.bodies.LoadBody(ctx, f.s.sp, f.blobs, m.ID)
	if err != nil && !crm.IsKind(err, crm.NotFound) {
		return 0, err
	}
	if err == nil {
		text = m.Subject + "\n" + c.Text
	}
	if until := mail.AwayUntil(text, m.Date); until > 0 {
		return until, nil
	}
	return m.Date.Add(awayDefault), nil
}

// note edits a line of the ledger, when edit says that it did.
func (f *Follower) note(ctx context.Context, id string, edit func(*crm.Recipient) bool) error {
	return f.s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Recipients.GetMany(ctx, tx, []string{id})
		if err != nil || !docs[0].Exists() {
			return err
		}
		if r := docs[0].Value; edit(&r) {
			store.Recipients.Put(tx, &r)
		}
		return nil
	})
}

// proved ends the doubt about a mail of which something came back. One that is
// called queued was sent by a past that a restore has lost.
func proved(r *crm.Recipient) bool {
	if r.State != crm.RecipientUnknown && r.State != crm.RecipientQueued {
		return false
	}
	if r.Sent == 0 {
		r.Sent = begun(r)
	}
	r.State, r.Reason, r.Until = crm.RecipientSent, "", 0
	return true
}

// recipientOf is the line of the ledger that a Message-ID of ours names, or "".
// Nobody can make one up: it is a keyed hash.
func recipientOf(id crm.RFCID) string {
	local, _, _ := strings.Cut(string(id), "@")
	line, _, _ := strings.Cut(local, ".")
	if _, err := crm.ParseID[string](crm.PrefixRecipient, line); err != nil {
		return ""
	}
	return line
}

// mentioned is the line of the ledger that a message refers to.
func mentioned(m *crm.Message) string {
	for _, id := range slices.Concat(m.InReplyTo, reversed(m.References), m.Mentions) {
		if line := recipientOf(id); line != "" {
			return line
		}
	}
	return ""
}

func reversed(ids []crm.RFCID) []crm.RFCID {
	out := slices.Clone(ids)
	slices.Reverse(out)
	return out
}

// leavingSubject begins the subject of a mail by which somebody leaves.
const leavingSubject = "unsubscribe "

// leavingToken reads it.
func leavingToken(subject string) (string, bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(subject), leavingSubject)
	if !ok {
		return "", false
	}
	t := strings.TrimSpace(subject[len(subject)-len(rest):])
	return t, strings.HasPrefix(t, crm.PrefixRecipient+"_")
}
