package api

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/access"
	"threadline/internal/content"
	"threadline/internal/crm"
)

// contentRoutes hand out what a mail holds, each part as a response of its own
// with a policy of its own: it is written by strangers.
func (s *Server) contentRoutes() {
	const one = "/api/v1/messages/{id}"
	page := get(one+"/content", "message-content", "The page of a message, for a sandboxed frame: no scripts, and nothing from elsewhere unless pictures=shown", "messages")
	page.edit = holds("text/html", "The page")
	add(s, page, s.messageContent)
	picture := get(one+"/pictures/{n}", "message-picture", "A picture of the page of a message, by the address that stands in the page: signed, for minutes", "messages")
	picture.open, picture.outside, picture.edit = true, true, holds("image/*", "PNG, JPEG, GIF or WebP")
	add(s, picture, s.messagePicture)
	file := get(one+"/attachments/{n}", "message-attachment", "What is attached to a message, fetched from its mail server", "messages")
	file.limit, file.stream, file.edit = slowLimit, true, holds("application/octet-stream", "To be saved, save for pictures")
	add(s, file, s.messageAttachment)
	keep := made(post(one+"/attachments/{n}/keep", "keep-attachment", "Keep what is attached to a message as a file, to send it on", "messages"))
	keep.limit = longLimit
	add(s, keep, s.keepAttachment)
	add(s, get("/api/v1/openings", "list-openings", "Who opened the mail of the caller: its body or what is attached, once a day for each reader", "messages"), s.listOpenings)
}

// holds says what a route answers with.
func holds(kind, what string) func(*huma.Operation) {
	return func(op *huma.Operation) {
		op.Responses = map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	}
}

// part answers with what strangers wrote. Nothing in it runs, and no page of
// others can frame it.
func part(kind, policy string, data []byte, more map[string]string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", kind)
		hc.SetHeader("Content-Security-Policy", policy)
		hc.SetHeader("Content-Length", strconv.Itoa(len(data)))
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Referrer-Policy", "no-referrer")
		for k, v := range more {
			hc.SetHeader(k, v)
		}
		hc.SetStatus(http.StatusOK)
		_, _ = hc.BodyWriter().Write(data) // the client is gone: nobody is left to tell
	}}
}

const nothing = "default-src 'none'; frame-ancestors 'none'; sandbox"

func (s *Server) messageContent(ctx context.Context, in *struct {
	MessageRef
	Pictures string `query:"pictures" enum:"blocked,shown" default:"blocked" doc:"Of elsewhere: shown fetches them for the reader, without telling anybody who that is"`
}) (*huma.StreamResponse, error) {
	v, id, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	sign, err := s.deps.Content.Signer(ctx)
	if err != nil {
		return nil, err
	}
	remote := in.Pictures == "shown"
	until := s.deps.Space.Store().Now().Std().Add(content.SignedFor).Unix()
	under := "/api/v1/messages/" + string(id) + "/pictures/"
	signed := "?by=" + string(v.User) + "&remote=" + strconv.FormatBool(remote) + "&until=" + strconv.FormatInt(until, 10) + "&sign=" + sign.Sign(v.User, id, remote, until)
	p, err := s.deps.Content.Page(ctx, v, id, remote, func(n int) string { return under + strconv.Itoa(n) + signed })
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	policy := "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: " + s.origin(ctx) + under +
		"; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
	return part("text/html; charset=utf-8", policy, []byte(p.HTML), map[string]string{"X-Frame-Options": "SAMEORIGIN", "X-Blocked-Pictures": strconv.Itoa(p.Blocked)}), nil
}

// origin is where the caller reaches the server: the page is no origin of its
// own, so that 'self' would be nobody.
func (s *Server) origin(ctx context.Context) string {
	if s.cfg.Public != nil {
		return s.cfg.Public.Scheme + "://" + s.cfg.Public.Host
	}
	v, _ := ctx.Value(visitKey).(visit)
	return "http://" + v.host
}

