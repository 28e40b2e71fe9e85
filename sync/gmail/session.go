package gmail

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/api/gmail/v1"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Folders of a mailbox.
const (
	AllMail = "All Mail"
	spam    = "Spam"
	trash   = "Trash"
	drafts  = "Drafts"
	chats   = "Chats"
	inbox   = "INBOX" // where other mail systems tell of news
)

// epoch is the only one: message ids hold for ever.
const epoch = 1

// off are the labels that keep a message out of All Mail, with the folder that
// each of them is.
var off = []struct {
	label, folder string
	role          crm.BoxRole
}{
	{"SPAM", spam, crm.RoleJunk}, {"TRASH", trash, crm.RoleTrash}, {"DRAFT", drafts, crm.RoleDrafts}, {"CHAT", chats, crm.RoleChat},
}

// member tells whether a message with the labels is in All Mail.
func member(labels []string) bool {
	for _, o := range off {
		if slices.Contains(labels, o.label) {
			return false
		}
	}
	return true
}

// labelOf is the label of a folder; "" for All Mail.
func labelOf(folder string) (label string, ok bool) {
	if folder == AllMail {
		return "", true
	}
	for _, o := range off {
		if o.folder == folder {
			return o.label, true
		}
	}
	return "", false
}

// flags of a copy with the labels, sorted.
func flagsOf(labels []string) []crm.Flag {
	var out []crm.Flag
	if slices.Contains(labels, "STARRED") {
		out = append(out, crm.FlagFlagged)
	}
	if !slices.Contains(labels, "UNREAD") {
		out = append(out, crm.FlagSeen)
	}
	return out
}

// session is one user of the API; calls need no connection of their own.
type session struct {
	*caller
	ctx   context.Context // ends with Close
	close context.CancelFunc

	told   uint64          // history id of the last snapshot that was handed out
	aside  []source.Folder // the folders beside All Mail
	counts time.Time       // when they were counted
}

// countsLive is how long the sizes of folders that are not synced are kept.
const countsLive = 5 * time.Minute

// begin bounds a call by Close. done is to be called at its end.
func (s *session) begin(ctx context.Context) (_ context.Context, done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if s.ctx.Err() != nil {
		return nil, nil, errClosed()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.ctx, func() { cancel(errClosed()) })
	return ctx, func() { stop(); cancel(nil) }, nil
}

func errClosed() *crm.Error {
	return crm.Errorf(crm.Unavailable, "gmail.session", "The work with Gmail was stopped.")
}

// bounded runs f within the life of the session.
func bounded[T any](ctx context.Context, s *session, f func(ctx context.Context) (T, error)) (T, error) {
	within, done, err := s.begin(ctx)
	if err != nil {
		var none T
		return none, err
	}
	defer done()
	v, err := f(within)
	if err != nil && ctx.Err() == nil && s.ctx.Err() != nil {
		err = errClosed()
	}
	return v, err
}

// Close ends every call at once.
func (s *session) Close() error {
	s.close()
	return nil
}

func (s *session) profile(ctx context.Context) (p *gmail.Profile, err error) {
	return bounded(ctx, s, func(ctx context.Context) (p *gmail.Profile, err error) {
		err = s.call(ctx, GetProfile, func(ctx context.Context) error {
			p, err = s.api.GetProfile("me").Context(ctx).Do()
			return err
		})
		return p, err
	})
}

// Folders asks for the history id; how many messages are set aside is asked
// less often.
func (s *session) Folders(ctx context.Context) ([]source.Folder, error) {
	return bounded(ctx, s, func(ctx context.Context) ([]source.Folder, error) {
		var p *gmail.Profile
		g, gctx := errgroup.WithContext(ctx)
		g.Go(func() (err error) { p, err = s.profile(gctx); return err })
		g.Go(func() error { return s.count(gctx) })
		if err := g.Wait(); err != nil {
			return nil, err
		}
		all := source.Folder{Name: AllMail, Role: crm.RoleAll, Cursor: cursorOf(p.HistoryId), Count: -1}
		return append([]source.Folder{all}, s.aside...), nil
	})
}

