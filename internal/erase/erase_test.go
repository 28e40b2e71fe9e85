package erase

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"threadline/internal/access"
	"threadline/internal/audit"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/job"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world knows Ada Zanzibar in every way there is.
type world struct {
	*Service
	t     *testing.T
	sp    *store.Space
	now   time.Time
	ada   crm.RecordID
	batch string // that made her
	deal  crm.RecordID
}

var words = []string{"zanzibar", "Zanzibar"}

func newWorld(t *testing.T) *world {
	t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	w := &world{t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	indexes := store.NewIndexes(list)
	driver, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), indexes, sqlite.Options{Now: now})
	must(t, err)
	st, err := store.New(driver, store.Options{Indexes: indexes, Now: now, Random: rand.Reader})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	ws, err := auth.New(st, rand.Reader).Bootstrap(t.Context(), auth.BootstrapInput{Name: "Us", OwnDomains: []crm.Domain{"us.example"}})
	must(t, err)
	w.sp = st.In(ws)
	bodies, err := store.NewBodyCodec()
	must(t, err)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { must(t, bucket.Close()) })
	rec := records.New(w.sp)
	w.Service = New(w.sp, bodies, store.NewBlobs(bucket), rec, audit.NewSealer(w.sp, rand.Reader, slog.New(slog.DiscardHandler)).CatchUp)
	w.With(job.New(w.sp, job.Config{Owner: "test", Log: slog.Default()}, w.Kind(), job.Kind{Name: "paper", Passes: true}))
	w.fill(rec)
	return w
}

func (w *world) fill(rec *records.Service) {
	w.t.Helper()
	ctx, by := w.t.Context(), records.By{Cause: crm.CauseCLI}
	create := func(k crm.Kind, values map[string]any) records.Saved {
		out, err := rec.Create(ctx, by, records.Draft{Kind: k, Values: values})
		must(w.t, err)
		return out
	}
	made := create(crm.KindContact, map[string]any{"name": "Ada Zanzibar", "emails": []string{"ada@zanzibar.example"}})
	w.ada, w.batch = made.Record.ID, made.Batch
	w.deal = create(crm.KindDeal, map[string]any{"name": "Jumbo", "contacts": []string{string(w.ada)}}).Record.ID
	create(crm.KindNote, map[string]any{"text": "Zanzibar has a dog", "records": []string{string(w.ada)}})
	create(crm.KindNote, map[string]any{"text": "of both", "records": []string{string(w.ada), string(w.deal)}})
	ws, err := store.Workspaces.Get(ctx, w.sp, string(w.sp.Workspace()))
	must(w.t, err)
	key := ws.Value.IDKey
	_, err = w.sp.Change(ctx, store.ChangeInfo{Cause: crm.CauseCLI}, func(_ context.Context, tx *store.Tx) error {
		store.Suppressions.Create(tx, &crm.Suppression{ID: crm.SuppressionID(key, "ada@zanzibar.example", ""), Address: "ada@zanzibar.example", Reason: "unsubscribed"})
		store.Consents.Create(tx, &crm.Consent{ID: crm.ConsentID(key, "ada@zanzibar.example"), Address: "ada@zanzibar.example"})
		line := crm.RecipientID(key, "cmp_1", "ada@zanzibar.example")
		store.Campaigns.Create(tx, &crm.Campaign{ID: "cmp_1"})
		store.Recipients.Create(tx, &crm.Recipient{ID: line, Campaign: "cmp_1", Address: "ada@zanzibar.example", Contact: w.ada,
			State: crm.RecipientSent, Sent: 1, RFCID: crm.RFCID(line + "@acme.example")})
		return nil
	})
	must(w.t, err)
	_, err = rec.Update(ctx, by, w.ada, records.Patch{Values: map[string]any{"about": "Zanzibar born"}})
	must(w.t, err)
	w.files(rec)
	w.mail("1@zanzibar.example", crm.RoleFrom)
	w.mail("2@us.example", crm.RoleTo)
	must(w.t, ledger.NewFollower(w.sp, slog.New(slog.DiscardHandler)).CatchUp(ctx))
}

