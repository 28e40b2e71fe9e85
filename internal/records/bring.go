package records

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Did is what becomes of a row of a file.
type Did string

const (
	DidCreate Did = "create"
	DidUpdate Did = "update" // its values replace those of the record
	DidMerge  Did = "merge"  // its values fill what the record lacks
	DidSkip   Did = "skip"   // the record is there already
	DidSet    Did = "set"    // of the record that it is about: nil clears, a list replaces
	DidError  Did = "error"
)

// Row is one row of a file of records.
type Row struct {
	ID     crm.RecordID        // of the record that it makes
	Values map[string]any      // in stored form
	Names  map[string][]string // of relations and users: ids, addresses, domains or names
	Do     Did                 // decided by a person; empty: as Bringing says
	About  crm.RecordID        // the record it is about, as a person says; empty: found
	Add    map[string][]string // of DidSet: what lists gain, in stored form
	Drop   map[string][]string // of DidSet: what lists lose
	Err    *crm.Error          // what is wrong with it already
}

// Outcome is what becomes of one row.
type Outcome struct {
	Did    Did
	Record crm.RecordID
	Err    *crm.Error  // of DidError; else of what the record is perhaps a duplicate
	Made   []Claim     // records made because the row names them
	Diff   []FieldDiff // of DidSet: what it changes
	Seen   string      // of DidSet: stands for what the record said where it is changed
}

// Claim is a word by which a record is found that is not stored yet.
type Claim struct {
	Key    string
	Record crm.RecordID
}

// Bringing says how rows become records.
type Bringing struct {
	Noun  crm.Noun
	Match []string // fields by which a row finds the record that it is about
	Then  Did      // what to do with a row whose record is there
	Make  bool     // make what relations name and is not there
	// MadeID is the id of a record that is made for a name, the same each time.
	MadeID func(n crm.Noun, name string) crm.RecordID
	// Claims are, of a plan, the records of earlier rows, which are not stored,
	// by Keys; nil otherwise.
	Claims map[string]crm.RecordID
	Dry    bool // decide and write nothing
	// Planned is what was decided before, for each row; one that would come out
	// otherwise becomes an error. nil: nothing was.
	Planned []Outcome
}

// Keys are the words by which other rows find the record of these values: its
// identities and its name.
func Keys(n crm.Noun, values map[string]any) []string {
	r := crm.Record{Kind: n.Kind, Values: values}
	var out []string
	for _, t := range r.Tokens() {
		out = append(out, string(n.Kind)+" "+string(t))
	}
	if name := nameKey(r.Text(n.Title)); name != "" {
		out = append(out, NameKey(n.Kind, name))
	}
	return out
}

// NameKey is the word by which a record of the name is found.
func NameKey(k crm.Kind, name string) string { return string(k) + " n:" + nameKey(name) }

