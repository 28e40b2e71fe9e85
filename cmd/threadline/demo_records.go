package main

import (
	"context"
	"strconv"
	"time"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/seal"
	"threadline/internal/store"
)

func newSecret(s string) seal.Secret { return seal.NewSecret(s) }

// fill makes the people of the demo and what they know of their customers.
func (s *show) fill(ctx context.Context) error {
	h := s.house
	if err := s.declareFreeMail(ctx); err != nil {
		return err
	}
	rep, token, err := h.auth.AddUser(ctx, h.Space, s.world.Rep.Address, s.world.Rep.Name, "en")
	if err != nil {
		return err
	}
	s.rep, s.link = rep, s.door.Link(token)
	made := records.By{Cause: crm.CauseSystem, Title: "the first person is the admin"}
	if _, err := h.Records.SetMembership(ctx, made, crm.Membership{User: rep.ID, Role: crm.RoleAdmin}); err != nil {
		return err
	}
	if _, _, err = h.auth.AddUser(ctx, h.Space, s.world.Colleague.Address, s.world.Colleague.Name, "en"); err != nil {
		return err
	}
	ws, err := store.Workspaces.Get(ctx, h.Space, string(h.Space.Workspace()))
	if err != nil {
		return err
	}
	f := filler{show: s, key: ws.Value.IDKey}
	if err := f.people(ctx); err != nil {
		return err
	}
	for i := range s.world.Deals {
		if err := f.deal(ctx, i); err != nil {
			return err
		}
	}
	return f.activities(ctx)
}

// declareFreeMail tells the workspace which invented providers anybody may use.
func (s *show) declareFreeMail(ctx context.Context) error {
	sp := s.house.Space
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		ws, err := store.Workspaces.Get(ctx, tx, string(sp.Workspace()))
		if err != nil {
			return err
		}
		ws.Value.FreeMail = s.world.Workspace.FreeMail
		store.Workspaces.Put(tx, &ws.Value)
		return nil
	})
}

// filler makes the records of the world.
type filler struct {
	*show
	key crm.IDKey
}

func (f *filler) id(n crm.Noun, i int) crm.RecordID {
	return crm.RecordID(crm.DerivedID(n.Prefix, f.key, "demo", strconv.Itoa(i)))
}

func (f *filler) by(title string, at time.Time) records.By {
	return records.By{Actor: f.rep.ID, Cause: crm.CauseImport, Title: title, At: crm.At(at)}
}

// texts is a list of values as records take them.
func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// people makes companies and contacts as one batch.
func (f *filler) people(ctx context.Context) error {
	var drafts []records.Draft
	for i, c := range f.world.Companies {
		drafts = append(drafts, records.Draft{ID: f.id(crm.Company(), i), Kind: crm.KindCompany, Values: map[string]any{
			"name": c.Name, "domains": texts(c.Domains), "phones": texts(c.Phones), "website": c.Website,
			"owner": string(f.rep.ID), "about": "In " + c.City}})
	}
	for i, c := range f.world.Contacts {
		drafts = append(drafts, records.Draft{ID: f.id(crm.Contact(), i), Kind: crm.KindContact, Values: map[string]any{
			"name": c.Name, "title": c.Title, "emails": texts(c.Emails), "phones": texts(c.Phones),
			"company": string(f.id(crm.Company(), c.Company)), "owner": string(f.rep.ID)}})
	}
	_, err := f.house.Records.CreateMany(ctx, f.by("import the customers", time.Time{}), drafts)
	return err
}

// deal makes a deal as it was in the beginning and moves it to where it is now.
func (f *filler) deal(ctx context.Context, i int) error {
	d := &f.world.Deals[i]
	var contacts []string
	for _, c := range d.Contacts {
		contacts = append(contacts, string(f.id(crm.Contact(), c)))
	}
	first := crm.DefaultPipeline().Stages[0].Key
	values := map[string]any{"name": d.Name, "stage": first, "amount": d.Amount, "currency": string(d.Currency),
		"company": string(f.id(crm.Company(), d.Company)), "contacts": contacts, "created": crm.At(d.Created),
		"expected_close": d.ExpectedClose.Format(time.DateOnly), "next_step": d.NextStep, "owner": string(f.rep.ID)}
	id := f.id(crm.Deal(), i)
	_, err := f.house.Records.Create(ctx, f.by("open a deal", d.Created), records.Draft{ID: id, Kind: crm.KindDeal, Values: values})
	if err != nil || d.Stage == first {
		return err
	}
	at, patch := d.Closed, map[string]any{"stage": d.Stage}
	if at.IsZero() {
		at = d.Created.Add(f.main.Now().Sub(d.Created) / 2)
	}
	if d.LostReason != "" {
		patch["lost_reason"] = d.LostReason
	}
	_, err = f.house.Records.Update(ctx, f.by("move a deal", at), id, records.Patch{Values: patch})
	return err
}

// activities are what the rep noted beside the mail.
func (f *filler) activities(ctx context.Context) error {
	var drafts []records.Draft
	now := f.main.Now()
	for i, d := range f.world.Deals {
		about := []string{string(f.id(crm.Deal(), i))}
		if len(d.Contacts) > 0 {
			about = append(about, string(f.id(crm.Contact(), d.Contacts[0])))
		}
		open := d.Closed.IsZero()
		switch {
		case open && d.NextStep != "":
			drafts = append(drafts, f.activity(crm.Task(), i, map[string]any{"title": d.NextStep, "status": "todo",
				"due": now.AddDate(0, 0, 1+i%9).Format(time.DateOnly), "assignee": string(f.rep.ID), "records": about}))
		case !open && i%2 == 0:
			drafts = append(drafts, f.activity(crm.Note(), i, map[string]any{"title": "How it ended", "records": about,
				"text": map[bool]string{true: "They took the offer; ask for a reference when the plant runs.", false: "Lost for now. Look again when the next budget is made."}[d.Stage == "won"]}))
		}
		if i%3 == 0 {
			drafts = append(drafts, f.activity(crm.Call(), i, map[string]any{"title": "What they need, and by when", "direction": "outbound",
				"started": crm.At(d.Created.Add(26 * time.Hour)), "seconds": int64(300 + 40*i), "outcome": "reached", "records": about}))
		}
	}
	_, err := f.house.Records.CreateMany(ctx, f.by("import tasks, notes and calls", time.Time{}), drafts)
	return err
}

func (f *filler) activity(n crm.Noun, i int, values map[string]any) records.Draft {
	return records.Draft{ID: f.id(n, i), Kind: n.Kind, Values: values}
}
