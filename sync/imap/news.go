package imap

import (
	"sync"

	"github.com/emersion/go-imap/v2/imapclient"
)

// news is what the server said unasked since the open folder was opened. The
// library's reader writes it.
type news struct {
	bell chan struct{} // holds one value when there is something new

	mu    sync.Mutex
	count uint64 // mails in the folder as told last, 0 when not told
	other bool   // something else than mail came: it left, or its flags changed
}

func newNews() *news { return &news{bell: make(chan struct{}, 1)} }

func (n *news) ring() {
	select {
	case n.bell <- struct{}{}:
	default: // one is enough
	}
}

// quiet takes the bell's value away, if there is one.
func (n *news) quiet() (rang bool) {
	select {
	case <-n.bell:
		return true
	default:
		return false
	}
}

func (n *news) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.quiet()
	n.count, n.other = 0, false
}

// grown tells how many mails there are when all that happened is that some
// came, and forgets it.
func (n *news) grown() (count uint64, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.count == 0 || n.other {
		return 0, false
	}
	count, n.count = n.count, 0
	return count, true
}

// left tells whether mail went, or may have gone.
func (n *news) left() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.other
}

func (n *news) came(count uint64) {
	n.mu.Lock()
	n.count = count
	n.mu.Unlock()
	n.ring()
}

func (n *news) changed() {
	n.mu.Lock()
	n.other = true
	n.mu.Unlock()
	n.ring()
}

// handler is called by the library when the server speaks unasked.
func (n *news) handler() *imapclient.UnilateralDataHandler {
	return &imapclient.UnilateralDataHandler{
		Expunge: func(uint32) { n.changed() },
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				n.came(uint64(*data.NumMessages))
			}
		},
		Fetch: func(msg *imapclient.FetchMessageData) {
			for msg.Next() != nil { // must be read to its end
			}
			n.changed()
		},
	}
}
