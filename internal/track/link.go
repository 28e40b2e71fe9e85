package track

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"html"
	"net/url"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// Paths under which events come in, before the token.
const (
	OpenPath  = "/t/o/"
	ClickPath = "/t/c/"
)

// Links makes and reads the addresses of one workspace.
type Links struct {
	Base string // where the server is reached, such as https://crm.example
	Key  crm.IDKey
	More []crm.TrackKey // made later, by name; the last one signs
}

// About is whose mail an address stands in.
type About struct {
	Campaign  string // "" of a single mail
	Recipient string // line of the ledger, or a mail that was sent; "" of an aggregate campaign
}

const (
	macBytes  = 16
	maxTarget = 2000 // bytes of an address that is tracked
	firstKey  = "a"  // id of the key that follows from that of the workspace
)

// present is the id of the key by which addresses are signed now.
func (l Links) present() string {
	if n := len(l.More); n > 0 {
		return l.More[n-1].ID
	}
	return firstKey
}

// keyOf is the key of an id; ok is false for ids that were never used, or were
// dropped. A new id is a new key; the addresses under the old ones still hold.
func (l Links) keyOf(id string) (key []byte, ok bool) {
	from := l.Key
	if ok = id == firstKey; !ok {
		for _, k := range l.More {
			if k.ID == id {
				from, ok = k.Key, true
			}
		}
	}
	m := hmac.New(sha256.New, from)
	m.Write([]byte("track\x00" + id))
	return m.Sum(nil), ok
}

// pen signs addresses with one key; one goroutine has it.
type pen struct {
	id               string // of the key
	mac              hash.Hash
	text, about, sum []byte // room that is used again
}

// pen is one of the key of an id.
func (l Links) pen(id string) (p pen, ok bool) {
	key, ok := l.keyOf(id)
	return pen{id: id, mac: hmac.New(sha256.New, key)}, ok
}

func (p *pen) sign(purpose crm.HitKind, about, target string) []byte {
	p.mac.Reset()
	p.text = append(append(append(append(append(p.text[:0], purpose...), 0), about...), 0), target...)
	p.mac.Write(p.text)
	p.sum = p.mac.Sum(p.sum[:0])
	return p.sum[:macBytes]
}

// token adds the signed part of an address.
func (p *pen) token(out []byte, purpose crm.HitKind, a About, link int, target string) []byte {
	out = append(append(out, p.id...), '.')
	from := len(out)
	out = append(append(append(append(out, a.Recipient...), '.'), a.Campaign...), '.')
	out = strconv.AppendInt(out, int64(link), 10)
	p.about = append(p.about[:0], out[from:]...)
	return base64.RawURLEncoding.AppendEncode(append(out, '.'), p.sign(purpose, string(p.about), target))
}

// Open is the address of the picture.
func (l Links) Open(a About) string {
	p, _ := l.pen(l.present())
	return string(l.open(nil, &p, a))
}

func (l Links) open(out []byte, p *pen, a About) []byte {
	return p.token(append(append(out, strings.TrimSuffix(l.Base, "/")...), OpenPath...), crm.HitOpen, a, 0, "")
}

// Click is the address that leads to a target, by way of us.
func (l Links) Click(a About, link int, target string) string {
	p, _ := l.pen(l.present())
	return string(l.click(nil, &p, a, link, target))
}

func (l Links) click(out []byte, p *pen, a About, link int, target string) []byte {
	out = p.token(append(append(out, strings.TrimSuffix(l.Base, "/")...), ClickPath...), crm.HitClick, a, link, target)
	return base64.RawURLEncoding.AppendEncode(append(out, '/'), []byte(target))
}

// ReadOpen reads the token of a picture.
func (l Links) ReadOpen(token string) (crm.Hit, bool) { return l.read(crm.HitOpen, token, "") }

// ReadClick reads the token of a link and its target as the address has it.
func (l Links) ReadClick(token, target string) (crm.Hit, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(target)
	if err != nil || !Trackable(string(raw)) {
		return crm.Hit{}, false
	}
	return l.read(crm.HitClick, token, string(raw))
}

