package letter_test

import (
	"slices"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/letter"
	"threadline/internal/page"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// offer is a world with a contact, a company, a deal and the letter service.
type offer struct {
	*tt.World
	s                   *letter.Service
	nora, unnamed, deal crm.RecordID
}

func newOffer(t *testing.T) *offer {
	t.Helper()
	w := tt.New(t)
	x := &offer{World: w, s: letter.New(w.Space, w.Records)}
	nord := w.Make(crm.KindCompany, 0, map[string]any{"name": "Nord & Søn", "domains": []any{"nord.example"}})
	x.nora = w.Make(crm.KindContact, 0, map[string]any{"name": "Lind, Nora", "emails": []any{"nora@nord.example"}, "company": string(nord)})
	x.unnamed = w.Make(crm.KindContact, 1, map[string]any{"emails": []any{"info@else.example"}})
	x.deal = w.Make(crm.KindDeal, 0, map[string]any{"name": "Racks", "pipeline": "sales", "stage": "proposal", "amount": int64(4800000),
		"currency": "PLN", "company": string(nord), "contacts": []any{string(x.nora)}, "expected_close": "2026-12-15"})
	return x
}

func draft() letter.Draft {
	return letter.Draft{Name: "Offer", Subject: "Offer for {{company.name}}",
		HTML: `<p onclick="x">Dear {{contact.first_name}},</p><p>{{#if deal.amount}}{{deal.amount}} until {{deal.expected_close}}{{/if}}. ` +
			`<a href="https://own.example/?c={{company.name}}">Read on</a>.</p><p>{{sender.first_name}}</p>`}
}

func (x *offer) save(t *testing.T, v access.Viewer, d letter.Draft) letter.Saved {
	t.Helper()
	out, err := x.s.Save(t.Context(), v, store.ChangeInfo{Actor: v.User, Cause: crm.CauseUI, Title: "make a template"}, "", d, 0)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFill(t *testing.T) {
	x := newOffer(t)
	anna := access.Member(tt.Anna)
	saved := x.save(t, anna, draft())
	if strings.Contains(saved.Template.HTML, "onclick") {
		t.Errorf("the HTML was not cleaned: %s", saved.Template.HTML)
	}
	about := letter.About{Contact: x.nora, Deal: x.deal, Sender: crm.User{Name: "Anna Nowak", Email: tt.AnnaAtWork}, Lang: i18n.Polish}
	got, err := x.s.Fill(t.Context(), anna, &saved.Template, about)
	if err != nil {
		t.Fatal(err)
	}
	if got.Subject != "Offer for Nord & Søn" || len(got.Missing) != 0 {
		t.Errorf("subject %q, missing %q", got.Subject, got.Missing)
	}
	for _, want := range []string{"<p>Dear Nora,</p>", "until 15 gru", `?c=Nord+%26+S%C3%B8n"`, "<p>Anna</p>"} {
		if !strings.Contains(got.HTML, want) {
			t.Errorf("%s is not in the HTML: %s", want, got.HTML)
		}
	}
	for _, want := range []string{"Dear Nora,\n", "Read on (https://own.example/?c=Nord+%26+S%C3%B8n)"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("%q is not in the text: %q", want, got.Text)
		}
	}
	about = letter.About{Contact: x.unnamed, Lang: i18n.English}
	if got, err = x.s.Fill(t.Context(), anna, &saved.Template, about); err != nil || strings.Join(got.Missing, " ") != "company.name contact.first_name sender.first_name" {
		t.Errorf("missing %q, %v", got.Missing, err)
	}
}

// TestPictures: a logo stays, also one that a field names, and what cannot be sent
// is told.
func TestPictures(t *testing.T) {
	x := newOffer(t)
	d := draft()
	d.HTML = `<p>{{contact.first_name}}</p><img src="https://own.example/logo.png" width="120"><img src="{{company.website}}"><img src="http://own.example/a.png"><img src="cid:a">`
	saved := x.save(t, access.Member(tt.Anna), d)
	if got := saved.Template.HTML; !strings.Contains(got, `src="https://own.example/logo.png" width="120"`) || !strings.Contains(got, `src="{{company.website}}"`) || strings.Contains(got, "a.png") || strings.Contains(got, "cid") {
		t.Errorf("kept %s", got)
	}
	if !slices.Equal(saved.Left, []page.Left{page.LeftInsecure, page.LeftNowhere}) {
		t.Errorf("told %q", saved.Left)
	}
}

func TestRefusedTemplates(t *testing.T) {
	x := newOffer(t)
	for _, c := range []struct {
		name        string
		edit        func(*letter.Draft)
		field, hint string
	}{
		{"misspelt field", func(d *letter.Draft) { d.Subject = "{{contact.nmae}}" }, "subject", "contact.name"},
		{"error in HTML", func(d *letter.Draft) { d.HTML = "<p>{{#if contact.name}}</p>" }, "html", "{{/if}}"},
		{"no subject", func(d *letter.Draft) { d.Subject = " " }, "subject", ""},
		{"two lines of subject", func(d *letter.Draft) { d.Subject = "a\r\nBcc: x@y.example" }, "subject", ""},
		{"no name", func(d *letter.Draft) { d.Name = "" }, "name", ""},
		{"nothing", func(d *letter.Draft) { d.HTML = "" }, "html", ""},
		{"other kind", func(d *letter.Draft) { d.Kind = "fax" }, "kind", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft()
			c.edit(&d)
			_, err := x.s.Save(t.Context(), access.Member(tt.Anna), store.ChangeInfo{Cause: crm.CauseUI}, "", d, 0)
			if !crm.IsKind(err, crm.Invalid) || !strings.Contains(err.Error(), "(field "+c.field+")") || !strings.Contains(err.Error(), c.hint) {
				t.Errorf("refused with %v", err)
			}
		})
	}
	if list, err := x.s.List(t.Context(), access.Member(tt.Anna), ""); err != nil || len(list) != 0 {
		t.Errorf("something was stored: %v %v", list, err)
	}
}