// files puts a file of hers into a field, another that a deal holds too, and names
// her in the answer of somebody who is away.
func (w *world) files(rec *records.Service) {
	w.t.Helper()
	ctx, by := w.t.Context(), records.By{Cause: crm.CauseCLI}
	for _, k := range []crm.Kind{crm.KindContact, crm.KindDeal} {
		_, err := rec.MakeField(ctx, by, crm.FieldDef{Kind: k, Field: crm.Field{Key: "paper", Type: crm.FieldFile}})
		must(w.t, err)
	}
	put := func(id crm.RecordID, text string) {
		ref, err := w.blobs.Put(ctx, w.sp.Workspace(), []byte(text))
		must(w.t, err)
		b := w.sp.Batch()
		store.Files.Put(b, &crm.StoredFile{ID: crm.FileID(ref), Blob: ref, Name: "cv.pdf", Type: "application/pdf", Size: 1})
		must(w.t, b.Commit(ctx))
		_, err = w.sp.Change(ctx, store.ChangeInfo{Cause: crm.CauseCLI}, func(ctx context.Context, tx *store.Tx) error {
			_, err := store.Settings.GetMany(ctx, tx, []string{crm.AwayID("mbx_1")})
			store.Settings.Put(tx, &crm.Setting{ID: crm.AwayID("mbx_1"), Away: &crm.Away{Mailbox: "mbx_1", Text: "Ask ada ZANZIBAR <Ada@zanzibar.example>."}})
			return err
		})
		must(w.t, err)
		_, err = rec.Update(ctx, by, id, records.Patch{Values: map[string]any{"paper": map[string]any{"blob": ref, "name": "cv.pdf", "type": "application/pdf", "size": 1}}})
		must(w.t, err)
	}
	put(w.ada, "an old paper") // history alone names it later
	put(w.ada, "of both")
	put(w.deal, "of both")
}

// mail stores a mail that she takes part in.
func (w *world) mail(rfc string, hers crm.Role) {
	w.t.Helper()
	ws, err := store.Workspaces.Get(w.t.Context(), w.sp, string(w.sp.Workspace()))
	must(w.t, err)
	packed, err := w.bodies.Pack(&crm.BodyContent{Text: "Regards, Zanzibar"})
	must(w.t, err)
	ours := crm.RoleTo
	if hers == crm.RoleTo {
		ours = crm.RoleFrom
	}
	m := crm.Message{ID: crm.MessageID(crm.DerivedID(crm.PrefixMessage, ws.Value.IDKey, rfc)), RFCID: crm.RFCID(strings.Replace(rfc, "zanzibar", "z", 1)), Date: crm.At(w.now), Class: crm.ClassPerson,
		Subject: "From Zanzibar", Snippet: "Regards, Zanzibar", Owners: []crm.UserID{"usr_aaaaaaaaaaaaaaaaaaaaaaaaaa"},
		Participants: []crm.Participant{{Role: hers, Address: "ada@zanzibar.example", Name: "Ada Zanzibar"}, {Role: ours, Address: "nora@us.example"}}}
	must(w.t, w.sp.Transact(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		out, err := ledger.Link(ctx, tx, w.sp.Workspace(), []*ledger.Draft{{Message: &m}})
		if err != nil {
			return err
		}
		store.Bodies.Put(tx, &crm.Body{ID: m.ID, Data: packed})
		out.Write(tx, "")
		return nil
	}))
}

// left lists the documents that still say a word of her.
func (w *world) left() []string {
	w.t.Helper()
	var out []string
	for _, c := range store.CollectionInfos() {
		must(w.t, w.sp.EachRaw(w.t.Context(), c.Name, func(d store.RawDoc) error {
			data := d.Data
			if c.Name == store.Bodies.Name {
				content, err := w.bodies.LoadBody(w.t.Context(), w.sp, w.blobs, crm.MessageID(d.ID))
				must(w.t, err)
				data = []byte(content.Text)
			}
			for _, word := range words {
				if bytes.Contains(data, []byte(word)) {
					out = append(out, c.Name+"/"+d.ID)
				}
			}
			return nil
		}))
	}
	return out
}

