package addon

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/store"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/track"
	"threadline/internal/view"
)

// tracked is an office that writes mails which tell that they are read.
type tracked struct {
	*office
	campaigns *campaign.Service
}

func newTracked(x *office) *tracked {
	return &tracked{office: x, campaigns: campaign.New(x.w.Space, x.w.Records, letter.New(x.w.Space, x.w.Records), view.New(x.w.Space, x.w.Records))}
}

func (x *tracked) allow(m crm.Mailing) {
	x.t.Helper()
	v, err := x.w.Records.Viewer(x.t.Context(), tt.Anna)
	x.must(err)
	_, err = x.campaigns.SetMailing(x.t.Context(), v, store.ChangeInfo{Cause: crm.CauseUI, Actor: tt.Anna}, m)
	x.must(err)
}

// inserted is the HTML that the last answer puts into the draft.
func (x *tracked) inserted() (html string) {
	x.t.Helper()
	walk(x.last, func(o object) {
		if s, ok := o["content"].(string); ok {
			html = s
		}
	})
	if html == "" {
		x.t.Fatalf("nothing is put into the draft: %v", x.last)
	}
	return html
}

var openToken = regexp.MustCompile(`https://crm\.example/t/o/([^"]+)"`)

// hit is what the picture of a letter reports.
func (x *tracked) hit(page string) crm.Hit {
	x.t.Helper()
	found := openToken.FindStringSubmatch(page)
	if found == nil {
		x.t.Fatalf("the letter has no picture of ours: %s", page)
	}
	links, err := x.campaigns.Links(x.t.Context(), "https://crm.example")
	x.must(err)
	h, ok := links.ReadOpen(found[1])
	if !ok {
		x.t.Fatalf("%s is not signed by us", found[1])
	}
	return h
}

// read reports openings as the server does.
func (x *tracked) read(hits ...crm.Hit) {
	x.t.Helper()
	b := x.w.Space.Batch()
	store.HitChunks.Create(b, &crm.HitChunk{ID: tt.ID(crm.PrefixHits, int(hits[0].At.Sub(crm.At(tt.Start)).Seconds())), At: hits[0].At, Hits: hits})
	x.must(b.Commit(x.t.Context()))
	log := slog.New(slog.DiscardHandler)
	links := func(ctx context.Context) (track.Links, error) { return x.campaigns.Links(ctx, "") }
	for range 2 { // again changes nothing
		x.must(track.NewFolder(x.w.Space, log).CatchUp(x.t.Context()))
		x.must(track.NewFollower(x.w.Space, x.w.Bodies, x.w.Blobs, links, x.campaigns.MayTrack, log).CatchUp(x.t.Context()))
	}
}

// seen is what a person's timeline of Nora says of the reading of a mail.
func (x *tracked) seen(who crm.UserID, m crm.MessageID) *crm.Seen {
	x.t.Helper()
	v, err := x.w.Records.Viewer(x.t.Context(), who)
	x.must(err)
	page, err := timeline.New(x.w.Space, x.w.Bodies, x.w.Blobs).Of(x.t.Context(), v, x.nora, "", 50)
	x.must(err)
	for _, e := range page.Items {
		if e.ID == string(m) {
			return e.Seen
		}
	}
	x.t.Fatalf("the mail is not on the timeline of %s: %+v", who, page.Items)
	return nil
}

