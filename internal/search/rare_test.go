package search

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestRare: however many subjects a word may have to be asked alone, the answer is
// what is found by looking at everything, in the same order.
func TestRare(t *testing.T) {
	r := newRig(t)
	f := r.indexes["fts"].(*FTS)
	words := []string{"anna", "annabel", "lodz", "offer", "next", "Łódź", "nova", "novak", "7", "71"}
	for i := range 60 {
		a, b := words[i%len(words)], words[i*7%len(words)]
		name := fmt.Sprintf("%s %s", a, b)
		switch i % 3 {
		case 0:
			r.Make(crm.KindContact, i, map[string]any{"name": name, "emails": []string{fmt.Sprintf("%s%d@lodz.example", "p", i)}})
		case 1:
			r.Make(crm.KindNote, i, map[string]any{"text": name})
		default:
			r.Store(tt.Mail{ID: crm.RFCID(fmt.Sprintf("m%d@x", i)), From: crm.Address(fmt.Sprintf("p%d@lodz.example", i-2)), To: []crm.Address{tt.AnnaAtWork},
				Subject: name, Date: crm.At(tt.Start.Add(time.Duration(i) * time.Minute))})
		}
	}
	r.catchUp(t)
	all := r.everything(t)
	s := New(r.Space, f, r.Records)
	rapid.Check(t, func(rt *rapid.T) {
		v := rapid.SampledFrom([]access.Viewer{access.Member(tt.Anna), access.Member(tt.Bob), access.Operator()}).Draw(rt, "viewer")
		q := Question{Limit: rapid.SampledFrom([]int{0, 3, 50}).Draw(rt, "limit"), Kinds: rapid.SampledFrom([][]crm.Kind{nil, {crm.KindNote}, {crm.KindContact, KindMessage}}).Draw(rt, "kinds")}
		for i, w := range rapid.SliceOfN(rapid.SampledFrom(words), 1, 3).Draw(rt, "words") {
			if q.Text += w; i == 0 || rapid.Bool().Draw(rt, "apart") {
				q.Text += " "
			}
		}
		q.Text = clip(q.Text, rapid.IntRange(1, len(q.Text)).Draw(rt, "letters"))
		if len(asksFor(q.Text)) == 0 {
			return
		}
		f.few = rapid.SampledFrom([]int{0, 1, 5, few}).Draw(rt, "few")
		hits, err := s.Find(t.Context(), v, q)
		must(t, err)
		var got []string
		for _, h := range hits {
			got = append(got, h.ID)
		}
		if d := gocmp.Diff(naive(all, v, q), got); d != "" {
			rt.Fatalf("%+v, rare up to %d (-naive +got):\n%s", q, f.few, d)
		}
	})
}

func asksFor(text string) []string { return readAsked(text, "").words }

// everything is all that can be found, the newest first.
func (r *rig) everything(t *testing.T) []subject {
	t.Helper()
	l, err := NewIndexer(r.Space, nil, quiet()).loader(t.Context())
	must(t, err)
	var out []subject
	for _, c := range []store.Collection[crm.Record]{store.Records, store.Activities} {
		docs, err := c.All(t.Context(), r.Space, store.Query{})
		must(t, err)
		for _, d := range docs {
			out = append(out, l.record(&d.Value)...)
		}
	}
	mail, err := store.Messages.All(t.Context(), r.Space, store.Query{})
	must(t, err)
	for _, d := range mail {
		out = append(out, ofMessage(&d.Value))
	}
	slices.SortFunc(out, func(a, b subject) int { return cmp.Compare(b.At, a.At) })
	return out
}

// naive looks at everything.
func naive(all []subject, v access.Viewer, q Question) []string {
	var heads, rest []string
	a := readAsked(q.Text, "")
	by := append(v.Audiences(), crm.Members)
	for i := range all {
		s := &all[i]
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, s.Kind) || v.Operator && s.Kind == KindMessage {
			continue
		}
		switch holds, begins := s.holds(a, by); {
		case begins:
			heads = append(heads, s.ID)
		case holds:
			rest = append(rest, s.ID)
		}
	}
	out := append(heads, rest...)
	return out[:min(len(out), cmp.Or(q.Limit, DefaultLimit))]
}
