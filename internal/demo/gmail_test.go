package demo

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestGmailDrafts: a draft opens as it was made; nobody without the token makes one.
func TestGmailDrafts(t *testing.T) {
	g, err := ServeGmail(t.Context(), "a token")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	raw := "From: a@b.example\r\nTo: Bo <bo@firm.example>, c@d.example\r\nSubject: Hello\r\n\r\nDear Bo\r\n"
	post := func(token, raw string) (int, string) {
		t.Helper()
		body := fmt.Sprintf(`{"message":{"raw":%q}}`, raw)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.URL()+"/gmail/v1/users/me/drafts", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		said, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(said)
	}
	encoded := base64.URLEncoding.EncodeToString([]byte(raw))
	if status, _ := post("another", encoded); status != http.StatusUnauthorized {
		t.Errorf("another token: %d", status)
	}
	if status, _ := post("a token", "&"); status != http.StatusBadRequest {
		t.Errorf("no mail: %d", status)
	}
	if status, said := post("a token", encoded); status != http.StatusOK || !strings.Contains(said, `"id":"r1"`) || !strings.Contains(said, `"threadId":"1"`) {
		t.Errorf("%d %s", status, said)
	}
	d, ok := g.Draft("r1")
	if !ok || strings.Join(d.To, " ") != "bo@firm.example c@d.example" || d.Subject != "Hello" || strings.TrimSpace(d.Text) != "Dear Bo" {
		t.Errorf("%+v, %v", d, ok)
	}
	if _, ok := g.Draft("r2"); ok {
		t.Error("a draft that nobody made opens")
	}
}
