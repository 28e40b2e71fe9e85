package search

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Service answers questions. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	index   Index
	records *records.Service
}

// New makes the service of a workspace.
func New(sp *store.Space, index Index, r *records.Service) *Service {
	return &Service{sp: sp, index: index, records: r}
}

// Limits of an answer.
const (
	DefaultLimit = 20
	MaxLimit     = 50
	maxLooked    = 1000 // ids of an index that are looked at for one answer
	lookTogether = 20   // of them at least, when one answer more is wanted
)

// Question is what somebody typed.
type Question struct {
	Text  string
	Kinds []crm.Kind // of records, or KindMessage; any when empty
	Limit int        // 0 means DefaultLimit
}

// Hit is one thing that was found.
type Hit struct {
	ID     string   `json:"id" doc:"Of a record, an activity or a message"`
	Kind   crm.Kind `json:"kind" doc:"A kind of record, or message"`
	Title  string   `json:"title" doc:"What people call it; of a message whose subject the caller may not read: empty"`
	About  string   `json:"about,omitempty" doc:"An address, a domain, or who wrote the message"`
	At     crm.Time `json:"at"`
	Begins bool     `json:"begins,omitempty" doc:"A name, an address or a domain begins with what was asked"`
}

// Find answers a question: names that begin with it first, then what holds all
// of its words, each newest first. The last letters may be the beginning of a
// word. It is never a count: what is not for the viewer is not there.
func (s *Service) Find(ctx context.Context, v access.Viewer, q Question) ([]Hit, error) {
	const op = crm.Op("search.Find")
	if !v.Records() {
		return nil, crm.Errorf(crm.Denied, op, "search is for members of the workspace").WithHint("sign in")
	}
	limit := cmp.Or(q.Limit, DefaultLimit)
	if limit < 1 || limit > MaxLimit {
		return nil, crm.Errorf(crm.Invalid, op, "an answer has 1 to %d hits", MaxLimit).WithField("limit")
	}
	sch, err := s.records.Schema(ctx, v)
	if err != nil {
		return nil, err
	}
	a := readAsked(q.Text, sch.Home())
	if len(a.words) == 0 {
		return nil, crm.Errorf(crm.Invalid, op, "there is nothing to look for").WithField("q").WithHint("write letters or digits")
	}
	f := &finding{s: s, v: v, schema: sch, asked: a, limit: limit, seen: map[string]bool{}}
	f.in = scopes(v, sch, q.Kinds)
	err = f.look(ctx, lookup{Head: a.head, In: f.in})
	for _, number := range a.numbers {
		if err == nil && len(f.hits) < limit {
			err = f.look(ctx, lookup{Head: number, In: f.in})
		}
	}
	if err == nil && len(f.hits) < limit {
		err = f.look(ctx, lookup{Words: a.words, In: f.in})
	}
	return f.hits, crm.Wrap(op, "the search cannot be answered", err)
}

// scopes are what the viewer may find of some kinds, or of all.
func scopes(v access.Viewer, sch crm.Schema, kinds []crm.Kind) []scope {
	everybody := scope{By: []crm.Audience{crm.Members}}
	var out []scope
	whole := len(kinds) == 0 && !v.Operator
	for _, n := range sch.Nouns() {
		f := v.Filter(n.Kind)
		whole = whole && f.All
		switch {
		case len(kinds) > 0 && !slices.Contains(kinds, n.Kind), f.None:
			continue
		case f.All:
			everybody.Kinds = append(everybody.Kinds, n.Kind)
		default:
			out = append(out, scope{By: f.Tokens, Kinds: []crm.Kind{n.Kind}})
		}
	}
	if whole { // of records there is no other audience
		return []scope{{By: v.Audiences()}}
	}
	if len(everybody.Kinds) > 0 {
		out = append(out, everybody)
	}
	if !v.Operator && (len(kinds) == 0 || slices.Contains(kinds, KindMessage)) {
		out = append(out, scope{By: v.Audiences(), Kinds: []crm.Kind{KindMessage}})
	}
	return out
}

// finding is an answer in the making.
type finding struct {
	s      *Service
	v      access.Viewer
	schema crm.Schema
	asked  asked
	in     []scope
	limit  int
	seen   map[string]bool
	looked int
	hits   []Hit
}

