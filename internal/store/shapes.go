package store

import (
	"slices"

	"threadline/internal/crm"
)

// Shapes registers every query shape of the program; the index file is made
// from them (go test ./internal/store -update) and the planner refuses
// whatever the file does not declare.
func Shapes() []Index { return slices.Concat(shapes(), slotShapes(), figureShapes()) }

// figureShapes serve what follows from records, and their sums.
func figureShapes() []Index {
	out := []Index{{Collection: "figure", Order: "due"}, {Collection: "tally", Equal: []string{"kind"}, Order: "pipeline"}}
	for _, key := range crm.IndexedFigures() {
		out = append(out, Index{Collection: "figure", Equal: []string{"kind"}, Order: "values." + key})
	}
	return out
}

// slotShapes serve the custom fields of every kind.
func slotShapes() []Index {
	var out []Index
	values, lists := crm.Slots()
	for _, s := range values {
		out = append(out, Index{Collection: "record", Equal: []string{"kind"}, Order: "slots." + s})
	}
	for _, s := range lists {
		out = append(out, Index{Collection: "record", Equal: []string{"kind"}, Array: "slots." + s})
	}
	return out
}

func shapes() []Index {
	return []Index{
		// The timeline of a record for a viewer; the list of all mail.
		{Collection: "message", Array: "feed", Order: "date"},
		// Stored mail that an address or a domain may match.
		{Collection: "message", Array: "seek"},
		// The reference graph, and messages by Message-ID.
		{Collection: "message", Array: "mentions"},
		// What a stub has become.
		{Collection: "message", Array: "was"},
		// The messages of a thread, the newest of a long one.
		{Collection: "message", Equal: []string{"thread"}, Order: "date"},
		// Mail with a subject, for answers that nothing else places.
		{Collection: "message", Equal: []string{"topic"}, Order: "date"},
		// Conversations that wait for somebody.
		{Collection: "message", Array: "wait", Order: "date"},
		// Known copies of a folder; its dead letters.
		{Collection: "copy", Equal: []string{"box", "state"}, Order: "key"},
		// Exceptions that are due.
		{Collection: "queue", Equal: []string{"mailbox"}, Order: "next_at"},
		// Mail that something is to be done about; what a mailbox sent lately.
		{Collection: "outgoing", Equal: []string{"state"}, Order: "next_at"},
		{Collection: "outgoing", Equal: []string{"mailbox"}, Order: "sent_at"},
		{Collection: "outgoing", Equal: []string{"mailbox"}, Order: "created"},
		// Drafts of a person.
		{Collection: "outgoing", Equal: []string{"by", "state"}, Order: "created"},
		// Folders of a mailbox.
		{Collection: "box", Order: "mailbox"},
		// Mailboxes of a person.
		{Collection: "mailbox", Order: "owner"},
		// Records of a kind by name, by age, and by what they point to.
		{Collection: "record", Equal: []string{"kind"}, Order: "created_at"},
		{Collection: "record", Equal: []string{"kind"}, Order: "values.name"},
		{Collection: "record", Equal: []string{"kind"}, Order: "values.company"},
		{Collection: "record", Equal: []string{"kind"}, Order: "values.owner"},
		{Collection: "record", Equal: []string{"kind", "values.stage"}, Order: "created_at"},
		{Collection: "record", Equal: []string{"kind"}, Order: "values.amount"},
		{Collection: "record", Equal: []string{"kind"}, Order: "values.expected_close"},
		{Collection: "record", Equal: []string{"kind"}, Array: "values.contacts"},
		// Records within the reach of a viewer whose role does not read all.
		{Collection: "record", Equal: []string{"kind"}, Array: "audience", Order: "created_at"},
		{Collection: "record", Equal: []string{"kind"}, Array: "audience", Order: "values.name"},
		{Collection: "activity", Equal: []string{"kind"}, Array: "audience", Order: "created_at"},
		// A board; records with a custom field that has a slot.
		{Collection: "record", Equal: []string{"kind", "values.pipeline"}, Order: "values.stage"},
		{Collection: "record", Equal: []string{"kind", "values.pipeline"}, Order: "created_at"},
		{Collection: "record", Array: "slots." + crm.LinkSlot},
		// Records by their folded name.
		{Collection: "record", Equal: []string{"kind"}, Array: "alike"},
		// Activities of a kind, and on the timeline of a record.
		{Collection: "activity", Equal: []string{"kind"}, Order: "created_at"},
		{Collection: "activity", Array: "feed", Order: "at"},
		// Tasks that are due.
		{Collection: "activity", Equal: []string{"kind", "values.status"}, Order: "values.due"},
		{Collection: "activity", Equal: []string{"kind", "values.status"}, Order: "created_at"},
		{Collection: "activity", Equal: []string{"kind"}, Order: "values.due"},
		// Campaigns, newest first; the ledger of one by state; what is suppressed.
		{Collection: "campaign", Order: "at"},
		{Collection: "campaign", Equal: []string{"status"}, Order: "at"},
		{Collection: "recipient", Equal: []string{"campaign", "state"}, Order: "due"},
		{Collection: "recipient", Equal: []string{"campaign"}, Order: "address"},
		{Collection: "suppression", Order: "at"},
		// Sequences, newest first; who is in one, or in any; its steps.
		{Collection: "sequence", Order: "at"},
		{Collection: "sequence", Equal: []string{"status"}, Order: "at"},
		{Collection: "enrolment", Equal: []string{"sequence"}, Order: "at"},
		{Collection: "enrolment", Equal: []string{"sequence", "state"}, Order: "at"},
		{Collection: "enrolment", Equal: []string{"contact"}, Order: "at"},
		{Collection: "enrolment", Equal: []string{"address"}, Order: "at"},
		{Collection: "recipient", Equal: []string{"campaign", "step", "state"}, Order: "due"},
		// What came back from an address, by when its mails were due, which sending them does
		// not change; who agreed to be tracked.
		{Collection: "recipient", Equal: []string{"address"}, Order: "due"},
		{Collection: "recipient", Equal: []string{"campaign"}, Order: "replied"},
		{Collection: "recipient", Equal: []string{"campaign"}, Order: "complained"},
		{Collection: "recipient", Equal: []string{"campaign"}, Order: "left"},
		{Collection: "recipient", Equal: []string{"campaign"}, Order: "away"},
		{Collection: "recipient", Equal: []string{"campaign"}, Order: "sent"},
		{Collection: "recipient", Equal: []string{"campaign", "bounce"}, Order: "bounced"},
		{Collection: "recipient", Equal: []string{"campaign", "state"}, Order: "bounced"},
		{Collection: "consent", Order: "given"},
		// Events of a campaign, and those that the ledger does not hold yet.
		{Collection: "hit", Array: "campaigns", Order: "at"},
		{Collection: "hit", Equal: []string{"folded"}, Order: "at"},
		// Templates by name.
		{Collection: "template", Order: "name"},
		// Names that a thread has lost.
		{Collection: "thread", Order: "into"},
		// What people said about a message; standing rules for a token.
		{Collection: "answer", Order: "message"},
		{Collection: "rule", Order: "value"},
		// What people said that is about a record: it follows a merge.
		{Collection: "answer", Order: "record"},
		{Collection: "rule", Order: "record"},
		// History of an entity; the entries of a batch; the newest changes.
		{Collection: "change", Array: "touched", Order: "at"},
		{Collection: "change", Equal: []string{"batch"}, Order: "at"},
		{Collection: "change", Order: "at"},
		// The feed on Firestore, which adds these fields to the documents itself.
		{Collection: "change", Equal: []string{"_s"}, Order: "_t"},
		{Collection: "arrival", Equal: []string{"_s"}, Order: "_t"},
		// Long work: what is to go on, and all of it, newest first.
		{Collection: "job", Equal: []string{"state"}, Order: "created_at"},
		{Collection: "job", Order: "created_at"},
		// What begins with some letters, of engines without full text.
		{Collection: "search", Array: "tokens", Order: "at"},
		// What a user is told, and what of it is still to be mailed; when tasks are
		// to be remembered.
		{Collection: "notice", Equal: []string{"user"}, Order: "at"},
		{Collection: "notice", Equal: []string{"user", "unread"}, Order: "at"},
		{Collection: "notice", Order: "mail"},
		{Collection: "activity", Equal: []string{"kind"}, Order: "values.remind_at"},
		{Collection: "activity", Equal: []string{"kind"}, Order: "values.over"}, // series that go on
		// Who opened somebody's mail; who asks to.
		{Collection: "opening", Equal: []string{"owner"}, Order: "at"},
		{Collection: "opening", Equal: []string{"message", "owner"}, Order: "at"},
		{Collection: "mailrequest", Equal: []string{"owner", "state"}, Order: "at"},
		{Collection: "mailrequest", Equal: []string{"by"}, Order: "at"},
		{Collection: "activity", Equal: []string{"kind"}, Order: "values.snoozed_until"},
		// Members of a static segment.
		{Collection: "pick", Equal: []string{"segment"}, Order: "at"},
		// Sign-in.
		{Collection: "user", Order: "email"},
		{Collection: "user", Order: "subject"},
		{Collection: "user", Order: "account"},
		{Collection: "apikey", Order: "user"},
		{Collection: "session", Order: "user"},
		// The audit chain.
		{Collection: "audit", Order: "seq"},
	}
}
