package outbox

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/page"
	"threadline/internal/store"
)

// Draft is a mail that somebody wants sent.
type Draft struct {
	Mailbox     crm.MailboxID
	From        crm.Address // an address of the mailbox; "" is its own
	Name        string      // of the sender
	To, Cc, Bcc []mail.Party
	Subject     string // "" of a reply: that of the mail that is answered
	Text, HTML  string
	Reply       crm.MessageID // what it answers
	Forward     crm.MessageID // what it passes on; of the two at most one
	Quote       []string      // what stands above the mail that is answered or passed on, which is put below; none: it is not
	Files       []crm.SentFile
	Headers     []crm.Header // more fields
	Origin      string       // what asks for it; "" is a person
	Key         string       // two drafts of a mailbox with one key are one mail; "" makes each its own
	At          crm.Time     // not before; 0 is now
	Track       crm.TrackMode
	Dress       func(id, page string) string // puts what tracks into the HTML of the mail with the id; nil: nothing
}

const (
	maxRecipients = 100
	maxRaw        = 700 << 10 // a document holds it until it is sent
)

// Add writes a mail down to be sent, from a mailbox of the viewer. A second one
// with the same key is the first one; where a person asks for something else with
// it, that is crm.Conflict: they would believe it sent.
func (s *Service) Add(ctx context.Context, v access.Viewer, d Draft) (crm.Outgoing, error) {
	const op = crm.Op("outbox.Add")
	box, err := s.boxOf(ctx, v, d.Mailbox)
	if err != nil {
		return crm.Outgoing{}, err
	}
	o := s.begin(v, &box, d)
	if err := s.name(ctx, &o, d.Key); err != nil {
		return crm.Outgoing{}, err
	}
	if err := s.compose(ctx, v, &box, &o, d); err != nil {
		return crm.Outgoing{}, err
	}
	if err := ready(&o, d); err != nil {
		return crm.Outgoing{}, err
	}
	if d.Key != "" {
		if o.Said, err = said(d); err != nil {
			return crm.Outgoing{}, err
		}
	}
	err = s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Outgoing.GetMany(ctx, tx, []string{o.ID})
		if err != nil {
			return err
		}
		if docs[0].Exists() {
			again := repeats(&docs[0].Value, &o)
			o = docs[0].Value
			return again
		}
		store.Outgoing.Create(tx, &o)
		return nil
	})
	if err == nil {
		s.ring()
	}
	return o, err
}

// repeats refuses what is another mail than the one that has its key. What the
// product itself sends may be worded anew.
func repeats(was, now *crm.Outgoing) error {
	if was.State != crm.OutDraft && (now.Origin != "" || was.Said == "" || was.Said == now.Said) {
		return nil
	}
	return crm.Errorf(crm.Conflict, "outbox.Add", "another mail was asked for with this key: this one was not sent").
		WithHint("give each mail a key of its own")
}

// said names what a draft asks for.
func said(d Draft) (string, error) {
	what, err := json.Marshal([]any{d.From, d.To, d.Cc, d.Bcc, d.Subject, d.Text, d.HTML, d.Files, d.Reply, d.Forward, d.Quote, d.At})
	hash := sha256.Sum256(what)
	return base64.RawStdEncoding.EncodeToString(hash[:]), err
}

// boxOf returns a mailbox that the viewer may send from: their own.
func (s *Service) boxOf(ctx context.Context, v access.Viewer, id crm.MailboxID) (crm.Mailbox, error) {
	docs, err := store.Mailboxes.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil {
		return crm.Mailbox{}, err
	}
	m := docs[0].Value
	if !docs[0].Exists() || m.State == crm.StateDeleted || m.State == crm.StateDeleting || v.User == "" || m.Owner != v.User {
		return m, crm.Errorf(crm.NotFound, "outbox.boxOf", "you have no mailbox %q to send from", crm.Clip(string(id), 60)).WithField("mailbox")
	}
	return m, nil
}

