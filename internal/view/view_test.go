package view_test

import (
	"log/slog"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rig is a world with deals in stages.
type rig struct {
	*tt.World
	*view.Service
	anna, bob access.Viewer
	by        records.By
}

func newRig(t testing.TB) *rig {
	w := tt.New(t)
	r := &rig{World: w, Service: view.New(w.Space, w.Records), anna: access.Member(tt.Anna), bob: access.Member(tt.Bob), by: records.By{Actor: tt.Anna, Cause: crm.CauseUI}}
	for i, d := range []map[string]any{
		{"name": "one", "stage": "qualified", "amount": 100, "currency": "EUR", "owner": string(tt.Anna), "expected_close": "2026-12-01"},
		{"name": "two", "stage": "proposal", "amount": 250, "currency": "EUR", "expected_close": "2026-12-24"},
		{"name": "three", "stage": "proposal", "amount": 7, "currency": "PLN"},
		{"name": "four", "stage": "proposal", "expected_close": "2027-01-02"},
	} {
		w.Make(crm.KindDeal, i, d)
	}
	must(t, records.NewProjector(w.Records, slog.New(slog.DiscardHandler)).CatchUp(t.Context()))
	return r
}

func names(t testing.TB, found records.Found, err error) []string {
	t.Helper()
	must(t, err)
	var out []string
	for _, d := range found.Items {
		out = append(out, d.Value.Name())
	}
	slices.Sort(out)
	return out
}

// TestBoard counts and sums by stage, from what is kept and by reading, which
// must agree.
func TestBoard(t *testing.T) {
	r := newRig(t)
	x := crm.View{Name: "Board", Kind: crm.KindDeal, Type: crm.ViewBoard, Query: "deals where pipeline = sales", GroupBy: "stage", Sums: []string{"amount"}, Sharing: crm.SharedWorkspace}
	pipes, err := r.Records.PipelinesOf(t.Context(), r.anna, crm.KindDeal)
	must(t, err)
	x.Query = "deals where pipeline = " + pipes[0].Key
	doc, batch, err := r.Save(t.Context(), r.anna, r.by, x, 0)
	must(t, err)
	kept, err := r.GroupsOf(t.Context(), r.bob, &doc.Value)
	must(t, err)
	if !kept.Kept {
		t.Error("a board by stage was not answered from what is kept")
	}
	read := doc.Value
	read.Query += " and created_at is not empty"
	slow, err := r.GroupsOf(t.Context(), r.bob, &read)
	must(t, err)
	kept.Kept = false
	if d := cmp.Diff(kept, slow); d != "" {
		t.Errorf("kept sums differ from those of reading:\n%s", d)
	}
	want := view.Group{Value: "proposal", Name: "Proposal", Count: 3, Sums: []view.Sum{{Field: "amount", Currency: "EUR", Value: 250}, {Field: "amount", Currency: "PLN", Value: 7}}}
	i := slices.IndexFunc(kept.Groups, func(g view.Group) bool { return g.Value == "proposal" })
	if i < 0 || len(kept.Groups) != len(pipes[0].Stages) {
		t.Fatalf("groups: %+v", kept.Groups)
	}
	if d := cmp.Diff(want, kept.Groups[i]); d != "" {
		t.Error(d)
	}
	found, err := r.Show(t.Context(), r.bob, &doc.Value, view.Part{Group: "proposal"})
	if got := names(t, found, err); !slices.Equal(got, []string{"four", "three", "two"}) {
		t.Errorf("the group has %v", got)
	}
	if _, ok := found.Items[0].Value.Derived[crm.DaysInStage]; !ok {
		t.Error("figures are missing from what a view shows")
	}
	_, err = r.Records.Undo(t.Context(), r.by, batch)
	must(t, err)
	if _, err := r.Get(t.Context(), r.anna, doc.Value.ID); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("after undo the view gives %v", err)
	}
}