// Bring decides on rows in their order and, unless dry, writes what follows,
// within the caller's transaction, which has written nothing. It takes as many
// rows as fit into one and returns an outcome for each of these, at least one.
func (s *Service) Bring(ctx context.Context, tx *store.Tx, by By, b Bringing, rows []Row) ([]Outcome, error) {
	e, err := s.begin(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	if n, ok := e.schema.Noun(b.Noun.Kind); ok {
		b.Noun = n
	}
	g := &bringer{edit: e, Bringing: b, actor: by.Actor, room: s.sp.Store().Room(),
		hidden: map[crm.RecordID]bool{}, recs: map[crm.RecordID]*brought{}, names: map[string][]crm.RecordID{}}
	if err := g.load(ctx, tx, rows); err != nil {
		return nil, err
	}
	var out []Outcome
	for i := range rows {
		if b.Planned != nil {
			g.planned = &b.Planned[i]
		}
		out = append(out, g.row(&rows[i]))
		if g.full() {
			break
		}
	}
	if err := s.answeredRows(by, out); err != nil {
		return nil, err
	}
	if !b.Dry {
		g.write(tx)
	}
	return out, nil
}

// brought is a record as it is and as it will be.
type brought struct {
	noun crm.Noun
	old  *crm.Record // nil: it is made
	now  crm.Record
}

// bringer is one transaction of Bring.
type bringer struct {
	*edit
	Bringing
	actor    crm.UserID
	room     store.Room
	rules    []crm.DuplicateRule
	x        *identities
	unique   *claims
	counters map[string]*crm.Counter // by field
	recs     map[crm.RecordID]*brought
	hidden   map[crm.RecordID]bool     // there are, and the writer may not know of them
	names    map[string][]crm.RecordID // by NameKey
	users    map[string]crm.UserID     // by id, address and folded name; "" when two have it
	writes   int
	bytes    int

	planned *Outcome // of the present row; nil: anything goes
}

// full tells whether another row may be too much for one transaction: for its
// documents, or for its change, which holds all of them.
func (g *bringer) full() bool {
	return !g.Dry && (g.writes > g.room.Writes-100 || g.bytes > min(lotBytes, g.room.Bytes/6))
}

// spend counts what a row costs. Of its text the folded names are kept too.
func (g *bringer) spend(old, r *crm.Record) {
	tokens := len(r.Tokens())
	g.writes += 1 + tokens
	g.bytes += 300 + sizeOf(r.Values)*3/2 + 250*tokens
	if old != nil {
		g.bytes += 200 + sizeOf(old.Values)
	}
}

// row decides on one row. What is wrong with it leaves no trace.
func (g *bringer) row(row *Row) Outcome {
	if row.Err != nil {
		return Outcome{Did: DidError, Err: row.Err}
	}
	if row.Do == DidSkip {
		return Outcome{Did: DidSkip, Record: row.About}
	}
	values := maps.Clone(row.Values)
	made, err := g.resolve(row, values)
	if err != nil {
		return failed(err)
	}
	then := cmp.Or(row.Do, g.Then)
	ids, err := g.about(row, values)
	if err == nil {
		err = g.asPlanned(then, ids, row)
	}
	if err != nil {
		return failed(err)
	}
	var out Outcome
	switch {
	case len(ids) > 1 && then != DidCreate:
		list := make([]string, len(ids))
		for i, id := range ids {
			list[i] = string(id)
		}
		return failed(crm.Errorf(crm.Conflict, "records.Bring", "the row fits several records: %s", strings.Join(list, ", ")).
			WithHint("merge them first, or match by fewer fields"))
	case len(ids) == 0 || then == DidCreate:
		out = g.create(row.ID, values)
	case then == DidError:
		return failed(crm.Errorf(crm.Exists, "records.Bring", "%s is there already", ids[0]))
	case then == DidSkip:
		return Outcome{Did: DidSkip, Record: ids[0]}
	default:
		out = g.change(then, ids[0], values, row)
	}
	if out.Err != nil && out.Did == DidError {
		return out
	}
	for _, m := range made {
		g.keep(m)
		out.Made = append(out.Made, Claim{NameKey(m.noun.Kind, m.now.Text(m.noun.Title)), m.now.ID})
	}
	return out
}

// asPlanned refuses a row that finds other records than when it was planned.
func (g *bringer) asPlanned(then Did, ids []crm.RecordID, row *Row) error {
	p := g.planned
	if p == nil || then == DidCreate {
		return nil
	}
	if then == DidSet && len(ids) == 1 {
		return g.asSeen(p, ids[0], row)
	}
	if p.Did == DidCreate && len(ids) == 0 || p.Record != "" && slices.Equal(ids, []crm.RecordID{p.Record}) {
		return nil
	}
	return crm.Errorf(crm.Conflict, "records.Bring", "since it was planned, the record of the row was made, changed or deleted").
		WithHint("import the rows with errors again")
}

func failed(err error) Outcome {
	e, ok := err.(*crm.Error)
	if !ok {
		e = crm.E(crm.Invalid, "records.Bring", "the row cannot be used", err)
	}
	return Outcome{Did: DidError, Err: e}
}

// keep takes a new record into the transaction.
func (g *bringer) keep(b *brought) {
	if g.recs[b.now.ID] == nil {
		g.recs[b.now.ID] = b
	}
	for _, key := range alike(b.noun, &b.now) {
		key = NameKey(b.noun.Kind, key)
		if !slices.Contains(g.names[key], b.now.ID) {
			g.names[key] = append(g.names[key], b.now.ID)
		}
	}
	g.spend(nil, &b.now)
}
