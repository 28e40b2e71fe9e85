package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Conversion says what becomes of a lead: each of contact, company and deal is a
// new record, one that there is, or none.
type Conversion struct {
	Contact Target            `json:"contact,omitempty"`
	Company Target            `json:"company,omitempty" doc:"Without id and values: the one of the contact, else a new one where the lead names a company"`
	Deal    Target            `json:"deal,omitempty"`
	Map     map[string]string `json:"map,omitempty" doc:"Field of the lead to <contact|company|deal>.<field>, besides those of the same name"`
}

// Target is one record that a lead becomes.
type Target struct {
	ID     crm.RecordID   `json:"id,omitempty" doc:"One that there is: its empty fields are filled, its addresses and phones added to"`
	Skip   bool           `json:"skip,omitempty"`
	Values map[string]any `json:"values,omitempty" doc:"Values that go before those of the lead"`
}

// Converted is what a lead became.
type Converted struct {
	Batch   string       `json:"batch"`
	Contact crm.RecordID `json:"contact,omitempty"`
	Company crm.RecordID `json:"company,omitempty"`
	Deal    crm.RecordID `json:"deal,omitempty"`
}

// maxFollow is how many activities of a lead follow it in one transaction.
const maxFollow = 200

// Convert turns a lead into a contact, a company and a deal in one transaction.
// Its addresses and phones pass to the contact as if the lead had never held
// them, so that all of its mail follows; its activities stand on the timelines
// of all. The lead stays, marked, with what it said.
func (s *Service) Convert(ctx context.Context, by By, id crm.RecordID, c Conversion, ifMatch store.Version) (Converted, error) {
	const op = crm.Op("records.Convert")
	if c.Contact.Skip && c.Company.Skip && c.Deal.Skip {
		return Converted{}, crm.Errorf(crm.Invalid, op, "a lead becomes at least one of contact, company and deal").WithField("contact")
	}
	docs, err := s.ownEyes(ctx, by, []crm.RecordID{id})
	if err != nil || !docs[0].Exists() || docs[0].Value.Kind != crm.KindLead {
		return Converted{}, cmpErr(err, missing(id))
	}
	lead := docs[0]
	if ifMatch == 0 {
		ifMatch = lead.Version
	}
	v := &conversion{s: s, c: c, lead: &lead.Value}
	if v.eyes, err = s.eyes(ctx, by); err == nil {
		err = v.plan(ctx)
	}
	if err == nil {
		err = v.mayName(ctx)
	}
	if err == nil {
		err = v.mayAsk(ctx, by)
	}
	if err != nil {
		return Converted{}, crm.Wrap(op, "the lead cannot be converted", err)
	}
	var out Converted
	batch, err := s.sp.Change(ctx, by.info("convert the lead"), func(ctx context.Context, tx *store.Tx) error {
		var err error
		out, err = v.write(ctx, tx, by, id, ifMatch)
		return err
	})
	out.Batch = batch
	return out, crm.Wrap(op, "the lead cannot be converted", s.answered(by, err))
}

// mayAsk refuses for a while who was told too often what others have.
func (v *conversion) mayAsk(ctx context.Context, by By) error {
	for _, k := range becomes() {
		values := v.fills[k]
		if d := v.drafts[k]; d != nil {
			values = d.record.Values
		}
		n, ok := v.schema.Noun(k)
		if !ok {
			continue
		}
		if err := v.s.mayAsk(ctx, v.eyes, by, n, values); err != nil {
			return err
		}
	}
	return nil
}

// conversion is one run of Convert.
type conversion struct {
	s      *Service
	c      Conversion
	lead   *crm.Record
	eyes   access.Viewer // of who converts
	schema crm.Schema
	drafts map[crm.Kind]*parsed // new records
	fills  map[crm.Kind]map[string]any
}

// mayName refuses files that are not the writer's; those of the lead pass on.
func (v *conversion) mayName(ctx context.Context) error {
	for _, k := range becomes() {
		n, ok := v.schema.Noun(k)
		if !ok {
			continue
		}
		if err := v.s.MayName(ctx, v.eyes, n, v.target(k).Values, nil); err != nil {
			return err
		}
	}
	return nil
}

// targets in the order in which one may point to another.
func (v *conversion) target(k crm.Kind) *Target {
	switch k {
	case crm.KindCompany:
		return &v.c.Company
	case crm.KindContact:
		return &v.c.Contact
	}
	return &v.c.Deal
}

func becomes() []crm.Kind { return []crm.Kind{crm.KindCompany, crm.KindContact, crm.KindDeal} }

// plan makes the values of all that the lead becomes.
func (v *conversion) plan(ctx context.Context) error {
	var err error
	if v.schema, err = v.s.schema(ctx); err != nil {
		return err
	}
	if err := v.checkMap(); err != nil {
		return err
	}
	if err := v.company(ctx); err != nil {
		return err
	}
	v.drafts, v.fills = map[crm.Kind]*parsed{}, map[crm.Kind]map[string]any{}
	var fresh []parsed
	for _, k := range becomes() {
		t := v.target(k)
		if t.Skip {
			continue
		}
		if n, _ := v.schema.NounOfID(t.ID); t.ID != "" && n.Kind != k {
			return crm.Errorf(crm.Invalid, "records.Convert", "%s is no %s", crm.Clip(string(t.ID), 60), k).WithField(string(k) + ".id")
		}
	}
	for _, k := range becomes() {
		t := v.target(k)
		if t.Skip {
			continue
		}
		values, err := v.values(k)
		if err != nil {
			return err
		}
		if t.ID != "" {
			v.fills[k] = values
			continue
		}
		p := parsed{}
		if err := v.s.parseOne(&p, access.Operator(), v.schema, Draft{Kind: k, Values: values, of: v.lead}); err != nil {
			return err
		}
		t.ID, p.said = p.record.ID, v.decided(k, p.said)
		fresh = append(fresh, p)
	}
	if err := v.s.number(ctx, fresh); err != nil {
		return err
	}
	for i := range fresh {
		v.drafts[fresh[i].noun.Kind] = &fresh[i]
	}
	return nil
}

// company chooses the company of the contact where nothing else is said, and
// none where the lead names none.
func (v *conversion) company(ctx context.Context) error {
	t := &v.c.Company
	if t.Skip || t.ID != "" || t.Values != nil {
		return nil
	}
	if v.c.Contact.ID != "" {
		docs, err := fetch(ctx, v.s.sp, []crm.RecordID{v.c.Contact.ID})
		if err != nil {
			return err
		}
		if t.ID, err = v.known(ctx, docs[0].Value.Text("company")); err != nil {
			return err
		}
	}
	t.Skip = t.ID == "" && v.companyName() == ""
	return nil
}

// known is the company of the contact, if who converts may know that it is.
func (v *conversion) known(ctx context.Context, company string) (crm.RecordID, error) {
	if company == "" || v.eyes.Hides(crm.KindContact, "company") {
		return "", nil
	}
	docs, err := fetch(ctx, v.s.sp, []crm.RecordID{crm.RecordID(company)})
	if err != nil || !v.eyes.Reads(&docs[0].Value) {
		return "", err
	}
	return crm.RecordID(company), nil
}

// companyName is that in the lead, if who converts may see it: it is to be the
// title of a record.
func (v *conversion) companyName() string {
	if v.eyes.Hides(crm.KindLead, "company_name") {
		return ""
	}
	return v.lead.Text("company_name")
}
