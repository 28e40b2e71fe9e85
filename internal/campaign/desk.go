package campaign

import (
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/track"
)

// desk is where one mail at a time is written: room and keys that serve the next
// one, too. What stands on it holds until then.
type desk struct {
	dresser *track.Dresser
	leave   signer
	page    []byte // as it is tracked
	raw     []byte
}

// keptRoom bounds what a desk keeps of a large mail.
const keptRoom = 256 << 10

// desks are those of the mails that go out at once.
func desks(n int, links track.Links, key crm.IDKey) chan *desk {
	out := make(chan *desk, n)
	for range n {
		out <- &desk{dresser: links.Dresser(), leave: newSigner(key)}
	}
	return out
}

// dress gives a letter a page that tells who reads it.
func (d *desk) dress(l *mail.Letter, about track.About) {
	d.page = d.dresser.Append(emptied(d.page), l.HTML, about)
	l.Page = d.page
}

// compose writes a letter.
func (d *desk) compose(l *mail.Letter) (raw []byte, err error) {
	if raw, err = mail.Append(emptied(d.raw), l); err == nil {
		d.raw = raw
	}
	return raw, err
}

// emptied is room without what stands in it, unless it is too much to be kept.
func emptied(room []byte) []byte {
	if cap(room) > keptRoom {
		return nil
	}
	return room[:0]
}
