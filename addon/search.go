package addon

import (
	"context"
	"slices"
	"strings"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/search"
)

// Actions of the search, and on records that it finds.
const (
	opSearch  = "search.form"
	opSuggest = "search.suggest"
	opFind    = "search.run"
	opRecord  = "record.open"
	opLink    = "thread.link"
	opUnlink  = "thread.unlink"
)

const (
	queryInput   = "q"
	maxHits      = 10
	maxSuggested = 8
)

func searchForm(_ context.Context, c *click) (card.Response, error) {
	return card.Do(card.Show(c.v.searchCard(c.ev.Params[messageParam], "", nil, false))), nil
}

// searchCard asks for a record and shows what was found.
func (v View) searchCard(message, q string, hits []search.Hit, asked bool) card.Card {
	t := v.Lang
	from := param(messageParam, message)
	ask := card.TextInput(queryInput, t.T(i18n.SearchLabel), card.TextOptions{Value: q, MaxRunes: 100, Suggest: v.action(opSuggest, from)})
	find := card.Buttons(card.NewButton(t.T(i18n.ActionSearch), card.Run(v.action(opFind, from).Needs(queryInput))))
	var rows []card.Widget
	for _, h := range hits {
		rows = append(rows, card.Row(card.Bold(h.Title), card.Details{Icon: kindIcons[h.Kind], Top: card.Plain(v.kind(h.Kind)),
			Bottom: card.Plain(h.About), Wrap: true, Click: v.run(opRecord, from, param(recordParam, h.ID))}))
	}
	if asked && len(hits) == 0 {
		rows = append(rows, card.Paragraph(v.t(i18n.SearchNothing)))
	}
	return card.New("search", card.Header{Title: t.T(i18n.SearchTitle)}, nil, card.NewSection(card.Text{}, ask, find),
		card.NewSection(v.t(i18n.SearchFound), rows...).Shrinking(v.more(i18n.MoreItems)))
}

func (c *click) find(ctx context.Context, q string, limit int) ([]search.Hit, error) {
	sch, err := c.schema(ctx)
	if err != nil {
		return nil, err
	}
	return c.book.Search.Find(ctx, c.viewer, search.Question{Text: q, Kinds: findable(sch), Limit: limit})
}

func searchSuggest(ctx context.Context, c *click) (card.Response, error) {
	q := c.text(queryInput)
	if len([]rune(q)) < 2 {
		return card.Suggestions(), nil
	}
	hits, err := c.find(ctx, q, maxSuggested)
	if err != nil {
		return card.Response{}, err
	}
	names := make([]string, len(hits))
	for i, h := range hits {
		names[i] = h.Title
	}
	return card.Suggestions(names...), nil
}

func searchRun(ctx context.Context, c *click) (card.Response, error) {
	q := c.text(queryInput)
	if q == "" {
		return card.Do(card.Update(c.v.searchCard(c.ev.Params[messageParam], "", nil, false))), nil
	}
	hits, err := c.find(ctx, q, maxHits)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Update(c.v.searchCard(c.ev.Params[messageParam], q, hits, true))), nil
}

// recordOpen shows a record: a deal as one that can be changed.
func recordOpen(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.record(recordParam)
	if err != nil {
		return card.Response{}, err
	}
	if n, _ := crm.NounOfID(id); n.Kind == crm.KindDeal {
		return dealOpen(ctx, c)
	}
	d, err := c.book.Records.Get(ctx, c.viewer, id)
	if err != nil {
		return card.Response{}, err
	}
	related, err := c.book.Records.Related(ctx, c.viewer, id)
	if err != nil {
		return card.Response{}, err
	}
	link, err := c.linking(ctx, id)
	if err != nil {
		return card.Response{}, err
	}
	sch, err := c.schema(ctx)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(c.recordCard(&d.Value, related, append(c.custom(sch, &d.Value), link...)))), nil
}

