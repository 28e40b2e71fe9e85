package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// told reads the events of a stream: their data, and the id of the last.
func told(t *testing.T, stream string) (all []news, last string) {
	t.Helper()
	for line := range strings.Lines(stream) {
		if data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: "); ok {
			var n news
			must(t, json.Unmarshal([]byte(data), &n))
			all = append(all, n)
		}
		if id, ok := strings.CutPrefix(strings.TrimSpace(line), "id: "); ok {
			last = id
		}
	}
	return all, last
}

func TestLive(t *testing.T) {
	w := newWalk(t)
	listen := func(who, last string) ([]news, string) {
		t.Helper()
		res := w.do(call{path: "/api/v1/live?stay=0", as: who, header: map[string]string{"Last-Event-ID": last}})
		if res.Code != http.StatusOK || res.Header().Get("Content-Type") != eventStream {
			t.Fatalf("%s: %d %s", who, res.Code, res.Body)
		}
		return told(t, res.Body.String())
	}
	_, nora := listen("nora", "")
	_, una := listen("una", "")
	made := decode[struct{ ID string }](t, w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"Live Contact"}}`}))
	if made.ID == "" {
		t.Fatal("no contact was made")
	}
	got, next := listen("nora", nora)
	if len(got) != 1 || !slices.Contains(got[0].Kinds, "contact") || !slices.Contains(got[0].IDs, made.ID) {
		t.Fatalf("the maker heard %+v", got)
	}
	if again, _ := listen("nora", next); len(again) != 0 {
		t.Fatalf("what was told is told again: %+v", again)
	}
	if got, _ := listen("una", una); len(got) != 0 {
		t.Fatalf("a stranger heard %+v", got)
	}
	if got, _ := listen("nora", "bm8gcG9zaXRpb24"); len(got) != 1 || !got[0].All {
		t.Fatalf("who comes from nowhere known looks at everything, not %+v", got)
	}
}

// TestLiveOpensNothing: being told of a mail is not reading it, and its owner is not
// told so.
func TestLiveOpensNothing(t *testing.T) {
	w := newWorld(t).withMail()
	if res := w.do(call{method: "PUT", path: "/api/v1/sharing", as: "nora", body: `{"mailboxes":{"` + string(w.mailbox) + `":"full"}}`}); res.Code != 200 {
		t.Fatal(res.Code, res.Body)
	}
	openings := func() int {
		return len(decode[items[openedMail]](t, w.do(call{path: "/api/v1/openings", as: "nora"})).Items)
	}
	tom, err := w.deps.Auth.UserByEmail(t.Context(), w.deps.Space, "tom@brightwell.example")
	must(t, err)
	v, err := w.deps.Records.Viewer(t.Context(), tom.ID)
	must(t, err)
	ids, feed := map[string]bool{}, &liveFeed{s: w.Server, v: v}
	feed.arrived(t.Context(), &crm.Arrival{Items: []crm.ArrivalItem{{Message: w.message}}}, map[string]bool{}, ids)
	if n := openings(); n != 0 || !ids[string(w.message)] {
		t.Errorf("told of %v, which counts as %d openings", ids, n)
	}
	w.do(call{path: "/api/v1/messages/" + string(w.message), as: "tom"})
	if n := openings(); n != 1 {
		t.Errorf("read once, which counts as %d openings", n)
	}
}

// TestLiveEndsWithItsCaller: a stream that is open tells nothing more to whom signed
// out meanwhile.
func TestLiveEndsWithItsCaller(t *testing.T) {
	w := newWorld(t)
	srv := httptest.NewServer(w.Public())
	defer srv.Close()
	cookie := w.signedIn()
	ask := func(method, path string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, nil)
		must(t, err)
		r.AddCookie(cookie)
		res, err := srv.Client().Do(r)
		must(t, err)
		return res
	}
	stream := ask("GET", "/api/v1/live?stay=10")
	defer stream.Body.Close()
	_, err := stream.Body.Read(make([]byte, 1000)) // it has begun
	must(t, err)
	out := ask("DELETE", "/api/v1/session")
	out.Body.Close()
	made := decode[struct{ ID string }](t, w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"Live Contact"}}`}))
	rest, err := io.ReadAll(stream.Body)
	must(t, err)
	if strings.Contains(string(rest), made.ID) {
		t.Errorf("who signed out hears of %s", made.ID)
	}
}

func TestLiveBounds(t *testing.T) {
	l := streams{of: map[string]int{}}
	for range liveEach {
		if !l.enter("nora") {
			t.Fatal("refused too early")
		}
	}
	if l.enter("nora") || !l.enter("ola") {
		t.Fatal("the bound is one for each caller")
	}
	l.leave("nora")
	if !l.enter("nora") {
		t.Fatal("a place that was left is not given again")
	}
}
