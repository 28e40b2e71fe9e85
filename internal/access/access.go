// Package access decides who may see what. It is the one room that every exit
// asks: API, search, timeline, cards, export, reports.
//
// What it promises:
//   - Every read takes a Viewer; without one nothing can be asked.
//   - A decision compiles to index tokens (Viewer.Tokens), so that pages, counts
//     and orders contain only what the viewer may know of.
//   - Metadata is people, time, class and direction. Subject, snippet,
//     attachment names and evidence that quotes them are hidden together.
//
// Records: a role gives each folder a reach for each verb. Policy.Member makes
// the Viewer of a user; Viewer.Filter compiles a reach to an index,
// Viewer.Reads and Viewer.Can decide over one record, Viewer.Noun and
// Viewer.Show take hidden fields away, Viewer.Require asks for a right. Nobody
// is told of a record that they may not read: to them it does not exist.
//
// Whoever asks about a value that they name themselves is told the bare fact: that
// a unique value is taken (of a record that they may not know, not whose), that
// there is something alike, that an address is suppressed already. Otherwise they
// could save what breaks later, or write to who does not want it. A list of such
// values is for those who read all that it names (Viewer.Addresses).
//
// What passes from a record to another by itself, as in a merge or when a lead is
// converted, does so whether the writer sees it or not, and to a field that they
// see only from one that they see.
//
// Mail: the owner of a mailbox that holds or held a copy sees the whole message;
// other members of the workspace see what the owners share, without a word of
// theirs its metadata, and nothing of a private one or of one among colleagues.
// No role changes that, that of an admin neither. The operator of the host sets things up and sees no
// mail. The package is pure and stores nothing.
package access

import (
	"slices"

	"threadline/internal/crm"
)

// Level is how much of a message a viewer sees. Written out in answers.
type Level = crm.MailLevel

const (
	None     = crm.MailNone
	Metadata = crm.MailMetadata
	Subject  = crm.MailSubject
	Full     = crm.MailFull
)

// Audiences are the sets of viewers that the viewer belongs to, at most 30.
func (v Viewer) Audiences() []crm.Audience {
	switch {
	case v.grant == nil || v.May(crm.RightBilling):
		return nil
	case !v.Records():
		return []crm.Audience{crm.Audience(v.User)}
	}
	return []crm.Audience{crm.Members, crm.Audience(v.User)}
}

// Tokens are the feed tokens of a record's timeline for the viewer: a message
// is on it when it carries any of them. None means that nothing is.
func (v Viewer) Tokens(r crm.RecordID) []crm.FeedToken {
	var out []crm.FeedToken
	for _, a := range v.Audiences() {
		out = append(out, crm.Feed(r, a))
	}
	return out
}

// Knowers are the audiences that may know of a message, and those that may read
// it whole: for search, which keeps its words under them.
func Knowers(m *crm.Message) (know, read []crm.Audience) {
	for _, o := range m.Owners {
		read = append(read, crm.Audience(o))
	}
	if m.Private {
		return read, read
	}
	return []crm.Audience{crm.Members}, read
}

// Mailbox tells whether the viewer may see and repair a mailbox's state.
func Mailbox(v Viewer, m *crm.Mailbox) bool {
	return v.Operator || v.User != "" && v.User == m.Owner
}

// Exclusion tells whether the viewer may know of an exclusion and take it back:
// what keeps a person's mail away is that person's own affair.
func Exclusion(v Viewer, e *crm.Exclusion) bool {
	return v.Operator || v.User != "" && (e.Owner == "" || e.Owner == v.User)
}

// Redact returns the message as the level shows it, nothing of it for an
// unknown level; m is not changed.
func Redact(m crm.Message, l Level) crm.Message {
	switch l {
	case Full:
		return m
	case Metadata, Subject:
	default:
		return crm.Message{}
	}
	if l == Metadata {
		m.Subject = ""
	}
	m.Snippet, m.Words = "", ""
	m.Attachments = nil
	m.Flags = nil
	m.Copies, m.Left = nil, nil
	m.Heads, m.Sides = nil, nil
	m.Links, m.Asked = unquoted(m.Links), unquoted(m.Asked)
	return m
}

// unquoted returns the links without the words of the mail.
func unquoted(links []crm.Link) []crm.Link {
	out := slices.Clone(links)
	for i := range out {
		out[i].Evidence.Quote = ""
	}
	return out
}
