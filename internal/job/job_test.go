package job_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
)

const (
	items    = 30
	perChunk = 4
	work     = "job_aaaaaaaaaaaaaaaaaaaaaaaaaa"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(testenv.EnvChild); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func must(t interface{ Fatal(...any) }, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func openStore(dir string) (*store.Store, error) {
	x := store.NewIndexes(store.Shapes())
	d, err := sqlite.Open(context.Background(), filepath.Join(dir, "data.db"), x, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	return store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
}

func space(t testing.TB) *store.Space {
	t.Helper()
	st, err := openStore(t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st.In("wsp_aaaaaaaaaaaaaaaaaaaaaaaaaa")
}

// counting adds one to a number for each item: done twice or left out, the sum
// is wrong. broken makes every chunk at that position fail.
func counting(broken map[string]error) job.Kind {
	return job.Kind{Name: "count", Open: func(_ context.Context, j crm.Job) (job.Run, error) {
		at, _ := strconv.Atoi(j.Position)
		return &counter{at: at, broken: broken}, nil
	}}
}

type counter struct {
	at     int
	broken map[string]error
}

func (c *counter) Close() error { return nil }

func (c *counter) Next(context.Context) (job.Chunk, error) {
	from := c.at
	if err := c.broken[strconv.Itoa(from)]; err != nil {
		return job.Chunk{}, err
	}
	n := min(perChunk, items-from)
	c.at += n
	return job.Chunk{Info: store.ChangeInfo{Cause: crm.CauseSystem, Batch: "bat_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, Write: func(ctx context.Context, tx *store.Tx, j *crm.Job) error {
		docs, err := store.Settings.GetMany(ctx, tx, []string{"sum"})
		if err != nil {
			return err
		}
		p := crm.Pipeline{Key: "sum"}
		if docs[0].Exists() {
			p = *docs[0].Value.Pipeline
		}
		for i := range n {
			p.Stages = append(p.Stages, crm.Stage{Key: strconv.Itoa(from + i)})
		}
		store.Settings.Put(tx, &crm.Setting{ID: "sum", Pipeline: &p})
		j.Position, j.Done = strconv.Itoa(from+n), j.Done+int64(n)
		if from+n == items {
			j.State = crm.JobDone
		}
		return nil
	}}, nil
}

func service(sp *store.Space, owner string, broken map[string]error) *job.Service {
	return job.New(sp, job.Config{Owner: owner, Log: slog.New(slog.DiscardHandler)}, counting(broken))
}

func add(t testing.TB, s *job.Service) {
	t.Helper()
	_, err := s.Add(t.Context(), crm.Job{ID: work, Kind: "count", State: crm.JobRunning, Total: items})
	must(t, err)
}

// wantOnce checks that the job is done and each item was done once, in order.
func wantOnce(t testing.TB, sp *store.Space) {
	t.Helper()
	doc, err := store.Jobs.Get(t.Context(), sp, work)
	must(t, err)
	sum, err := store.Settings.Get(t.Context(), sp, "sum")
	must(t, err)
	if j := doc.Value; j.State != crm.JobDone || j.Done != items || j.Owner != "" {
		t.Errorf("the job ended as %+v", j)
	}
	stages := sum.Value.Pipeline.Stages
	if len(stages) != items {
		t.Fatalf("%d items were done %d times", items, len(stages))
	}
	for i, s := range stages {
		if s.Key != strconv.Itoa(i) {
			t.Fatalf("item %d is %s", i, s.Key)
		}
	}
}

func TestCarriesOut(t *testing.T) {
	sp := space(t)
	s := service(sp, "one", nil)
	add(t, s)
	must(t, s.WorkOff(t.Context()))
	wantOnce(t, sp)
	must(t, s.WorkOff(t.Context()))
	wantOnce(t, sp)
}

// TestKilled kills a process that works at points before, in and after every
// call of the store, and goes on in another.
func TestKilled(t *testing.T) {
	m := testenv.BuildMortal(t, t.TempDir())
	testenv.EveryPoint(t, 17, 20, func(at int) bool {
		dir := t.TempDir()
		st, err := openStore(dir)
		must(t, err)
		add(t, service(st.In("wsp_aaaaaaaaaaaaaaaaaaaaaaaaaa"), "me", nil))
		must(t, st.Close())
		killed := m.Dies(t, dir, at)
		st, err = openStore(dir)
		must(t, err)
		sp := st.In("wsp_aaaaaaaaaaaaaaaaaaaaaaaaaa")
		must(t, service(sp, "me", nil).WorkOff(t.Context()))
		wantOnce(t, sp)
		must(t, st.Close())
		return killed
	})
}

func child(dir string) (err error) {
	st, err := openStore(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return service(st.In("wsp_aaaaaaaaaaaaaaaaaaaaaaaaaa"), "me", nil).WorkOff(context.Background())
}

// TestTwoProcesses lets two processes fight for one job, with a lease that is
// always over.
func TestTwoProcesses(t *testing.T) {
	sp := space(t)
	add(t, service(sp, "one", nil))
	var wg sync.WaitGroup
	for _, owner := range []string{"one", "two", "three"} {
		s := job.New(sp, job.Config{Owner: owner, Lease: time.Nanosecond, Log: slog.New(slog.DiscardHandler)}, counting(nil))
		wg.Go(func() {
			for range 200 {
				if err := s.WorkOff(t.Context()); err != nil {
					t.Error(err)
				}
				if p, err := s.Get(t.Context(), access.Operator(), work); err == nil && p.State == crm.JobDone {
					return
				}
			}
		})
	}
	wg.Wait()
	wantOnce(t, sp)
}

func TestLeaseOfAnother(t *testing.T) {
	sp := space(t)
	add(t, service(sp, "one", nil))
	_, err := service(sp, "one", nil).Edit(t.Context(), access.Operator(), work, func(j *crm.Job) error {
		j.Owner, j.Until = "one", sp.Store().Now().Add(time.Hour)
		return nil
	})
	must(t, err)
	must(t, service(sp, "two", nil).WorkOff(t.Context()))
	if p, err := service(sp, "two", nil).Get(t.Context(), access.Operator(), work); err != nil || p.Done != 0 {
		t.Errorf("another process worked on it: %+v %v", p, err)
	}
	must(t, service(sp, "one", nil).WorkOff(t.Context()))
	wantOnce(t, sp)
}

func TestFailsAndGoesOn(t *testing.T) {
	sp := space(t)
	broken := map[string]error{"8": crm.Errorf(crm.Invalid, "test", "item 8 is broken").WithHint("mend it")}
	s := service(sp, "one", broken)
	add(t, s)
	must(t, s.WorkOff(t.Context()))
	p, err := s.Get(t.Context(), access.Operator(), work)
	must(t, err)
	if p.State != crm.JobFailed || p.Msg != "item 8 is broken" || p.Hint != "mend it" || p.Done != 8 {
		t.Errorf("failed as %+v", p)
	}
	delete(broken, "8")
	broken["12"] = crm.Errorf(crm.Unavailable, "test", "the disk is full")
	_, err = s.Resume(t.Context(), access.Operator(), work)
	must(t, err)
	if err := s.WorkOff(t.Context()); !crm.IsKind(err, crm.Unavailable) {
		t.Errorf("a full disk is tried again later, but: %v", err)
	}
	delete(broken, "12")
	must(t, s.WorkOff(t.Context()))
	wantOnce(t, sp)
}

// TestCancelAnytime cancels and starts at random instants while one goroutine
// works.
func TestCancelAnytime(t *testing.T) {
	st, n := space(t).Store(), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		sp := st.In(crm.WorkspaceID(fmt.Sprintf("wsp_%d", n)))
		s := service(sp, "one", nil)
		add(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.Run(ctx) }) // it ends with ctx
		for range rapid.IntRange(0, 5).Draw(r, "cancels") {
			_, err := s.Cancel(ctx, access.Operator(), work)
			if err != nil && !crm.IsKind(err, crm.Conflict) {
				r.Fatal(err)
			}
			_, err = s.Resume(ctx, access.Operator(), work)
			if err != nil && !crm.IsKind(err, crm.Conflict) {
				r.Fatal(err)
			}
		}
		for p, err := s.Get(ctx, access.Operator(), work); p.State != crm.JobDone; {
			p, err = s.Get(ctx, access.Operator(), work)
			must(r, err)
		}
		cancel()
		wg.Wait()
		wantOnce(t, sp)
	})
}

func TestWhoSees(t *testing.T) {
	sp := space(t)
	s := service(sp, "one", nil)
	_, err := s.Add(t.Context(), crm.Job{ID: work, Kind: "count", State: crm.JobWaiting, By: "usr_a"})
	must(t, err)
	b := sp.Batch()
	store.Jobs.Put(b, &crm.Job{ID: "job_follow", Kind: "follow", State: crm.JobRunning})
	must(t, b.Commit(t.Context()))
	for v, want := range map[access.Viewer]int{access.Operator(): 1, access.Member("usr_a"): 1, access.Member("usr_b"): 0, {}: 0} {
		list, _, err := s.List(t.Context(), v, "", 0, "")
		must(t, err)
		_, err = s.Get(t.Context(), v, work)
		if len(list) != want || (err == nil) != (want == 1) {
			t.Errorf("%+v sees %d jobs: %v", v, len(list), err)
		}
		if _, err := s.Cancel(t.Context(), v, "job_follow"); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("%+v may cancel what is no work: %v", v, err)
		}
	}
	if _, err := s.Add(t.Context(), crm.Job{Kind: "nix"}); err == nil {
		t.Error("work that nobody knows was taken")
	}
}

// TestForgets keeps work until it has stood for long, and deletes it with its
// parts.
func TestForgets(t *testing.T) {
	sp := space(t)
	k := counting(nil)
	k.Passes = true
	s := job.New(sp, job.Config{Owner: "one", Log: slog.New(slog.DiscardHandler)}, k)
	add(t, s)
	must(t, s.WorkOff(t.Context()))
	b := sp.Batch()
	for n := range 130 {
		store.JobParts.Put(b, &crm.JobPart{ID: job.PartID(work, n), Job: work})
	}
	must(t, b.Commit(t.Context()))
	must(t, s.Forget(t.Context()))
	if _, err := s.Get(t.Context(), access.Operator(), work); err != nil {
		t.Errorf("forgotten at once: %v", err)
	}
	_, err := s.Edit(t.Context(), access.Operator(), work, func(j *crm.Job) error {
		j.CreatedAt, j.At = j.CreatedAt.Add(-2*job.Keep), j.At.Add(-job.Keep)
		return nil
	})
	must(t, err)
	must(t, s.Forget(t.Context()))
	if _, err := s.Get(t.Context(), access.Operator(), work); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("after its time: %v", err)
	}
	parts, err := store.JobParts.All(t.Context(), sp, store.Query{})
	must(t, err)
	if len(parts) > 0 {
		t.Errorf("%d parts are left", len(parts))
	}
}

func TestProgress(t *testing.T) {
	sp := space(t)
	s := service(sp, "one", nil)
	add(t, s)
	now := sp.Store().Now()
	p, err := s.Edit(t.Context(), access.Operator(), work, func(j *crm.Job) error {
		j.Done, j.BegunDone, j.BegunAt, j.At = 25, 5, now, now.Add(2*time.Second)
		return nil
	})
	must(t, err)
	if p.Rate != 10 || p.Left != 1 {
		t.Errorf("20 of 30 in two seconds: %v a second, %d s left", p.Rate, p.Left)
	}
}
