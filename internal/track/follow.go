package track

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Follower finds mails that people wrote and sent themselves with addresses of
// ours in them, and writes down which message each became: their Message-ID is
// the mail program's own, so that only what stands in them says so. It has one
// owner, who calls Run, or CatchUp now and then.
type Follower struct {
	sp     *store.Space
	bodies *store.BodyCodec
	blobs  *store.Blobs
	links  func(context.Context) (Links, error)
	may    func(context.Context, []crm.Address) (bool, error)
	log    *slog.Logger
}

// NewFollower makes the follower of a workspace; may tells whether a mail to
// some people may be tracked by name.
func NewFollower(sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs, links func(context.Context) (Links, error),
	may func(context.Context, []crm.Address) (bool, error), log *slog.Logger) *Follower {
	return &Follower{sp: sp, bodies: bodies, blobs: blobs, links: links, may: may, log: log}
}

const (
	followID   = "job_tracked"
	followPage = 200
)

// Run follows until ctx ends.
func (f *Follower) Run(ctx context.Context) error {
	return f.sp.Follow(ctx, store.DefaultPace(), f.CatchUp, func(err error) {
		f.log.Error("tracked mails cannot be told from others", "err", err)
	})
}

// CatchUp works off the feed up to its present end.
func (f *Follower) CatchUp(ctx context.Context) error {
	return f.sp.WorkOff(ctx, followID, "tracked mails", followPage, func(ctx context.Context, items []store.FeedItem) error {
		ids := arrived(items)
		if len(ids) == 0 {
			return nil
		}
		docs, err := store.Settings.GetMany(ctx, f.sp, []string{crm.MailingID})
		if err != nil || docs[0].Value.Mailing == nil || docs[0].Value.Mailing.Single != crm.TrackIndividual {
			return err
		}
		links, err := f.links(ctx)
		if err != nil {
			return err
		}
		return f.look(ctx, links, ids)
	})
}

// arrived are the mails that came, without those that were there before.
func arrived(items []store.FeedItem) []string {
	var ids []string
	for _, it := range items {
		if it.Arrival == nil || it.Arrival.Mailbox == "" {
			continue
		}
		for _, a := range it.Arrival.Items {
			if id := string(a.Message); !a.Historical && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func (f *Follower) look(ctx context.Context, links Links, ids []string) error {
	for chunk := range slices.Chunk(ids, followPage) {
		docs, err := store.Messages.GetMany(ctx, f.sp, chunk)
		if err != nil {
			return err
		}
		docs = slices.DeleteFunc(docs, func(d store.Doc[crm.Message]) bool { return !d.Exists() || !left(&d.Value) })
		slices.SortFunc(docs, func(a, b store.Doc[crm.Message]) int {
			return cmp.Or(cmp.Compare(a.Value.Date, b.Value.Date), cmp.Compare(a.Value.ID, b.Value.ID))
		})
		for i := range docs {
			if err := f.one(ctx, links, &docs[i].Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// left tells whether a mail is one of ours that went out: a draft has not.
func left(m *crm.Message) bool {
	return m.Direction == crm.Outbound && slices.ContainsFunc(m.Copies, func(c crm.CopyRef) bool { return c.BoxRole != crm.RoleDrafts })
}

// one joins a mail with what its addresses are counted under. The first mail
// with them is the one: later ones quote it. Without the word of everybody who
// got it, where that is needed, nothing is joined, and nobody is named.
func (f *Follower) one(ctx context.Context, links Links, m *crm.Message) error {
	c, err := f.bodies.LoadBody(ctx, f.sp, f.blobs, m.ID)
	if crm.IsKind(err, crm.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	ids := links.marks(c.HTML)
	if len(ids) == 0 {
		return nil
	}
	ok, err := f.may(ctx, outsiders(m))
	if err != nil || !ok {
		return err
	}
	return f.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Sightings.GetMany(ctx, tx, append([]string{string(m.ID)}, ids...))
		if err != nil || docs[0].Exists() {
			return err
		}
		for i, d := range docs[1:] {
			if d.Value.Message != "" {
				continue
			}
			seen := d.Value
			seen.ID = ids[i]
			seen.Leave(m.ID, m.Date)
			store.Sightings.Put(tx, &seen)
			store.Sightings.Put(tx, &crm.Seen{ID: string(m.ID), Of: seen.ID})
			return nil
		}
		return nil
	})
}

// outsiders are those who got a mail.
func outsiders(m *crm.Message) []crm.Address {
	var out []crm.Address
	for _, p := range m.Participants {
		if p.Role != crm.RoleFrom && p.Role != crm.RoleReplyTo && p.Role != crm.RoleSender && !slices.Contains(out, p.Address) {
			out = append(out, p.Address)
		}
	}
	return out
}

// maxMarks is how many tracked mails a text is looked through for: its own comes
// before those that it quotes.
const maxMarks = 8

// marks are the mails whose signed pictures and links stand in a text, in the
// order of the text. What we did not sign is none.
func (l Links) marks(page string) []string {
	var out []string
	for len(out) < maxMarks {
		i := strings.Index(page, OpenPath)
		if i < 0 {
			return out
		}
		page = page[i+len(OpenPath):]
		end := strings.IndexFunc(page, func(r rune) bool { return r != '.' && r != '-' && r != '_' && (r < '0' || r > 'z') })
		if end < 0 {
			end = len(page)
		}
		if h, ok := l.ReadOpen(page[:end]); ok && crm.IDPrefix(h.Recipient) == crm.PrefixTracked && !slices.Contains(out, h.Recipient) {
			out = append(out, h.Recipient)
		}
	}
	return out
}
