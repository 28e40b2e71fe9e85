package api

import (
	"context"
	"net/http"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/page"
)

// draftRoutes keep mails that are not to go yet, here and among the drafts of the
// mailbox.
func (s *Server) draftRoutes() {
	const all, one = "/api/v1/drafts", "/api/v1/drafts/{id}"
	add(s, get(all, "list-drafts", "One's own mails that are not to go yet, of all mailboxes, newest first", "outgoing"), s.listDrafts)
	create := made(post(all, "make-draft", "Keep a mail that is not to go yet, also among the drafts of its mailbox", "outgoing"))
	create.outside = true
	add(s, create, s.makeDraft)
	add(s, get(one, "get-draft", "A draft with its words, to go on writing", "outgoing"), s.getDraft)
	add(s, route{method: http.MethodPut, path: one, id: "edit-draft", tag: "outgoing", outside: true, summary: "Write a draft anew; with If-Match only if nobody wrote it meanwhile"}, s.editDraft)
	drop := remove(one, "drop-draft", "Throw a draft away, also out of its mailbox", "outgoing")
	drop.outside = true
	add(s, drop, s.dropDraft)
	send := post(one+"/send", "send-draft", "Send a draft as it is; it goes out at once", "outgoing")
	send.status = http.StatusAccepted
	add(s, send, s.sendDraft)
}

// draftView is a draft with what it says.
type draftView struct {
	crm.Outgoing
	Words   draftWords  `json:"words"`
	Version string      `json:"version" doc:"For If-Match"`
	Left    []page.Left `json:"left,omitempty" enum:"within,insecure,hidden,nowhere" doc:"Of what was just written: why each picture that does not go along was left out"`
}

type draftWords struct {
	To   []crm.Address `json:"to"`
	Cc   []crm.Address `json:"cc"`
	Bcc  []crm.Address `json:"bcc"`
	Text string        `json:"text"`
	HTML string        `json:"html,omitempty"`
}

func (s *Server) viewDraft(ctx context.Context, d outbox.Kept, left []page.Left, err error) (*body[draftView], error) {
	if err != nil {
		return nil, err
	}
	w, err := s.deps.Outbox.Words(ctx, &d.Value)
	if err != nil {
		return nil, err
	}
	// Pictures of the text stand there, and come back with it.
	d.Value.Files = slices.DeleteFunc(slices.Clone(d.Value.Files), func(f crm.SentFile) bool { return f.Shown })
	none := []crm.Address{} // a list that is empty rather than null
	words := draftWords{To: append(none, w.To...), Cc: append(none, w.Cc...), Bcc: append(none, w.Bcc...), Text: w.Text, HTML: w.HTML}
	return answer(draftView{d.Value, words, versionText(d.Version), left}), nil
}

// keeping is what the caller wrote to be kept: it tells that it is read once it is
// sent, and not among the drafts of its writer.
func (s *Server) keeping(ctx context.Context, b *outgoingBody) (access.Viewer, outbox.Draft, []page.Left, error) {
	v, d, left, err := s.written(ctx, b)
	d.Track = b.Track
	return v, d, left, err
}

func (s *Server) makeDraft(ctx context.Context, in *outgoingInput) (*body[draftView], error) {
	v, d, left, err := s.keeping(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	d.Key = in.Key
	kept, err := s.deps.Outbox.SaveDraft(ctx, v, "", d, 0)
	return s.viewDraft(ctx, kept, left, err)
}

func (s *Server) editDraft(ctx context.Context, in *struct {
	OutgoingRef
	Matched
	Body outgoingBody
}) (*body[draftView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	v, d, left, err := s.keeping(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	kept, err := s.deps.Outbox.SaveDraft(ctx, v, in.ID, d, version)
	return s.viewDraft(ctx, kept, left, err)
}

func (s *Server) listDrafts(ctx context.Context, in *PageQuery) (*body[items[crm.Outgoing]], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	page, err := s.deps.Outbox.Drafts(ctx, v, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	out := listed(page.Values())
	out.Body.Next = page.Next
	return out, nil
}

func (s *Server) getDraft(ctx context.Context, in *OutgoingRef) (*body[draftView], error) {
	kept, err := s.deps.Outbox.Draft(ctx, viewerOf(ctx), in.ID)
	return s.viewDraft(ctx, kept, nil, err)
}

func (s *Server) dropDraft(ctx context.Context, in *OutgoingRef) (*empty, error) {
	return nil, s.deps.Outbox.DropDraft(ctx, viewerOf(ctx), in.ID)
}

func (s *Server) sendDraft(ctx context.Context, in *struct {
	OutgoingRef
	Matched
}) (*body[outgoingView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	v := viewerOf(ctx)
	have, err := s.deps.Outbox.Draft(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	how, err := s.dressing(ctx, have.Value.Mailbox, have.Value.To, have.Value.Track)
	if err != nil {
		return nil, err
	}
	if version == 0 && how.Dress != nil {
		version = have.Version // who gets it decides what is found out
	}
	o, err := s.deps.Outbox.SendDraft(ctx, v, in.ID, version, how)
	return answer(outgoingView{Outgoing: o}), err
}