// messagePicture has no caller but the signature in its address: the page that
// shows it is of no origin, and its browser sends no cookie.
func (s *Server) messagePicture(ctx context.Context, in *struct {
	MessageRef
	N      int        `path:"n" minimum:"0" maximum:"999"`
	By     crm.UserID `query:"by" required:"true" maxLength:"40"`
	Remote bool       `query:"remote"`
	Until  int64      `query:"until" required:"true"`
	Sign   string     `query:"sign" required:"true" maxLength:"60"`
}) (*huma.StreamResponse, error) {
	id, err := in.parse()
	if err != nil {
		return nil, err
	}
	sign, err := s.deps.Content.Signer(ctx)
	if err != nil {
		return nil, err
	}
	if !sign.Holds(in.Sign, in.By, id, in.Remote, in.Until, s.deps.Space.Store().Now()) {
		return nil, crm.Errorf(crm.NotFound, "api.messagePicture", "there is no picture at this address, or not any more").WithField("sign").WithHint("open the message again")
	}
	u, err := s.deps.Auth.Active(ctx, s.deps.Space, in.By)
	if err != nil {
		return nil, err
	}
	v, err := s.deps.Records.Viewer(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.deps.Content.Picture(ctx, v, id, in.N, in.Remote)
	if err != nil {
		return nil, err
	}
	return part(f.Type, nothing, f.Data, map[string]string{"Cross-Origin-Resource-Policy": "cross-origin"}), nil
}

// AttachmentRef names what is attached to a message.
type AttachmentRef struct {
	MessageRef
	N int `path:"n" minimum:"0" maximum:"9999" doc:"Its place among the attachments of the message, from 0"`
}

// attached reads what is attached, for the caller.
func (s *Server) attached(ctx context.Context, in *AttachmentRef) (access.Viewer, content.File, error) {
	v, id, err := in.read(ctx)
	if err != nil {
		return v, content.File{}, err
	}
	f, err := s.deps.Content.Attachment(ctx, v, id, in.N)
	return v, f, blameNotFound(err, "id")
}

func (s *Server) messageAttachment(ctx context.Context, in *AttachmentRef) (*huma.StreamResponse, error) {
	_, f, err := s.attached(ctx, in)
	if err != nil {
		return nil, err
	}
	return part(f.Type, nothing, f.Data, map[string]string{"Content-Disposition": disposition(f)}), nil
}

func (s *Server) keepAttachment(ctx context.Context, in *AttachmentRef) (*body[fileValue], error) {
	v, f, err := s.attached(ctx, in)
	if err != nil {
		return nil, err
	}
	kept, err := s.deps.Files.Put(ctx, v, f.Name, f.Said, bytes.NewReader(f.Data))
	return answer(fileValue{kept.Blob, kept.Name, kept.Type, kept.Size}), err
}

// disposition says how to keep a file: never to open it in place, save for
// pictures (RFC 6266).
func disposition(f content.File) string {
	how := "attachment"
	if f.Inline {
		how = "inline"
	}
	if out := mime.FormatMediaType(how, map[string]string{"filename": strings.ToValidUTF8(f.Name, "_")}); out != "" {
		return out
	}
	return how
}

type openedMail struct {
	crm.Opening
	Name    string `json:"name" doc:"Of who opened it"`
	Subject string `json:"subject,omitempty"`
}

func (s *Server) listOpenings(ctx context.Context, in *struct {
	PageQuery
	Message string `query:"message" maxLength:"40" doc:"Only of this message"`
}) (*body[items[openedMail]], error) {
	id := crm.MessageID("")
	if in.Message != "" {
		var err error
		if id, err = (MessageRef{in.Message}).parse(); err != nil {
			return nil, blame(err, "message")
		}
	}
	p, err := s.deps.Content.Openings(ctx, viewerOf(ctx), id, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := items[openedMail]{Items: []openedMail{}, Next: p.Next}
	subjects, err := s.subjects(ctx, p.Items)
	for _, o := range p.Items {
		out.Items = append(out.Items, openedMail{Opening: o, Name: s.called(ctx, o.By), Subject: subjects[o.Message]})
	}
	return answer(out), err
}

// subjects are those of messages whose openings their owner looks at.
func (s *Server) subjects(ctx context.Context, list []crm.Opening) (map[crm.MessageID]string, error) {
	ids := make([]crm.MessageID, len(list))
	for i, o := range list {
		ids[i] = o.Message
	}
	return s.deps.Content.Subjects(ctx, viewerOf(ctx), ids)
}
