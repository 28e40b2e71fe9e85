package addon

import (
	"context"
	"slices"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
	"threadline/internal/timeline"
)

// Actions about somebody whom no record knows.
const (
	opPerson     = "person.form"
	opPersonMake = "person.make"
	opPersonUse  = "person.use" // an existing contact takes the address over
)

// Parameters and inputs of a new person. An input goes before the parameter of
// the same name, which carries it from the question about duplicates.
const (
	addressParam = "address"
	anywayParam  = "anyway" // duplicates were looked at
	knownParam   = "known"  // the company that holds the domain
	kindInput    = "kind"
	nameInput    = "name"
	jobInput     = "job"
	phoneInput   = "phone"
	companyInput = "company"
	domainInput  = "domain"
	dealInput    = "deal"
)

// What a new person becomes.
const (
	asContact = "contact"
	asLead    = "lead"
	asDeal    = "deal" // a contact with a deal
	asCompany = "company"
)

// typed is an input, or the parameter that carries it.
func (c *click) typed(name string) string {
	if _, ok := c.ev.Inputs[name]; ok {
		return c.text(name)
	}
	return c.ev.Params[name]
}

func (c *click) address() (crm.Address, error) {
	return crm.ParseAddress(c.ev.Params[addressParam])
}

func personForm(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.about()
	if err != nil {
		return card.Response{}, err
	}
	a, err := c.address()
	if err != nil {
		return card.Response{}, err
	}
	p, err := timeline.Stranger{}, error(nil)
	if id != "" {
		p, err = c.book.Timeline.Stranger(ctx, c.viewer, id, a)
	} else {
		p, err = c.book.Timeline.Newcomer(ctx, c.viewer, crm.Participant{Address: a, Name: c.ev.Params[nameInput]})
	}
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(personCard(p, id, c.v))), nil
}

// personCard proposes what the mail says.
func personCard(p timeline.Stranger, m crm.MessageID, v View) card.Card {
	t := v.Lang
	line := func(name string, label i18n.Key, value string) card.Widget {
		return card.TextInput(name, t.T(label), card.TextOptions{Value: value, MaxRunes: 200})
	}
	kinds := card.Choice(kindInput, t.T(i18n.NewAs), card.Radio, []card.Item{{Text: t.T(i18n.KindContact), Value: asContact, Selected: true},
		{Text: t.T(i18n.KindLead), Value: asLead}, {Text: t.T(i18n.NewWithDeal), Value: asDeal}, {Text: t.T(i18n.NewCompanyOnly), Value: asCompany}}, card.Action{})
	make := v.run(opPersonMake, v.about(m), param(addressParam, string(p.Address)), param(knownParam, string(p.Known)))
	return card.New("person", card.Header{Title: t.T(i18n.NewTitle), Subtitle: string(p.Address)}, nil,
		card.NewSection(card.Text{}, kinds,
			line(nameInput, i18n.FieldName, p.Name), line(jobInput, i18n.FieldTitle, p.Title), line(phoneInput, i18n.FieldPhone, string(p.Phone)),
			line(companyInput, i18n.KindCompany, p.Company), line(domainInput, i18n.FieldDomain, string(p.Domain)), line(dealInput, i18n.NewDealName, ""),
			card.Buttons(card.NewButton(t.T(i18n.ActionCreate), make))))
}

// newcomer is what is to be made, in the order of making.
type newcomer struct {
	drafts []records.Draft
	person int // index of the contact or lead, -1 for a company alone
}

// newcomer makes drafts of the form.
func (c *click) newcomer() (newcomer, error) {
	a, err := c.address()
	if err != nil {
		return newcomer{}, err
	}
	kind := c.typed(kindInput)
	person := map[string]any{"name": c.typed(nameInput), "emails": []string{string(a)}, "owner": string(c.user)}
	put(person, "title", c.typed(jobInput))
	if p := c.typed(phoneInput); p != "" {
		person["phones"] = []string{p}
	}
	out := newcomer{person: -1}
	if kind == asLead {
		put(person, "company_name", c.typed(companyInput))
		return newcomer{drafts: []records.Draft{{ID: c.made("led", "lead"), Kind: crm.KindLead, Values: person}}}, nil
	}
	company := crm.RecordID(c.ev.Params[knownParam])
	if name := c.typed(companyInput); company == "" && name != "" {
		values := map[string]any{"name": name, "owner": string(c.user)}
		if d := c.typed(domainInput); d != "" {
			values["domains"] = []string{d}
		}
		company = c.made("com", "company")
		out.drafts = append(out.drafts, records.Draft{ID: company, Kind: crm.KindCompany, Values: values})
	}
	if kind == asCompany {
		return out, nil
	}
	put(person, "company", string(company))
	contact := c.made("con", "contact")
	out.person, out.drafts = len(out.drafts), append(out.drafts, records.Draft{ID: contact, Kind: crm.KindContact, Values: person})
	if kind == asDeal {
		deal := map[string]any{"name": c.typed(dealInput), "contacts": []string{string(contact)}, "owner": string(c.user)}
		if deal["name"] == "" {
			deal["name"] = c.typed(companyInput) + " – " + c.typed(nameInput)
		}
		put(deal, "company", string(company))
		out.drafts = append(out.drafts, records.Draft{ID: c.made("dea", "deal"), Kind: crm.KindDeal, Values: deal})
	}
	return out, nil
}

