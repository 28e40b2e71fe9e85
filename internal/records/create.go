package records

import (
	"context"
	"fmt"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Create makes one record; crm.Exists when the draft names an id that is taken.
func (s *Service) Create(ctx context.Context, by By, d Draft) (Saved, error) {
	const op = crm.Op("records.Create")
	v, err := s.eyes(ctx, by)
	if err != nil {
		return Saved{}, err
	}
	drafts, err := s.parse(ctx, v, []Draft{d})
	if err != nil {
		return Saved{}, err
	}
	asked := drafts[0].record
	asked.CreatedBy = by.Actor
	if !v.Can(crm.Create, &asked) { // before a number is used up; the transaction asks again
		return Saved{}, mayNotMake(drafts[0].noun)
	}
	if err := s.mayAsk(ctx, v, by, drafts[0].noun, drafts[0].said); err != nil {
		return Saved{}, err
	}
	if err := s.number(ctx, drafts); err != nil {
		return Saved{}, err
	}
	var made int
	var alike []Duplicate
	batch, err := s.sp.Change(ctx, by.info("create a "+string(d.Kind)), func(ctx context.Context, tx *store.Tx) error {
		made, alike, err = s.createAll(ctx, tx, by, drafts)
		return err
	})
	if err != nil {
		return Saved{}, crm.Wrap(op, "the "+string(d.Kind)+" cannot be made", s.answered(by, err))
	}
	if made == 0 {
		return Saved{}, crm.Errorf(crm.Exists, op, "%s exists already", drafts[0].record.ID).WithField("id")
	}
	saved, err := s.saved(ctx, by, drafts[0].record.ID, batch)
	saved.Duplicates = alike
	return saved, err
}

// saved reads back what was written, for its version: what of it the writer may
// see, though they changed it.
func (s *Service) saved(ctx context.Context, by By, id crm.RecordID, batch string) (Saved, error) {
	v, err := s.eyes(ctx, by)
	if err != nil {
		return Saved{Batch: batch}, err
	}
	docs, err := fetch(ctx, s.sp, []crm.RecordID{id})
	if err != nil {
		return Saved{}, crm.Wrap("records.saved", "the record was written and cannot be read", err)
	}
	return Saved{Record: v.Show(docs[0].Value), Version: docs[0].Version, Batch: batch}, nil
}

// parsed is a draft whose values have been checked one by one.
type parsed struct {
	noun   crm.Noun
	record crm.Record
	said   map[string]any // values as they were given, checked
	field  string         // prefix of field paths in errors
}

// parse checks the values of drafts and gives each an id.
func (s *Service) parse(ctx context.Context, v access.Viewer, drafts []Draft) ([]parsed, error) {
	sch, err := s.schema(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]parsed, len(drafts))
	for i, d := range drafts {
		p := parsed{}
		if len(drafts) > 1 {
			p.field = fmt.Sprintf("[%d].", i)
		}
		err := s.parseOne(&p, v, sch, d)
		if err == nil {
			err = s.MayName(ctx, v, p.noun, p.said, nil)
		}
		if err != nil {
			return nil, p.blame(err)
		}
		out[i] = p
	}
	return out, nil
}

func (s *Service) parseOne(p *parsed, v access.Viewer, sch crm.Schema, d Draft) error {
	n, ok := sch.Noun(d.Kind)
	if !ok {
		return crm.Errorf(crm.Invalid, "records.parse", "%q is no kind of record", crm.Clip(string(d.Kind), 40)).WithField("kind")
	}
	fields := v.Noun(n)
	if d.of != nil {
		fields = fields.Keeping(d.of)
	}
	values, err := fields.ParseValues(d.Values)
	if err != nil {
		return err
	}
	id := string(d.ID)
	if id == "" {
		id, err = s.sp.Store().NewID(n.Prefix)
	} else {
		_, err = crm.ParseID[crm.RecordID](n.Prefix, id)
	}
	p.noun, p.said = n, values
	p.record = crm.Record{ID: crm.RecordID(id), Kind: n.Kind, Values: make(map[string]any, len(values))}
	n.Apply(&p.record, values)
	n.Defaults(&p.record)
	return err
}

// blame puts the draft's place before the field of an error.
func (p *parsed) blame(err error) error {
	if e, ok := err.(*crm.Error); ok && p.field != "" {
		return e.WithField(p.field + e.Field)
	}
	return err
}

// createAll makes the drafts whose ids are free and returns how many, and what
// a single one is perhaps a duplicate of.
func (s *Service) createAll(ctx context.Context, tx *store.Tx, by By, drafts []parsed) (int, []Duplicate, error) {
	var ids []crm.RecordID
	for _, d := range drafts {
		ids = append(ids, d.record.ID)
	}
	e, err := s.begin(ctx, tx, by)
	if err != nil {
		return 0, nil, err
	}
	present, err := fetch(ctx, tx, ids)
	if err != nil {
		return 0, nil, err
	}
	made := map[crm.RecordID]bool{}
	var fresh []parsed
	for i, d := range drafts {
		if present[i].Exists() || made[ids[i]] {
			continue
		}
		made[ids[i]] = true
		d.record = d.record.Clone() // the function may run again
		d.record.CreatedAt, d.record.CreatedBy = e.now, by.Actor
		fresh = append(fresh, d)
	}
	err = e.insert(ctx, tx, fresh, made)
	return len(fresh), e.alike, err
}

// insert checks new records against the workspace and writes them with their
// identities.
func (e *edit) insert(ctx context.Context, tx *store.Tx, fresh []parsed, made map[crm.RecordID]bool) error {
	var tokens []crm.Token
	var wanted []crm.Claim
	for i := range fresh {
		d := &fresh[i]
		if err := e.check(d.noun, nil, &d.record, d.said); err != nil {
			return d.blame(err)
		}
		relations, users := refsOf(d.noun, nil, &d.record)
		if err := e.checkRelations(ctx, tx, relations, made); err != nil {
			return d.blame(err)
		}
		if err := checkUsers(ctx, tx, users); err != nil {
			return d.blame(err)
		}
		tokens = append(tokens, d.record.Tokens()...)
		wanted = append(wanted, d.noun.Claims(e.ws.IDKey, &d.record)...)
	}
	unique, err := e.claims(ctx, tx, wanted)
	if err != nil {
		return err
	}
	if e.alike, err = e.distinct(ctx, tx, fresh); err != nil {
		return err
	}
	x, err := loadIdentities(ctx, tx, e.ws.IDKey, tokens)
	if err != nil {
		return err
	}
	for i := range fresh {
		r := &fresh[i].record
		if err := unique.change(nil, fresh[i].noun.Claims(e.ws.IDKey, r)); err != nil {
			return fresh[i].blame(err)
		}
		x.change(nil, r, false, e.at)
		collectionOf(fresh[i].noun).Create(tx, r)
	}
	x.write(tx)
	unique.write(tx)
	return nil
}
