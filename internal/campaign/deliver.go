package campaign

import (
	"context"
	"html"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/letter"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	"threadline/internal/track"
)

// letters fills the letter for every recipient of a group, from the records as
// they are now. A failure gives the group back: nothing went out.
func (w *worker) letters(ctx context.Context, list []crm.Recipient) ([]letter.Filled, error) {
	out, err := w.fill(ctx, list)
	if err != nil {
		results := make([]result, len(list))
		for i := range results {
			results[i] = result{verdict: back}
		}
		if e := w.settle(context.WithoutCancel(ctx), list, results); e != nil {
			return nil, e
		}
	}
	return out, err
}

func (w *worker) fill(ctx context.Context, list []crm.Recipient) ([]letter.Filled, error) {
	ids := make([]crm.RecordID, len(list))
	for i := range list {
		ids[i] = list[i].Contact
	}
	contacts, err := w.s.records.GetMany(ctx, w.j.viewer, ids)
	if err != nil {
		return nil, err
	}
	companies := make([]crm.RecordID, len(list))
	for i := range contacts {
		companies[i] = crm.RecordID(contacts[i].Value.Text("company"))
	}
	firms, err := w.s.records.GetMany(ctx, w.j.viewer, companies)
	if err != nil {
		return nil, err
	}
	if err := w.consents(ctx, list); err != nil {
		return nil, err
	}
	out := make([]letter.Filled, len(list))
	for i := range list {
		var contact, company *crm.Record
		if contacts[i].Exists() {
			contact = &contacts[i].Value
		}
		if firms[i].Exists() {
			company = &firms[i].Value
		}
		out[i] = w.j.letter.Fill(w.j.values(contact, company))
	}
	return out, nil
}

// one hands one mail over. Its time is bounded by itself: the end of ctx does
// not cut a mail in the middle, which would leave it unknown.
func (w *worker) one(ctx context.Context, r *crm.Recipient, l *letter.Filled) result {
	if len(l.Missing) > 0 {
		return result{verdict: refused, reason: reasonMissing + ": " + strings.Join(l.Missing, ", ")}
	}
	page, text := w.footed(r, l)
	if about, ok := w.tracked(r); ok {
		page = w.links.Letter(page, about)
	}
	raw, err := mail.Compose(&mail.Letter{ID: r.RFCID, Date: w.s.sp.Store().Now().Std(), From: w.from, To: []mail.Party{{Address: r.Address}},
		Subject: l.Subject, Text: text, HTML: page, Headers: w.leave(r)})
	if err != nil {
		return result{verdict: refused, reason: "the mail cannot be written"}
	}
	bounded, done := context.WithTimeout(context.WithoutCancel(ctx), longest)
	defer done()
	receipt, err := w.sender.Send(bounded, outbox.Mail{ID: r.RFCID, From: w.box.Address, To: []crm.Address{r.Address}, Raw: raw})
	return judged(receipt, err)
}

// tracked says what the reading of a mail tells: nothing, that somebody read it,
// or who, where that person agreed or nobody has to be asked.
func (w *worker) tracked(r *crm.Recipient) (track.About, bool) {
	if w.cfg.PublicURL == "" || w.c.Track == crm.TrackOff {
		return track.About{}, false
	}
	about := track.About{Campaign: w.c.ID}
	if w.c.Track == crm.TrackIndividual && (!w.mailing.Consent || w.agreed[r.Address]) {
		about.Recipient = r.ID
	}
	return about, true
}

// consents reads who of a group agreed, when that is asked for.
func (w *worker) consents(ctx context.Context, list []crm.Recipient) error {
	w.agreed = map[crm.Address]bool{}
	if w.c.Track != crm.TrackIndividual || !w.mailing.Consent {
		return nil
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = crm.ConsentID(w.j.key, list[i].Address)
	}
	docs, err := store.Consents.GetMany(ctx, w.s.sp, ids)
	for i, d := range docs {
		w.agreed[list[i].Address] = d.Exists()
	}
	return err
}