func (w *world) sound() {
	w.t.Helper()
	report, err := audit.Verify(w.t.Context(), w.sp)
	must(w.t, err)
	if report.Broken != nil || report.Entries == 0 {
		w.t.Errorf("the audit chain: %+v, %+v", report, report.Broken)
	}
	must(w.t, ledger.NewFollower(w.sp, slog.New(slog.DiscardHandler)).CatchUp(w.t.Context()))
	must(w.t, export.Verify(w.t.Context(), w.sp, w.bodies, w.blobs, func(f export.Finding) { w.t.Errorf("verify: %+v", f) }, func(int64, int64) {}))
}

// TestErase takes a person out, and finds no word of her anywhere.
func TestErase(t *testing.T) {
	w := newWorld(t)
	ctx, v, by := t.Context(), access.Operator(), records.By{Cause: crm.CauseCLI}
	must(t, w.seal(ctx))
	w.sound()
	held, err := w.Export(ctx, w.ada)
	must(t, err)
	if len(held.Mails) != 2 || held.Mails[0].Text == "" || len(held.Activities) != 1 || len(held.Consents) != 1 || len(held.Recipients) != 1 {
		t.Errorf("held: %d mails, %d activities, %+v", len(held.Mails), len(held.Activities), held)
	}
	if _, err := w.Plan(ctx, v, by, w.deal); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("a deal is no person: %v", err)
	}
	if held, err := w.Export(ctx, w.deal); !crm.IsKind(err, crm.Invalid) || held.Record.ID != "" {
		t.Errorf("what is held of a deal: %+v, %v", held, err)
	}
	if _, err := w.Plan(ctx, access.Member("usr_aaaaaaaaaaaaaaaaaaaaaaaaaa"), by, w.ada); !crm.IsKind(err, crm.Denied) {
		t.Errorf("a member erases: %v", err)
	}
	plan, err := w.Plan(ctx, v, by, w.ada)
	must(t, err)
	if plan.Counts["mails"] != 2 || plan.Counts["activities"] != 1 || plan.Counts["suppression"] != 1 {
		t.Errorf("planned %v", plan.Counts)
	}
	must(t, w.jobs.WorkOff(ctx))
	if len(w.left()) < 8 {
		t.Errorf("the plan wrote: %v", w.left())
	}
	_, err = w.Confirm(ctx, v, plan.ID)
	must(t, err)
	must(t, w.jobs.WorkOff(ctx))
	done, err := w.jobs.Get(ctx, v, plan.ID)
	must(t, err)
	if done.State != crm.JobDone {
		t.Fatalf("the job is %+v", done.Job)
	}
	if left := w.left(); len(left) > 0 {
		t.Errorf("a word of her is left in %v", left)
	}
	w.sound()
	if _, err := w.records.Undo(ctx, by, w.batch); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("what made her is taken back: %v", err)
	}
	if _, err := w.records.Unmaking(ctx, by, w.batch); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("the same as a job: %v", err)
	}
	mails, err := store.Messages.All(ctx, w.sp, store.Query{})
	must(t, err)
	for _, d := range mails {
		if m := d.Value; m.Direction == crm.Within || len(m.Participants) != 2 || len(m.Links) != 0 || m.Subject != "" {
			t.Errorf("the mail is %s with %+v, on %v", m.Direction, m.Participants, m.Links)
		}
	}
	w.traces(ctx)
	if n, err := store.Suppressions.All(ctx, w.sp, store.Query{}); err != nil || len(n) != 1 || n[0].Value.Address != "" {
		t.Errorf("what keeps mail from her: %+v, %v", n, err)
	}
}