// begin is a mail of which nothing is written yet. Its Message-ID is made from the
// address that it comes from.
func (s *Service) begin(v access.Viewer, m *crm.Mailbox, d Draft) crm.Outgoing {
	now := s.sp.Store().Now()
	return crm.Outgoing{Mailbox: m.ID, By: v.User, From: cmp.Or(d.From, m.Address), Origin: d.Origin, State: crm.OutQueued, Created: now, NextAt: max(d.At, now), Track: d.Track}
}

// compose writes a mail that has its name.
func (s *Service) compose(ctx context.Context, v access.Viewer, m *crm.Mailbox, o *crm.Outgoing, d Draft) error {
	const op = crm.Op("outbox.compose")
	o.From = cmp.Or(d.From, m.Address)
	if o.From != m.Address && !slices.Contains(m.Aliases, o.From) {
		return crm.Errorf(crm.Invalid, op, "%s is no address of this mailbox", o.From).WithField("from")
	}
	if d.Reply != "" && d.Forward != "" {
		return crm.Errorf(crm.Invalid, op, "a mail answers another one or passes it on, not both").WithField("forward")
	}
	o.Track = d.Track
	var err error
	if o.To, err = recipients(d); err != nil {
		return err
	}
	if o.Quoted, err = head(d); err != nil {
		return err
	}
	if o.Files, err = s.enclosed(ctx, v, pictured(&d)); err != nil {
		return err
	}
	if d.Dress != nil {
		d.HTML = d.Dress(o.ID, d.HTML)
	}
	l := mail.Letter{ID: o.RFCID, Date: s.sp.Store().Now().Std(), From: mail.Party{Name: d.Name, Address: o.From}, To: d.To, Cc: d.Cc,
		Subject: d.Subject, Text: d.Text, HTML: d.HTML, Headers: d.Headers}
	if err := s.refer(ctx, v, d, &l); err != nil {
		return err
	}
	o.Answers, o.Reply, o.Forward = l.InReplyTo, d.Reply, d.Forward
	o.Subject = l.Subject
	if o.Raw, err = mail.Compose(&l); err == nil && len(o.Raw) > maxRaw {
		err = crm.Errorf(crm.TooLarge, op, "the mail has %d KB, and %d KB are sent at most", len(o.Raw)>>10, maxRaw>>10).WithField("text")
	}
	return err
}

// ready refuses what a draft may be and a mail that is sent may not.
func ready(o *crm.Outgoing, d Draft) error {
	const op = crm.Op("outbox.ready")
	switch {
	case len(o.To) == 0:
		return crm.Errorf(crm.Invalid, op, "the mail goes to nobody").WithField("to")
	case strings.TrimSpace(d.Text) == "" && strings.TrimSpace(d.HTML) == "" && len(o.Files) == 0 && (o.Forward == "" || len(o.Quoted) == 0):
		return crm.Errorf(crm.Invalid, op, "the mail has no text").WithField("text")
	}
	return nil
}

// pictured are the files of a draft and the pictures that stand in its text.
func pictured(d *Draft) []crm.SentFile {
	out := make([]crm.SentFile, 0, len(d.Files))
	for _, f := range d.Files {
		f.Shown = false
		out = append(out, f)
	}
	for n, blob := range page.Enclosed(d.HTML) {
		out = append(out, crm.SentFile{Blob: blob, Name: "picture-" + strconv.Itoa(n+1), Shown: true})
	}
	return out
}

// enclosed are the files that were asked for, as they are kept: those that the
// sender put there.
func (s *Service) enclosed(ctx context.Context, v access.Viewer, asked []crm.SentFile) ([]crm.SentFile, error) {
	const op, field = crm.Op("outbox.enclosed"), "files"
	var out []crm.SentFile
	var all int64
	for _, f := range asked {
		none := crm.Errorf(crm.NotFound, op, "there is no such file").WithField(field).WithHint("upload it first: POST /api/v1/files")
		if len(f.Blob) != 64 || s.cfg.Files == nil {
			return nil, none
		}
		kept, err := store.Files.GetMany(ctx, s.sp, []string{crm.FileID(f.Blob)})
		if err != nil {
			return nil, err
		}
		if !kept[0].Exists() || kept[0].Value.Blob != f.Blob || !v.Operator && !kept[0].Value.PutBy(v.User) {
			return nil, none
		}
		have := kept[0].Value
		if f.Name == "" {
			f.Name = have.Name
		}
		f.Name, f.Type, f.Size = mail.CleanFileName(f.Name, have.Type), have.Type, have.Size
		if all += f.Size; all > crm.MaxSentFiles {
			return nil, crm.Errorf(crm.TooLarge, op, "the files of a mail have at most %d MB together", crm.MaxSentFiles>>20).WithField(field).
				WithHint("send a link to what is larger")
		}
		out = append(out, f)
	}
	return out, nil
}

