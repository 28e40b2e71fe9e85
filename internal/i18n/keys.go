package i18n

// Key names a message of the catalogue. Keys of enumerations end in the stored
// value, so that they can be made from it; see Has.
type Key string

// Nouns of the product.
const (
	KindContact Key = "kind.contact"
	KindCompany Key = "kind.company"
	KindDeal    Key = "kind.deal"
	KindLead    Key = "kind.lead"
	KindTicket  Key = "kind.ticket"
	KindProduct Key = "kind.product"
	KindTask    Key = "kind.task"
	KindNote    Key = "kind.note"
	KindCall    Key = "kind.call"
	KindMeeting Key = "kind.meeting"
	KindComment Key = "kind.comment"
)

// Results of a deal.
const (
	StageOpen Key = "stage.open"
	StageWon  Key = "stage.won"
	StageLost Key = "stage.lost"
)

// Places in the header of a mail, as mail programs call them.
const (
	RoleFrom    Key = "role.from"
	RoleSender  Key = "role.sender"
	RoleReplyTo Key = "role.reply_to"
	RoleTo      Key = "role.to"
	RoleCc      Key = "role.cc"
	RoleBcc     Key = "role.bcc"
)

// Directions of mail and calls.
const (
	MailInbound  Key = "mail.inbound"
	MailOutbound Key = "mail.outbound"
	MailInternal Key = "mail.internal"
	CallInbound  Key = "call.inbound"
	CallOutbound Key = "call.outbound"
)

// Classes of mail.
const (
	ClassPerson       Key = "class.person"
	ClassBulk         Key = "class.bulk"
	ClassAutoReply    Key = "class.auto_reply"
	ClassBounce       Key = "class.bounce"
	ClassCalendar     Key = "class.calendar"
	ClassNotification Key = "class.notification"
)

// The card of a message.
const (
	SectionPeople      Key = "section.people"
	SectionDeals       Key = "section.deals"
	SectionTouches     Key = "section.touches"
	SectionBecause     Key = "section.because"
	SectionNotLogged   Key = "section.not_logged"
	PersonNew          Key = "person.new"
	PersonOwner        Key = "person.owner"
	PersonNone         Key = "person.none"
	DealExpected       Key = "deal.expected"
	DealLinked         Key = "deal.linked"
	DealNone           Key = "deal.none"
	TouchNone          Key = "touch.none"
	TouchOff           Key = "touch.off"
	TouchSeries        Key = "touch.series"
	MeetingProposed    Key = "meeting.proposed"
	MeetingProposedOne Key = "meeting.proposed.one"
	MeetingProposedAll Key = "meeting.proposed.all"
	MeetingMoved       Key = "meeting.moved"
	SubjectNone        Key = "subject.none"
	SubjectHidden      Key = "subject.hidden"
	Hidden             Key = "hidden"
	HiddenOwner        Key = "hidden.unnamed"
	MorePeople         Key = "more.people"
	MoreItems          Key = "more.items"
)

// Why a message is on a record's timeline, one sentence for each rule.
const (
	BecauseAddress         Key = "because.address"
	BecauseDomain          Key = "because.domain"
	BecauseContact         Key = "because.contact"
	BecauseThread          Key = "because.thread"
	BecauseOnlyDeal        Key = "because.only_deal"
	BecauseOnlyDealAlone   Key = "because.only_deal.unnamed"
	BecauseDealWords       Key = "because.deal_words"
	BecauseDealWordsAlone  Key = "because.deal_words.unnamed"
	BecauseDealPeople      Key = "because.deal_people"
	BecauseDealPeopleAlone Key = "because.deal_people.unnamed"
	BecauseDealThread      Key = "because.deal_thread"
	BecauseDealNext        Key = "because.deal_next"
	BecauseRule            Key = "because.user_rule"
	BecauseRuleUnnamed     Key = "because.user_rule.unnamed"
	BecauseAnswer          Key = "because.answer"
	BecauseAnswerUnnamed   Key = "because.answer.unnamed"
	BecauseOther           Key = "because.other"
	Confidence             Key = "confidence"
)

// The question to which of several deals a conversation belongs.
const (
	SectionQuestion Key = "section.question"
	QuestionText    Key = "question.text"
	QuestionOne     Key = "question.one"
	QuestionThis    Key = "question.this"
	QuestionNone    Key = "question.none"
	QuestionLikely  Key = "question.likely"
)

// Why a message is on no timeline.
const (
	NotMatched  Key = "not_logged.no_match"
	NotBulk     Key = "not_logged.bulk"
	NotRobot    Key = "not_logged.robot"
	NotOutside  Key = "not_logged.internal_only"
	NotExcluded Key = "not_logged.excluded"
	NotFolder   Key = "not_logged.off_timeline"
	NotAnswered Key = "not_logged.unlinked"
)

// Buttons and menus.
const (
	ActionOpen    Key = "action.open"
	ActionRefresh Key = "action.refresh"
	ActionRetry   Key = "action.retry"
)

