package intake_test

import (
	cryptorand "crypto/rand"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"threadline/internal/bulk"
	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
	"threadline/internal/testenv"
	"threadline/manifests"
)

// onFirestore makes a desk on an empty database of the emulator.
func onFirestore(t testing.TB, addr string) *desk {
	t.Helper()
	var b [6]byte
	_, err := cryptorand.Read(b[:])
	must(t, err)
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	x := store.NewIndexes(list)
	driver, err := firestore.Open(t.Context(), x, firestore.Options{Project: "demo-" + hex.EncodeToString(b[:]), Emulator: addr,
		Jitter: rand.Float64, Random: cryptorand.Reader, Now: time.Now, Rate: 100_000})
	must(t, err)
	d, err := openDeskOn(t.Context(), driver, x, t.TempDir(), time.Now)
	must(t, err)
	t.Cleanup(func() { must(t, d.close()) })
	return d
}

// story does what people do in any order, through every way in which records
// change, and remembers the batches.
type story struct {
	*desk
	t       testing.TB
	r       *rand.Rand
	by      records.By
	batches []string
	n       int
}

func (s *story) did(batch string, err error) {
	s.t.Helper()
	refused := crm.IsKind(err, crm.Invalid) || crm.IsKind(err, crm.Exists) || crm.IsKind(err, crm.Conflict) || crm.IsKind(err, crm.NotFound)
	if err != nil && !refused {
		s.t.Fatal(err)
	}
	if err == nil && batch != "" {
		s.batches = append(s.batches, batch)
	}
}

// any is the id of some record of a kind, "" when there is none.
func (s *story) any(k crm.Kind) crm.RecordID {
	docs, err := store.Records.All(s.t.Context(), s.sp, store.Query{Where: []store.Filter{store.Is("kind", k)}, Order: "created_at"})
	must(s.t, err)
	if len(docs) == 0 {
		return ""
	}
	return docs[s.r.IntN(len(docs))].Value.ID
}

func (s *story) pick(list ...string) string { return list[s.r.IntN(len(list))] }

func (s *story) address() string { return fmt.Sprintf("p%d@far%d.example", s.r.IntN(6), s.r.IntN(3)) }

func (s *story) finished(id string) {
	s.t.Helper()
	must(s.t, s.jobs.WorkOff(s.t.Context()))
	p, err := s.jobs.Get(s.t.Context(), operator, id)
	must(s.t, err)
	if p.State == crm.JobFailed {
		s.t.Fatalf("%s: %s (%s)", p.Title, p.Msg, p.Hint)
	}
}

func (s *story) step() {
	ctx := s.t.Context()
	switch s.r.IntN(9) {
	case 0, 1:
		s.n++
		saved, err := s.records.Create(ctx, s.by, s.draft())
		s.did(saved.Batch, err)
	case 2:
		if id := s.any(crm.KindContact); id != "" {
			saved, err := s.records.Update(ctx, s.by, id, records.Patch{Values: map[string]any{"title": s.pick("CEO", "CFO"), "emails": s.address()}, MovedOn: s.r.IntN(2) == 0})
			s.did(saved.Batch, err)
		}
	case 3:
		e, err := s.bulk.Plan(ctx, operator, s.by, bulk.Order{Query: "contacts where name ~ person", Set: map[string]any{"title": s.pick("Clerk", "Boss")}})
		must(s.t, err)
		s.finished(e.ID)
		_, err = s.bulk.Apply(ctx, operator, e.ID)
		s.did(e.Batch, err)
		s.finished(e.ID)
	case 4:
		if a, b := s.any(crm.KindContact), s.any(crm.KindContact); a != b {
			m, err := s.records.Merge(ctx, s.by, records.Merging{Into: a, From: []crm.RecordID{b}})
			s.did(m.Batch, err)
		}
	case 5:
		if id := s.any(crm.KindLead); id != "" {
			done, err := s.records.Convert(ctx, s.by, id, records.Conversion{Company: records.Target{ID: s.any(crm.KindCompany)}}, 0)
			s.did(done.Batch, err)
		}
	case 6:
		if id := s.any(crm.KindDeal); id != "" {
			saved, err := s.records.Win(ctx, s.by, id, 0)
			s.did(saved.Batch, err)
		}
	case 7:
		batch, err := s.records.SetDuplicateRules(ctx, s.by, crm.DuplicateRules{Kind: crm.KindContact, Rules: []crm.DuplicateRule{
			{Field: s.pick("name", "emails"), Like: crm.LikeFolded, Effect: crm.DuplicateWarns}}})
		s.did(batch, err)
	case 8:
		s.imported()
	}
}

func (s *story) draft() records.Draft {
	name := fmt.Sprintf("Person %d", s.r.IntN(4))
	switch s.r.IntN(5) {
	case 0:
		return records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Far", "domains": fmt.Sprintf("far%d.example", s.r.IntN(3))}}
	case 1:
		return records.Draft{Kind: crm.KindDeal, Values: map[string]any{"name": "Deal", "company": string(s.any(crm.KindCompany)), "contacts": []any{}}}
	case 2:
		return records.Draft{Kind: crm.KindLead, Values: map[string]any{"name": name, "emails": s.address(), "company_name": "Far", "status": s.pick("new", "mql", "qualified")}}
	}
	return records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": name, "emails": s.address()}}
}