func put(values map[string]any, key, value string) {
	if value != "" {
		values[key] = value
	}
}

// personMake makes the records in one batch, unless others are perhaps the same:
// then it asks first.
func personMake(ctx context.Context, c *click) (card.Response, error) {
	n, err := c.newcomer()
	if err != nil {
		return card.Response{}, err
	}
	if len(n.drafts) == 0 {
		return c.wrong(crm.Errorf(crm.Invalid, "addon.personMake", "a company needs a name").WithField("name"))
	}
	if c.ev.Params[anywayParam] == "" {
		alike, err := c.alike(ctx, n)
		if err != nil {
			return c.wrong(err)
		}
		if len(alike) > 0 {
			return card.Do(card.Show(c.alikeCard(n, alike))), nil
		}
	}
	made, err := c.book.Records.CreateMany(ctx, c.by("make records from a mail"), n.drafts)
	if err != nil {
		return c.wrong(err)
	}
	c.book.Followed(ctx)
	return c.done(ctx, made.Batch, c.v.Lang.T(i18n.NewDone))
}

// done shows the message after a change, with the way back.
func (c *click) done(ctx context.Context, batch, said string) (card.Response, error) {
	s, err := c.open(ctx)
	if err != nil {
		return card.Response{}, err
	}
	shown := MessageCard(s, c.v)
	if batch != "" {
		shown = ChangedCard(s, said, batch, c.v)
	}
	return card.Do(card.BackToRoot(), card.Update(shown), card.Notify(said), card.Changed()), nil
}

// alike are records that the new ones perhaps repeat.
func (c *click) alike(ctx context.Context, n newcomer) ([]records.Duplicate, error) {
	var out []records.Duplicate
	for _, d := range n.drafts {
		if d.Kind == crm.KindDeal {
			continue
		}
		d.Values = withoutNew(d.Values, n.drafts)
		found, err := c.book.Records.Duplicates(ctx, c.viewer, d)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			if !slices.ContainsFunc(out, func(x records.Duplicate) bool { return x.Record == o.Record }) {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// withoutNew leaves relations to records out that are not made yet.
func withoutNew(values map[string]any, drafts []records.Draft) map[string]any {
	out := map[string]any{}
	for k, v := range values {
		if !slices.ContainsFunc(drafts, func(d records.Draft) bool { return v == string(d.ID) }) {
			out[k] = v
		}
	}
	return out
}

// shownAlike is how many possible duplicates are asked about.
const shownAlike = 5

// alikeCard asks whether one that there is is meant.
func (c *click) alikeCard(n newcomer, alike []records.Duplicate) card.Card {
	t := c.v.Lang
	var rows []card.Widget
	for _, d := range alike[:min(len(alike), shownAlike)] {
		noun, _ := crm.NounOfID(d.Record)
		details := card.Details{Icon: kindIcons[noun.Kind], Top: card.Plain(c.v.kind(noun.Kind)), Bottom: card.Plain(d.Value), Wrap: true, Click: c.v.Links.record(d.Record)}
		if use := c.carry(opPersonUse, param(recordParam, string(d.Record))); noun.Kind == crm.KindContact || noun.Kind == crm.KindCompany && n.person >= 0 {
			details.Button = card.NewButton(t.T(i18n.AlikeUse), use)
		}
		rows = append(rows, card.Row(card.Bold(d.Name), details))
	}
	anyway := card.Buttons(card.NewButton(t.T(i18n.AlikeAnyway), c.carry(opPersonMake, param(anywayParam, "1"), param(knownParam, c.ev.Params[knownParam]))))
	return card.New("alike", card.Header{Title: t.T(i18n.AlikeTitle), Subtitle: c.typed(nameInput)}, nil,
		card.NewSection(c.v.t(i18n.AlikeText), append(rows, anyway)...))
}

// carry is an action that takes along what was entered.
func (c *click) carry(op string, more ...card.Param) card.Click {
	for _, name := range []string{kindInput, nameInput, jobInput, phoneInput, companyInput, domainInput, dealInput} {
		more = append(more, param(name, crm.Clip(c.typed(name), 200)))
	}
	return c.v.run(op, append(more, param(addressParam, c.ev.Params[addressParam]), param(messageParam, c.ev.Params[messageParam]))...)
}

// personUse lets a contact that there is have the address too, or puts the new
// contact into a company that there is.
func personUse(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.record(recordParam, crm.KindContact, crm.KindCompany)
	if err != nil {
		return card.Response{}, err
	}
	if n, _ := crm.NounOfID(id); n.Kind == crm.KindCompany {
		c.ev.Params[knownParam], c.ev.Params[anywayParam] = string(id), "1"
		return personMake(ctx, c)
	}
	a, err := c.address()
	if err != nil {
		return card.Response{}, err
	}
	d, err := c.book.Records.Get(ctx, c.viewer, id)
	if err != nil {
		return card.Response{}, err
	}
	emails := d.Value.List("emails")
	if !slices.Contains(emails, string(a)) {
		emails = append(slices.Clone(emails), string(a))
	}
	saved, err := c.book.Records.Update(ctx, c.by("add an address to a contact"), id, records.Patch{Values: map[string]any{"emails": emails}, IfMatch: d.Version})
	if err != nil {
		return c.wrong(err)
	}
	c.book.Followed(ctx)
	return c.done(ctx, saved.Batch, c.v.Lang.T(i18n.AlikeUsed, d.Value.Name()))
}
