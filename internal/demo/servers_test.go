package demo

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"threadline/internal/crm"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, w *World) *Server {
	t.Helper()
	s, err := ServeIMAP(t.Context(), w, "nora", "secret")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func dial(t *testing.T, s *Server, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(s.Addr(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login("nora", "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryMailIsServed(t *testing.T) {
	w := NewWorld(now(), 1)
	c := dial(t, serve(t, w), nil)
	want := map[string][]Mail{}
	for _, m := range w.Mails {
		want[m.Folder] = append(want[m.Folder], m)
	}
	list, err := c.List("", "*", nil).Collect()
	if err != nil || len(list) != len(Folders()) {
		t.Fatalf("%d folders, %v", len(list), err)
	}
	for _, f := range list {
		if _, err := c.Select(f.Mailbox, nil).Wait(); err != nil {
			t.Fatal(err)
		}
		all := imap.UIDSetNum()
		all.AddRange(1, 0)
		section := &imap.FetchItemBodySection{Peek: true}
		got, err := c.Fetch(all, &imap.FetchOptions{
			UID: true, Flags: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section},
		}).Collect()
		if err != nil || len(got) != len(want[f.Mailbox]) {
			t.Fatalf("%s: %d mails, want %d; %v", f.Mailbox, len(got), len(want[f.Mailbox]), err)
		}
		for i, m := range want[f.Mailbox] {
			if !bytes.Equal(got[i].FindBodySection(section), m.Raw) {
				t.Errorf("%s: mail %d has other bytes", f.Mailbox, i)
			}
			if !got[i].InternalDate.Equal(m.Date) || len(got[i].Flags) != len(m.Flags) {
				t.Errorf("%s: mail %d: %s %v, want %s %v", f.Mailbox, i, got[i].InternalDate, got[i].Flags, m.Date, m.Flags)
			}
		}
	}
}

func TestWrongPasswordIsRefused(t *testing.T) {
	c, err := imapclient.DialInsecure(serve(t, NewWorld(now(), 1)).Addr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("nora", "Secret").Wait(); err == nil {
		t.Error("a wrong password was accepted")
	}
}

func TestPlayWakesIdle(t *testing.T) {
	w := NewWorld(now(), 1)
	s := serve(t, w)
	counts := make(chan uint32, 8)
	c := dial(t, s, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				counts <- *d.NumMessages
			}
		},
	}})
	box, err := c.Select(Inbox, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Play(t.Context(), w, time.Millisecond, 3, now); err != nil {
		t.Fatal(err)
	}
	for last := uint32(0); last < box.NumMessages+3; {
		select {
		case last = <-counts:
		case <-time.After(2 * time.Minute):
			t.Fatalf("told of %d mails, want %d", last, box.NumMessages+3)
		}
	}
	if err := idle.Close(); err != nil {
		t.Error(err)
	}
}

func TestPlayEndsWithItsContext(t *testing.T) {
	w := NewWorld(now(), 1)
	s := serve(t, w)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Play(ctx, w, time.Hour, 1, now); err != nil {
		t.Error(err)
	}
}

func TestDeliverIntoUnknownFolder(t *testing.T) {
	s := serve(t, NewWorld(now(), 1))
	if err := s.Deliver(Mail{Folder: "Nowhere", Raw: []byte("\r\n")}); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("error %v, want not found", err)
	}
}

// TestContextStopsServers leaves clients connected, one of them in IDLE, and
// ends the context: they are cut, nobody hangs.
func TestContextStopsServers(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := ServeIMAP(ctx, NewWorld(now(), 1), "nora", "secret")
	if err != nil {
		t.Fatal(err)
	}
	sink, err := ServeSMTP(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, s, nil)
	if _, err := c.Select(Inbox, nil).Wait(); err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := net.Dial("tcp", sink.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	cancel()
	if err := idle.Wait(); err == nil {
		t.Error("IDLE ended without an error although the server went away")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := sink.Close(); err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", s.Addr()); err == nil {
		t.Error("the mailbox still answers")
	}
}

func TestSinkCounts(t *testing.T) {
	sink, err := ServeSMTP(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mails := NewWorld(now(), 1).Mails[:5]
	for _, m := range mails {
		c, err := smtp.Dial(sink.Addr())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SendMail("nora@brightwell.example", []string{"a@postbox.example"}, bytes.NewReader(m.Raw)); err != nil {
			t.Fatal(err)
		}
		if err := c.SendMail("nora@brightwell.example", []string{"a@b.example", "c@d.example"}, strings.NewReader("Subject: x\r\n\r\nx\r\n")); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	got := sink.Taken()
	if got.Mails != 10 || got.Recipients != 15 || got.Bytes < int64(len(mails[0].Raw)) {
		t.Errorf("taken %+v, want 10 mails to 15 recipients", got)
	}
	if err := sink.Close(); err != nil {
		t.Error(err)
	}
	if err := sink.Close(); err != nil {
		t.Errorf("a second Close fails: %v", err)
	}
}
