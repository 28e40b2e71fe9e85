package timelinetest

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Deal is one of the many that Deals makes: open, in one of three stages, of one
// of 100,000 amounts.
func Deal(i int) crm.Record {
	stage := []string{"qualified", "proposal", "negotiation"}[i%3]
	r := crm.Record{ID: crm.RecordID(crm.DerivedID("dea", crm.IDKey("bench"), strconv.Itoa(i))), Kind: crm.KindDeal, CreatedAt: crm.At(Start.Add(-time.Duration(i) * time.Second)),
		Alike: []string{fmt.Sprintf("deal number %d", i)}, Audience: []crm.Audience{crm.Audience(Anna)},
		Values: map[string]any{"name": fmt.Sprintf("Deal number %d", i), "stage": stage, "stage_kind": "open", "pipeline": "sales", "amount": int64(i % 100_000), "currency": "EUR",
			"owner": string(Anna), "company": ID("com", i/10), "contacts": []string{ID("con", i/5)}, "expected_close": Start.AddDate(0, 0, i%365).Format(time.DateOnly)}}
	return r
}

// Deals fills a world with so many deals and what is computed of them, unless it
// has them.
func (w *World) Deals(n int) {
	w.T.Helper()
	docs, err := store.Records.GetMany(w.T.Context(), w.Space, []string{string(Deal(n - 1).ID)})
	must(w.T, err)
	if docs[0].Exists() {
		return
	}
	for from := 0; from < n; from += 1000 {
		_, err := w.Space.Change(w.T.Context(), store.ChangeInfo{Cause: crm.CauseImport}, func(_ context.Context, tx *store.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				r := Deal(i)
				store.Records.Create(tx, &r)
				store.Figures.Create(tx, &crm.Figures{ID: r.ID, Kind: r.Kind, Due: r.CreatedAt.Add(1000 * time.Hour), Values: map[string]any{
					crm.LastInbound: r.CreatedAt, crm.LastOutbound: r.CreatedAt, crm.Mails30: int64(i % 50), crm.DaysInStage: int64(i % 200), crm.WhoseTurn: "ours"}})
			}
			return nil
		})
		must(w.T, err)
	}
}