// A person's day, whose turn it is, and what a message proposes.
const (
	HomeTitle           Key = "home.title"
	HomeWaiting         Key = "home.waiting"
	HomeAnswers         Key = "home.answers"
	HomeTasks           Key = "home.tasks"
	HomeIdle            Key = "home.idle"
	HomeMailboxes       Key = "home.mailboxes"
	HomeDays            Key = "home.days"
	HomeToday           Key = "home.today"
	HomeLate            Key = "home.late"
	HomeMore            Key = "home.more"
	HomeSum             Key = "home.sum"
	HomeUneven          Key = "home.uneven"
	HomeMailings        Key = "home.mailings"
	HomeMailing         Key = "home.mailing"
	HomeMailingPace     Key = "home.mailing_pace"
	HomeMailingEnd      Key = "home.mailing_end"
	CampaignSending     Key = "campaign.sending"
	CampaignPaused      Key = "campaign.paused"
	CampaignDone        Key = "campaign.done"
	MailboxNew          Key = "mailbox.new"
	MailboxConnecting   Key = "mailbox.connecting"
	MailboxPriming      Key = "mailbox.priming"
	MailboxLive         Key = "mailbox.live"
	MailboxThrottled    Key = "mailbox.throttled"
	MailboxResync       Key = "mailbox.resync"
	MailboxAuthRequired Key = "mailbox.auth_required"
	MailboxPaused       Key = "mailbox.paused"
	MailboxFailed       Key = "mailbox.failed"
	MailboxDeleting     Key = "mailbox.deleting"
	TurnOurs            Key = "turn.ours"
	TurnTheirs          Key = "turn.theirs"
	TurnDone            Key = "turn.done"
	ActionDone          Key = "action.done"
	ActionSplit         Key = "action.split"
	SplitOffer          Key = "split.offer"
	OriginOther         Key = "origin.other"
	MarkSameID          Key = "mark.same_message_id"
	SectionUpdates      Key = "section.updates"
	ActionAccept        Key = "action.accept"
	UpdatePhone         Key = "update.phone"
	UpdateTitle         Key = "update.title"
	UpdateCompany       Key = "update.company"
	UpdateWebsite       Key = "update.website"
)

// Cards without a message.
const (
	HomeText         Key = "home.text"
	UserUnknown      Key = "user.unknown"
	UserUnknownText  Key = "user.unknown.text"
	Missing          Key = "missing"
	MissingWaiting   Key = "missing.waiting"
	MissingUnseen    Key = "missing.never_seen"
	MissingSkipped   Key = "missing.skipped"
	SkipSince        Key = "skip.older_than_since"
	SkipStranger     Key = "skip.nobody_known"
	SkipNeverStore   Key = "skip.never_store"
	SkipErased       Key = "skip.erased"
	SkipDraftsFolder Key = "skip.drafts_folder"
	SkipTrashFolder  Key = "skip.trash_folder"
	SkipJunkFolder   Key = "skip.junk_folder"
	SkipChat         Key = "skip.chat"
	SkipFolder       Key = "skip.folder_not_chosen"
	SkipDraft        Key = "skip.draft"
	SkipDuplicate    Key = "skip.seen_in_all_mail"
)

// What went wrong, by kind of error.
const (
	ErrorTitle        Key = "error"
	ErrorInvalid      Key = "error.invalid"
	ErrorNotFound     Key = "error.not_found"
	ErrorExists       Key = "error.exists"
	ErrorConflict     Key = "error.conflict"
	ErrorDenied       Key = "error.denied"
	ErrorUnauthorized Key = "error.unauthorized"
	ErrorThrottled    Key = "error.throttled"
	ErrorUnavailable  Key = "error.unavailable"
	ErrorTooLarge     Key = "error.too_large"
	ErrorInternal     Key = "error.internal"
	ErrorReference    Key = "error.reference"
)

// Corrections: where mail belongs, and what a correction would change.
const (
	CorrectWrong    Key = "correct.wrong"
	CorrectTitle    Key = "correct.title"
	CorrectScope    Key = "correct.scope"
	ScopeMessage    Key = "scope.message"
	ScopeThread     Key = "scope.thread"
	ScopeAddress    Key = "scope.address"
	ScopeDomain     Key = "scope.domain"
	CorrectInstead  Key = "correct.instead"
	CorrectNowhere  Key = "correct.nowhere"
	CorrectForetell Key = "correct.foretell"
	CorrectApply    Key = "correct.apply"
	CorrectHide     Key = "correct.hide"
	CorrectShow     Key = "correct.show"
	CorrectDone     Key = "correct.done"
	CorrectUndo     Key = "correct.undo"
	CorrectUndone   Key = "correct.undone"
	ForetellTitle   Key = "foretell.title"
	ForetellCount   Key = "foretell.count"
	ForetellMore    Key = "foretell.more"
	ForetellShift   Key = "foretell.shift"
	ForetellSample  Key = "foretell.sample"
)

// Why somebody sees a message or a record: who looks, who decided or the role,
// the level, and the record that it is about.
const (
	AccessNobody          Key = "access.nobody"
	AccessOwner           Key = "access.owner"
	AccessPrivate         Key = "access.private"
	AccessInternal        Key = "access.internal"
	AccessRole            Key = "access.role"
	AccessMessage         Key = "access.message"
	AccessRecord          Key = "access.record"
	AccessColleague       Key = "access.colleague"
	AccessMailbox         Key = "access.mailbox"
	AccessDefault         Key = "access.default"
	AccessExclusion       Key = "access.exclusion"
	AccessRecordAll       Key = "access.record_all"
	AccessRecordOwn       Key = "access.record_own"
	AccessRecordTeam      Key = "access.record_team"
	AccessRecordTerritory Key = "access.record_territory"
	AccessRecordNone      Key = "access.record_none"
)

// How much of a message one sees.
const (
	LevelNone     Key = "level.none"
	LevelMetadata Key = "level.metadata"
	LevelSubject  Key = "level.subject"
	LevelFull     Key = "level.full"
)

// The page behind the unsubscribe link of a campaign mail.
const (
	LeaveTitle   Key = "leave.title"
	LeaveAsk     Key = "leave.ask"
	LeaveButton  Key = "leave.button"
	LeaveDone    Key = "leave.done"
	LeaveUnknown Key = "leave.unknown"
	LeaveChoose  Key = "leave.choose"
	LeaveSave    Key = "leave.save"
	LeaveSaved   Key = "leave.saved"
	LeaveAll     Key = "leave.all"
	LeaveNone    Key = "leave.none"
)
