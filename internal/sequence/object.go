package sequence

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// person is somebody of whom it is asked whether a letter is for them.
type person struct {
	viewer access.Viewer // whose eyes conditions are asked with
	enr    crm.Enrolment
	step   crm.SequenceStep
	deal   bool // that a deal went on stops the letters
}

// objection is why a letter that is due is not for somebody, "" when it is.
func (e *errand) objection(ctx context.Context, tx *store.Tx, p person) (string, error) {
	docs, err := store.Records.GetMany(ctx, tx, []string{string(p.enr.Contact)})
	if err != nil {
		return "", err
	}
	if !docs[0].Exists() {
		return crm.StopGone, nil
	}
	deals, err := e.deals(ctx, tx, p)
	if err != nil {
		return "", err
	}
	if p.deal {
		for _, d := range deals {
			if moved(&d.Value, p.enr.Since) {
				return crm.StopDeal, nil
			}
		}
	}
	fits, err := e.fits(ctx, p, docs, deals)
	if err != nil || fits {
		return "", err
	}
	return reasonCondition, nil
}

// deals are those of the person, or the one that the letters are about; nothing
// when nobody asks.
func (e *errand) deals(ctx context.Context, tx *store.Tx, p person) ([]store.Doc[crm.Record], error) {
	if p.step.If == "" && !p.deal {
		return nil, nil
	}
	if p.enr.Deal != "" {
		docs, err := store.Records.GetMany(ctx, tx, []string{string(p.enr.Deal)})
		if err != nil || !docs[0].Exists() {
			return nil, err
		}
		return docs, nil
	}
	page, err := store.Records.Query(ctx, tx, store.Query{Where: []store.Filter{store.Is("kind", crm.KindDeal), store.Has("values.contacts", p.enr.Contact)}, Limit: 100})
	return page.Items, err
}

// moved tells whether a deal went to another stage after a moment: it was made
// in a stage then, or before.
func moved(d *crm.Record, since crm.Time) bool {
	moves := d.StageMoves()
	for i, m := range moves {
		if i > 0 && m.At > since {
			return true
		}
	}
	return false
}

// fits asks the condition of a step.
func (e *errand) fits(ctx context.Context, p person, contact, deals []store.Doc[crm.Record]) (bool, error) {
	if p.step.If == "" {
		return true, nil
	}
	q, err := e.s.records.Parse(ctx, p.viewer, p.step.If)
	if err != nil {
		return false, err
	}
	docs := contact
	if q.Kind == crm.KindDeal {
		docs = deals
	}
	var seen []store.Doc[crm.Record]
	for _, d := range docs {
		if p.viewer.Reads(&d.Value) {
			seen = append(seen, d)
		}
	}
	ok, err := e.s.records.Matches(ctx, p.viewer, q, seen)
	for _, x := range ok {
		if x {
			return true, err
		}
	}
	return false, err
}