// whole is the mail with what it quotes and its files.
func (s *Service) whole(ctx context.Context, o *crm.Outgoing) ([]byte, error) {
	var files, pictures []mail.Enclosed
	for _, f := range o.Files {
		data, err := s.cfg.Files(ctx, f.Blob)
		if err != nil {
			return nil, crm.Wrap("outbox.whole", "the file "+f.Name+" cannot be read", err)
		}
		if f.Shown {
			pictures = append(pictures, mail.Enclosed{Name: f.Name, Type: f.Type, ID: page.ContentID(f.Blob), Data: data})
		} else {
			files = append(files, mail.Enclosed{Name: f.Name, Type: f.Type, Data: data})
		}
	}
	raw, err := s.below(ctx, o)
	if err != nil {
		return nil, err
	}
	return mail.Enclose(mail.Embed(raw, o.RFCID, pictures), o.RFCID, files), nil
}

// recipients are everybody who gets it, each once.
func recipients(d Draft) ([]crm.Address, error) {
	var out []crm.Address
	for _, p := range slices.Concat(d.To, d.Cc, d.Bcc) {
		if !slices.Contains(out, p.Address) {
			out = append(out, p.Address)
		}
	}
	if len(out) > maxRecipients {
		return nil, crm.Errorf(crm.Invalid, "outbox.recipients", "one mail goes to %d people at most, not to %d", maxRecipients, len(out)).WithField("to")
	}
	return out, nil
}

// name gives the mail its ids.
func (s *Service) name(ctx context.Context, o *crm.Outgoing, key string) (err error) {
	if key == "" {
		o.ID, err = s.sp.Store().NewID(crm.PrefixOutgoing)
	} else {
		var ws store.Doc[crm.Workspace]
		if ws, err = store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace())); err == nil {
			o.ID = crm.DerivedID(crm.PrefixOutgoing, ws.Value.IDKey, string(o.Mailbox), key)
		}
	}
	o.RFCID = crm.SentAs(o.ID, o.From)
	return err
}

// isOurs tells whether a mail was sent through an outbox, or by a campaign.
func isOurs(id crm.RFCID) bool {
	_, ours := crm.SentID(id)
	return ours || strings.HasPrefix(string(id), crm.PrefixRecipient+"_")
}

// refer makes a letter the reply to a message that the viewer may read, or one that
// passes it on.
func (s *Service) refer(ctx context.Context, v access.Viewer, d Draft, l *mail.Letter) error {
	const op = crm.Op("outbox.refer")
	id, field, what := d.Reply, "reply", "answer"
	if id == "" {
		id, field, what = d.Forward, "forward", "pass on"
	}
	if id == "" {
		return nil
	}
	m, ok, err := s.readable(ctx, v, id)
	switch {
	case err != nil:
		return err
	case !ok:
		return crm.Errorf(crm.NotFound, op, "there is no mail %q to %s", crm.Clip(string(id), 60), what).WithField(field)
	case d.Forward != "":
		l.Forwarding(m)
	case m.RFCID == "":
		return crm.Errorf(crm.Invalid, op, "this mail has no Message-ID, so that nothing can refer to it").WithField(field)
	default:
		l.Answering(m)
	}
	return nil
}

// readable is a message, and whether the viewer may read it.
func (s *Service) readable(ctx context.Context, v access.Viewer, id crm.MessageID) (*crm.Message, bool, error) {
	docs, err := store.Messages.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil {
		return nil, false, err
	}
	m := &docs[0].Value
	return m, docs[0].Exists() && access.Message(v, m) == access.Full, nil
}