// TestSamePerson: a lead that became the contact goes with it, and so does what the log
// tells of a contact that was merged into it; whoever shares a deal stays.
func TestSamePerson(t *testing.T) {
	for _, from := range []crm.Kind{crm.KindContact, crm.KindLead} {
		w := newWorld(t)
		ctx, by := t.Context(), records.By{Cause: crm.CauseCLI}
		create := func(k crm.Kind, values map[string]any) crm.RecordID {
			made, err := w.records.Create(ctx, by, records.Draft{Kind: k, Values: values})
			must(t, err)
			return made.Record.ID
		}
		lead := create(crm.KindLead, map[string]any{"name": "A Zanzibar lead", "emails": []string{"lead@zanzibar.example"}, "company_name": "Zanzibar Ltd"})
		twin := create(crm.KindContact, map[string]any{"name": "Adah Zanzibar", "emails": []string{"adah@zanzibar.example"}})
		older := create(crm.KindContact, map[string]any{"name": "Old Zanzibar", "about": "Zanzibar"})
		stays := create(crm.KindContact, map[string]any{"name": "Bo Berg"})
		_, err := w.records.Convert(ctx, by, lead, records.Conversion{Contact: records.Target{ID: w.ada}, Company: records.Target{Skip: true}, Deal: records.Target{Skip: true}}, 0)
		must(t, err)
		create(crm.KindNote, map[string]any{"text": "Zanzibar twice", "records": []string{string(w.ada), string(lead)}})
		for _, m := range []records.Merging{{Into: twin, From: []crm.RecordID{older}}, {Into: w.ada, From: []crm.RecordID{twin}}} {
			_, err := w.records.Merge(ctx, by, m)
			must(t, err)
		}
		id := w.ada
		if from == crm.KindLead {
			id = lead
		}
		plan, err := w.Plan(ctx, access.Operator(), by, id)
		must(t, err)
		if plan.Counts["records"] != 2 {
			t.Errorf("from the %s: planned %v", from, plan.Counts)
		}
		_, err = w.Confirm(ctx, access.Operator(), plan.ID)
		must(t, err)
		must(t, w.jobs.WorkOff(ctx))
		if left := w.left(); len(left) > 0 {
			t.Errorf("from the %s: a word of her is left in %v", from, left)
		}
		if _, err := records.Stored(ctx, w.sp, stays); err != nil {
			t.Errorf("somebody else: %v", err)
		}
		w.sound()
	}
}

// TestPapers: files that were written of her or came with her, and plans that name
// her, go with the work that has them; others stay.
func TestPapers(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	paper := func(id string, state crm.JobState, title, spec, part string, pieces ...string) {
		t.Helper()
		j := crm.Job{ID: "job_" + id, Kind: "paper", State: state, Title: title, Spec: []byte(spec), CreatedAt: w.sp.Store().Now(), At: w.sp.Store().Now()}
		if state == crm.JobRunning {
			j.Owner, j.Until = "another process", j.At.Add(time.Hour)
		}
		for _, piece := range pieces {
			ref, err := w.blobs.Put(ctx, w.sp.Workspace(), []byte(piece))
			must(t, err)
			j.Blobs = append(j.Blobs, ref)
		}
		b := w.sp.Batch()
		store.Jobs.Create(b, &j)
		if part != "" {
			store.JobParts.Create(b, &crm.JobPart{ID: job.PartID(j.ID, 0), Job: j.ID, Data: []byte(part)})
		}
		must(t, b.Commit(ctx))
	}
	rows := strings.Repeat("somebody;else\n", 1000)
	paper("written", crm.JobDone, "export", "{}", "", rows, rows+"Ada ZANZIBAR;x\n")
	paper("across", crm.JobWaiting, "import", "{}", "", rows+"ada@zan", "zibar.example;x\n"+rows)
	paper("asked", crm.JobFailed, "export: contacts where emails has ada@zanzibar.example", "{}", "")
	paper("planned", crm.JobWaiting, "edit", `{"query":"contacts"}`, `{"record":"`+string(w.ada)+`"}`)
	paper("running", crm.JobRunning, "export", "{}", "", "ADA@zanzibar.example")
	paper("other", crm.JobDone, "export", "{}", "no part of hers", rows, "Ada Lovelace;x\n")
	plan, err := w.Plan(ctx, access.Operator(), records.By{Cause: crm.CauseCLI}, w.ada)
	must(t, err)
	_, err = w.Confirm(ctx, access.Operator(), plan.ID)
	must(t, err)
	must(t, w.jobs.WorkOff(ctx))
	jobs, err := store.Jobs.All(ctx, w.sp, store.Query{Where: []store.Filter{{Field: "created_at", Op: store.Gt, Value: crm.Time(0)}}, Order: "created_at"})
	must(t, err)
	var stay []string
	for _, d := range jobs {
		stay = append(stay, d.Value.ID+" "+string(d.Value.State))
	}
	parts, err := store.JobParts.All(ctx, w.sp, store.Query{})
	must(t, err)
	if strings.Join(stay, ", ") != "job_other done, "+plan.ID+" done" || len(parts) != 1 {
		t.Errorf("what stays: %v, and %d parts", stay, len(parts))
	}
}

