package timeline

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// lookup gathers what answers name but messages do not hold: records, authors
// of rules and answers, users. Each kind is read once for a whole page.
type lookup struct {
	sp      store.Reader
	records map[crm.RecordID]*crm.Record // nil: asked for, does not exist
	authors map[string]crm.UserID        // rule or answer → who made it
	users   map[crm.UserID]string        // names
	known   map[crm.UserID]string        // names that were at hand before; not changed
	wanted  []crm.RecordID               // to be read with the next links
	v       access.Viewer
	hidden  map[crm.RecordID]bool // there, and the viewer may not know of them
}

func newLookup(sp store.Reader, v access.Viewer) *lookup {
	return &lookup{sp: sp, v: v, hidden: map[crm.RecordID]bool{}, records: map[crm.RecordID]*crm.Record{}, authors: map[string]crm.UserID{}, users: map[crm.UserID]string{}}
}

// want asks for a record to be read together with the next links.
func (l *lookup) want(id crm.RecordID) { l.wanted = append(l.wanted, id) }

// links loads what the links name.
func (l *lookup) links(ctx context.Context, lists ...[]crm.Link) error {
	records := l.wanted
	l.wanted = nil
	var rules, answers []string
	for _, links := range lists {
		for _, k := range links {
			records = append(records, k.Record)
			if k.Evidence.Via != "" {
				records = append(records, k.Evidence.Via)
			}
			switch crm.IDPrefix(k.Evidence.By) {
			case crm.PrefixRule:
				rules = append(rules, k.Evidence.By)
			case crm.PrefixAnswer:
				answers = append(answers, k.Evidence.By)
			}
		}
	}
	if err := l.load(ctx, records...); err != nil {
		return err
	}
	return l.loadAuthors(ctx, rules, answers)
}

// load reads records that are not at hand; what does not exist stays nil.
func (l *lookup) load(ctx context.Context, ids ...crm.RecordID) error {
	var ask []string
	for _, id := range ids {
		if _, known := l.records[id]; !known && id != "" {
			l.records[id] = nil
			ask = append(ask, string(id))
		}
	}
	docs, err := store.Records.GetMany(ctx, l.sp, ask)
	for i := range docs {
		switch r := &docs[i].Value; {
		case !docs[i].Exists():
		case !l.v.Reads(r):
			l.hidden[r.ID] = true
		default:
			shown := l.v.Show(*r)
			l.records[r.ID] = &shown
		}
	}
	return err
}

func (l *lookup) loadAuthors(ctx context.Context, rules, answers []string) error {
	ruleDocs, err := store.Rules.GetMany(ctx, l.sp, distinct(rules))
	if err != nil {
		return err
	}
	answerDocs, err := store.Answers.GetMany(ctx, l.sp, distinct(answers))
	if err != nil {
		return err
	}
	var users []crm.UserID
	for _, d := range ruleDocs {
		l.authors[d.Value.ID] = d.Value.By
		users = append(users, d.Value.By)
	}
	for _, d := range answerDocs {
		l.authors[d.Value.ID] = d.Value.By
		users = append(users, d.Value.By)
	}
	return l.loadUsers(ctx, users...)
}

// loadUsers reads the names of users that are not at hand.
func (l *lookup) loadUsers(ctx context.Context, ids ...crm.UserID) error {
	var ask []string
	for _, id := range ids {
		if l.user(id) != "" || id == "" {
			continue
		}
		if _, asked := l.users[id]; !asked {
			l.users[id] = ""
			ask = append(ask, string(id))
		}
	}
	docs, err := store.Users.GetMany(ctx, l.sp, ask)
	for _, d := range docs {
		l.users[d.Value.ID] = userName(&d.Value)
	}
	return err
}

// user is the name of a user, "" when it was not loaded.
func (l *lookup) user(id crm.UserID) string {
	if name, ok := l.known[id]; ok {
		return name
	}
	return l.users[id]
}

// open leaves out the links to records of which the viewer may not know, and of
// the others what names such a record.
func (l *lookup) open(links []crm.Link) []crm.Link {
	var out []crm.Link
	for _, k := range links {
		if l.hidden[k.Record] {
			continue
		}
		if l.hidden[k.Evidence.Via] {
			k.Evidence.Via = ""
		}
		out = append(out, k)
	}
	return out
}

// because puts a link into words that a person knows; load what it names first.
func (l *lookup) because(k crm.Link) Because {
	n, _ := crm.NounOfID(k.Record)
	return Because{Link: k, Kind: n.Kind, Name: l.name(k.Record), Via: l.name(k.Evidence.Via), User: l.user(l.authors[k.Evidence.By])}
}

// name is what people call a record; one that is gone goes by its id.
func (l *lookup) name(id crm.RecordID) string {
	if r := l.records[id]; r != nil {
		return r.Name()
	}
	return string(id)
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// threads returns the present names of threads, all read at once.
func threads(ctx context.Context, sp *store.Space, ids ...crm.ThreadID) (func(crm.ThreadID) crm.ThreadID, error) {
	into := map[crm.ThreadID]crm.ThreadID{}
	next := slices.Clone(ids)
	for len(next) > 0 {
		var ask []string
		for _, id := range next {
			if _, known := into[id]; !known && id != "" {
				into[id] = ""
				ask = append(ask, string(id))
			}
		}
		docs, err := store.Threads.GetMany(ctx, sp, ask)
		if err != nil {
			return nil, err
		}
		next = next[:0]
		for _, d := range docs {
			if d.Exists() {
				into[d.Value.ID] = d.Value.Into
				next = append(next, d.Value.Into)
			}
		}
	}
	return func(id crm.ThreadID) crm.ThreadID {
		for hops := 0; into[id] != "" && hops <= len(into); hops++ { // a ring is a fault that verify names
			id = into[id]
		}
		return id
	}, nil
}