// TestFlowTracked: where the workspace allows it the card offers to find out
// whether a mail is read; the mail that is sent carries signed addresses, the
// first mail with them is the one, and its openings stand on the timeline for
// whoever may read the mail, without what its writer saw; where somebody has to
// agree and did not, nobody is named.
func TestFlowTracked(t *testing.T) {
	x := newTracked(newOffice(t))
	x.template("Offer", "Our offer", `<p>Dear friend, see <a href="https://shop.example/x?a=1&amp;b=2">the offer</a>.</p>`)
	open := func() {
		t.Helper()
		x.trigger("compose")
		x.click("Offer")
	}
	open()
	x.seesNot(trackInput)
	x.filled = object{trackInput: text("on")}
	x.click("Insert")
	if b := asText(x.last); !strings.Contains(b, "not allowed") {
		t.Errorf("a workspace that allows nothing: %s", b)
	}
	x.allow(crm.Mailing{Single: crm.TrackIndividual})
	open()
	x.sees("Tell me when it is opened", "on the timeline")
	x.click("Insert")
	if html := x.inserted(); strings.Contains(html, "/t/") {
		t.Errorf("a mail that is not to be tracked: %s", html)
	}
	open()
	x.fill(trackInput, "on")
	x.click("Insert")
	html := x.inserted()
	if !strings.Contains(html, "https://crm.example/t/c/") || strings.Contains(html, `"https://shop.example`) {
		t.Errorf("links are not tracked: %s", html)
	}
	h := x.hit(html)
	if crm.IDPrefix(h.Recipient) != crm.PrefixTracked || h.Campaign != string(tt.AnnaMail) {
		t.Errorf("the picture tells of %+v", h)
	}
	sent := crm.At(tt.Start.Add(time.Hour))
	mail := tt.Mail{ID: "CAxyz@mail.gmail.example", From: tt.AnnaAtWork, To: []crm.Address{"nora@nord.example"}, Subject: "Our offer", HTML: html, Date: sent, Box: "Sent", Role: crm.RoleSent}
	quoting := mail
	quoting.ID, quoting.Subject, quoting.HTML, quoting.Date = "CAabc@mail.gmail.example", "Re: Our offer", "<p>Any news?</p><blockquote>"+html+"</blockquote>", sent+1
	ids := x.w.Store(mail, quoting)
	x.h.deps.Book.Followed(t.Context())
	h.Verdict = crm.VerdictHuman
	before, later := h, h
	before.At, later.At = sent-1, crm.At(sent.Std().Add(time.Hour))
	x.read(before, later)
	if s := x.seen(tt.Anna, ids[0]); s == nil || s.Opens.Human != 1 || s.Opens.Machine != 1 || s.Opened != later.At {
		t.Errorf("the timeline says %+v", s)
	}
	if s := x.seen(tt.Anna, ids[1]); s != nil {
		t.Errorf("a mail that quotes it: %+v", s)
	}
	if s := x.seen(tt.Bob, ids[0]); s != nil {
		t.Errorf("a colleague who may not read it is told %+v", s)
	}
	x.unagreed()
}

// unagreed is the case of people who have to agree and did not.
func (x *tracked) unagreed() {
	t := x.t
	t.Helper()
	x.allow(crm.Mailing{Single: crm.TrackIndividual, Consent: true})
	x.trigger("compose")
	x.sees("Track this mail", "without names")
	x.click("Track this mail")
	if h := x.hit(x.inserted()); h.Recipient != "" || h.Campaign != string(tt.AnnaMail) {
		t.Errorf("somebody who did not agree is named: %+v", h)
	}
	v, err := x.w.Records.Viewer(t.Context(), tt.Anna)
	x.must(err)
	_, err = x.campaigns.Agree(t.Context(), v, store.ChangeInfo{Cause: crm.CauseUI, Actor: tt.Anna}, crm.Consent{Address: "nora@nord.example", Source: "by telephone"})
	x.must(err)
	x.trigger("compose")
	x.sees("on the timeline")
	x.click("Track this mail")
	html := x.inserted()
	h := x.hit(html)
	if h.Recipient == "" {
		t.Errorf("somebody who agreed is not named: %+v", h)
	}
	sent := crm.At(tt.Start.Add(2 * time.Hour))
	id := x.w.Store(tt.Mail{ID: "CAtwo@mail.gmail.example", From: tt.AnnaAtWork, To: []crm.Address{"nora@nord.example", "eve@other.example"}, Subject: "Two", HTML: html, Date: sent, Box: "Sent", Role: crm.RoleSent})[0]
	x.h.deps.Book.Followed(t.Context())
	h.Verdict, h.At = crm.VerdictHuman, crm.At(sent.Std().Add(time.Hour))
	x.read(h)
	if s := x.seen(tt.Anna, id); s != nil {
		t.Errorf("a mail that went to somebody else, too, who did not agree: %+v", s)
	}
}
