package engine

import (
	"context"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/store"
	"threadline/sync/imap"
)

// TestDemoMailbox syncs the demo's mailbox from its in-process server, twice,
// while new mail arrives in between.
func TestDemoMailbox(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	d := demo.NewWorld(now, 1)
	w := newWorld(t, string(d.Rep.Address), string(d.Workspace.OwnDomain))
	server, err := demo.ServeIMAP(context.Background(), d, "rep", "secret")
	must(t, err)
	defer server.Close()
	w.addMailbox(string(d.Rep.Address), imap.New(imap.Config{Server: server.Addr(), TLS: crm.TLSNone, Login: "rep", Password: "secret"}))
	w.sync(len(d.Mails))
	w.verify()
	before := w.count(store.Messages.Name)
	must(t, server.Deliver(d.Next(now, 0)))
	w.sync(len(d.Mails) + 1)
	w.verify()
	if after := w.count(store.Messages.Name); after != before+1 {
		t.Errorf("%d messages after one new mail, %d before", after, before)
	}
}
