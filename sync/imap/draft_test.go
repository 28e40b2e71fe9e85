package imap_test

import (
	"fmt"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/imap"
	"threadline/sync/source"
)

// drafts writes a draft into Dovecot, changes it, and takes it out: there is one at
// a time, and other drafts stay.
func drafts(t *testing.T, srv *testenv.Server, user string) {
	src := imap.New(config(srv.Addr, user))
	if err := src.KeepDraft(t.Context(), "tl.a@x.example", nil); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("without a folder: %v", err)
	}
	if err := srv.Admin(user).CreateFolder("Drafts"); err != nil {
		t.Fatal(err)
	}
	draft := func(id, words string) []byte {
		return []byte(fmt.Sprintf("Message-ID: <%s>\r\nSubject: A draft\r\n\r\n%s\r\n", id, words))
	}
	count := func(id crm.RFCID) int {
		t.Helper()
		s, err := src.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		found, err := s.Find(t.Context(), "Drafts", source.Clue{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		return int(found.Keys.Size())
	}
	for _, words := range []string{"one", "two", strings.Repeat("three ", 20000)} {
		if err := src.KeepDraft(t.Context(), "tl.a@x.example", draft("tl.a@x.example", words)); err != nil {
			t.Fatal(err)
		}
	}
	if err := src.KeepDraft(t.Context(), "tl.b@x.example", draft("tl.b@x.example", "other")); err != nil {
		t.Fatal(err)
	}
	if a, b := count("tl.a@x.example"), count("tl.b@x.example"); a != 1 || b != 1 {
		t.Errorf("%d and %d drafts, want one of each", a, b)
	}
	for range 2 {
		if err := src.DropDraft(t.Context(), "tl.a@x.example"); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := count("tl.a@x.example"), count("tl.b@x.example"); a != 0 || b != 1 {
		t.Errorf("%d and %d drafts after one was dropped", a, b)
	}
}
