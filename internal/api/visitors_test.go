package api

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestPreferences chooses what to get, from the page behind the link of a mail.
func TestPreferences(t *testing.T) {
	w := newWorld(t)
	const id, address = "rcp_aaaaaaaaaaaaaaaaaaaaaaaaaa", crm.Address("reader@people.example")
	b := w.deps.Space.Batch()
	store.Recipients.Create(b, &crm.Recipient{ID: id, Campaign: "cam_aaaaaaaaaaaaaaaaaaaaaaaaaa", Address: address, State: crm.RecipientSent})
	must(t, b.Commit(t.Context()))
	res := w.do(call{method: "PUT", path: "/api/v1/mailing", as: "operator", body: `{"purposes":[{"key":"news","name":"News & more"},{"key":"offers","name":"Offers"}]}`})
	if res.Code != 200 {
		t.Fatalf("%d %s", res.Code, res.Body)
	}
	link, err := w.deps.Campaigns.LeaveLink(t.Context(), id)
	must(t, err)
	ask := func(method, form string, code int, want ...string) {
		t.Helper()
		res := w.do(call{method: method, path: link, body: form, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
		for _, x := range want {
			if !strings.Contains(res.Body.String(), x) || res.Code != code {
				t.Errorf("%s %q: %d lacks %q: %s", method, form, res.Code, x, res.Body)
			}
		}
	}
	gone := func() string {
		t.Helper()
		c, err := w.deps.Campaigns.Choices(t.Context(), strings.TrimPrefix(link, "/u/"))
		must(t, err)
		return strings.Join([]string{map[bool]string{true: "all"}[c.All], map[bool]string{true: "news"}[c.Left["news"]], map[bool]string{true: "offers"}[c.Left["offers"]]}, ",")
	}
	ask("GET", "", 200, "News &amp; more", `value="news" checked`, `value="offers" checked`)
	ask("GET", "", 200, `value="news" checked`) // it changed nothing
	for range 2 {
		ask("POST", "choice=save&keep=news", 200, `value="news" checked`, `value="offers">`)
	}
	if got := gone(); got != ",,offers" {
		t.Errorf("left: %s", got)
	}
	ask("POST", "List-Unsubscribe=One-Click", 200, string(address))
	if got := gone(); got != "all,,offers" {
		t.Errorf("left: %s", got)
	}
	ask("POST", "choice=save&keep=offers", 200, `value="offers" checked`) // they come back
	if got := gone(); got != ",news," {
		t.Errorf("left: %s", got)
	}
	ask("POST", "choice=save&keep=nonsense", 200)
	ask("GET", "", 200, `value="offers">`)
}

// TestVisitorsAreBounded asks more often than one caller may.
func TestVisitorsAreBounded(t *testing.T) {
	w := newWorld(t)
	codes := map[int]int{}
	for range visitorBurst + visitorRate {
		res := w.do(call{path: "/t/o/x", from: "203.0.113.9:1"})
		if codes[res.Code]++; res.Code == http.StatusTooManyRequests && res.Header().Get("Retry-After") == "" {
			t.Fatal("no word about when to come again")
		}
	}
	if codes[http.StatusTooManyRequests] == 0 || codes[http.StatusOK] < visitorBurst {
		t.Errorf("answers: %v", codes)
	}
	if res := w.do(call{path: "/t/o/x", from: "203.0.113.10:1"}); res.Code != 200 {
		t.Errorf("another caller is sent away: %d", res.Code)
	}
	var v visitors
	for i := range 3 * visitorsMost {
		v.of(stranger("2001:db8:" + strconv.FormatInt(int64(i>>16), 16) + ":" + strconv.FormatInt(int64(i&0xffff), 16) + "::1"))
	}
	if n := len(v.now) + len(v.was); n > 2*visitorsMost {
		t.Errorf("%d callers are remembered", n)
	}
	if stranger("2001:db8::1") != stranger("2001:db8::2") || stranger("::ffff:192.0.2.1") != stranger("192.0.2.1") || stranger("192.0.2.1") == stranger("192.0.2.2") {
		t.Error("callers are told apart wrongly")
	}
}
