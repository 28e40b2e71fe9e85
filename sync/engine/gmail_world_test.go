package engine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/gmail/gmailtest"
	"threadline/sync/source"
)

// withSource lets the mailbox of the world be read from another source.
func (w *world) withSource(src source.Source) {
	w.cfg.Open = func(crm.Mailbox) (source.Source, error) { return src, nil }
}

// reset lets the next engine take the mailbox as one that was just added.
func (w *world) reset() error {
	return w.sp.Transact(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Mailboxes.Get(ctx, tx, string(w.mailbox.ID))
		if err != nil {
			return err
		}
		doc.Value.State = crm.StateNew
		store.Mailboxes.Put(tx, &doc.Value)
		return nil
	})
}

// syncFolder runs the engine until the mailbox is synced and the folder holds so
// many copies on the server.
func (w *world) syncFolder(name string, copies int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	e := New(w.sp, w.cfg)
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	for {
		st, err := e.Ready(ctx, w.mailbox.ID, time.Second)
		if ctx.Err() != nil {
			w.t.Fatalf("not synced: %s", asJSON(st))
		}
		must(w.t, err)
		if st.Synced && boxNamed(st, name).Server == int64(copies) {
			break
		}
	}
	cancel()
	<-done
}

// flags of the copy with a key.
func (w *world) flags(k crm.Key) []crm.Flag {
	w.t.Helper()
	for _, c := range copiesByPlace(w.t, w) {
		if c.Key == k {
			return c.Flags
		}
	}
	w.t.Fatalf("there is no copy %d", k)
	return nil
}

// mailer is another mail program of the account's owner, which writes drafts.
type mailer struct {
	s     *gmailtest.Server
	token string
	last  string // draft
}

func newMailer(s *gmailtest.Server) *mailer {
	return &mailer{s: s, token: s.Access(gmailRep, gmailtest.ScopeMail)}
}

// draft begins one, saves it again, or sends it.
func (m *mailer) draft(what string, raw []byte) {
	body := map[string]any{"message": map[string]any{"raw": base64.URLEncoding.EncodeToString(raw)}}
	switch {
	case what == "draft" || m.last == "":
		m.call("POST", "/drafts", body)
	case what == "autosave":
		m.call("PUT", "/drafts/"+m.last, body)
	default:
		m.call("POST", "/drafts/send", map[string]any{"id": m.last})
		m.last = ""
	}
}

func (m *mailer) call(method, path string, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		return
	}
	r, err := http.NewRequestWithContext(context.Background(), method, "http://gmail.test/gmail/v1/users/me"+path, bytes.NewReader(data))
	if err != nil {
		return
	}
	r.Header.Set("Authorization", "Bearer "+m.token)
	res, err := inProcess{m.s}.RoundTrip(r)
	if err != nil {
		return // a fault was ordered for it
	}
	var out struct{ ID string }
	if json.NewDecoder(res.Body).Decode(&out) == nil && path == "/drafts" && res.StatusCode == http.StatusOK {
		m.last = out.ID
	}
}