// shownFields are the fields of a record's card, in this order.
var shownFields = []struct {
	key   string
	label i18n.Key
	icon  card.Icon
}{
	{"title", i18n.FieldTitle, card.IconPerson}, {"company_name", i18n.KindCompany, card.IconCompany},
	{"emails", i18n.FieldEmail, card.IconMail}, {"phones", i18n.FieldPhone, card.IconPhone}, {"domains", i18n.FieldDomain, card.IconBookmark},
	{"website", i18n.UpdateWebsite, card.IconBookmark}, {"about", i18n.KindNote, card.IconNote},
}

const shownRelated = 8

func (c *click) recordCard(r *crm.Record, related []records.Related, more []card.Widget) card.Card {
	v := c.v
	var fields []card.Widget
	for _, f := range shownFields {
		text := strings.Join(r.List(f.key), ", ")
		if text == "" {
			continue
		}
		d := card.Details{Icon: f.icon, Top: v.t(f.label), Wrap: true}
		if f.key == "phones" {
			d.Button = card.NewButton(v.Lang.T(i18n.ActionDial), card.Dial(r.List(f.key)[0]))
		}
		fields = append(fields, card.Row(card.Plain(text), d))
	}
	var rows []card.Widget
	for _, o := range related {
		if n, _ := crm.NounOfID(o.ID); n.Activity || o.Name == "" {
			continue
		}
		rows = append(rows, card.Row(card.Bold(o.Name), card.Details{Icon: kindIcons[o.Kind], Top: card.Plain(v.kind(o.Kind)),
			Click: v.run(opRecord, c.of(o.ID)...)}))
	}
	rows = rows[:min(len(rows), shownRelated)]
	menu := []card.MenuEntry{{Label: v.Lang.T(i18n.ActionOpen), Click: v.Links.record(r.ID)}}
	return card.New("record", card.Header{Title: r.Name(), Subtitle: v.kind(r.Kind)}, menu,
		card.NewSection(card.Text{}, append(fields, more...)...), card.NewSection(v.t(i18n.SectionRelated), rows...),
		card.NewSection(v.t(i18n.SectionRecord), c.acting([]crm.RecordID{r.ID}, r.Name(), first(r.List("emails")))...))
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// linking is the button that puts the open conversation on the record's
// timeline, or the one that takes it off: whichever there is to do.
func (c *click) linking(ctx context.Context, id crm.RecordID) ([]card.Widget, error) {
	m, err := c.about()
	if err != nil || m == "" {
		return nil, err
	}
	on, err := c.book.Timeline.Logged(ctx, c.viewer, m)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(on, id) {
		return []card.Widget{card.Buttons(card.NewButton(c.v.Lang.T(i18n.ActionLink), c.v.run(opLink, c.of(id)...)))}, nil
	}
	return []card.Widget{card.Paragraph(c.v.t(i18n.DealLinked)),
		card.Buttons(card.NewButton(c.v.Lang.T(i18n.ActionUnlink), c.v.run(opUnlink, c.of(id)...)))}, nil
}

func threadLink(ctx context.Context, c *click) (card.Response, error) {
	return c.say(ctx, crm.EffectLink, i18n.LinkDone)
}

func threadUnlink(ctx context.Context, c *click) (card.Response, error) {
	return c.say(ctx, crm.EffectNever, i18n.UnlinkDone)
}

// say puts a person's word on the conversation.
func (c *click) say(ctx context.Context, effect crm.RuleEffect, said i18n.Key) (card.Response, error) {
	id, err := c.record(recordParam)
	if err != nil {
		return card.Response{}, err
	}
	d, err := c.book.Records.Get(ctx, c.viewer, id) // who may not see it cannot link it
	if err != nil {
		return card.Response{}, err
	}
	m, err := c.about()
	if err != nil {
		return card.Response{}, err
	}
	batch, err := ledger.Correct(ctx, c.book.Space, ledger.Correction{Message: m, Record: id, Effect: effect, Scope: crm.ScopeThread, By: c.user, Cause: crm.CauseAddon})
	if err != nil {
		return card.Response{}, err
	}
	c.book.Followed(ctx)
	return c.done(ctx, batch, c.v.Lang.T(said, d.Value.Name()))
}
