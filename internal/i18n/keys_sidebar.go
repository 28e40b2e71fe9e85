package i18n

// Keys of the cards that change records. See keys.go for the others.

// Changing records from the sidebar.
const (
	ActionAdd    Key = "action.add"
	ActionCreate Key = "action.create"
	ActionSave   Key = "action.save"
	ActionEdit   Key = "action.edit"
	ActionWin    Key = "action.win"
	ActionLose   Key = "action.lose"
	ActionReopen Key = "action.reopen"
	ActionRemove Key = "action.remove"
	ActionDial   Key = "action.dial"
	Saved        Key = "saved"
	Nobody       Key = "nobody"
	FormWrong    Key = "form.wrong"
	FormTaken    Key = "form.taken"
)

// Fields of forms.
const (
	FieldName     Key = "field.name"
	FieldTitle    Key = "field.title"
	FieldEmail    Key = "field.email"
	FieldPhone    Key = "field.phone"
	FieldDomain   Key = "field.domain"
	FieldStage    Key = "field.stage"
	FieldAmount   Key = "field.amount"
	FieldClose    Key = "field.close"
	FieldOwner    Key = "field.owner"
	FieldNext     Key = "field.next"
	FieldReason   Key = "field.reason"
	FieldDue      Key = "field.due"
	FieldTask     Key = "field.task"
	FieldAssignee Key = "field.assignee"
	FieldOutcome  Key = "field.outcome"
	FieldPattern  Key = "field.pattern"
)

// Deals.
const (
	DealNext     Key = "deal.next"
	DealLate     Key = "deal.late"
	DealMoved    Key = "deal.moved"
	DealWon      Key = "deal.won"
	DealLost     Key = "deal.lost"
	DealReopened Key = "deal.reopened"
	LoseTitle    Key = "lose.title"
)

// Notes, calls and tasks.
const (
	SectionRecord Key = "section.record"
	SectionTasks  Key = "section.tasks"
	ActionNote    Key = "action.note"
	ActionCall    Key = "action.call"
	NoteSaved     Key = "note.saved"
	CallSaved     Key = "call.saved"
	TaskQuick     Key = "task.quick"
	TaskTomorrow  Key = "task.tomorrow"
	TaskThree     Key = "task.three"
	TaskWeek      Key = "task.week"
	TaskOther     Key = "task.other"
	TaskFollow    Key = "task.follow"
	TaskSaved     Key = "task.saved"
	TaskFinish    Key = "task.finish"
	TaskDone      Key = "task.done"
	TaskReply     Key = "task.reply"
	TaskWaits     Key = "task.waits"
	TaskSnoozed   Key = "task.snoozed"
	TaskMove      Key = "task.move"
	TaskMoved     Key = "task.moved"
)

// Somebody whom no record knows.
const (
	NewTitle       Key = "new.title"
	NewAs          Key = "new.as"
	NewWithDeal    Key = "new.deal"
	NewCompanyOnly Key = "new.company"
	NewDealName    Key = "new.deal_name"
	NewDone        Key = "new.done"
	AlikeTitle     Key = "alike.title"
	AlikeText      Key = "alike.text"
	AlikeUse       Key = "alike.use"
	AlikeUsed      Key = "alike.used"
	AlikeAnyway    Key = "alike.anyway"
)

// Search, and where the conversation belongs.
const (
	SearchTitle    Key = "search.title"
	SearchLabel    Key = "search.label"
	ActionSearch   Key = "action.search"
	SearchFound    Key = "search.found"
	SearchNothing  Key = "search.nothing"
	SectionRelated Key = "section.related"
	ActionLink     Key = "action.link"
	ActionUnlink   Key = "action.unlink"
	LinkDone       Key = "link.done"
	UnlinkDone     Key = "unlink.done"
)

// Settings.
const (
	SettingsTitle    Key = "settings.title"
	SectionPlace     Key = "section.place"
	PlaceShown       Key = "place.shown"
	PlaceDone        Key = "place.done"
	PlaceElsewhere   Key = "place.elsewhere"
	SectionNever     Key = "section.never"
	SectionPrivacy   Key = "section.privacy"
	PrivacyText      Key = "privacy.text"
	PrivacyBox       Key = "privacy.box"
	ShareNone        Key = "share.none"
	ShareMetadata    Key = "share.metadata"
	ShareSubject     Key = "share.subject"
	ShareFull        Key = "share.full"
	NeverHint        Key = "never.hint"
	ExcludeNever     Key = "exclude.never_store"
	ExcludeOwner     Key = "exclude.owner_only"
	ExcludeCopy      Key = "exclude.drop_copy"
	ExcludePerson    Key = "exclude.drop_participant"
	ExcludeMetadata  Key = "exclude.metadata_only"
	MailboxNone      Key = "mailbox.none"
	MailboxPausedNow Key = "mailbox.paused_now"
	MailboxGoesOn    Key = "mailbox.goes_on"
	ActionPause      Key = "action.pause"
	ActionResume     Key = "action.resume"
	ActionRepair     Key = "action.repair"
	ActionConnect    Key = "action.connect"
	SectionLanguage  Key = "section.language"
	LanguageName     Key = "language.name"
	LanguageHint     Key = "language.hint"
)

// Writing mail with templates.
const (
	ComposeTitle   Key = "compose.title"
	ComposeChoose  Key = "compose.choose"
	ComposeNone    Key = "compose.none"
	ComposeFrom    Key = "compose.from"
	ComposeFromTip Key = "compose.from_tip"

	SectionTrack    Key = "section.track"
	ActionTrack     Key = "action.track"
	TrackSwitch     Key = "track.switch"
	TrackIndividual Key = "track.individual"
	TrackAggregate  Key = "track.aggregate"
	ComposeMissing  Key = "compose.missing"
	ComposeSubject  Key = "compose.subject"
	ActionInsert    Key = "action.insert"
	ActionMail      Key = "action.mail"
	ActionDraft     Key = "action.draft"
	MailEmpty       Key = "mail.empty"
	MailNowhere     Key = "mail.nowhere"
	FieldSubject    Key = "field.subject"
)

// What people are told by mail; see crm.NoticeKinds.
const (
	NoticeReminder Key = "notice.reminder"
	NoticeDue      Key = "notice.due"
	NoticeAssigned Key = "notice.assigned"
	NoticeMention  Key = "notice.mention"
	NoticeReply    Key = "notice.reply"
	NoticeAsked    Key = "notice.asked"
	NoticeGranted  Key = "notice.granted"
	NoticeRefused  Key = "notice.refused"
	NoticeDigest   Key = "notice.digest"
	NoticesTitle   Key = "notices.title"
	NoticesRead    Key = "notices.read"
)

// What stands above a mail that is answered or passed on.
const (
	QuoteWrote     Key = "quote.wrote" // date, name
	QuoteForwarded Key = "quote.forwarded"
	QuoteDate      Key = "quote.date"
)
