package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/testenv"
)

const crashRows = 2500

// crashFile has three parts: new people, people twice, and errors.
func crashFile() string {
	var b strings.Builder
	b.WriteString("name,email,company\n")
	for i := range crashRows {
		switch {
		case i%10 == 9:
			fmt.Fprintf(&b, "P%d,bad,\n", i)
		case i%10 == 8:
			fmt.Fprintf(&b, "Q%d,p%d@a.example,\n", i, i-601)
		default:
			fmt.Fprintf(&b, "P%d,p%d@a.example,Firm %d\n", i, i, i%7)
		}
	}
	return b.String()
}

// TestKilled kills a process that plans and applies at points before, in and
// after every call of the store. Afterwards the work goes on: the result is the
// plan, nothing is there twice, and undo brings the old state back.
func TestKilled(t *testing.T) {
	m, seed := testenv.BuildMortal(t, t.TempDir()), t.TempDir()
	d, err := openDesk(t.Context(), seed, tick())
	must(t, err)
	before := d.exported(t, t.Context())
	im := d.upload(t, crm.KindContact, crashFile(), intake.Options{})
	_, err = d.Plan(t.Context(), operator, im.ID, intake.Options{})
	must(t, err)
	must(t, d.close())
	testenv.EveryPoint(t, 67, 40, func(at int) bool {
		dir := filepath.Join(t.TempDir(), "data")
		must(t, os.CopyFS(dir, os.DirFS(seed)))
		killed := m.Dies(t, dir, at)
		goOn(t, dir, im.ID, before)
		must(t, os.RemoveAll(dir))
		return killed
	})
}

// goOn finishes what a killed process began.
func goOn(t *testing.T, dir, id string, before []byte) {
	t.Helper()
	d, err := openDesk(t.Context(), dir, tick())
	must(t, err)
	defer func() { must(t, d.close()) }()
	im := d.worked(t, id)
	if im.Stage == intake.StagePlanned {
		im = d.applied(t, id)
	}
	want := map[string]int64{"create": 2060, "merge": 190, "error": 250, "made": 7}
	if im.State != crm.JobDone || im.Done != crashRows || !reflect.DeepEqual(im.Counts, want) {
		t.Fatalf("ended as %s with %d rows: %v, want %v", im.State, im.Done, im.Counts, want)
	}
	d.undo(t, t.Context(), im.Batch)
	if !bytes.Equal(before, d.exported(t, t.Context())) {
		t.Fatal("undone, and not as before")
	}
}

// child plans, and applies, what waits for it.
func child(dir string) (err error) {
	ctx := context.Background()
	d, err := openDesk(ctx, dir, tick())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if err := d.jobs.WorkOff(ctx); err != nil {
		return err
	}
	list, _, err := d.jobs.List(ctx, operator, "", 1, "")
	if err != nil {
		return err
	}
	if _, err := d.Apply(ctx, operator, list[0].ID); err != nil {
		return err
	}
	return d.jobs.WorkOff(ctx)
}
