package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestLeaveByOneClick sends the page to leave what programs, people and strangers
// send. A click of any form leaves (RFC 8058), once and again; a look never does,
// and an address that is not ours, whatever it resembles, nothing.
func TestLeaveByOneClick(t *testing.T) {
	w := newWorld(t)
	ctx, sp := t.Context(), w.deps.Space
	person := func(n string) (string, crm.Address) {
		t.Helper()
		r := crm.Recipient{ID: "rcp_" + strings.Repeat(n, 26), Campaign: "cam_aaaaaaaaaaaaaaaaaaaaaaaaaa", Address: crm.Address(n + "@people.example"), State: crm.RecipientSent}
		b := sp.Batch()
		store.Recipients.Create(b, &r)
		must(t, b.Commit(ctx))
		link, err := w.deps.Campaigns.LeaveLink(ctx, r.ID)
		must(t, err)
		return link, r.Address
	}
	left := func() int {
		t.Helper()
		docs, err := store.Suppressions.All(ctx, sp, store.Query{})
		must(t, err)
		return len(docs)
	}
	send := func(method, path, kind, body string) *httptest.ResponseRecorder {
		return w.do(call{method: method, path: path, body: body, header: map[string]string{"Content-Type": kind, "Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site", "Cookie": "x=y"}})
	}
	link, address := person("a")
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"} {
		for _, more := range []string{"", "?choice=save", "?List-Unsubscribe=One-Click"} {
			if res := send(method, link+more, "text/plain", ""); res.Code >= 500 || left() != 0 || method == "HEAD" && res.Code != 200 {
				t.Fatalf("%s %s: %d, %d left", method, link+more, res.Code, left())
			}
		}
	}
	token := strings.TrimPrefix(link, "/u/")
	for i := range token { // a character more, less, or another
		for _, bad := range []string{token[:i] + token[i+1:], token[:i] + "x" + token[i:], token[:i] + strings.Map(func(r rune) rune { return r ^ 1 }, token[i:i+1]) + token[i+1:]} {
			if res := send("POST", "/u/"+strings.ReplaceAll(bad, "`", "%60"), "", ""); res.Code < 400 || res.Code >= 500 || strings.Contains(res.Body.String(), string(address)) {
				t.Fatalf("a forged address: %d %s", res.Code, res.Body)
			}
		}
	}
	// The last letter of a token has bits that mean nothing.
	last := string(rune(token[len(token)-1] + 1))
	for _, bad := range []string{"/u/" + token[:len(token)-1] + last, "/u/", "/u/" + token + "/x", "/u/" + token + "%2f", "/u/%2e%2e", "/u/" + strings.ToUpper(token), "/u/" + strings.Repeat("a", 9000), "/u/rcp_" + strings.Repeat("a", 26)} {
		if res := send("POST", bad, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"); res.Code < 300 || res.Code >= 500 {
			if !strings.Contains(res.Body.String(), "the app") {
				t.Errorf("%s: %d %s", bad, res.Code, res.Body)
			}
		}
	}
	if n := left(); n != 0 {
		t.Fatalf("%d left by addresses that are not ours", n)
	}
	for i, c := range []struct{ kind, body string }{
		{"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"},
		{"multipart/form-data; boundary=b", "--b\r\nbroken"},
		{"multipart/form-data", "no boundary"},
		{"", ""},
		{"application/json", `{"a":1,"a":2}`},
		{"application/x-www-form-urlencoded", "%zz=%&;;choice"},
		{"application/x-www-form-urlencoded", "choice=other&choice=save"},
		{"text/plain; charset=utf-16", "\xff\xfe\x00"},
	} {
		link, address := person(string(rune('b' + i)))
		for again := range 2 {
			res := send("POST", link, c.kind, c.body)
			if res.Code != http.StatusOK || !strings.Contains(res.Body.String(), string(address)) || left() != i+1 {
				t.Errorf("%s %q, time %d: %d, %d left: %s", c.kind, c.body, again, res.Code, left(), crm.Clip(res.Body.String(), 200))
			}
		}
		if res := send("GET", link, "", ""); res.Code != http.StatusOK || len(res.Result().Cookies()) != 0 || strings.Contains(res.Body.String(), "<button>") {
			t.Errorf("who has left is asked again: %d %s", res.Code, res.Body)
		}
	}
	if res := send("POST", link, "application/x-www-form-urlencoded", "choice=save&keep=nowhere&keep=%00&keep="+strings.Repeat("x", 5000)); res.Code >= 500 {
		t.Errorf("purposes that there are not: %d %s", res.Code, res.Body)
	}
	if res := send("POST", link, "application/x-www-form-urlencoded", strings.Repeat("a", maxBody+1)); res.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body without end: %d", res.Code)
	}
}
