package sourcetest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// bench is what a test works with: a harness whose failures end the test.
type bench struct {
	*testing.T
	Harness
}

func newBench(t *testing.T, h Harness) *bench {
	if h.Inbox == "" {
		h.Inbox, h.InboxRole = "INBOX", crm.RoleInbox
	}
	return &bench{T: t, Harness: h}
}

// counted checks the number of copies, where a source tells it.
func (b *bench) counted(what string, got, want int64) {
	b.Helper()
	if got != want && got != -1 {
		b.Errorf("%s: %d copies, want %d", what, got, want)
	}
}

// open signs in; the session ends with the test.
func (b *bench) open() source.Session {
	b.Helper()
	s, err := b.Source.Open(b.Context())
	b.must(err)
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) wantKind(err error, kind crm.ErrorKind) {
	b.Helper()
	if !crm.IsKind(err, kind) {
		b.Errorf("error %v of kind %q, want %q", err, crm.KindOf(err), kind)
	}
}

// letter makes the n-th test mail, one per day.
func letter(n int) testenv.Mail {
	var raw bytes.Buffer
	fmt.Fprintf(&raw, "From: Anna <anna@acme.example>\r\nTo: rep@example.com\r\nSubject: Number %d\r\n", n)
	fmt.Fprintf(&raw, "Message-ID: <mail-%d@acme.example>\r\n\r\nText of mail %d.\r\n", n, n)
	return testenv.Mail{Raw: raw.Bytes(), Internal: day(n)}
}

func day(n int) time.Time { return time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC) }

// sized makes a mail whose body alone has so many bytes.
func sized(n, size int) testenv.Mail {
	m := letter(n)
	line := bytes.Repeat([]byte("0123456789"), 7)
	line = append(line, "\r\n"...)
	m.Raw = append(m.Raw, bytes.Repeat(line, size/len(line)+1)...)
	return m
}

func (b *bench) append(mails ...testenv.Mail) []crm.Key {
	b.Helper()
	keys, err := b.Append(b.Inbox, mails...)
	b.must(err)
	if len(keys) != len(mails) {
		b.Fatalf("appended %d mails, got the keys %v", len(mails), keys)
	}
	return keys
}

func (b *bench) appendN(n int) []crm.Key {
	b.Helper()
	mails := make([]testenv.Mail, n)
	for i := range mails {
		mails[i] = letter(i)
	}
	return b.append(mails...)
}

func (b *bench) delta(s source.Session, cursor string) source.Delta {
	b.Helper()
	d, err := s.Delta(b.Context(), b.Inbox, cursor)
	b.must(err)
	return d
}

func (b *bench) list(s source.Session) source.Listing {
	b.Helper()
	l, err := s.List(b.Context(), b.Inbox, 0)
	b.must(err)
	return l
}

func (b *bench) folder(s source.Session, name string) source.Folder {
	b.Helper()
	all, err := s.Folders(b.Context())
	b.must(err)
	i := slices.IndexFunc(all, func(f source.Folder) bool { return f.Name == name })
	if i < 0 {
		b.Fatalf("no folder %q among %+v", name, all)
	}
	return all[i]
}

// fetch collects a whole Fetch.
func (b *bench) fetch(s source.Session, epoch uint64, keys crm.KeySet, want source.Want) map[crm.Key]source.Item {
	b.Helper()
	got := map[crm.Key]source.Item{}
	for it, err := range s.Fetch(b.Context(), b.Inbox, epoch, keys, want) {
		b.must(err)
		if _, twice := got[it.Key]; twice {
			b.Errorf("key %d came twice", it.Key)
		}
		got[it.Key] = it
	}
	return got
}

// verbs is every call of a session that asks the server about a folder.
func (b *bench) verbs(s source.Session, folder string, epoch uint64) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Delta": func(ctx context.Context) error { _, err := s.Delta(ctx, folder, ""); return err },
		"List":  func(ctx context.Context) error { _, err := s.List(ctx, folder, 0); return err },
		"Find": func(ctx context.Context) error {
			_, err := s.Find(ctx, folder, source.Clue{ID: "mail-1@acme.example"})
			return err
		},
		"Wait": func(ctx context.Context) error { return s.Wait(ctx, folder) },
		"Flags": func(ctx context.Context) error {
			for _, err := range s.Flags(ctx, folder) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"Fetch": func(ctx context.Context) error {
			for _, err := range s.Fetch(ctx, folder, epoch, crm.Span(1, 10), source.Want{}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}
