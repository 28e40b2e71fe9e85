package intake_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"

	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/bulk"
	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/intake"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(testenv.EnvChild); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	checks := "30"
	if os.Getenv("THREADLINE_SOAK") != "" {
		checks = "1000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

func must(t interface{ Fatal(...any) }, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// desk is a data folder with the rooms that bring files in.
type desk struct {
	*intake.Service
	store   *store.Store
	bucket  *blob.Bucket
	blobs   *store.Blobs
	sp      *store.Space
	jobs    *job.Service
	records *records.Service
	bulk    *bulk.Service
	room    atomic.Int64 // bytes that may still be uploaded; 0: any number
}

// tick is a clock that never stands still, so that changes have an order.
func tick() func() time.Time {
	var n atomic.Int64
	start := time.Now()
	return func() time.Time { return start.Add(time.Duration(n.Add(1)) * time.Millisecond) }
}

func openDesk(ctx context.Context, dir string, now func() time.Time) (*desk, error) {
	x := store.NewIndexes(store.Shapes())
	driver, err := sqlite.Open(ctx, filepath.Join(dir, "data.db"), x, sqlite.Options{Now: now})
	if err != nil {
		return nil, err
	}
	return openDeskOn(ctx, driver, x, dir, now)
}

// openDeskOn makes a desk of an engine.
func openDeskOn(ctx context.Context, driver store.Driver, x *store.Indexes, dir string, now func() time.Time) (*desk, error) {
	d := &desk{}
	var err error
	if d.store, err = store.New(driver, store.Options{Indexes: x, Now: now, Random: rand.Reader}); err != nil {
		return nil, errors.Join(err, driver.Close())
	}
	ws, err := auth.New(d.store, rand.Reader).Bootstrap(ctx, auth.BootstrapInput{OwnDomains: []crm.Domain{"us.example"}, Currency: "PLN"})
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	if d.bucket, err = fileblob.OpenBucket(filepath.Join(dir, "blobs"), &fileblob.Options{CreateDir: true, Metadata: fileblob.MetadataDontWrite}); err != nil {
		return nil, errors.Join(err, d.close())
	}
	d.sp, d.blobs = d.store.In(ws), store.NewBlobs(d.bucket)
	d.records = records.New(d.sp)
	kinds := append(bulk.Kinds(d.sp, d.records), intake.Kind(d.sp, d.blobs, d.records))
	d.jobs = job.New(d.sp, job.Config{Owner: "test", Log: slog.New(slog.DiscardHandler)}, kinds...)
	d.bulk = bulk.New(d.sp, d.records, d.jobs)
	d.Service = intake.New(d.sp, d.blobs, d.records, d.jobs, func(_ context.Context, _ crm.UserID, _, bytes int64) error {
		if d.room.Load() > 0 && d.room.Add(-bytes) <= 0 {
			return crm.Errorf(crm.Throttled, "test", "no room")
		}
		return nil
	})
	return d, nil
}

func (d *desk) close() error {
	var err error
	if d.bucket != nil {
		err = d.bucket.Close()
	}
	return errors.Join(err, d.store.Close())
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d, err := openDesk(t.Context(), t.TempDir(), tick())
	must(t, err)
	t.Cleanup(func() { must(t, d.close()) })
	return d
}

var operator = access.Operator()

// noun is the noun of a kind.
func noun(k crm.Kind) crm.Noun {
	n, _ := crm.NounOf(k)
	return n
}

// upload keeps a file.
func (d *desk) upload(t testing.TB, k crm.Kind, text string, o intake.Options) intake.Import {
	t.Helper()
	im, err := d.Upload(t.Context(), records.By{Cause: crm.CauseImport}, noun(k), "file.csv", strings.NewReader(text), o)
	must(t, err)
	return im
}

// planned keeps a file and plans it.
func (d *desk) planned(t testing.TB, k crm.Kind, text string, o intake.Options) intake.Import {
	t.Helper()
	im := d.upload(t, k, text, o)
	_, err := d.Plan(t.Context(), operator, im.ID, o)
	must(t, err)
	return d.worked(t, im.ID)
}

// applied does what was planned.
func (d *desk) applied(t testing.TB, id string) intake.Import {
	t.Helper()
	_, err := d.Apply(t.Context(), operator, id)
	must(t, err)
	return d.worked(t, id)
}

func (d *desk) worked(t testing.TB, id string) intake.Import {
	t.Helper()
	must(t, d.jobs.WorkOff(t.Context()))
	im, err := d.Get(t.Context(), operator, id)
	must(t, err)
	if im.State != crm.JobWaiting && im.State != crm.JobDone {
		t.Fatalf("the import stands at %s %s: %s (%s)", im.Stage, im.State, im.Msg, im.Hint)
	}
	return im
}

// lines are the rows of a plan or an outcome, one text each.
func (d *desk) lines(t testing.TB, id string) []string {
	t.Helper()
	var out []string
	q := intake.RowsQuery{Limit: 7}
	lines, next, err := d.Rows(t.Context(), operator, id, q)
	for ; err == nil; lines, next, err = d.Rows(t.Context(), operator, id, q) {
		for _, l := range lines {
			s := fmt.Sprintf("%d %s", l.Row, l.Do)
			if f := l.Fault; f != nil {
				s += fmt.Sprintf(" %s %s", f.Code, f.Field)
			}
			out = append(out, strings.TrimSpace(s))
		}
		if q.Cursor = next; next == "" {
			break
		}
	}
	must(t, err)
	return out
}

func (d *desk) exported(t interface{ Fatal(...any) }, ctx context.Context) []byte {
	bodies, err := store.NewBodyCodec()
	must(t, err)
	var b bytes.Buffer
	must(t, export.Write(ctx, d.sp, bodies, d.blobs, &b, export.Options{}))
	return b.Bytes()
}

func (d *desk) undo(t interface{ Fatal(...any) }, ctx context.Context, batch string) {
	_, err := d.records.Undo(ctx, records.By{Cause: crm.CauseCLI}, batch)
	must(t, err)
}