// count asks how many messages carry each of the labels that are set aside.
func (s *session) count(ctx context.Context) error {
	if s.aside != nil && time.Since(s.counts) < countsLive {
		return nil
	}
	found := make([]*gmail.Label, len(off))
	g, ctx := errgroup.WithContext(ctx)
	for i, o := range off {
		g.Go(func() error {
			err := s.call(ctx, LabelsGet, func(ctx context.Context) (err error) {
				found[i], err = s.api.Labels.Get("me", o.label).Context(ctx).Fields("messagesTotal").Do()
				return err
			})
			if crm.IsKind(err, crm.NotFound) { // accounts without chat
				return nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	s.aside, s.counts = []source.Folder{}, time.Now()
	for i, o := range off {
		if l := found[i]; l != nil {
			s.aside = append(s.aside, source.Folder{Name: o.folder, Role: o.role,
				Cursor: "n" + strconv.FormatInt(l.MessagesTotal, 10), Count: l.MessagesTotal})
		}
	}
	return nil
}

// ids lists messages. Pages are followed to the end; what arrives meanwhile may
// or may not be in it.
func (s *session) ids(ctx context.Context, q string, everywhere bool, labels ...string) (crm.KeySet, error) {
	var all crm.KeySet
	for page := ""; ; {
		some, next, err := s.idsFrom(ctx, page, q, everywhere, labels...)
		if err != nil {
			return nil, err
		}
		all = all.Union(some)
		if page = next; page == "" {
			return all, nil
		}
	}
}

// idsFrom is a page of ids, the newest of 500 first, and the token of the next.
func (s *session) idsFrom(ctx context.Context, page, q string, everywhere bool, labels ...string) (crm.KeySet, string, error) {
	var res *gmail.ListMessagesResponse
	err := s.call(ctx, MessagesList, func(ctx context.Context) (err error) {
		c := s.api.Messages.List("me").MaxResults(500).IncludeSpamTrash(everywhere).Fields("nextPageToken", "messages/id").Context(ctx)
		if q != "" {
			c.Q(q)
		}
		if len(labels) > 0 {
			c.LabelIds(labels...)
		}
		if page != "" {
			c.PageToken(page)
		}
		res, err = c.Do()
		return err
	})
	if err != nil {
		return nil, "", err
	}
	keys := make([]crm.Key, len(res.Messages))
	for i, m := range res.Messages {
		if keys[i], err = keyOf(m.Id); err != nil {
			return nil, "", err
		}
	}
	return crm.Keys(keys...), res.NextPageToken, nil
}

// keyOf reads a message id, which is a number in hexadecimal.
func keyOf(id string) (crm.Key, error) {
	n, err := strconv.ParseUint(id, 16, 64)
	if err != nil || n == 0 {
		return 0, crm.Errorf(crm.Internal, "gmail.keyOf", "Gmail names a message %q, which is no number.", crm.Clip(id, 40))
	}
	return crm.Key(n), nil
}

func idOf(k crm.Key) string { return strconv.FormatUint(uint64(k), 16) }

// List lists a folder, and again what is not older than since.
func (s *session) List(ctx context.Context, folder string, since crm.Time) (source.Listing, error) {
	return bounded(ctx, s, func(ctx context.Context) (source.Listing, error) {
		all, err := s.keys(ctx, folder)
		if err != nil {
			return source.Listing{}, err
		}
		l := source.Listing{Epoch: epoch, All: all, Recent: all}
		if since > 0 {
			label, _ := labelOf(folder)
			recent, err := s.ids(ctx, after(since), label != "", labels(label)...)
			if err != nil {
				return source.Listing{}, err
			}
			l.Recent = recent.Intersect(all)
		}
		return l, nil
	})
}

// after searches for what is not older than a moment. Whether the operator counts
// the second itself Google does not say, so the one before it is asked for: what
// comes a second too old is a mail more, and no mail is missed.
func after(since crm.Time) string { return "after:" + strconv.FormatInt(since.Std().Unix()-1, 10) }

func labels(label string) []string {
	if label == "" {
		return nil
	}
	return []string{label}
}

// keys lists a folder. Drafts and chats are taken off by their own listings:
// searches for what lacks a label are not to be relied on.
func (s *session) keys(ctx context.Context, folder string) (crm.KeySet, error) {
	label, ok := labelOf(folder)
	if !ok {
		return nil, noFolder(folder)
	}
	if label != "" {
		return s.ids(ctx, "", true, label)
	}
	var all, draft, chat crm.KeySet
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { all, err = s.ids(ctx, "", false); return err })
	g.Go(func() (err error) { draft, err = s.ids(ctx, "", false, "DRAFT"); return err })
	g.Go(func() (err error) { chat, err = s.ids(ctx, "", false, "CHAT"); return err })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return all.Minus(draft).Minus(chat), nil
}

func noFolder(name string) error {
	return crm.Errorf(crm.NotFound, "gmail.session", "a Gmail mailbox has no folder %q here", crm.Clip(name, 60)).
		WithHint("all mail is in the folder " + AllMail)
}

// Flags lists what is unread and what is starred.
func (s *session) Flags(ctx context.Context, folder string) iter.Seq2[source.FlagChange, error] {
	return func(yield func(source.FlagChange, error) bool) {
		type lists struct{ all, unread, starred crm.KeySet }
		l, err := bounded(ctx, s, func(ctx context.Context) (l lists, err error) {
			g, gctx := errgroup.WithContext(ctx)
			g.Go(func() (err error) { l.all, err = s.keys(gctx, folder); return err })
			g.Go(func() (err error) { l.unread, err = s.ids(gctx, "", true, "UNREAD"); return err })
			g.Go(func() (err error) { l.starred, err = s.ids(gctx, "", true, "STARRED"); return err })
			return l, g.Wait()
		})
		if err != nil {
			yield(source.FlagChange{}, err)
			return
		}
		for k := range l.all.All() {
			c := source.FlagChange{Key: k}
			if l.starred.Has(k) {
				c.Flags = append(c.Flags, crm.FlagFlagged)
			}
			if !l.unread.Has(k) {
				c.Flags = append(c.Flags, crm.FlagSeen)
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// peopleAtOnce is how many people one search asks for: it costs five units for
// 500 messages, however many there are.
const peopleAtOnce = 15

// Of searches for people and domains by the operators from:, to:, cc: and bcc:.
func (s *session) Of(ctx context.Context, folder string, known []crm.Token, since crm.Time) (crm.KeySet, error) {
	return bounded(ctx, s, func(ctx context.Context) (crm.KeySet, error) {
		label, ok := labelOf(folder)
		if !ok {
			return nil, noFolder(folder)
		}
		out, err := s.ids(ctx, after(since), label != "", labels(label)...)
		if err != nil {
			return nil, err
		}
		for some := range slices.Chunk(known, peopleAtOnce) {
			found, err := s.ids(ctx, anyOf(some), label != "", labels(label)...)
			if err != nil {
				return nil, err
			}
			out = out.Union(found)
		}
		return out, nil
	})
}

// anyOf finds mail in which any of the addresses or domains stands.
func anyOf(known []crm.Token) string {
	var terms []string
	for _, t := range known {
		who := string(t.Address())
		if who == "" {
			who = string(t.Domain())
		}
		for _, field := range []string{"from:", "to:", "cc:", "bcc:"} {
			terms = append(terms, field+who)
		}
	}
	return "{" + strings.Join(terms, " ") + "}"
}
