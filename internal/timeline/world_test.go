package timeline_test

import (
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// canary stands wherever words of a mail stand that only its owner may read.
const canary = "CANARY"

const (
	nora = crm.Address("nora@nord.example")
	jan  = crm.Address("jan@nord.example")
)

// sales is a world with a company, two contacts, a deal, mail and activities.
type sales struct {
	*tt.World
	s          *timeline.Service
	nora, jan  crm.RecordID
	nord, deal crm.RecordID
	ask, reply crm.MessageID // Nora asks Anna, Anna replies
	news       crm.MessageID // bulk from a stranger
	lunch      crm.MessageID // between colleagues
	stranger   crm.MessageID
}

func ago(d time.Duration) crm.Time { return crm.At(tt.Start.Add(-d)) }

func newSales(t *testing.T) *sales {
	t.Helper()
	return salesIn(t, tt.New(t))
}

func salesIn(t *testing.T, w *tt.World) *sales {
	t.Helper()
	x := &sales{World: w, s: timeline.New(w.Space, w.Bodies, w.Blobs)}
	x.nord = w.Make(crm.KindCompany, 0, map[string]any{"name": "Nord", "domains": []any{"nord.example"}})
	x.nora = w.Make(crm.KindContact, 0, map[string]any{"name": "Nora Lind", "title": "Buyer", "emails": []any{string(nora)},
		"phones": []any{"+48600000001"}, "company": string(x.nord), "owner": string(tt.Bob)})
	x.jan = w.Make(crm.KindContact, 1, map[string]any{"name": "Jan Lis", "emails": []any{string(jan)}, "company": string(x.nord)})
	x.deal = w.Make(crm.KindDeal, 0, map[string]any{"name": "Racks", "pipeline": "sales", "stage": "proposal", "amount": int64(4800000),
		"currency": "PLN", "company": string(x.nord), "contacts": []any{string(x.nora)}, "expected_close": "2026-12-15",
		"created": ago(20 * 24 * time.Hour).String()})
	ids := w.Store(
		tt.Mail{ID: "ask@nord.example", From: nora, To: []crm.Address{tt.AnnaAtWork}, Cc: []crm.Address{jan, "new@nord.example"}, Subject: canary + " racks",
			Text: canary + " how much?\n> old", HTML: `<p class="x">` + canary + `<img src="https://track.example/p.gif" alt="logo"></p>`, Date: ago(72 * time.Hour),
			Flags: []crm.Flag{crm.FlagSeen}, Attachments: []crm.Attachment{{Name: canary + ".pdf", Type: "application/pdf", Size: 9}}},
		tt.Mail{ID: "reply@own.example", Refs: []crm.RFCID{"ask@nord.example"}, From: tt.AnnaAtWork, To: []crm.Address{nora}, Subject: "Re: racks",
			Text: "This much.", Date: ago(48 * time.Hour), Box: "Sent", Role: crm.RoleSent, Blob: true},
		tt.Mail{ID: "news@shop.example", From: "news@shop.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Sale", Class: crm.ClassBulk, Date: ago(24 * time.Hour)},
		tt.Mail{ID: "lunch@own.example", From: tt.BobAtWork, To: []crm.Address{tt.AnnaAtWork}, Subject: "Lunch", Date: ago(12 * time.Hour)},
		tt.Mail{ID: "who@else.example", From: "who@else.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Hello", Date: ago(6 * time.Hour)},
	)
	x.ask, x.reply, x.news, x.lunch, x.stranger = ids[0], ids[1], ids[2], ids[3], ids[4]
	return x
}

func (x *sales) activity(kind crm.Kind, n int, values map[string]any) crm.RecordID {
	x.T.Helper()
	values["records"] = []any{string(x.nora)}
	return x.Make(kind, n, values)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
