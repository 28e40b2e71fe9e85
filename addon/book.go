package addon

import (
	"context"
	"slices"
	"strings"

	"threadline/addon/card"
	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/records"
	"threadline/internal/search"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

// Book is what cards need that look records up and change them.
type Book struct {
	Records  *records.Service
	Timeline *timeline.Service
	Search   *search.Service
	Letters  *letter.Service
	Space    *store.Space
	// Followed waits a moment for links to follow a change.
	Followed func(ctx context.Context)
	// Pause stops a mailbox, or lets it go on; the card has made sure that it is
	// one of the user's.
	Pause func(ctx context.Context, id crm.MailboxID, pause bool) error
	// SetLocale changes the language of the user.
	SetLocale func(ctx context.Context, user crm.UserID, locale string) error
	// Places lists the workspaces that the sidebar of the user can show; none when
	// there is no choice. Show chooses one. Nil: there is one workspace.
	Places func(ctx context.Context, user crm.UserID) ([]auth.Place, error)
	Show   func(ctx context.Context, user crm.UserID, ws crm.WorkspaceID) error
	// Others are the other workspaces of the user, as their doors know them.
	Others func(ctx context.Context, user crm.UserID) ([]Door, error)
	// ReadNews marks what the viewer was told as read.
	ReadNews func(ctx context.Context, v access.Viewer) error
	// Single says how far the reading of a mail from a mailbox to some people may
	// be found out, at most by name, and how the mail is dressed for it.
	Single func(ctx context.Context, box crm.MailboxID, to []crm.Address) (crm.TrackMode, campaign.Dress, error)
	// Draft keeps a mail that the user begins among their drafts, and returns where
	// it is gone on with. Nil: nowhere.
	Draft func(ctx context.Context, user crm.UserID, m NewMail) (card.URL, error)
	// MailboxPage is where a mailbox is connected or repaired; zero: nowhere.
	MailboxPage card.URL
}

// Door is the door of another workspace, for a person.
type Door struct {
	Name     string // of the workspace
	User     crm.UserID
	StateKey []byte
}

// operation answers one action of a card.
type operation func(ctx context.Context, c *click) (card.Response, error)

// operations is the one table of actions that look records up or change them.
func operations() map[string]operation {
	return map[string]operation{
		opDealOpen: dealOpen, opDealStage: dealStage, opDealSave: dealSave, opDealWin: dealWin,
		opDealLose: dealLose, opDealLost: dealLost, opDealReopen: dealReopen,
		opNote: noteForm, opNoteSave: noteSave, opCall: callForm, opCallSave: callSave,
		opTask: taskForm, opTaskSave: taskSave, opTaskIn: taskIn, opTaskReply: taskReply,
		opTaskOpen: taskOpen, opTaskDone: taskDone, opTaskWait: taskWait, opTaskMove: taskMove,
		opPerson: personForm, opPersonMake: personMake, opPersonUse: personUse,
		opSearch: searchForm, opSuggest: searchSuggest, opFind: searchRun,
		opRecord: recordOpen, opLink: threadLink, opUnlink: threadUnlink,
		opSettings: settingsOpen, opPause: mailboxPause, opShare: sharingSet, opLocale: localeSet,
		opNeverAdd: neverAdd, opNeverDrop: neverDrop,
		opLetter: letterShow, opInsert: letterInsert, opTrack: trackInsert,
		opMail: mailForm, opDraft: draftOpen,
		opDone: threadDone, opSplit: threadSplit, opChoose: dealChoose, opAccept: updateAccept,
		opAsk: correctAsk, opForetell: correctForetell, opCorrect: correctApply, opUndo: correctUndo,
		opNewsRead: newsRead, opPlace: placeShow, opMeetingAccept: meetingAccept,
	}
}

// click is one action with everything that answering it needs.
type click struct {
	h      *Handler
	book   *Book
	ev     Event
	user   crm.UserID
	viewer access.Viewer
	v      View
	nonce  string // of the card that was clicked
}

func (h *Handler) run(ctx context.Context, run operation, ev Event, user crm.UserID, v View, nonce string) (card.Response, error) {
	viewer, err := h.deps.Book.Records.Viewer(ctx, user)
	if err != nil {
		return card.Response{}, err
	}
	c := &click{h: h, book: h.deps.Book, ev: ev, user: user, viewer: viewer, v: v, nonce: nonce}
	if c.v.Zone == nil {
		c.v.Zone = h.zones.load(h.deps.Book.Timeline.Zone(ctx), 0)
	}
	// A message that was hidden after its card was drawn is hidden from what the
	// card can do, before anything is written.
	if id, err := c.about(); err != nil {
		return card.Response{}, err
	} else if id != "" {
		if err := c.book.Timeline.Knows(ctx, viewer, id); err != nil {
			return card.Response{}, err
		}
	}
	return run(ctx, c)
}

// by says who writes.
func (c *click) by(title string) records.By {
	return records.By{Actor: c.user, Cause: crm.CauseAddon, Title: title}
}

// made is the id of what the click makes: the same for the same click.
func (c *click) made(prefix, what string) crm.RecordID {
	return crm.RecordID(crm.DerivedID(prefix, c.h.cfg.StateKey, string(c.user), c.nonce, what))
}

// about is the message whose card the click comes from, "" for none.
func (c *click) about() (crm.MessageID, error) {
	s := c.ev.Params[messageParam]
	if s == "" {
		return "", nil
	}
	return crm.ParseID[crm.MessageID](crm.PrefixMessage, s)
}

// record is the record that a parameter names, of one of the kinds; of any
// without kinds.
func (c *click) record(param string, kinds ...crm.Kind) (crm.RecordID, error) {
	id := c.ev.Params[param]
	n, ok := crm.NounOfID(crm.RecordID(id))
	if !ok || len(kinds) > 0 && !slices.Contains(kinds, n.Kind) {
		return "", crm.Errorf(crm.Invalid, "addon.record", "the action names no record").WithField(param)
	}
	return crm.ParseID[crm.RecordID](n.Prefix, id)
}

// text is what was entered, "" for nothing.
func (c *click) text(name string) string { return strings.TrimSpace(c.ev.Inputs.Text(name)) }

// date is the date that was entered, nil for none.
func (c *click) date(name string) any {
	if in, ok := c.ev.Inputs[name]; ok && in.HasDate {
		return in.Moment.Std().UTC().Format("2006-01-02")
	}
	return nil
}

// sheet is the message that the click is about.
func (c *click) sheet(ctx context.Context) (*timeline.Sheet, error) {
	id, err := c.about()
	if err != nil {
		return nil, err
	}
	return c.h.sheet(ctx, c.user, id)
}

// open is the message that the click is about, or the one that is open in the
// host and not stored.
func (c *click) open(ctx context.Context) (*timeline.Sheet, error) {
	id, err := c.about()
	switch {
	case err != nil:
		return nil, err
	case id != "":
		return c.h.sheet(ctx, c.user, id)
	}
	return c.h.opened(ctx, c.ev, c.user)
}

// back shows the card that the click came from as it is now: that of the message
// or of the day.
func (c *click) back(ctx context.Context, steps ...card.Step) (card.Response, error) {
	id, err := c.about()
	if err != nil {
		return card.Response{}, err
	}
	if id == "" && c.ev.Message == "" {
		day, err := c.h.home(ctx, c.user, c.v)
		return card.Do(append([]card.Step{card.BackToRoot(), card.Update(day)}, steps...)...), err
	}
	s, err := c.open(ctx)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(append([]card.Step{card.BackToRoot(), card.Update(MessageCard(s, c.v))}, steps...)...), nil
}
