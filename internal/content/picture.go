package content

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/page"
)

const (
	maxAtOnce   = 8
	maxPicture  = 5 << 20
	pictureTime = 10 * time.Second
	maxAddress  = 4000
)

// Dial connects to a host that a mail names.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// browser is a client that follows nothing, remembers nothing and says nothing
// about who reads.
func browser(dial Dial) *http.Client {
	return &http.Client{Timeout: pictureTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true, DisableCompression: true,
			MaxResponseHeaderBytes: 16 << 10, TLSHandshakeTimeout: pictureTime / 2, ResponseHeaderTimeout: pictureTime}}
}

// File is something to hand out.
type File struct {
	Name   string
	Type   string // by its bytes, when they may be shown; else application/octet-stream
	Said   string // what its mail calls it: a media type to send it on with, and no more
	Inline bool   // may be shown in place
	Data   []byte
}

// Picture gets the n-th picture of the page of a mail: out of the mail, or from
// where it names, if remote says so. What is no raster picture does not exist.
func (s *Service) Picture(ctx context.Context, v access.Viewer, id crm.MessageID, n int, remote bool) (File, error) {
	m, err := s.message(ctx, v, id)
	if err != nil {
		return File{}, err
	}
	c, err := s.body(ctx, id)
	if err != nil {
		return File{}, err
	}
	list := page.Pictures(c.HTML)
	if n < 0 || n >= len(list) || n >= page.MaxPictures {
		return File{}, noPicture("the mail has no such picture", nil)
	}
	var data []byte
	if cid := contentID(list[n]); cid != "" {
		data, err = s.brought(ctx, m, cid)
	} else if remote {
		data, err = s.load(ctx, list[n])
	} else {
		err = noPicture("nobody asked for pictures from elsewhere", nil)
	}
	if err != nil {
		return File{}, err
	}
	kind := raster(data)
	if kind == "" {
		return File{}, noPicture("what is there is no picture that can be shown", nil)
	}
	return File{Type: kind, Inline: true, Data: data}, nil
}

func noPicture(what string, err error) error {
	return crm.E(crm.NotFound, "content.Picture", what, err).WithField("n")
}

// brought is a picture that the mail brings along.
func (s *Service) brought(ctx context.Context, m *crm.Message, cid string) ([]byte, error) {
	p, err := s.whole(ctx, m)
	if err != nil {
		return nil, err
	}
	part := p.Root.Named(cid)
	if part == nil || part.Len() > maxPicture {
		return nil, noPicture("the mail does not bring this picture along", nil)
	}
	return part.Content(), nil
}

// load fetches a picture from elsewhere. Whatever goes wrong is told apart in no
// answer: a mail must not learn what our network answers.
func (s *Service) load(ctx context.Context, ref string) ([]byte, error) {
	u := remoteURL(ref)
	if u == nil {
		return nil, noPicture("its address cannot be loaded", nil)
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return nil, crm.E(crm.Unavailable, "content.load", "the caller went away", ctx.Err())
	}
	data, err := s.get(ctx, u)
	if err != nil || len(data) > maxPicture {
		return nil, noPicture("the picture cannot be loaded", nil)
	}
	return data, nil
}

func (s *Service) get(ctx context.Context, u *url.URL) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header = http.Header{"User-Agent": {"Mozilla/5.0 (compatible; picture proxy)"}, "Accept": {"image/png,image/jpeg,image/gif,image/webp"}}
	res, err := s.web.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "" {
		return nil, noPicture("the picture is not there", nil)
	}
	return io.ReadAll(io.LimitReader(res.Body, maxPicture+1))
}

// contentID is the part that a picture names (RFC 2392), "" when it names none.
func contentID(ref string) string {
	if len(ref) < 4 || !strings.EqualFold(ref[:4], "cid:") {
		return ""
	}
	id, err := url.PathUnescape(ref[4:])
	if err != nil {
		return ref[4:]
	}
	return id
}

// remoteURL reads an address that a picture may be loaded from: a host on the
// usual ports.
func remoteURL(ref string) *url.URL {
	if strings.HasPrefix(ref, "//") {
		ref = "https:" + ref
	}
	u, err := url.Parse(ref)
	if err != nil || len(ref) > maxAddress || u.Hostname() == "" || u.User != nil {
		return nil
	}
	if u.Scheme = strings.ToLower(u.Scheme); u.Scheme != "http" && u.Scheme != "https" || !slices.Contains([]string{"", "80", "443"}, u.Port()) {
		return nil
	}
	u.Fragment = ""
	return u
}

// raster is the type of a picture by its bytes, "" for anything else. SVG is a
// document.
func raster(data []byte) string {
	kind := http.DetectContentType(data)
	if slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind) {
		return kind
	}
	return ""
}
