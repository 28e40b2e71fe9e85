// Package sequence writes to people step by step, with working days in between,
// until they answer.
//
// What it stores: sequence and enrolment documents, which people write and can
// undo. Each letter is a line of the ledger of package campaign, which sends it:
// there is one machine that claims and settles, and it is not here.
//
//	plan       what comes next for one person: a pure function of the sequence,
//	           the enrolment and the lines that there are
//	settle     writes that down, in the transaction in which something happened
//	errand     a sequence as campaign.Run sends it
//	follow     what stops people: answers, bounces, leaving, deals
//
// What it promises:
//   - A step is one line, whose Message-ID stands before it is sent: no address
//     gets a step twice, and none is passed over silently.
//   - Whether somebody still wants it is asked in the transaction that claims the
//     line: state, suppression, stage of their deals, conditions, hours.
//   - A real answer ends it for the person, whoever of theirs gives it; so do a
//     bounce, leaving, and a deal that moves when that is asked for. An absence
//     notice is no answer: the next step waits for their return. Our own mail
//     never counts.
//   - While nobody knows whether a letter went out, the next one does not go.
//   - What a person does to somebody in a sequence is a change that can be undone;
//     what was sent cannot be.
package sequence
