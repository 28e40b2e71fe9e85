package crm

import "strings"

// Away is what a mailbox answers by itself while its owner is away.
type Away struct {
	Mailbox MailboxID `cbor:"mailbox" json:"mailbox"`
	On      bool      `cbor:"on" json:"on"`
	From    Time      `cbor:"from,omitempty" json:"from,omitempty" doc:"Not before"`
	Until   Time      `cbor:"until,omitempty" json:"until,omitempty" doc:"Not after"`
	Subject string    `cbor:"subject,omitempty" json:"subject,omitempty" doc:"Empty: Re: and the subject of the mail that is answered"`
	Text    string    `cbor:"text" json:"text"`
	Every   int       `cbor:"every,omitempty" json:"every,omitempty" doc:"Days in which one person gets one answer; 0: 7"`
	Known   bool      `cbor:"known,omitempty" json:"known,omitempty" doc:"Answers contacts alone"`
	By      UserID    `cbor:"by,omitempty" json:"by,omitempty"`
	At      Time      `cbor:"at" json:"at"`
}

// usualEvery is how many days lie between two answers to one person.
const usualEvery = 7

// AwayID names the setting of a mailbox.
func AwayID(m MailboxID) string { return "away_" + string(m) }

// Check refuses what cannot be answered with.
func (a Away) Check() error {
	const op = Op("crm.Away")
	switch {
	case strings.TrimSpace(a.Text) == "" || len(a.Text) > 20_000:
		return Errorf(Invalid, op, "an answer has a text of at most 20,000 bytes").WithField("text")
	case strings.ContainsAny(a.Subject, "\r\n") || len(a.Subject) > 500:
		return Errorf(Invalid, op, "a subject is one line of at most 500 bytes").WithField("subject")
	case a.Until != 0 && a.Until <= a.From:
		return Errorf(Invalid, op, "the absence ends before it begins").WithField("until")
	case a.Every < 0 || a.Every > 365:
		return Errorf(Invalid, op, "one person gets an answer once in 1 to 365 days").WithField("every")
	}
	return nil
}

// Answers tells whether it answers at a moment.
func (a Away) Answers(at Time) bool {
	return a.On && a.From <= at && (a.Until == 0 || at < a.Until)
}

// Days is how many days lie between two answers to one person.
func (a Away) Days() int {
	if a.Every == 0 {
		return usualEvery
	}
	return a.Every
}