// TestCalendar shows days, and groups by a person.
func TestCalendar(t *testing.T) {
	r := newRig(t)
	doc, _, err := r.Save(t.Context(), r.anna, r.by, crm.View{Name: "Closing", Kind: crm.KindDeal, Type: crm.ViewCalendar, Date: "expected_close",
		Columns: []string{"name", "days_in_stage"}, GroupBy: "owner", Sharing: crm.SharedPrivate}, 0)
	must(t, err)
	found, err := r.Show(t.Context(), r.anna, &doc.Value, view.Part{From: "2026-12-01", To: "2026-12-31"})
	if got := names(t, found, err); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("December has %v", got)
	}
	groups, err := r.GroupsOf(t.Context(), r.anna, &doc.Value)
	must(t, err)
	if groups.Total.Count != 4 || len(groups.Groups) != 2 || groups.Groups[0].Name != "Anna Own" || groups.Groups[1].Count != 3 {
		t.Errorf("groups by owner: %+v", groups)
	}
}

// TestBoardOfOnePipeline has the stages of that pipeline as columns and no other.
func TestBoardOfOnePipeline(t *testing.T) {
	r := newRig(t)
	_, err := r.Records.SavePipeline(t.Context(), r.by, crm.Pipeline{Key: "side", Name: "Side", Stages: []crm.Stage{
		{Key: "talk", Name: "Talk", Kind: crm.StageOpen}, {Key: "won", Name: "Won", Kind: crm.StageWon}, {Key: "lost", Name: "Lost", Kind: crm.StageLost}}})
	must(t, err)
	for _, text := range []string{"deals where pipeline = side", "deals where amount > 10 and pipeline = side"} {
		x := crm.View{Name: "Board", Kind: crm.KindDeal, Type: crm.ViewBoard, Query: text, GroupBy: "stage", Sharing: crm.SharedWorkspace}
		got, err := r.GroupsOf(t.Context(), r.anna, &x)
		must(t, err)
		var columns []string
		for _, g := range got.Groups {
			columns = append(columns, g.Value)
		}
		if !slices.Equal(columns, []string{"talk", "won", "lost"}) {
			t.Errorf("%s: the columns are %v", text, columns)
		}
	}
	x := crm.View{Name: "Bad", Kind: crm.KindDeal, Type: crm.ViewTable, Query: "deals where nix = 1", Sharing: crm.SharedWorkspace}
	if _, _, err := r.Save(t.Context(), r.anna, r.by, x, 0); !crm.IsKind(err, crm.Invalid) || err.(*crm.Error).Field != "query" {
		t.Errorf("a query that cannot be read gave %v", err)
	}
}

// TestNoLimit refuses a limit in a view, which means all its records, and passes
// over that of a view of an earlier time.
func TestNoLimit(t *testing.T) {
	r := newRig(t)
	x := crm.View{Name: "Few", Kind: crm.KindDeal, Type: crm.ViewTable, Query: "deals limit 2", Sharing: crm.SharedWorkspace}
	if _, _, err := r.Save(t.Context(), r.anna, r.by, x, 0); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("a view with a limit gave %v", err)
	}
	found, err := r.Show(t.Context(), r.anna, &x, view.Part{})
	if got := names(t, found, err); len(got) != 4 {
		t.Errorf("it shows %v", got)
	}
	found, err = r.Show(t.Context(), r.anna, &x, view.Part{Limit: 3})
	if got := names(t, found, err); len(got) != 3 || found.Next == "" {
		t.Errorf("a page of three is %v", got)
	}
}

