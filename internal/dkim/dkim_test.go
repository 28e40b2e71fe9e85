package dkim_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	godkim "github.com/emersion/go-msgauth/dkim"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/dkim"
	"threadline/internal/seal"
	tt "threadline/internal/timeline/timelinetest"
)

const letter = "From: Anna <anna@own.example>\r\nTo: x@else.example\r\nSubject: Offer\r\nList-Unsubscribe: <https://x.example/u/1>\r\n\r\nHello\r\n"

func TestSigns(t *testing.T) {
	w := tt.New(t)
	box, err := seal.Open(t.TempDir()+"/key", true, rand.Reader)
	must(t, err)
	records := map[string][]string{}
	look := func(name string) ([]string, error) {
		if list, ok := records[name]; ok {
			return list, nil
		}
		return nil, errors.New("no such host")
	}
	s := dkim.New(w.Space, box, rand.Reader, func(_ context.Context, name string) ([]string, error) { return look(name) })
	anna := access.Member(tt.Anna)
	for _, method := range []string{dkim.RSA, dkim.Ed25519} {
		x, err := s.Make(t.Context(), anna, tt.Anna, tt.OwnDomain, "tl2026", method)
		must(t, err)
		if strings.Contains(x.Key, "PRIVATE") || x.On {
			t.Errorf("a new key is %+v", x)
		}
		if _, err := s.Turn(t.Context(), anna, tt.OwnDomain, true); !crm.IsKind(err, crm.Conflict) || !strings.Contains(err.Error(), "v=DKIM1") {
			t.Errorf("a key without a record is turned on: %v", err)
		}
		if sign, err := s.For(t.Context(), tt.OwnDomain); err != nil || sign != nil {
			t.Errorf("it signs before it is on: %v", err)
		}
		records["tl2026._domainkey.own.example"] = []string{x.Record()}
		_, err = s.Turn(t.Context(), anna, tt.OwnDomain, true)
		must(t, err)
		sign, err := s.For(t.Context(), tt.OwnDomain)
		must(t, err)
		raw, err := sign([]byte(letter))
		must(t, err)
		verify := func(raw []byte) error {
			found, err := godkim.VerifyWithOptions(bytes.NewReader(raw), &godkim.VerifyOptions{LookupTXT: look})
			must(t, err)
			return found[0].Err
		}
		if err := verify(raw); err != nil {
			t.Errorf("%s: %v", method, err)
		}
		for name, other := range map[string]string{"another subject": strings.Replace(string(raw), "Subject: Offer", "Subject: Other", 1),
			"one more subject": strings.Replace(string(raw), "Subject:", "Subject: Free\r\nSubject:", 1),
			"one more way out": strings.Replace(string(raw), "Subject:", "List-Unsubscribe-Post: x\r\nSubject:", 1), "other text": strings.Replace(string(raw), "Hello", "Hullo", 1)} {
			if verify([]byte(other)) == nil {
				t.Errorf("%s: %s is not noticed", method, name)
			}
		}
	}
	for field, f := range map[string]func() error{
		"selector": func() error { _, err := s.Make(t.Context(), anna, "", "own.example", "a.b", dkim.RSA); return err },
		"method":   func() error { _, err := s.Make(t.Context(), anna, "", "own.example", "a", "md5"); return err },
		"domain":   func() error { _, err := s.Turn(t.Context(), anna, "else.example", true); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), "(field "+field+")") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
