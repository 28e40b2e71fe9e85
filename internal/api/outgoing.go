package api

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/page"
)

// outgoingRoutes send mail from the caller's own mailboxes.
func (s *Server) outgoingRoutes() {
	const all, one = "/api/v1/outgoing", "/api/v1/outgoing/{id}"
	send := post(all, "send-mail", "Send a mail from one's own mailbox; answers when it is written down, and it goes out at once", "outgoing")
	send.status = http.StatusAccepted
	add(s, send, s.sendMail)
	add(s, get(all, "list-outgoing", "What was sent from a mailbox, newest first", "outgoing"), s.listOutgoing)
	add(s, get(one, "get-outgoing", "How a mail stands: queued, sending, sent, failed or unknown", "outgoing"), s.getOutgoing)
	add(s, post(one+"/retry", "retry-outgoing", "Send a mail again that failed or whose outcome is unknown, under the same Message-ID", "outgoing"), s.retryOutgoing)
	add(s, post(one+"/drop", "drop-outgoing", "Give up a mail that failed or whose outcome is unknown", "outgoing"), s.dropOutgoing)
	add(s, get("/api/v1/mailboxes/{id}/tracking", "get-trackable", "How far the reading of a mail to some people may be found out", "outgoing"), s.getTrackable)
	add(s, get("/api/v1/mailboxes/{id}/budget", "get-budget", "How many mails a mailbox sent in the last 24 hours, and may send", "mailboxes"), s.getBudget)
}

type outgoingInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"Repeating a request with the same key sends nothing twice"`
	Body outgoingBody
}

type outgoingBody struct {
	Mailbox string         `json:"mailbox" maxLength:"100" doc:"Id of one's own mailbox"`
	From    string         `json:"from,omitempty" maxLength:"254" doc:"Its address, or one of its aliases"`
	To      []string       `json:"to,omitempty" maxItems:"100"`
	Cc      []string       `json:"cc,omitempty" maxItems:"100"`
	Bcc     []string       `json:"bcc,omitempty" maxItems:"100"`
	Subject string         `json:"subject,omitempty" maxLength:"2000" doc:"Empty in a reply: that of the mail that is answered"`
	Text    string         `json:"text,omitempty"`
	HTML    string         `json:"html,omitempty" doc:"Made safe: no scripts, and of pictures those at an https address that people can see, and PNG, JPEG, GIF and WebP in data: addresses, which become parts of the mail; the answer says which were left out. Its text is made of it where none is given"`
	Files   []crm.SentFile `json:"files,omitempty" maxItems:"50" doc:"Uploaded before by POST /api/v1/files; 18 MB together"`
	Reply   crm.MessageID  `json:"reply,omitempty" maxLength:"100" doc:"Id of the message that it answers"`
	Forward crm.MessageID  `json:"forward,omitempty" maxLength:"100" doc:"Id of the message that it passes on, in a conversation of its own; its attachments are kept as files before"`
	Quote   []string       `json:"quote,omitempty" maxItems:"8" doc:"The mail that is answered or passed on stands below, with its formatting where this one has HTML; these lines stand above it: who wrote when, or its header. None: it is not quoted"`
	At      crm.Time       `json:"at,omitempty" doc:"Not before"`
	Track   crm.TrackMode  `json:"track,omitempty" enum:",aggregate,individual" doc:"What is found out about its reading; individual becomes aggregate where somebody did not agree and has to, or the workspace allows no more"`
}

func (s *Server) sendMail(ctx context.Context, in *outgoingInput) (*body[outgoingView], error) {
	v, d, left, err := s.written(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.tracking(ctx, &d, in.Body.Track); err != nil {
		return nil, err
	}
	d.Key = in.Key
	o, err := s.deps.Outbox.Add(ctx, v, d)
	return answer(outgoingView{Outgoing: o, Left: left}), err
}

// written is what the caller wrote, who they are, and which pictures do not go
// along.
func (s *Server) written(ctx context.Context, b *outgoingBody) (v access.Viewer, d outbox.Draft, left []page.Left, err error) {
	if v, err = reader(ctx); err != nil {
		return v, d, nil, err
	}
	text, html, left, err := s.parts(ctx, v, b)
	if err != nil {
		return v, d, nil, err
	}
	d = outbox.Draft{Mailbox: crm.MailboxID(b.Mailbox), Name: callerOf(ctx).user.Name, Subject: b.Subject, Text: text, HTML: html,
		Files: b.Files, Reply: b.Reply, Forward: b.Forward, Quote: b.Quote, At: b.At}
	for field, list := range map[string]*struct {
		in  []string
		out *[]mail.Party
	}{"to": {b.To, &d.To}, "cc": {b.Cc, &d.Cc}, "bcc": {b.Bcc, &d.Bcc}} {
		if *list.out, err = parties(list.in); err != nil {
			return v, d, nil, blame(err, field)
		}
	}
	if b.From != "" {
		if d.From, err = crm.ParseAddress(b.From); err != nil {
			return v, d, nil, blame(err, "from")
		}
	}
	return v, d, left, nil
}

// parts are the two that say what was written: HTML is kept to what may stand in a
// mail, its pictures become files, and who reads none gets its text.
func (s *Server) parts(ctx context.Context, v access.Viewer, b *outgoingBody) (text, html string, left []page.Left, err error) {
	pictures := 0
	html, left, err = page.Letter(b.HTML, func(kind string, data []byte) (string, error) {
		if pictures++; pictures > maxPictures {
			return "", crm.Errorf(crm.Invalid, "api.parts", "%d pictures at most stand in the text of a mail", maxPictures).WithField("html").
				WithHint("attach the others as files")
		}
		f, err := s.deps.Files.Put(ctx, v, "picture", kind, bytes.NewReader(data))
		return f.Blob, err
	})
	if text = b.Text; text == "" {
		text = mail.PlainText(html)
	}
	return text, html, left, err
}

// maxPictures is how many pictures stand in the text of a mail at most.
const maxPictures = 20

// outgoingView is a mail that is sent with what tracking knows of it.
type outgoingView struct {
	crm.Outgoing
	Seen *crm.Seen   `json:"seen,omitempty" doc:"Of a mail that is tracked by name"`
	Left []page.Left `json:"left,omitempty" enum:"within,insecure,hidden,nowhere" doc:"Of what was just written: why each picture that does not go along was left out. within: its bytes stand in the text and are no such picture, attach it as a file; insecure: http; hidden: too small to be seen; nowhere: recipients could not load it"`
}

// tracking makes a mail tell that it is read, as far as the workspace allows.
func (s *Server) tracking(ctx context.Context, d *outbox.Draft, want crm.TrackMode) error {
	var to []crm.Address
	for _, p := range slices.Concat(d.To, d.Cc, d.Bcc) {
		to = append(to, p.Address)
	}
	how, err := s.dressing(ctx, d.Mailbox, to, want)
	if d.Track, d.Dress = how.Track, how.Dress; d.Dress != nil && d.HTML == "" {
		d.HTML = mail.Page(d.Text)
	}
	return err
}

// dressing is how a mail is made to tell that it is read; it is denied where the
// workspace finds out nothing.
func (s *Server) dressing(ctx context.Context, box crm.MailboxID, to []crm.Address, want crm.TrackMode) (outbox.Dressing, error) {
	mode, dress, err := s.deps.Campaigns.Single(ctx, s.deps.Links.Base, want, box, to)
	if err != nil || want == crm.TrackOff {
		return outbox.Dressing{}, err
	}
	if mode == crm.TrackOff {
		return outbox.Dressing{}, crm.Errorf(crm.Denied, "api.tracking", "this workspace finds out nothing about the reading of single mails").
			WithField("track").WithHint("an administrator allows it: threadline mailing --single individual")
	}
	return outbox.Dressing{Track: mode, Dress: dress}, nil
}

type trackable struct {
	Most crm.TrackMode `json:"most" enum:",aggregate,individual" doc:"The most that may be found out; empty: nothing. individual: everybody agreed to be named, or nobody has to be asked"`
}

func (s *Server) getTrackable(ctx context.Context, in *struct {
	MailboxRef
	To []string `query:"to" maxItems:"100" doc:"Who gets the mail"`
}) (*body[trackable], error) {
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	list, err := parties(in.To)
	if err != nil {
		return nil, blame(err, "to")
	}
	to := make([]crm.Address, len(list))
	for i, p := range list {
		to[i] = p.Address
	}
	mode, _, err := s.deps.Campaigns.Single(ctx, s.deps.Links.Base, crm.TrackIndividual, m.ID, to)
	return answer(trackable{mode}), err
}

func parties(list []string) ([]mail.Party, error) {
	var out []mail.Party
	for _, s := range list {
		a, err := crm.ParseAddress(s)
		if err != nil {
			return nil, err
		}
		out = append(out, mail.Party{Address: a})
	}
	return out, nil
}

// OutgoingRef names a mail that is sent.
type OutgoingRef struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *Server) getOutgoing(ctx context.Context, in *OutgoingRef) (*body[outgoingView], error) {
	o, err := s.deps.Outbox.Get(ctx, viewerOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := outgoingView{Outgoing: o}
	if o.Track == crm.TrackIndividual {
		out.Seen, err = s.deps.Campaigns.Seen(ctx, o.ID)
	}
	return answer(out), err
}

type outgoingQuery struct {
	Mailbox string `query:"mailbox" required:"true" maxLength:"100"`
	PageQuery
}

func (s *Server) listOutgoing(ctx context.Context, in *outgoingQuery) (*body[items[crm.Outgoing]], error) {
	page, err := s.deps.Outbox.List(ctx, viewerOf(ctx), crm.MailboxID(in.Mailbox), in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	out := listed(page.Values())
	out.Body.Next = page.Next
	return out, nil
}

func (s *Server) retryOutgoing(ctx context.Context, in *OutgoingRef) (*body[crm.Outgoing], error) {
	o, err := s.deps.Outbox.Decide(ctx, viewerOf(ctx), in.ID, true)
	return answer(o), err
}

func (s *Server) dropOutgoing(ctx context.Context, in *OutgoingRef) (*body[crm.Outgoing], error) {
	o, err := s.deps.Outbox.Decide(ctx, viewerOf(ctx), in.ID, false)
	return answer(o), err
}

func (s *Server) getBudget(ctx context.Context, in *MailboxRef) (*body[outbox.Budget], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	b, err := s.deps.Outbox.Budget(ctx, &m)
	return answer(b), err
}