// TestWhoSees keeps private views from others, and lets nobody else change them.
func TestWhoSees(t *testing.T) {
	r := newRig(t)
	mine, _, err := r.Save(t.Context(), r.anna, r.by, crm.View{Name: "Mine", Kind: crm.KindDeal, Type: crm.ViewTable, Query: "deals where owner = me", Sharing: crm.SharedPrivate}, 0)
	must(t, err)
	ours, _, err := r.Save(t.Context(), r.anna, r.by, crm.View{Name: "Ours", Kind: crm.KindDeal, Type: crm.ViewTable, Query: "deals where owner = me", Sharing: crm.SharedWorkspace}, 0)
	must(t, err)
	list, err := r.List(t.Context(), r.bob, "")
	must(t, err)
	if len(list) != 1 || list[0].Value.Name != "Ours" {
		t.Errorf("a colleague sees %+v", list)
	}
	if _, err := r.Get(t.Context(), r.bob, mine.Value.ID); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("a private view gives a colleague %v", err)
	}
	found, err := r.Show(t.Context(), r.bob, &ours.Value, view.Part{})
	if got := names(t, found, err); got != nil {
		t.Errorf("me is not whoever looks: %v", got)
	}
	for name, x := range map[string]crm.View{
		"no such field":  {Name: "x", Kind: crm.KindDeal, Type: crm.ViewTable, Columns: []string{"nmae"}, Sharing: crm.SharedPrivate},
		"no such kind":   {Name: "x", Kind: "dael", Type: crm.ViewTable, Sharing: crm.SharedPrivate},
		"another kind":   {Name: "x", Kind: crm.KindDeal, Type: crm.ViewTable, Query: "contacts", Sharing: crm.SharedPrivate},
		"a broken query": {Name: "x", Kind: crm.KindDeal, Type: crm.ViewTable, Query: "deals where nmae = 1", Sharing: crm.SharedPrivate},
		"no columns":     {Name: "x", Kind: crm.KindDeal, Type: crm.ViewBoard, Sharing: crm.SharedPrivate},
		"no date":        {Name: "x", Kind: crm.KindDeal, Type: crm.ViewCalendar, Date: "name", Sharing: crm.SharedPrivate},
		"a sum of text":  {Name: "x", Kind: crm.KindDeal, Type: crm.ViewTable, Sums: []string{"name"}, Sharing: crm.SharedPrivate},
		"nobody's team":  {Name: "x", Kind: crm.KindDeal, Type: crm.ViewTable, Sharing: crm.SharedTeam},
		"no name":        {Kind: crm.KindDeal, Type: crm.ViewTable, Sharing: crm.SharedPrivate},
	} {
		if _, _, err := r.Save(t.Context(), r.anna, r.by, x, 0); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := r.Save(t.Context(), r.anna, r.by, mine.Value, mine.Version+1); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("a stale version: %v", err)
	}
}

// TestSegments: by query, by choice, without others.
func TestSegments(t *testing.T) {
	r := newRig(t)
	save := func(x crm.Segment) string {
		t.Helper()
		x.Kind, x.Sharing = crm.KindDeal, crm.SharedWorkspace
		d, _, err := r.SaveSegment(t.Context(), r.anna, r.by, x, 0)
		must(t, err)
		return d.Value.ID
	}
	members := func(id string) []string {
		t.Helper()
		page, err := r.Members(t.Context(), r.bob, id, "", 50)
		got := names(t, records.Found{Page: page}, err)
		n, err := r.Count(t.Context(), r.bob, id)
		must(t, err)
		if int(n) != len(got) {
			t.Errorf("%d members are counted, %d listed", n, len(got))
		}
		return got
	}
	chosen := save(crm.Segment{Name: "Chosen", Mode: crm.SegmentStatic})
	batch, err := r.Pick(t.Context(), r.anna, r.by, chosen, []crm.RecordID{crm.RecordID(tt.ID("dea", 1)), crm.RecordID(tt.ID("dea", 2))}, nil)
	must(t, err)
	open := save(crm.Segment{Name: "Proposals", Mode: crm.SegmentDynamic, Query: "deals where stage = proposal order by amount"})
	rest := save(crm.Segment{Name: "Rest", Mode: crm.SegmentDynamic, Exclude: []string{chosen}})
	both := save(crm.Segment{Name: "Neither", Mode: crm.SegmentDynamic, Exclude: []string{chosen, open}})
	nested := save(crm.Segment{Name: "All but the rest", Mode: crm.SegmentDynamic, Exclude: []string{rest}})
	for id, want := range map[string][]string{
		chosen: {"three", "two"}, open: {"four", "three", "two"}, rest: {"four", "one"}, both: {"one"}, nested: {"three", "two"},
	} {
		if d := cmp.Diff(want, members(id)); d != "" {
			t.Errorf("segment %s:\n%s", id, d)
		}
	}
	if _, err := r.DeleteSegment(t.Context(), r.anna, r.by, chosen); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("deleting what others exclude: %v", err)
	}
	circle, err := r.Segment(t.Context(), r.anna, rest)
	must(t, err)
	circle.Value.Exclude = []string{nested}
	if _, _, err := r.SaveSegment(t.Context(), r.anna, r.by, circle.Value, 0); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("a circle: %v", err)
	}
	_, err = r.Records.Undo(t.Context(), r.by, batch)
	must(t, err)
	if got := members(chosen); got != nil {
		t.Errorf("after undo the chosen are %v", got)
	}
}