// look asks the index until there is enough.
func (f *finding) look(ctx context.Context, q lookup) error {
	var wait []string
	var failure error
	err := f.s.index.Find(ctx, q, func(id string) bool {
		if f.looked++; f.seen[id] {
			return f.looked < maxLooked
		}
		f.seen[id] = true
		if wait = append(wait, id); len(wait) < max(f.limit-len(f.hits), min(f.limit, lookTogether)) && f.looked < maxLooked {
			return true
		}
		failure = f.take(ctx, wait, q.Head != "")
		wait = nil
		return failure == nil && len(f.hits) < f.limit && f.looked < maxLooked
	})
	if err == nil {
		err = failure
	}
	if err != nil {
		return err
	}
	return f.take(ctx, wait, q.Head != "")
}

// take looks at what the index named, as it is now and as the viewer may see it.
func (f *finding) take(ctx context.Context, ids []string, begins bool) error {
	var records []crm.RecordID
	var messages []string
	for _, id := range ids {
		if crm.IDPrefix(id) == crm.PrefixMessage {
			messages = append(messages, id)
		} else {
			records = append(records, crm.RecordID(id))
		}
	}
	found := map[string]Hit{}
	docs, err := f.s.records.GetMany(ctx, f.v, records)
	if err != nil {
		return err
	}
	for i := range docs {
		if docs[i].Exists() {
			f.record(&docs[i].Value, begins, found)
		}
	}
	mail, err := store.Messages.GetMany(ctx, f.s.sp, messages)
	if err != nil {
		return err
	}
	for i := range mail {
		if mail[i].Exists() {
			f.message(&mail[i].Value, begins, found)
		}
	}
	for _, id := range ids {
		if h, ok := found[id]; ok && len(f.hits) < f.limit {
			f.hits = append(f.hits, h)
		}
	}
	return nil
}

// fits tells whether a subject, as it is now, is what was asked for.
func (f *finding) fits(s *subject, begins bool) bool {
	return slices.ContainsFunc(f.in, func(in scope) bool {
		if !in.takes(s.Kind) {
			return false
		}
		all, head := s.holds(f.asked, in.By)
		return begins && head || !begins && all
	})
}

func (f *finding) record(doc *crm.Record, begins bool, to map[string]Hit) {
	n, ok := f.schema.Noun(doc.Kind)
	if !ok || !f.v.Reads(doc) {
		return
	}
	shown := f.v.Show(*doc) // what is in hidden fields finds nothing
	r := &shown
	s := ofRecord(n, r)
	if !f.fits(&s, begins) {
		return
	}
	h := Hit{ID: s.ID, Kind: s.Kind, Title: r.Name(), At: s.At, Begins: begins}
	for _, key := range []string{"emails", "domains", "company_name", "text", "about"} {
		if list := r.List(key); len(list) > 0 && list[0] != h.Title {
			h.About = crm.Clip(list[0], 80)
			break
		}
	}
	if title, ok := r.Values[n.Title].(string); !ok || title == "" {
		if list := r.List("text"); len(list) > 0 {
			h.Title, h.About = crm.Clip(list[0], 80), ""
		}
	}
	to[h.ID] = h
}

func (f *finding) message(m *crm.Message, begins bool, to map[string]Hit) {
	level := access.Message(f.v, m)
	s := ofMessage(m)
	if level == access.None || !f.fits(&s, begins) {
		return
	}
	shown := access.Redact(*m, level)
	from := shown.From()
	h := Hit{ID: s.ID, Kind: KindMessage, Title: shown.Subject, About: cmp.Or(from.Name, string(from.Address)), At: s.At, Begins: begins}
	to[h.ID] = h
}

// Kinds reads names of kinds: of folders by kind or plural, and message.
func (s *Service) Kinds(ctx context.Context, v access.Viewer, names []string) ([]crm.Kind, error) {
	sch, err := s.records.Schema(ctx, v)
	if err != nil {
		return nil, err
	}
	var out []crm.Kind
	for _, name := range names {
		n, ok := sch.Plural(name)
		if !ok {
			n, ok = sch.Noun(crm.Kind(name))
		}
		switch {
		case slices.Contains([]string{string(KindMessage), "messages", "mail"}, name):
			out = append(out, KindMessage)
		case ok:
			out = append(out, n.Kind)
		default:
			return nil, crm.Errorf(crm.Invalid, "search.Kinds", "there are no %q", crm.Clip(name, 40)).WithField("kind").
				WithHint("name folders, such as contacts, or messages")
		}
	}
	return out, nil
}
