package imap

import (
	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// alone fetches a single copy in a way that survives a server date which the
// library cannot read. That costs the connection, so the date is asked for
// last; it stays empty then, and the session is of no further use.
func (f *fetch) alone(op crm.Op, keys crm.KeySet) error {
	var held []source.Item
	yield := f.yield
	f.yield = func(it source.Item) bool {
		held = append(held, it)
		return true
	}
	f.undated = true
	if err := f.passes(op, keys); err != nil {
		return err
	}
	for _, it := range held {
		var err error
		if it.Internal, err = f.date(it.Key); err != nil {
			return err
		}
		yield(it)
	}
	return nil
}

// date asks for the server's date of a copy; 0 when it was not usable.
func (f *fetch) date(key crm.Key) (t crm.Time, err error) {
	f.w.wake()
	cmd := f.s.client.Fetch(goimap.UIDSetNum(goimap.UID(key)), &goimap.FetchOptions{UID: true, InternalDate: true})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			if d, ok := item.(imapclient.FetchItemDataInternalDate); ok {
				t = crm.At(d.Time)
			}
		}
	}
	err = cmd.Close()
	reason, failed := f.s.conn.verdict()
	if err != nil && reason == nil && failed == nil {
		return 0, nil // neither we nor the network: it was the date
	}
	return t, err
}
