package addon

import (
	"context"
	"strconv"
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
)

// Actions on what is to be done.
const (
	opTask      = "task.form"
	opTaskSave  = "task.save"
	opTaskIn    = "task.in"    // made at once, due in so many days
	opTaskReply = "task.reply" // made at once, waits for a reply
	opTaskOpen  = "task.open"
	opTaskDone  = "task.done"
	opTaskWait  = "task.wait" // is put off until they reply
	opTaskMove  = "task.move" // is put off for so many days
)

func taskForm(ctx context.Context, c *click) (card.Response, error) {
	users, err := c.book.Timeline.People(ctx, c.viewer)
	if err != nil {
		return card.Response{}, err
	}
	t := c.v.Lang
	items := make([]card.Item, len(users))
	for i, u := range users {
		items[i] = card.Item{Text: u.Name, Value: string(u.ID), Selected: u.ID == c.user}
	}
	return c.form(ctx, "task", i18n.KindTask, opTaskSave, []string{titleInput},
		card.TextInput(titleInput, t.T(i18n.FieldTask), card.TextOptions{Value: c.ev.Params[titleParam], MaxRunes: 200}),
		card.DatePicker(dueInput, t.T(i18n.FieldDue), c.inDays(1), card.Action{}),
		card.Choice(assigneeInput, t.T(i18n.FieldAssignee), card.Dropdown, items, card.Action{}))
}

// inDays is the date so many days from today, where the viewer is.
func (c *click) inDays(n int) time.Time {
	now := c.h.now()
	if c.v.Zone != nil {
		now = now.In(c.v.Zone)
	}
	y, m, d := now.Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, time.UTC)
}

func taskSave(ctx context.Context, c *click) (card.Response, error) {
	values := map[string]any{"title": c.text(titleInput), "assignee": string(c.user)}
	if due := c.date(dueInput); due != nil {
		values["due"] = due
	}
	if s := c.text(assigneeInput); s != "" {
		values["assignee"] = s
	}
	return c.log(ctx, crm.KindTask, values, i18n.TaskSaved)
}

// days is the number of days that an action names.
func (c *click) days() (int, error) {
	n, err := strconv.Atoi(c.ev.Params[daysParam])
	if err != nil || n < 0 || n > 366 {
		return 0, crm.Errorf(crm.Invalid, "addon.days", "the action names no number of days").WithField(daysParam)
	}
	return n, nil
}

func taskIn(ctx context.Context, c *click) (card.Response, error) {
	n, err := c.days()
	if err != nil {
		return card.Response{}, err
	}
	return c.followUp(ctx, map[string]any{"due": c.inDays(n).Format(time.DateOnly)}, i18n.TaskSaved)
}

func taskReply(ctx context.Context, c *click) (card.Response, error) {
	return c.followUp(ctx, map[string]any{"until_reply": true}, i18n.TaskSnoozed)
}

// followUp makes a task of one's own.
func (c *click) followUp(ctx context.Context, values map[string]any, said i18n.Key) (card.Response, error) {
	values["title"] = c.v.Lang.T(i18n.TaskFollow, c.ev.Params[titleParam])
	values["assignee"] = string(c.user)
	return c.log(ctx, crm.KindTask, values, said)
}

// taskOpen shows a task with what can be done about it.
func taskOpen(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.record(recordParam, crm.KindTask)
	if err != nil {
		return card.Response{}, err
	}
	d, err := c.book.Records.Get(ctx, c.viewer, id)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(c.taskCard(&d.Value))), nil
}

func (c *click) taskCard(r *crm.Record) card.Card {
	v := c.v
	run := func(label i18n.Key, op string, more ...card.Param) card.Button {
		return card.NewButton(v.Lang.T(label), v.run(op, c.of(r.ID, more...)...))
	}
	in := func(label i18n.Key, days int) card.Button {
		return run(label, opTaskMove, param(daysParam, strconv.Itoa(days)))
	}
	wait := run(i18n.TaskReply, opTaskWait)
	rows := []card.Widget{}
	if is, _ := r.Values["until_reply"].(bool); is {
		rows, wait = append(rows, card.Row(v.t(i18n.TaskWaits), card.Details{Icon: card.IconClock})), card.Button{}
	}
	if due, err := crm.ParseTime(r.Text("due")); err == nil && r.Text("due") != "" {
		rows = append(rows, card.Row(card.Plain(v.day(due, crm.At(c.h.now()))), card.Details{Icon: card.IconClock, Top: v.t(i18n.FieldDue)}))
	}
	rows = append(rows, card.Buttons(run(i18n.TaskFinish, opTaskDone)), card.Paragraph(v.t(i18n.TaskMove)),
		card.Buttons(in(i18n.TaskTomorrow, 1), in(i18n.TaskThree, 3), in(i18n.TaskWeek, 7), wait))
	menu := []card.MenuEntry{{Label: v.Lang.T(i18n.ActionOpen), Click: v.Links.record(r.ID)}}
	return card.New("todo", card.Header{Title: r.Text("title"), Subtitle: v.Lang.T(i18n.KindTask)}, menu, card.NewSection(card.Text{}, rows...))
}

func taskDone(ctx context.Context, c *click) (card.Response, error) {
	return c.task(ctx, "finish a task", map[string]any{"status": "done"}, c.v.Lang.T(i18n.TaskDone))
}

// taskWait puts the task off until somebody whom it is about writes.
func taskWait(ctx context.Context, c *click) (card.Response, error) {
	return c.task(ctx, "put a task off until they reply", map[string]any{"until_reply": true}, c.v.Lang.T(i18n.TaskSnoozed))
}

func taskMove(ctx context.Context, c *click) (card.Response, error) {
	n, err := c.days()
	if err != nil {
		return card.Response{}, err
	}
	due := c.inDays(n)
	said := c.v.Lang.T(i18n.TaskMoved, c.v.day(crm.At(due), crm.At(c.h.now())))
	return c.task(ctx, "put a task off", map[string]any{"due": due.Format(time.DateOnly), "until_reply": nil}, said)
}

// task changes a task and shows the card that the click came from.
func (c *click) task(ctx context.Context, title string, values map[string]any, said string) (card.Response, error) {
	id, err := c.record(recordParam, crm.KindTask)
	if err != nil {
		return card.Response{}, err
	}
	if _, err := c.book.Records.Update(ctx, c.by(title), id, records.Patch{Values: values}); err != nil {
		return card.Response{}, err
	}
	return c.back(ctx, card.Notify(said), card.Changed())
}
