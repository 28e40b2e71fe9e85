package engine

import (
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// crashMails is the mailbox of the exhaustive crash test, synced in groups of
// crashGroup.
const (
	crashMails = 30
	crashGroup = 4
	crashStep  = 409 // of the points outside of the soak, which takes every one
)

// TestCrashAtEveryStoreCall kills the syncing process at every point before,
// in and after every call of the store, lets it run again, and wants the state
// of an undisturbed run.
func TestCrashAtEveryStoreCall(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	d := demo.NewWorld(now, 3)
	d.Mails = d.Mails[len(d.Mails)-crashMails:]
	server, err := demo.ServeIMAP(context.Background(), d, "rep", "secret")
	must(t, err)
	defer server.Close()
	c := newCrash(t, d, server.Addr(), crashMails, crashGroup)
	want := c.undisturbed()
	testenv.EveryPoint(t, crashStep, 50, func(at int) bool {
		dir := c.fresh()
		killed := c.run(dir, at)
		if killed {
			c.run(dir, 0)
		}
		if diff := cmp.Diff(want, c.dump(dir)); diff != "" {
			t.Fatalf("killed at point %d, the end state differs:\n%s", at, diff)
		}
		must(t, os.RemoveAll(dir))
		return killed
	})
}

// TestCrashWhileMailArrives kills the syncing process at random points while
// mail keeps arriving on a real server: 10 times, 50 in the soak.
func TestCrashWhileMailArrives(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	loaded, err := server.LoadMaildir("rep", "INBOX", bulkMail(300))
	must(t, err)
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 3)
	c := newCrash(t, d, server.Addr, loaded, 20)
	dir := c.fresh()
	kills := 10
	if os.Getenv("THREADLINE_SOAK") != "" {
		kills = 50
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := mathrand.New(mathrand.NewPCG(seed, 1))
	for range kills {
		m := d.Next(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), c.copies)
		_, err := server.Admin("rep").Append("INBOX", testenv.Mail{Raw: m.Raw, Internal: m.Date})
		must(t, err)
		c.copies++
		c.run(dir, 1+rng.IntN(1500))
	}
	c.run(dir, 0)
	if diff := cmp.Diff(c.undisturbed(), c.dump(dir)); diff != "" {
		t.Errorf("seed %d: after %d kills the end state differs:\n%s", seed, kills, diff)
	}
}

// crash prepares a data folder and runs children on copies of it.
type crash struct {
	t      *testing.T
	mortal testenv.Mortal
	server string
	copies int
	group  int
	seed   string // the prepared data folder
}

func newCrash(t *testing.T, d *demo.World, server string, copies, group int) *crash {
	t.Helper()
	c := &crash{t: t, server: server, copies: copies, group: group, mortal: testenv.BuildMortal(t, os.TempDir()), seed: t.TempDir()}
	st, err := open(c.seed)
	must(t, err)
	prepare(t, st, d)
	must(t, st.Close())
	return c
}

// prepare makes the workspace with the people of the world and one mailbox.
func prepare(t *testing.T, st *store.Store, d *demo.World) {
	t.Helper()
	ctx := context.Background()
	a := auth.New(st, rand.Reader)
	ws, err := a.Bootstrap(ctx, auth.BootstrapInput{Name: "Test", OwnDomains: []crm.Domain{d.Workspace.OwnDomain}})
	must(t, err)
	sp := st.In(ws)
	u, _, err := a.AddUser(ctx, sp, d.Rep.Address, "Rep", "en")
	must(t, err)
	svc := records.New(sp)
	for i, firm := range d.Companies {
		if len(firm.Domains) == 0 {
			continue
		}
		saved, err := svc.Create(ctx, records.By{Cause: crm.CauseSystem}, records.Draft{Kind: crm.KindCompany,
			Values: map[string]any{"name": firm.Name, "domains": []any{string(firm.Domains[0])}}})
		must(t, err)
		for _, p := range d.Contacts {
			if p.Company == i {
				_, err := svc.Create(ctx, records.By{Cause: crm.CauseSystem}, records.Draft{Kind: crm.KindContact,
					Values: map[string]any{"name": p.Name, "emails": []any{string(p.Emails[0])}, "company": string(saved.Record.ID)}})
				must(t, err)
			}
		}
	}
	b := sp.Batch()
	store.Mailboxes.Create(b, &crm.Mailbox{ID: "mbx_aaaaaaaaaaaaaaaaaaaaaaaaaa", Owner: u.ID, Kind: "imap",
		Address: d.Rep.Address, State: crm.StateNew, CreatedAt: crm.At(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))})
	must(t, b.Commit(ctx))
}

// fresh copies the prepared folder.
func (c *crash) fresh() string {
	c.t.Helper()
	dir, err := os.MkdirTemp(c.t.TempDir(), "data")
	must(c.t, err)
	must(c.t, os.CopyFS(dir, os.DirFS(c.seed)))
	return dir
}

// run runs a child to its end, killed at a point unless at is 0. It tells
// whether the child was killed.
func (c *crash) run(dir string, at int) bool {
	c.t.Helper()
	return c.mortal.Dies(c.t, dir, at, envServer+"="+c.server, envCopies+"="+strconv.Itoa(c.copies), envGroup+"="+strconv.Itoa(c.group))
}

func (c *crash) undisturbed() map[string]any {
	c.t.Helper()
	dir := c.fresh()
	if c.run(dir, 0) {
		c.t.Fatal("the undisturbed run was killed")
	}
	return c.dump(dir)
}

// dump is everything that counts of a data folder, checked on the way.
func (c *crash) dump(dir string) map[string]any {
	c.t.Helper()
	ctx := context.Background()
	st, err := open(dir)
	must(c.t, err)
	defer func() { must(c.t, st.Close()) }()
	ids, err := st.Workspaces(ctx)
	must(c.t, err)
	sp := st.In(ids[0])
	must(c.t, ledger.Audit(ctx, sp, func(d ledger.Difference) { c.t.Errorf("%s: %s", d.Message, d.What) }, nil))
	out := map[string]any{}
	for _, name := range []string{store.Messages.Name, store.Bodies.Name, store.Copies.Name, store.Records.Name, store.Identities.Name} {
		must(c.t, sp.EachRaw(ctx, name, func(r store.RawDoc) error {
			fields, err := st.Decode(r.Data)
			if err != nil {
				return err
			}
			if id, ok := fields["thread"].(string); ok {
				part, _ := fields["part"].(string)
				talk, err := ledger.Talk(ctx, sp, &crm.Message{Thread: crm.ThreadID(id), Part: crm.ThreadID(part)})
				if err != nil {
					return err
				}
				fields["thread"] = string(talk)
				delete(fields, "part")
			}
			out[name+"/"+r.ID] = fields
			return nil
		}))
	}
	boxes, err := store.Boxes.All(ctx, sp, store.Query{})
	must(c.t, err)
	for _, d := range boxes {
		b := d.Value
		b.Cursor, b.Listed, b.FlagsAt, b.Audit = "", 0, 0, nil // machine times
		out["box/"+string(b.ID)] = b
		if b.Counts.Total() != b.Server {
			c.t.Errorf("%s does not add up: %s", b.Name, asJSON(b))
		}
	}
	if len(out) < c.copies {
		c.t.Errorf("only %d documents were stored", len(out))
	}
	return out
}
