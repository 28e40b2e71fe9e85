package content

import (
	"context"
	"net/http"
	"slices"

	"golang.org/x/sync/singleflight"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/page"
	"threadline/internal/store"
)

// Fetch gets a copy from its server with all that is attached, at most limit
// bytes.
type Fetch func(ctx context.Context, c *crm.Copy, limit int64) (*mail.Parsed, error)

// Service shows the mail of one workspace. It is safe for concurrent use.
type Service struct {
	sp     *store.Space
	bodies *store.BodyCodec
	blobs  *store.Blobs
	fetch  Fetch
	web    *http.Client
	slots  chan struct{} // pictures that are fetched at once
	shelf  shelf
	flight singleflight.Group
}

// New makes the service of a workspace; dial connects to hosts that mail names.
func New(sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs, fetch Fetch, dial Dial) *Service {
	return &Service{sp: sp, bodies: bodies, blobs: blobs, fetch: fetch, web: browser(dial), slots: make(chan struct{}, maxAtOnce)}
}

// message reads a message that the viewer sees in full.
func (s *Service) message(ctx context.Context, v access.Viewer, id crm.MessageID) (*crm.Message, error) {
	const op = crm.Op("content.message")
	docs, err := store.Messages.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil {
		return nil, err
	}
	m := &docs[0].Value
	switch level := access.Message(v, m); {
	case !docs[0].Exists() || level == access.None:
		return nil, crm.Errorf(crm.NotFound, op, "there is no message %s", crm.Clip(string(id), 60)).WithField("id")
	case level != access.Full:
		return nil, crm.Errorf(crm.Denied, op, "its owner does not show you what this mail says").
			WithHint("ask for it with POST /api/v1/messages/" + string(id) + "/request")
	}
	return m, nil
}

// Page is the page of a mail.
type Page struct {
	HTML    string // a whole document
	Blocked int    // pictures that stayed outside
}

// Page makes the page of a message: what its sender made, or its text. It shows
// the pictures that the mail brings along, and those from elsewhere when remote
// says so; src gives the address of the n-th picture.
func (s *Service) Page(ctx context.Context, v access.Viewer, id crm.MessageID, remote bool, src func(n int) string) (Page, error) {
	m, err := s.message(ctx, v, id)
	if err != nil {
		return Page{}, err
	}
	if err := s.Opened(ctx, v, m, crm.OpenedBody); err != nil {
		return Page{}, err
	}
	c, err := s.body(ctx, m.ID)
	if err != nil {
		return Page{}, err
	}
	if c.HTML == "" {
		return Page{HTML: document(plain(c.Text))}, nil
	}
	clean, blocked := page.Clean(c.HTML, func(n int, ref string) string {
		if contentID(ref) == "" && (!remote || remoteURL(ref) == nil) {
			return ""
		}
		return src(n)
	})
	return Page{HTML: document(clean), Blocked: blocked}, nil
}

// body reads the body of a message, an empty one when it has none.
func (s *Service) body(ctx context.Context, id crm.MessageID) (*crm.BodyContent, error) {
	c, err := s.bodies.LoadBody(ctx, s.sp, s.blobs, id)
	if crm.IsKind(err, crm.NotFound) {
		return &crm.BodyContent{}, nil
	}
	return c, err
}

// maxWhole bounds a mail that is fetched for what is attached to it.
const maxWhole = 40 << 20

// whole gets the message with all its parts: from what was kept, from memory, or
// from a mailbox that holds it.
func (s *Service) whole(ctx context.Context, m *crm.Message) (*mail.Parsed, error) {
	now := s.sp.Store().Now()
	if p := s.shelf.get(m.ID, now); p != nil {
		return p, nil
	}
	got, err, _ := s.flight.Do(string(m.ID), func() (any, error) {
		p, err := s.read(ctx, m)
		if err == nil {
			s.shelf.put(m.ID, p, m.Size, now)
		}
		return p, err
	})
	if err != nil {
		return nil, err
	}
	return got.(*mail.Parsed), nil
}

func (s *Service) read(ctx context.Context, m *crm.Message) (*mail.Parsed, error) {
	docs, err := store.Bodies.GetMany(ctx, s.sp, []string{string(m.ID)})
	if err != nil {
		return nil, err
	}
	if ref := docs[0].Value.Raw; ref != "" {
		raw, err := s.blobs.Get(ctx, s.sp.Workspace(), ref)
		if err == nil {
			return mail.Parse(raw), nil
		}
	}
	var ids []string
	for _, c := range m.Copies {
		ids = append(ids, string(c.Copy))
	}
	copies, err := store.Copies.GetMany(ctx, s.sp, ids)
	if err != nil {
		return nil, err
	}
	last := error(crm.Errorf(crm.NotFound, "content.read", "no mailbox holds this mail any more").WithHint("what is attached to mail lies on its server alone"))
	for _, d := range slices.DeleteFunc(copies, func(d store.Doc[crm.Copy]) bool { return !d.Exists() }) {
		p, err := s.fetch(ctx, &d.Value, maxWhole)
		if err == nil {
			return p, nil
		}
		last = err
	}
	return nil, last
}
