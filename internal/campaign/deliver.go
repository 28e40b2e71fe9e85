package campaign

import (
	"context"
	"errors"
	"html"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	"threadline/internal/track"
)

// fill reads what the letters of a group are made of.
func (g *group) fill(ctx context.Context) (err error) {
	if g.letters, err = g.w.e.Fill(ctx, &g.w.bench, g.lines); err == nil {
		err = g.consents(ctx)
	}
	return err
}

// one hands one mail over. Its time is bounded by itself: the end of ctx does
// not cut a mail in the middle, which would leave it unknown.
func (g *group) one(ctx context.Context, i int, d *desk) result {
	w, r, l := g.w, &g.lines[i], g.letters[i]
	if l.Fill != nil {
		l.Filled = l.Fill()
	}
	switch {
	case l.Out != "":
		return result{verdict: spared, reason: l.Out}
	case len(l.Missing) > 0:
		return result{verdict: refused, reason: reasonMissing + ": " + strings.Join(l.Missing, ", ")}
	}
	leave := w.leaving(r, d)
	page, text := w.footed(&l, leave)
	letter := mail.Letter{ID: r.RFCID, Date: w.s.sp.Store().Now().Std(), From: w.from, To: []mail.Party{{Address: r.Address}},
		Subject: l.Subject, Text: text, HTML: page, Headers: w.leave(leave), InReplyTo: l.Answers, References: l.References}
	raw, copied, err := g.written(&letter, r, d)
	if err != nil {
		return result{verdict: refused, reason: "the mail cannot be written"}
	}
	bounded, done := context.WithTimeout(context.WithoutCancel(ctx), longest)
	defer done()
	receipt, err := w.sender.Send(bounded, outbox.Mail{ID: r.RFCID, From: w.box.Address, To: []crm.Address{r.Address}, Raw: raw, Copy: copied, Thread: l.Thread, NoCopy: w.c.Marketing})
	out := judged(receipt, err)
	if r.Step > 0 {
		out.subject, out.thread = l.Subject, receipt.Thread
	}
	return out
}

// written is a letter as bytes, which stand on the desk, and what is kept of it among
// the sent mail: that tells nothing of who reads it, for its sender opens it, too.
func (g *group) written(l *mail.Letter, r *crm.Recipient, d *desk) (raw []byte, copied func() []byte, err error) {
	about, tracked := g.tracked(r)
	if !tracked {
		raw, err = d.compose(l)
		return raw, nil, err
	}
	dressed := *l
	d.dress(&dressed, about)
	raw, err = d.compose(&dressed)
	return raw, func() []byte {
		if bare, err := mail.Compose(l); err == nil {
			return bare
		}
		return raw
	}, err
}

// tracked says what the reading of a mail tells: nothing, that somebody read it,
// or who, where that person agreed or nobody has to be asked.
func (g *group) tracked(r *crm.Recipient) (track.About, bool) {
	w := g.w
	if w.cfg.PublicURL == "" || w.c.Track == crm.TrackOff {
		return track.About{}, false
	}
	about := track.About{Campaign: w.c.ID}
	if w.c.Track == crm.TrackIndividual && (!w.mailing.Consent || g.agreed[r.Address]) {
		about.Recipient = r.ID
	}
	return about, true
}

// consents reads who of a group agreed, when that is asked for.
func (g *group) consents(ctx context.Context) error {
	w := g.w
	if w.c.Track != crm.TrackIndividual || !w.mailing.Consent {
		return nil
	}
	ids := make([]string, len(g.lines))
	for i := range g.lines {
		ids[i] = crm.ConsentID(w.bench.key, g.lines[i].Address)
	}
	docs, err := store.Consents.GetMany(ctx, w.s.sp, ids)
	g.agreed = map[crm.Address]bool{}
	for i, d := range docs {
		g.agreed[g.lines[i].Address] = d.Exists()
	}
	return err
}

// footed puts under a marketing letter who writes, and how to leave.
func (w *worker) footed(l *Letter, leave string) (page, text string) {
	if !w.c.Marketing {
		return l.HTML, l.Text
	}
	word, link := w.bench.about.Lang.T(i18n.LeaveButton), w.leaveLink(leave)
	postal := strings.Join(strings.Fields(w.mailing.Postal), " ")
	return l.HTML + "<p>" + html.EscapeString(postal) + `<br><a href="` + html.EscapeString(link) + `">` + html.EscapeString(word) + "</a></p>",
		strings.TrimRight(l.Text, "\n") + "\n\n-- \n" + postal + "\n" + word + ": " + link + "\n"
}

// leaving is the token by which a recipient leaves.
func (w *worker) leaving(r *crm.Recipient, d *desk) string {
	if w.cfg.PublicURL == "" && !w.c.Marketing {
		return ""
	}
	return d.leave.token(purposeLeave, r.ID)
}

func (w *worker) leaveLink(token string) string {
	return strings.TrimSuffix(w.cfg.PublicURL, "/") + "/u/" + token
}

// leave are the fields by which mail programs offer to unsubscribe (RFC 2369,
// RFC 8058).
func (w *worker) leave(token string) []crm.Header {
	if w.cfg.PublicURL == "" {
		return nil
	}
	link := w.leaveLink(token)
	letter := "<mailto:" + string(w.box.Address) + "?subject=" + strings.TrimSpace(leavingSubject) + "%20" + token + ">"
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
	case outbox.Unknown(err) && errors.Is(err, outbox.ErrUnasked):
		return result{verdict: unsure, reason: "the mail server gave several answers, and which of them is meant nobody knows"}
	case outbox.Unknown(err):
		return result{verdict: unsure, reason: "the connection ended before the mail server answered"}
	case crm.IsKind(err, crm.Unauthorized), crm.IsKind(err, crm.Denied):
		return result{verdict: barred, reason: told(err)}
	case outbox.Unreached(err):
		return result{verdict: missed, reason: told(err), wait: crm.RetryAfter(err)}
	case crm.IsKind(err, crm.Invalid):
		out := result{verdict: refused, reason: told(err)}
		var own *crm.Error
		if !errors.As(err, &own) || own.Err != nil { // a server said so, and not we
			out.bounce = mail.Weigh("", out.reason)
		}
		return out
	}
	return result{verdict: later, reason: told(err), wait: crm.RetryAfter(err)}
}

// told is an error as the ledger tells it to people: our sentence, and what the
// server said.
func told(err error) string {
	var parts []string
	for err != nil {
		var e *crm.Error
		if !errors.As(err, &e) {
			parts = append(parts, err.Error())
			break
		}
		if msg := strings.TrimSuffix(e.Msg, "."); msg != "" {
			parts = append(parts, msg)
		}
		err = e.Err
	}
	return crm.Clip(strings.Join(parts, ": "), 300)
}