// footed puts under a marketing letter who writes, and how to leave.
func (w *worker) footed(r *crm.Recipient, l *letter.Filled) (page, text string) {
	if !w.c.Marketing {
		return l.HTML, l.Text
	}
	word, link := w.j.about.Lang.T(i18n.LeaveButton), strings.TrimSuffix(w.cfg.PublicURL, "/")+"/u/"+token(w.j.key, purposeLeave, r.ID)
	postal := strings.Join(strings.Fields(w.mailing.Postal), " ")
	return l.HTML + "<p>" + html.EscapeString(postal) + `<br><a href="` + html.EscapeString(link) + `">` + html.EscapeString(word) + "</a></p>",
		strings.TrimRight(l.Text, "\n") + "\n\n-- \n" + postal + "\n" + word + ": " + link + "\n"
}

// leave are the fields by which mail programs offer to unsubscribe (RFC 2369,
// RFC 8058).
func (w *worker) leave(r *crm.Recipient) []crm.Header {
	if w.cfg.PublicURL == "" {
		return nil
	}
	t := token(w.j.key, purposeLeave, r.ID)
	link := strings.TrimSuffix(w.cfg.PublicURL, "/") + "/u/" + t
	letter := "<mailto:" + string(w.box.Address) + "?subject=" + strings.TrimSpace(leavingSubject) + "%20" + t + ">"
	out := []crm.Header{{Name: "List-Unsubscribe", Value: "<" + link + ">, " + letter}}
	if strings.HasPrefix(link, "https://") { // one click needs it
		out = append(out, crm.Header{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"})
	}
	return out
}

// judged reads how a hand-over ended.
func judged(receipt outbox.Receipt, err error) result {
	switch {
	case err == nil:
		return result{verdict: went, remote: receipt.Remote}
	case outbox.Unknown(err):
		return result{verdict: unsure, reason: "the connection ended before the mail server answered"}
	case crm.IsKind(err, crm.Unauthorized), crm.IsKind(err, crm.Denied):
		return result{verdict: barred, reason: crm.Clip(err.Error(), 300)}
	case crm.IsKind(err, crm.Invalid):
		reason := crm.Clip(err.Error(), 300)
		return result{verdict: refused, reason: reason, bounce: mail.Weigh("", reason)}
	}
	return result{verdict: later, reason: crm.Clip(err.Error(), 300), wait: crm.RetryAfter(err)}
}

// tidy takes up what was left behind: claims of processes that ended, and
// unknown mail whose grace is over, which is looked up.
func (w *worker) tidy(ctx context.Context) error {
	if err := w.each(ctx, crm.RecipientClaimed, func(r crm.Recipient) (crm.Recipient, bool, error) {
		r, ok := leftBehind(r, w.s.sp.Store().Now())
		return r, ok, nil
	}); err != nil {
		return err
	}
	return w.each(ctx, crm.RecipientUnknown, func(r crm.Recipient) (crm.Recipient, bool, error) {
		if r.Due > w.s.sp.Store().Now() || r.Looked >= looks {
			return r, false, nil
		}
		receipt, there, err := w.sender.Find(ctx, r.RFCID)
		// A mail system that cannot be asked says nothing: it stays unknown, by name.
		r, ok := lookedUp(r, looked{there: there && err == nil, remote: receipt.Remote, proven: err == nil && w.sender.Proves()}, w.s.sp.Store().Now())
		return r, ok, nil
	})
}

// each applies a step to the recipients in a state, when it changes them.
func (w *worker) each(ctx context.Context, state crm.RecipientState, step func(crm.Recipient) (crm.Recipient, bool, error)) error {
	docs, err := store.Recipients.All(ctx, w.s.sp, store.Query{Where: inState(w.c.ID, state), Order: "due"})
	if err != nil {
		return err
	}
	for _, d := range docs {
		r, ok, err := step(d.Value)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		err = w.lease.Fenced(ctx, func(_ context.Context, tx *store.Tx) error {
			store.Recipients.PutIf(tx, &r, d.Version)
			return nil
		})
		if err != nil && !crm.IsKind(err, crm.Conflict) {
			return err
		}
	}
	return nil
}
