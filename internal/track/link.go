package track

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"html"
	"net/url"
	"slices"
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

func (p *pen) sign(purpose crm.HitKind, about []byte, target string) []byte {
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
	return base64.RawURLEncoding.AppendEncode(append(out, '.'), p.sign(purpose, p.about, target))
}

// Open is the address of the picture.
func (l Links) Open(a About) string { return string(l.Dresser().open(nil, a)) }

// Click is the address that leads to a target, by way of us.
func (l Links) Click(a About, link int, target string) string {
	to := way{target: target, text: base64.RawURLEncoding.EncodeToString([]byte(target))}
	return string(l.Dresser().click(nil, a, link, to))
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
	if err != nil || !known || !hmac.Equal(sum, p.sign(purpose, []byte(about), target)) {
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
	return string(l.Dresser().Append(nil, page, a))
}

// Dresser puts pictures and addresses into many letters. One goroutine has it.
type Dresser struct {
	base string
	pen  pen
	ways map[string]way // by the address as it stands in a letter
}

// way is what becomes of an address of a letter.
type way struct {
	target string // "": it stays
	text   string // the target, as the address by way of us has it
}

// mostWays bounds how many addresses are remembered: of a letter, not of those who
// get it.
const mostWays = 1000

// Dresser is one for letters that are signed with the present key.
func (l Links) Dresser() *Dresser {
	p, _ := l.pen(l.present())
	return &Dresser{base: strings.TrimSuffix(l.Base, "/"), pen: p, ways: map[string]way{}}
}

// Append is Letter into room that there is already.
func (d *Dresser) Append(out []byte, page string, a About) []byte {
	out = slices.Grow(out, len(page)+len(page)/2+512)
	link := 0
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
		if to := d.way(page[:end]); to.target != "" {
			link++
			out = d.click(out, a, link, to) // nothing in it is to be escaped
		} else {
			out = append(out, page[:end]...)
		}
		page = page[end:]
	}
	out = append(append(out, page...), `<img src="`...)
	from := len(out)
	if out = d.open(out, a); bytes.ContainsAny(out[from:], `<>&'"`) {
		out = append(out[:from], html.EscapeString(string(out[from:]))...)
	}
	return append(out, `" width="1" height="1" alt="">`...)
}

// way says what becomes of an address.
func (d *Dresser) way(address string) way {
	to, known := d.ways[address]
	if known {
		return to
	}
	target := html.UnescapeString(address)
	if Trackable(target) && !strings.HasPrefix(target, d.base+"/") {
		to = way{target: target, text: base64.RawURLEncoding.EncodeToString([]byte(target))}
	}
	if len(d.ways) >= mostWays {
		clear(d.ways)
	}
	d.ways[strings.Clone(address)] = to
	return to
}

func (d *Dresser) open(out []byte, a About) []byte {
	return d.pen.token(append(append(out, d.base...), OpenPath...), crm.HitOpen, a, 0, "")
}

func (d *Dresser) click(out []byte, a About, link int, to way) []byte {
	out = d.pen.token(append(append(out, d.base...), ClickPath...), crm.HitClick, a, link, to.target)
	return append(append(out, '/'), to.text...)
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