func (l Links) read(purpose crm.HitKind, token, target string) (crm.Hit, bool) {
	id, rest, _ := strings.Cut(token, ".")
	cut := strings.LastIndexByte(rest, '.')
	if cut < 0 || len(token) > 200 {
		return crm.Hit{}, false
	}
	about := rest[:cut]
	sum, err := base64.RawURLEncoding.DecodeString(rest[cut+1:])
	p, known := l.pen(id)
	if err != nil || !known || !hmac.Equal(sum, p.sign(purpose, about, target)) {
		return crm.Hit{}, false
	}
	parts := strings.Split(about, ".")
	if len(parts) != 3 {
		return crm.Hit{}, false
	}
	link, err := strconv.Atoi(parts[2])
	return crm.Hit{Kind: purpose, Recipient: parts[0], Campaign: parts[1], Link: link, Target: target}, err == nil
}

// Trackable tells whether an address of a letter can be led by way of us: a
// whole web address.
func Trackable(target string) bool {
	u, err := url.Parse(target)
	return err == nil && len(target) <= maxTarget && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Letter puts the picture and the addresses into the HTML of a letter, as
// merge.Clean leaves it: attributes in double quotes. Addresses of this server,
// such as those to leave, stay.
func (l Links) Letter(page string, a About) string {
	out := make([]byte, 0, len(page)+len(page)/2+512)
	link := 0
	p, _ := l.pen(l.present())
	for {
		at := nextLink(page)
		if at < 0 {
			break
		}
		out = append(out, page[:at]...)
		page = page[at:]
		end := strings.IndexByte(page, '"')
		if end < 0 {
			break
		}
		target := html.UnescapeString(page[:end])
		if Trackable(target) && !strings.HasPrefix(target, strings.TrimSuffix(l.Base, "/")+"/") {
			link++
			out = l.click(out, &p, a, link, target) // nothing in it is to be escaped
		} else {
			out = append(out, page[:end]...)
		}
		page = page[end:]
	}
	out = append(append(append(out, page...), `<img src="`...), html.EscapeString(string(l.open(nil, &p, a)))...)
	return string(append(out, `" width="1" height="1" alt="">`...))
}

// Undress takes out of the HTML of a letter what Letter put there, wherever the
// server was reached then: whoever opens the copy among their own sent mail is no
// reader of it.
func (l Links) Undress(page string) string {
	page = replaced(page, `<img src="`, ">", func(picture string) (string, bool) {
		address, _, _ := strings.Cut(picture, `"`)
		_, token, _ := strings.Cut(address, OpenPath)
		_, ours := l.ReadOpen(token)
		return "", ours
	})
	return replaced(page, ` href="`, `"`, func(address string) (string, bool) {
		_, way, _ := strings.Cut(address, ClickPath)
		token, target, _ := strings.Cut(way, "/")
		h, ours := l.ReadClick(token, target)
		return ` href="` + html.EscapeString(h.Target) + `"`, ours
	})
}

// replaced puts something in the place of each part of a page that begins with a
// word and ends with another one, when with says so of what is between them.
func replaced(page, begin, end string, with func(between string) (string, bool)) string {
	var out strings.Builder
	for {
		at := strings.Index(page, begin)
		if at < 0 {
			break
		}
		n := strings.Index(page[at+len(begin):], end)
		if n < 0 {
			break
		}
		whole := page[at : at+len(begin)+n+len(end)]
		text, ok := with(page[at+len(begin) : at+len(begin)+n])
		if !ok {
			text = whole
		}
		out.WriteString(page[:at] + text)
		page = page[at+len(whole):]
	}
	return out.String() + page
}

// nextLink is where the address of the next link begins, -1 when there is none.
func nextLink(page string) int {
	from := 0
	for {
		i := strings.Index(page[from:], "<a ")
		if i < 0 {
			return -1
		}
		from += i
		end := strings.IndexByte(page[from:], '>')
		if end < 0 {
			return -1
		}
		if h := strings.Index(page[from:from+end], ` href="`); h >= 0 {
			return from + h + len(` href="`)
		}
		from += end
	}
}