// traces looks at what stays: a hash of her address, a file that is not hers alone.
func (w *world) traces(ctx context.Context) {
	w.t.Helper()
	files, err := store.Files.All(ctx, w.sp, store.Query{})
	must(w.t, err)
	if len(files) != 1 {
		w.t.Errorf("%d files are left", len(files))
	}
	away, err := store.Settings.Get(ctx, w.sp, crm.AwayID("mbx_1"))
	must(w.t, err)
	if away.Value.Away.Text != "Ask … <…>." {
		w.t.Errorf("who is away says %q", away.Value.Away.Text)
	}
	stones, err := store.Exclusions.All(ctx, w.sp, store.Query{})
	must(w.t, err)
	if len(stones) != 1 || stones[0].Value.Effect != crm.Erased {
		w.t.Errorf("what is left of her address: %+v", stones)
	}
	if list, err := ledger.Exclusions(ctx, w.sp); err != nil || len(list) != 0 {
		w.t.Errorf("it is listed: %+v, %v", list, err)
	}
	info := store.ChangeInfo{Cause: crm.CauseCLI}
	if _, err := w.Lift(ctx, access.Member("usr_aaaaaaaaaaaaaaaaaaaaaaaaaa"), info, "ada@zanzibar.example"); !crm.IsKind(err, crm.Denied) {
		w.t.Errorf("a member lifts it: %v", err)
	}
	_, err = w.Lift(ctx, access.Operator(), info, "ada@zanzibar.example")
	must(w.t, err)
	if _, err := w.Lift(ctx, access.Operator(), info, "ada@zanzibar.example"); !crm.IsKind(err, crm.NotFound) {
		w.t.Errorf("it is lifted twice: %v", err)
	}
}

// TestRetain lets old things go and keeps what is young.
func TestRetain(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	for _, days := range []int{-1, 0, 29, 1 << 30} {
		if _, err := w.Keep(ctx, access.Operator(), records.By{Cause: crm.CauseCLI}, crm.Retention{Days: map[crm.Retained]int{crm.RetainBodies: days}}); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%d days: %v", days, err)
		}
	}
	_, err := w.Keep(ctx, access.Operator(), records.By{Cause: crm.CauseCLI}, crm.Retention{Days: map[crm.Retained]int{crm.RetainBodies: 30, crm.RetainActivities: 30, crm.RetainTracking: 30}})
	must(t, err)
	w.now = w.now.Add(40 * 24 * time.Hour)
	w.mail("3@us.example", crm.RoleTo)
	must(t, w.Retain(ctx))
	must(t, w.jobs.WorkOff(ctx))
	must(t, w.Retain(ctx))
	jobs, err := store.Jobs.All(ctx, w.sp, store.Query{})
	must(t, err)
	for _, d := range jobs {
		if d.Value.Kind == Kind && d.Value.State != crm.JobDone {
			t.Errorf("%+v", d.Value)
		}
	}
	worded := 0
	mails, err := store.Messages.All(ctx, w.sp, store.Query{})
	must(t, err)
	for _, d := range mails {
		if d.Value.Subject == "" || len(d.Value.Links) == 0 {
			t.Errorf("more went than the words: %+v", d.Value)
		}
		c, err := w.bodies.LoadBody(ctx, w.sp, w.blobs, d.Value.ID)
		must(t, err)
		if c.Text != "" {
			worded++
		}
	}
	notes, err := store.Activities.All(ctx, w.sp, store.Query{})
	must(t, err)
	if worded != 1 || len(notes) != 0 {
		t.Errorf("%d mails have words, %d notes are left", worded, len(notes))
	}
	for _, l := range w.left() {
		if strings.HasPrefix(l, "change/") {
			ch, err := store.ChangeLog.Get(ctx, w.sp, strings.TrimPrefix(l, "change/"))
			must(t, err)
			for _, e := range ch.Value.Entries {
				if bytes.Contains(e.After, []byte("dog")) || bytes.Contains(e.Before, []byte("dog")) {
					t.Errorf("the log holds a note that went")
				}
			}
		}
	}
	w.sound()
}
