package export_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// beside writes to logged collections without telling the change log.
func (d *damaged) beside(f func(tx *store.Tx, nora crm.Record)) {
	d.T.Helper()
	must(d.T, d.Space.Derive(d.T.Context(), func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Records.Get(ctx, tx, tt.ID("con", 0))
		if err == nil {
			f(tx, doc.Value.Clone())
		}
		return err
	}))
}

func (d *damaged) wants(what string) {
	d.T.Helper()
	got := verify(d.T, d.World)
	if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, what) }) {
		d.T.Errorf("%q is not found among %q", what, got)
	}
}

func TestVerifyFollowsTheLog(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(w *damaged)
		want string
	}{
		"changed beside it": {func(w *damaged) {
			w.beside(func(tx *store.Tx, nora crm.Record) { nora.Values["name"] = "Nobody"; store.Records.Put(tx, &nora) })
		}, "it is not what its last change left"},
		"gone beside it": {func(w *damaged) {
			w.beside(func(tx *store.Tx, nora crm.Record) { store.Records.Delete(tx, string(nora.ID)) })
		}, "it is gone without a change"},
		"made beside it": {func(w *damaged) {
			w.beside(func(tx *store.Tx, nora crm.Record) {
				store.Records.Create(tx, &crm.Record{ID: crm.RecordID(tt.ID("con", 7)), Kind: crm.KindContact, Values: map[string]any{"name": "Seven"}})
			})
		}, "without a change that made it"},
		"a change is lost": {func(w *damaged) {
			page, err := store.ChangeLog.Query(w.T.Context(), w.Space, store.Query{Where: []store.Filter{store.Has("touched", tt.ID("con", 0))}, Order: "at"})
			must(w.T, err)
			b := w.Space.Batch()
			store.ChangeLog.Delete(b, page.Items[0].Value.ID)
			must(w.T, b.Commit(w.T.Context()))
		}, "record " + tt.ID("con", 0) + ": it is there without a change"},
	} {
		t.Run(name, func(t *testing.T) {
			w := sound(t)
			c.harm(w)
			w.wants(c.want)
		})
	}
}

// TestAudienceHasNoHistory marks a record by hand, as roles do: that is no matter of
// the log, but it is told that no role did.
func TestAudienceHasNoHistory(t *testing.T) {
	w := sound(t)
	w.beside(func(tx *store.Tx, nora crm.Record) {
		nora.Audience = []crm.Audience{"in:north"}
		store.Records.Put(tx, &nora)
	})
	if got := verify(t, w.World); len(got) != 1 || !strings.Contains(got[0], "other people reach it") {
		t.Error(got)
	}
	_, err := w.Space.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Records.Get(ctx, tx, tt.ID("con", 0))
		nora := doc.Value.Clone()
		nora.Audience, nora.Values["title"] = nil, "Audience"
		store.Records.Put(tx, &nora)
		return err
	})
	must(t, err)
	if got := verify(t, w.World); len(got) > 0 {
		t.Error(got)
	}
}

// TestVerifyReadsTheLedger breaks the lines of a campaign.
func TestVerifyReadsTheLedger(t *testing.T) {
	sent := func(w *damaged) *crm.Recipient {
		r := &crm.Recipient{Campaign: "cam_1", Address: "nora@nord.example", Contact: crm.RecordID(tt.ID("con", 0)), State: crm.RecipientSent, Sent: 5, At: 5}
		r.ID = crm.RecipientID(w.Key, r.Campaign, r.Address)
		r.RFCID = crm.RFCID(r.ID + "@nord.example")
		return r
	}
	for name, c := range map[string]struct {
		harm func(r *crm.Recipient)
		want string
	}{
		"sound":                {func(*crm.Recipient) {}, ""},
		"left out, by contact": {func(r *crm.Recipient) { r.State, r.Reason, r.ID = crm.RecipientExcluded, "duplicate", "" }, ""},
		"no reason":            {func(r *crm.Recipient) { r.State = crm.RecipientFailed }, "nothing says why"},
		"no time":              {func(r *crm.Recipient) { r.Sent = 0 }, "nothing says when"},
		"no claim":             {func(r *crm.Recipient) { r.State = crm.RecipientClaimed }, "for ever"},
		"no state":             {func(r *crm.Recipient) { r.State = "" }, "says nothing"},
		"no Message-ID":        {func(r *crm.Recipient) { r.RFCID = "" }, "no Message-ID"},
		"a second line":        {func(r *crm.Recipient) { r.ID = "rcp_other"; r.RFCID = "rcp_other@nord.example" }, "written to twice"},
		"no campaign":          {func(r *crm.Recipient) { r.Campaign = "cam_2"; r.ID = "" }, "cam_2, which does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			w := sound(t)
			_, err := w.Space.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
				store.Campaigns.Create(tx, &crm.Campaign{ID: "cam_1", Name: "Spring"})
				return nil
			})
			must(t, err)
			r := sent(w)
			if c.harm(r); r.ID == "" {
				who := r.Address
				if r.State == crm.RecipientExcluded {
					who = crm.Address(r.Contact)
				}
				r.ID = crm.RecipientID(w.Key, r.Campaign, who)
				r.RFCID = crm.RFCID(r.ID + "@nord.example")
			}
			b := w.Space.Batch()
			store.Recipients.Put(b, r)
			must(t, b.Commit(t.Context()))
			if c.want != "" {
				w.wants(c.want)
			} else if got := verify(t, w.World); len(got) > 0 {
				t.Error(got)
			}
		})
	}
}

// TestVerifyReadsUniqueValues takes the claim on a unique value away, and makes one
// that nobody has a right to.
func TestVerifyReadsUniqueValues(t *testing.T) {
	w := sound(t)
	field := crm.FieldSetting(crm.FieldDef{Kind: crm.KindContact, Field: crm.Field{Key: "badge", Type: crm.FieldText, Unique: true}})
	write := func(f func(tx *store.Tx, nora crm.Record)) {
		_, err := w.Space.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
			doc, err := store.Records.Get(ctx, tx, tt.ID("con", 0))
			if err == nil {
				f(tx, doc.Value.Clone())
			}
			return err
		})
		must(t, err)
	}
	write(func(tx *store.Tx, nora crm.Record) {
		store.Settings.Create(tx, &field)
		nora.Values["badge"] = "17"
		store.Records.Put(tx, &nora)
	})
	w.wants("its badge should be unique")
	write(func(tx *store.Tx, nora crm.Record) {
		sch := crm.NewSchema([]crm.Setting{field})
		n, _ := sch.Noun(crm.KindContact)
		held := n.Claims(w.Key, &nora)[0]
		store.Claims.Create(tx, &held)
	})
	if got := verify(t, w.World); len(got) > 0 {
		t.Error(got)
	}
	write(func(tx *store.Tx, nora crm.Record) { delete(nora.Values, "badge"); store.Records.Put(tx, &nora) })
	w.wants("which does not have it")
}
