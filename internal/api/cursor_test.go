package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
)

// TestCursors: a cursor is read by the list that gave it, for whom it was given,
// and by no other.
func TestCursors(t *testing.T) {
	w := newBoss(t)
	for i := range 5 {
		body := fmt.Sprintf(`{"values":{"name":"Person %d"}}`, i)
		if res := w.do(call{method: "POST", path: "/api/v1/contacts", as: "boss", body: body}); res.Code != http.StatusCreated {
			t.Fatal(res.Body)
		}
	}
	const list = "/api/v1/contacts?q=name+is+not+empty"
	first := decode[items[recordView]](t, w.do(call{path: list + "&limit=2", as: "boss"}))
	if first.Next == "" {
		t.Fatal("one page holds all")
	}
	given := "&cursor=" + url.QueryEscape(first.Next)
	for _, c := range []call{{path: list + "&limit=2" + given, as: "boss"}, {path: list + "&limit=3" + given, as: "boss"}} {
		if res := w.do(c); res.Code != http.StatusOK || len(decode[items[recordView]](t, res).Items) < 2 {
			t.Errorf("its own cursor at %s: %d %s", c.path, res.Code, res.Body)
		}
	}
	refused := func(what string, res int, p Problem) {
		t.Helper()
		if res != http.StatusUnprocessableEntity || p.Code != crm.Invalid || p.Field != "cursor" || !strings.Contains(p.Hint, "without it") {
			t.Errorf("%s: %d %+v", what, res, p)
		}
	}
	last := first.Next[len(first.Next)-1]
	other := byte('A')
	if last == other {
		other = 'Q'
	}
	for what, c := range map[string]call{
		"somebody else's":      {path: list + given, as: "mia"},
		"the operator's":       {path: list + given, as: "operator"},
		"of another question":  {path: "/api/v1/contacts?q=" + url.QueryEscape(`name ~ "Person"`) + given, as: "boss"},
		"of another folder":    {path: "/api/v1/companies?q=name+is+not+empty" + given, as: "boss"},
		"without its mark":     {path: list + "&cursor=" + first.Next[cursorHead:], as: "boss"},
		"nothing but its mark": {path: list + "&cursor=" + first.Next[:cursorHead], as: "boss"},
		"changed at its end":   {path: list + "&cursor=" + first.Next[:len(first.Next)-1] + string(other), as: "boss"},
	} {
		res := w.do(c)
		refused(what, res.Code, decode[Problem](t, res))
	}
	w.longPages()
	lists := 0
	for _, op := range w.typical() {
		if !slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == "cursor" }) {
			continue
		}
		lists++
		path, _ := w.fillPath(op.path, w.hidden)
		ask := w.queries(op, w.hidden)
		res := w.send(op, path+"?"+ask[len(ask)-1]+given, "", nil)
		refused(op.method+" "+op.path, res.Code, decode[Problem](t, res))
	}
	if lists < 30 {
		t.Errorf("%d lists were asked", lists)
	}
}

// longPages reads lists whose cursors hold long texts.
func (b *boss) longPages() {
	b.t.Helper()
	for i := range 4 {
		body := fmt.Sprintf(`{"values":{"name":"%s %d","about":"%s %d"}}`, strings.Repeat("ż", 240), i, strings.Repeat("ń", 4000), i)
		if res := b.do(call{method: "POST", path: "/api/v1/companies", as: "boss", body: body}); res.Code != http.StatusCreated {
			b.t.Fatal(res.Body)
		}
	}
	for _, order := range []string{"name", "about", "about desc"} {
		q := url.QueryEscape(`name ~ "` + strings.Repeat("ż", 200) + `" order by ` + order)
		seen, next := map[string]bool{}, ""
		for range 5 {
			res := b.do(call{path: "/api/v1/companies?limit=1&q=" + q + "&cursor=" + next, as: "boss"})
			list := decode[struct {
				Items []struct{ ID string }
				Next  string
			}](b.t, res)
			for _, x := range list.Items {
				seen[x.ID] = true
			}
			if next = list.Next; next == "" {
				break
			}
		}
		if len(seen) != 4 || next != "" {
			b.t.Errorf("in order of %s: %d of 4, and more at %q", order, len(seen), next)
		}
	}
}
