package addon

import (
	"context"
	"strconv"
	"strings"
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
)

// Actions that log what happened.
const (
	opNote     = "note.form"
	opNoteSave = "note.save"
	opCall     = "call.form"
	opCallSave = "call.save"
)

const (
	recordsParam   = "records" // ids, with commas
	titleParam     = "title"
	daysParam      = "days"
	textInput      = "text"
	titleInput     = "title"
	dueInput       = "due"
	assigneeInput  = "assignee"
	directionInput = "direction"
	outcomeInput   = "outcome"
)

var noDate time.Time

// acting are the buttons that log something about records, or write to somebody.
func (c *click) acting(about []crm.RecordID, title, to string) []card.Widget {
	return c.v.acting(about, title, c.ev.Params[messageParam], to)
}

func (v View) acting(about []crm.RecordID, title, message, to string) []card.Widget {
	if len(about) == 0 || !v.Books {
		return nil
	}
	ids := make([]string, len(about))
	for i, id := range about {
		ids[i] = string(id)
	}
	what := []card.Param{param(recordsParam, strings.Join(ids, ",")), param(titleParam, crm.Clip(title, 200)), param(messageParam, message)}
	in := func(label i18n.Key, days int) card.Button {
		return card.NewButton(v.Lang.T(label), v.run(opTaskIn, append([]card.Param{param(daysParam, strconv.Itoa(days))}, what...)...))
	}
	return []card.Widget{
		card.Buttons(append([]card.Button{card.NewButton(v.Lang.T(i18n.ActionNote), v.run(opNote, what...)), card.NewButton(v.Lang.T(i18n.ActionCall), v.run(opCall, what...))}, v.mailing(to)...)...),
		card.Paragraph(v.t(i18n.TaskQuick)),
		card.Buttons(in(i18n.TaskTomorrow, 1), in(i18n.TaskThree, 3), in(i18n.TaskWeek, 7),
			card.NewButton(v.Lang.T(i18n.TaskReply), v.run(opTaskReply, what...)),
			card.NewButton(v.Lang.T(i18n.TaskOther), v.run(opTask, what...))),
	}
}

// maxSubjects bounds what an activity is about: cards name two.
const maxSubjects = 10

// subjects are the records that an activity is about, if the person may see all
// of them.
func (c *click) subjects(ctx context.Context) ([]string, error) {
	list := strings.Split(c.ev.Params[recordsParam], ",")
	for _, id := range list {
		n, ok := crm.NounOfID(crm.RecordID(id))
		if !ok || n.Activity || len(list) > maxSubjects {
			return nil, crm.Errorf(crm.Invalid, "addon.subjects", "the action names no record").WithField(recordsParam)
		}
		if _, err := c.book.Records.Get(ctx, c.viewer, crm.RecordID(id)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (c *click) same(more ...card.Param) []card.Param {
	out := more
	for _, k := range []string{recordsParam, titleParam, messageParam} {
		out = append(out, param(k, c.ev.Params[k]))
	}
	return out
}

// form is a card with inputs and one button, about what the person may see.
func (c *click) form(ctx context.Context, name string, title i18n.Key, op string, needs []string, inputs ...card.Widget) (card.Response, error) {
	if _, err := c.subjects(ctx); err != nil {
		return card.Response{}, err
	}
	save := card.Run(c.v.action(op, c.same()...).Needs(needs...))
	return card.Do(card.Show(card.New(name, card.Header{Title: c.v.Lang.T(title), Subtitle: c.ev.Params[titleParam]}, nil,
		card.NewSection(card.Text{}, append(inputs, card.Buttons(card.NewButton(c.v.Lang.T(i18n.ActionSave), save)))...)))), nil
}

// log makes an activity. A click that comes twice makes it once.
func (c *click) log(ctx context.Context, kind crm.Kind, values map[string]any, said i18n.Key) (card.Response, error) {
	about, err := c.subjects(ctx)
	if err != nil {
		return card.Response{}, err
	}
	values["records"] = about
	n, _ := crm.NounOf(kind)
	draft := records.Draft{ID: c.made(n.Prefix, string(kind)), Kind: kind, Values: values}
	if _, err := c.book.Records.Create(ctx, c.by("log a "+string(kind)), draft); err != nil && !crm.IsKind(err, crm.Exists) {
		return c.wrong(err)
	}
	return c.back(ctx, card.Notify(c.v.Lang.T(said)), card.Changed())
}

func noteForm(ctx context.Context, c *click) (card.Response, error) {
	return c.form(ctx, "note", i18n.KindNote, opNoteSave, []string{textInput},
		card.TextInput(textInput, c.v.Lang.T(i18n.KindNote), card.TextOptions{Kind: card.ManyLines, MaxRunes: 4000}))
}

func noteSave(ctx context.Context, c *click) (card.Response, error) {
	return c.log(ctx, crm.KindNote, map[string]any{"text": c.text(textInput)}, i18n.NoteSaved)
}

func callForm(ctx context.Context, c *click) (card.Response, error) {
	t := c.v.Lang
	return c.form(ctx, "call", i18n.KindCall, opCallSave, nil,
		card.Choice(directionInput, "", card.Radio, []card.Item{{Text: t.T(i18n.CallOutbound), Value: string(crm.Outbound), Selected: true},
			{Text: t.T(i18n.CallInbound), Value: string(crm.Inbound)}}, card.Action{}),
		card.TextInput(outcomeInput, t.T(i18n.FieldOutcome), card.TextOptions{MaxRunes: 300}),
		card.TextInput(textInput, t.T(i18n.KindNote), card.TextOptions{Kind: card.ManyLines, MaxRunes: 4000}))
}

func callSave(ctx context.Context, c *click) (card.Response, error) {
	values := map[string]any{"title": c.ev.Params[titleParam], "direction": c.text(directionInput), "started": c.h.now().UTC().Format(time.RFC3339)}
	if s := c.text(outcomeInput); s != "" {
		values["outcome"] = s
	}
	if s := c.text(textInput); s != "" {
		values["about"] = s
	}
	return c.log(ctx, crm.KindCall, values, i18n.CallSaved)
}