func TestOwnTemplatesAreOnesOwn(t *testing.T) {
	x := newOffer(t)
	anna, bob := access.Member(tt.Anna), access.Member(tt.Bob)
	d := draft()
	d.Mine = true
	own := x.save(t, anna, d)
	if list, err := x.s.List(t.Context(), bob, ""); err != nil || len(list) != 0 {
		t.Errorf("Bob sees %v, %v", list, err)
	}
	info := store.ChangeInfo{Actor: tt.Bob, Cause: crm.CauseUI}
	if _, err := x.s.Get(t.Context(), bob, own.Template.ID); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("Bob reads it: %v", err)
	}
	if _, err := x.s.Delete(t.Context(), bob, info, own.Template.ID); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("Bob deletes it: %v", err)
	}
	if _, err := x.s.Save(t.Context(), bob, info, own.Template.ID, draft(), 0); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("Bob replaces it: %v", err)
	}
	log, err := x.Records.History(t.Context(), bob, own.Template.ID, records.Page{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(log.Items) != 1 {
		t.Fatalf("the log has %d changes of it", len(log.Items))
	}
	for _, c := range log.Items {
		if len(c.Entries) > 0 && len(c.Entries[0].Fields) > 0 {
			t.Errorf("the log of changes shows it to Bob: %+v", c)
		}
	}
}

func TestUndo(t *testing.T) {
	x := newOffer(t)
	anna := access.Member(tt.Anna)
	saved := x.save(t, anna, draft())
	info := store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI}
	batch, err := x.s.Delete(t.Context(), anna, info, saved.Template.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Records.Undo(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, batch); err != nil {
		t.Fatal(err)
	}
	back, err := x.s.Get(t.Context(), anna, saved.Template.ID)
	if err != nil || back.Value.HTML != saved.Template.HTML {
		t.Errorf("undo brought back %+v, %v", back, err)
	}
	if _, err := x.s.Save(t.Context(), anna, info, saved.Template.ID, draft(), back.Version+99); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("a stale version is taken: %v", err)
	}
}
