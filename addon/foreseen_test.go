package addon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// gmail serves the header of every message, and counts how often it is asked.
type gmail struct {
	fields map[string]string
	asked  int
}

func (g *gmail) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.asked++
	var list []object
	for _, name := range r.URL.Query()["metadataHeaders"] {
		if v := g.fields[name]; v != "" {
			list = append(list, object{"name": name, "value": v})
		}
	}
	json.NewEncoder(w).Encode(object{"payload": object{"headers": list}})
}

// unstored lets a person open a mail of Gmail that is stored nowhere.
func unstored(t *testing.T, fields map[string]string) (*office, *gmail) {
	x, g := newOffice(t), &gmail{fields: fields}
	srv := httptest.NewServer(g)
	t.Cleanup(srv.Close)
	x.h.deps.Header = GmailHeader(srv.Client(), srv.URL)
	look := x.h.deps.Lookup
	x.h.deps.Lookup = func(ctx context.Context, u crm.UserID, ref Ref) (*timeline.Sheet, error) {
		switch {
		case ref.Gmail == 8:
			return &timeline.Sheet{Missing: timeline.MissingSkipped, Skip: crm.SkipSince}, nil
		case ref.ID == "":
			return nil, crm.Errorf(crm.NotFound, "test", "no such message")
		}
		return look(ctx, u, ref)
	}
	x.message = "msg-f:7"
	return x, g
}

// TestFlowUnstored: of a mail that no sync has brought the card shows who wrote,
// their company, deals and tasks, all of which can be worked with.
func TestFlowUnstored(t *testing.T) {
	x, g := unstored(t, map[string]string{"Message-ID": "<new@nord.example>", "From": "Nora Lind <nora@nord.example>", "Subject": "Racks again",
		"To": string(tt.AnnaAtWork), "Cc": "Carla Verdi <carla@vetro.example>", "Date": "Fri, 20 Nov 2026 09:00:00 +0100"})
	x.post("message", nil)
	x.sees("Nora Lind", "Nord", "Pallet racks", "Qualified", "Not in Threadline yet", "never seen this message", "Last touches", "carla@vetro.example")
	x.seesNot("This message is logged here")
	if g.asked != 1 {
		t.Errorf("Gmail was asked %d times for one card", g.asked)
	}
	x.change("stage", "negotiation")
	x.hears("Stage saved: Negotiation")
	x.sees(`"selected":true,"text":"Negotiation"`, "Not in Threadline yet")
	x.click("In 3 days")
	x.hears("Task saved.")
	x.sees("Follow up: Nora Lind")
	x.press("Carla Verdi")
	x.sees("Carla Verdi", "Vetro", "vetro.example")
	x.click("Create")
	x.hears("Created.")
	x.sees("Nora Lind", "Created.")
	if r := x.contact("carla@vetro.example"); r.Name() != "Carla Verdi" {
		t.Errorf("made %v", r.Values)
	}
	x.press("Created.")
	x.hears("Taken back.")
	x.sees("carla@vetro.example", "Not a contact yet")
}

// TestUnstoredThread: a mail that answers one that is stored is about the same
// deal, and why it was left out is said.
func TestUnstoredThread(t *testing.T) {
	x, _ := unstored(t, map[string]string{"Message-ID": "<r@home.example>", "From": "nora.private@home.example", "In-Reply-To": "<ask@nord.example>",
		"References": "<ask@nord.example>", "To": string(tt.AnnaAtWork)})
	x.message = "msg-f:8"
	x.post("message", nil)
	x.sees("nora.private@home.example", "Pallet racks", "This message was left out", "Not a contact yet")
}

// TestOwnMail: a mail that the person wrote in Gmail has no number there; it is
// found by its Message-ID, or is as little stored as another.
func TestOwnMail(t *testing.T) {
	x, g := unstored(t, map[string]string{"Message-ID": "<ask@nord.example>", "From": string(tt.AnnaAtWork), "To": "nora@nord.example"})
	look := x.h.deps.Lookup
	x.h.deps.Lookup = func(ctx context.Context, u crm.UserID, ref Ref) (*timeline.Sheet, error) {
		if ref.RFC == "ask@nord.example" {
			ref = Ref{ID: x.ask}
		}
		return look(ctx, u, ref)
	}
	x.message = "msg-a:r-77"
	x.post("message", nil)
	x.sees("Nora Lind", "Logged because")
	g.fields["Message-ID"] = "<other@own.example>"
	x.post("message", nil)
	x.sees("Nora Lind", "Pallet racks", "Not in Threadline yet")
}

// TestUnstoredScope: without the scope for headers Gmail is not asked; the scope
// is.
func TestUnstoredScope(t *testing.T) {
	d := newDesk(t)
	d.deps.Header = GmailHeader(http.DefaultClient, "http://127.0.0.1:1")
	w := d.serve(t, call{message: "msg-f:404", scopes: []string{scopeEmail}})
	if b := w.Body.String(); !strings.Contains(b, `"requesting_google_scopes"`) || !strings.Contains(b, scopeMetadata) {
		t.Error(b)
	}
}