func (s *story) imported() {
	s.t.Helper()
	text := "name,emails\n"
	for range 5 {
		text += fmt.Sprintf("Person %d,%s\n", s.r.IntN(4), s.address())
	}
	im := s.planned(s.t, crm.KindContact, text, intake.Options{})
	if im.Stage != intake.StagePlanned {
		return
	}
	_, err := s.Apply(s.t.Context(), operator, im.ID)
	s.did(im.Batch, err)
	s.finished(im.ID)
}

// tellStory lets a story happen and takes all of it back, the newest first: the
// canonical export is what it was.
func tellStory(t *testing.T, d *desk, seed uint64, steps int) {
	t.Helper()
	s := &story{desk: d, t: t, r: rand.New(rand.NewPCG(seed, 1)), by: records.By{Cause: crm.CauseCLI}}
	before := string(d.exported(t, t.Context()))
	for range steps {
		s.step()
	}
	for _, batch := range slices.Backward(s.batches) {
		p, err := d.bulk.Undo(t.Context(), operator, s.by, batch)
		if crm.IsKind(err, crm.NotFound) { // an import or an edit that wrote nothing
			continue
		}
		must(t, err)
		s.finished(p.ID)
		if p, err = d.jobs.Get(t.Context(), operator, p.ID); err != nil || p.State != crm.JobDone {
			t.Fatalf("seed %d: the undo of %s is %s %v %v", seed, batch, p.State, p.Counts, err)
		}
	}
	if after := string(d.exported(t, t.Context())); after != before {
		t.Errorf("seed %d: after undoing %d batches the export is another:\n%s\nit was\n%s", seed, len(s.batches), after, before)
	}
}

// writers are many that write at once: into one list, one unique field, one
// auto-number. Whoever comes late is told so, tries again, and nothing is lost.
func writers(t *testing.T, d *desk, n int) {
	t.Helper()
	by := records.By{Cause: crm.CauseCLI}
	for _, f := range []crm.Field{{Key: "labels", Type: crm.FieldTags}, {Key: "code", Type: crm.FieldText, Unique: true}, {Key: "no", Type: crm.FieldAutoNumber}} {
		_, err := d.records.MakeField(t.Context(), by, crm.FieldDef{Kind: crm.KindCompany, Field: f})
		must(t, err)
	}
	one, err := d.records.Create(t.Context(), by, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "One"}})
	must(t, err)
	var mu sync.Mutex
	var failed []error
	numbers, unique := map[int64]bool{}, 0
	each := func(do func(i int) error) {
		t.Helper()
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				if err := do(i); err != nil {
					mu.Lock()
					failed = append(failed, err)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for _, err := range failed {
			t.Error(err)
		}
	}
	each(func(i int) error {
		for {
			doc, err := d.records.Get(t.Context(), operator, one.Record.ID)
			if err != nil {
				return err
			}
			list := append(slices.Clone(doc.Value.List("labels")), fmt.Sprintf("l%02d", i))
			_, err = d.records.Update(t.Context(), by, one.Record.ID, records.Patch{Values: map[string]any{"labels": list}, IfMatch: doc.Version})
			if err == nil || !crm.IsKind(err, crm.Conflict) && !crm.IsKind(err, crm.Unavailable) {
				return err
			}
		}
	})
	each(func(i int) error {
		saved, err := d.records.Create(t.Context(), by, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": fmt.Sprintf("C%d", i), "code": "same"}})
		if err == nil {
			mu.Lock()
			unique++
			numbers[saved.Record.Int("no")] = true
			mu.Unlock()
		}
		if crm.IsKind(err, crm.Exists) || crm.IsKind(err, crm.Conflict) {
			return nil
		}
		return err
	})
	each(func(i int) error {
		saved, err := d.records.Create(t.Context(), by, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": fmt.Sprintf("N%d", i)}})
		mu.Lock()
		defer mu.Unlock()
		if err == nil && numbers[saved.Record.Int("no")] {
			err = fmt.Errorf("the number %d was given twice", saved.Record.Int("no"))
		}
		numbers[saved.Record.Int("no")] = true
		return err
	})
	doc, err := d.records.Get(t.Context(), operator, one.Record.ID)
	must(t, err)
	if got := len(doc.Value.List("labels")); got != n {
		t.Errorf("of %d writers %d are left", n, got)
	}
	if unique != 1 || len(numbers) != n+1 {
		t.Errorf("%d records have the unique value, %d numbers were given", unique, len(numbers))
	}
}

// TestStories takes everything back that was done in any order.
func TestStories(t *testing.T) {
	stories, steps := 2, 14
	if os.Getenv("THREADLINE_SOAK") != "" {
		stories, steps = 100, 30
	}
	base := rand.Uint64()
	for i := range stories {
		tellStory(t, newDesk(t), base+uint64(i), steps)
	}
}

// TestWriters lets fifty write at once.
func TestWriters(t *testing.T) { writers(t, newDesk(t), 50) }

// TestTogetherOnFirestore does the same on the other engine, at a small size: its
// emulator makes those who meet wait for two seconds.
func TestTogetherOnFirestore(t *testing.T) {
	emulator := testenv.Firestore(t)
	n, steps := 2, 5
	if os.Getenv("THREADLINE_SOAK") != "" {
		n, steps = 12, 40
	}
	tellStory(t, onFirestore(t, emulator.Addr), rand.Uint64(), steps)
	writers(t, onFirestore(t, emulator.Addr), n)
}
