package campaign

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

var errDead = errors.New("the process is dead")

// dying is a driver that answers nothing any more from the n-th point on; points
// are before and after each call, and before the commit of a transaction.
type dying struct {
	store.Driver
	at    int64
	count atomic.Int64
}

func (d *dying) dead() bool { return d.count.Add(1) >= d.at }

// around makes a call between two points.
func around[T any](d *dying, call func() (T, error)) (T, error) {
	var none T
	if d.dead() {
		return none, errDead
	}
	out, err := call()
	if d.dead() {
		return none, errDead
	}
	return out, err
}

func (d *dying) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	return around(d, func() ([]store.Raw, error) { return d.Driver.Get(ctx, keys) })
}

func (d *dying) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	return around(d, func() ([]store.Raw, error) { return d.Driver.Query(ctx, p) })
}

func (d *dying) Commit(ctx context.Context, writes []store.Write) error {
	_, err := around(d, func() (bool, error) { return true, d.Driver.Commit(ctx, writes) })
	return err
}

func (d *dying) Transact(ctx context.Context, fn func(context.Context, store.DriverReader) ([]store.Write, error)) error {
	_, err := around(d, func() (bool, error) {
		return true, d.Driver.Transact(ctx, func(ctx context.Context, r store.DriverReader) ([]store.Write, error) {
			out, err := fn(ctx, r)
			if d.dead() {
				return nil, errDead
			}
			return out, err
		})
	})
	return err
}

// open makes the world go on with the data of a file, through the driver that wrap
// makes of its own, and returns what closes it. Seeds differ where ids must.
func (w *world) open(file string, seed int, wrap func(store.Driver) store.Driver) (closed func()) {
	w.t.Helper()
	var clock sync.Mutex // several lanes ask
	now := func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		w.now = w.now.Add(time.Millisecond)
		return w.now
	}
	x := store.NewIndexes(store.Shapes())
	d, err := sqlite.Open(w.t.Context(), file, x, sqlite.Options{Now: now})
	must(w.t, err)
	st, err := store.New(wrap(d), store.Options{Indexes: x, Now: now, Random: rand.NewChaCha8([32]byte{9, byte(seed), byte(seed >> 8)})})
	must(w.t, err)
	w.Space = st.In(tt.Workspace)
	r := records.New(w.Space)
	w.s = New(w.Space, r, letter.New(w.Space, r), view.New(w.Space, r))
	return func() { must(w.t, d.Close()) }
}

// life is one process on a file of data, which ends at a point.
func (w *world) life(file string, at int64) int64 {
	w.t.Helper()
	var d *dying
	w.lives++
	closed := w.open(file, w.lives, func(inner store.Driver) store.Driver {
		d = &dying{Driver: inner, at: 1 << 62}
		return d
	})
	cfg := w.config()
	cfg.Parallel, cfg.Lanes = max(1, w.lanes), w.lanes
	errand := w.errand()
	d.count.Store(0) // it may die from here on
	d.at = at
	err := w.s.send(w.t.Context(), cfg, errand)
	if at > 1<<40 {
		must(w.t, err)
		w.pass(hold + grace)
		for range 2 * looks {
			must(w.t, w.s.send(w.t.Context(), cfg, w.errand()))
			w.pass(grace + time.Second)
		}
		w.once()
		f := w.figures()
		if f[crm.RecipientSent]+f[crm.RecipientFailed]+f[crm.RecipientUnknown] != w.people || w.status() != crm.CampaignDone || f[crm.RecipientUnknown] != 0 {
			w.t.Errorf("%v, the campaign is %s", f, w.status())
		}
	}
	closed()
	return d.count.Load()
}

// TestDeathAtEveryCall ends the process at every point of its work with the
// store, and starts it again: everybody gets the letter once, and nobody is
// unknown where the sent mail can be asked. In make test it is every so many.
func TestDeathAtEveryCall(t *testing.T) {
	w := newWorld(t, 12, nil)
	w.prepare()
	w.start()
	w.post.proves = true
	base, start := t.TempDir(), w.now
	run := func(at int64) int64 {
		dir, err := os.MkdirTemp(base, "life")
		must(t, err)
		defer os.RemoveAll(dir)
		w.copyTo(dir + "/data.db")
		w.now, w.post = start, newPost()
		w.post.proves = true
		points := w.life(dir+"/data.db", at)
		if at < 1<<40 {
			w.pass(hold + time.Second)
			w.life(dir+"/data.db", 1<<41)
		}
		return points
	}
	points := run(1 << 41)
	step := points / 12
	if os.Getenv("THREADLINE_SOAK") != "" {
		step = 1
	}
	for at := int64(1) + rand.Int64N(max(step, 1)); at <= points && !t.Failed(); at += max(step, 1) {
		run(at)
		if t.Failed() {
			t.Logf("at point %d of %d", at, points)
		}
	}
}

// TestManyDeaths kills a process again and again at random points while it writes
// to many people, several groups at a time: a thousand people and two hundred
// deaths in make soak.
func TestManyDeaths(t *testing.T) {
	people, deaths := 60, 8
	if os.Getenv("THREADLINE_SOAK") != "" {
		people, deaths = 1000, 200
	}
	w := newWorld(t, people, nil)
	w.prepare()
	w.start()
	w.post.proves, w.lanes = true, 2
	file := t.TempDir() + "/lives.db"
	w.copyTo(file)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range deaths {
		w.life(file, 20+r.Int64N(120))
		w.pass(hold + time.Second)
	}
	t.Logf("after %d kills %d have it", deaths, len(w.post.took))
	w.life(file, 1<<41)
}

// copyTo copies the data of the world.
func (w *world) copyTo(file string) {
	w.t.Helper()
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(w.path + end)
		must(w.t, err)
		must(w.t, os.WriteFile(file+end, data, 0o600))
	}
}

// BenchmarkLedger hands mails over to a mail system that costs nothing: what is
// left is the ledger, the letters and the mail itself.
func BenchmarkLedger(b *testing.B) {
	w := newWorld(b, 2000, func(d *Draft) { d.Track = crm.TrackIndividual; d.Pace.PerMinute = 1_000_000; d.Pace.PerDay = 1_000_000 })
	w.prepare()
	w.start()
	cfg := w.config()
	cfg.Group, cfg.Parallel, cfg.Lanes = 200, 8, 3
	b.ResetTimer()
	must(b, w.s.send(b.Context(), cfg, w.errand()))
	b.ReportMetric(2000/b.Elapsed().Seconds(), "mails/s")
}
