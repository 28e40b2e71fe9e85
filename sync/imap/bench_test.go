package imap_test

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/imap"
	"threadline/sync/source"
)

const benchMails = 20_000

// generated makes n mails of about 5 kB on average, some of them 100 kB, as
// real mailboxes have them.
func generated(n int) iter.Seq[testenv.Mail] {
	return func(yield func(testenv.Mail) bool) {
		rnd := rand.New(rand.NewPCG(1, 2))
		line := []byte("All work and no play makes a text that nobody wants to read twice.\r\n")
		for i := range n {
			size := 800 + rnd.IntN(6000)
			if rnd.IntN(100) == 0 {
				size = 100 << 10
			}
			var b bytes.Buffer
			fmt.Fprintf(&b, "From: Sender %d <s%d@example.org>\r\nTo: rep@example.com\r\nSubject: Mail %d\r\nMessage-ID: <bench-%d@example.org>\r\n\r\n", i, i%500, i, i)
			b.Write(bytes.Repeat(line, size/len(line)+1))
			at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
			if !yield(testenv.Mail{Raw: b.Bytes(), Internal: at, Flags: []crm.Flag{crm.FlagSeen}}) {
				return
			}
		}
	}
}

func loaded(b *testing.B) *testenv.Server {
	srv := testenv.Dovecot(b, testenv.DovecotOptions{})
	if _, err := srv.LoadMaildir("anna", "INBOX", generated(benchMails)); err != nil {
		b.Fatal(err)
	}
	discard(b, srv.Addr) // warms the server's caches
	return srv
}

// BenchmarkFetch compares the source with the library alone, which fetches
// everything in one command and throws it away.
func BenchmarkFetch(b *testing.B) {
	srv := loaded(b)
	rate := func(b *testing.B) {
		b.ReportMetric(float64(benchMails)*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	}
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			discard(b, srv.Addr)
		}
		rate(b)
	})
	plain := config(srv.Addr, "anna")
	over := plain
	over.TLS, over.Server, over.RootCAs = crm.TLSImplicit, srv.AddrTLS, srv.Roots
	for _, c := range []struct {
		name  string
		cfg   imap.Config
		batch int64
	}{{"all at once", plain, benchMails}, {"500 from the top", plain, 500}, {"500 from the top, TLS", over, 500}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n := fetchFromTop(b, c.cfg, c.batch); n != benchMails {
					b.Fatalf("fetched %d", n)
				}
			}
			rate(b)
		})
	}
}

func fetchFromTop(b *testing.B, cfg imap.Config, batch int64) int {
	s, err := imap.New(cfg).Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	d, err := s.Delta(b.Context(), "INBOX", "")
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for left := d.Added; len(left) > 0; {
		top := left.Top(batch)
		left = left.Minus(top)
		for _, err := range s.Fetch(b.Context(), "INBOX", d.Epoch, top, source.Want{MaxSize: 10 << 20}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	return n
}

func discard(b *testing.B, addr string) {
	c, err := imapclient.DialInsecure(addr, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Login("anna", testenv.Password).Wait(); err != nil {
		b.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		b.Fatal(err)
	}
	cmd := c.Fetch(goimap.UIDSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true, Flags: true, RFC822Size: true,
		InternalDate: true, BodySection: []*goimap.FetchItemBodySection{{Peek: true}}})
	n := 0
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		n++
		for item := msg.Next(); item != nil; item = msg.Next() {
			if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
				_, _ = io.Copy(io.Discard, body.Literal)
			}
		}
	}
	if err := cmd.Close(); err != nil || n != benchMails {
		b.Fatalf("fetched %d, %v", n, err)
	}
}

// BenchmarkNothingNew is a look at 20,000 mails to which nothing happened, and
// what a recount and a sweep of the flags cost.
func BenchmarkNothingNew(b *testing.B) {
	srv := loaded(b)
	s, err := imap.New(config(srv.Addr, "anna")).Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	d, err := s.Delta(b.Context(), "INBOX", "")
	if err != nil {
		b.Fatal(err)
	}
	steps := map[string]func() error{
		"Folders": func() error { _, err := s.Folders(b.Context()); return err },
		"Delta":   func() error { _, err := s.Delta(b.Context(), "INBOX", d.Cursor); return err },
		"List":    func() error { _, err := s.List(b.Context(), "INBOX", 0); return err },
		"Flags": func() error {
			for _, err := range s.Flags(b.Context(), "INBOX") {
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	for name, step := range steps {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := step(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
