// Package campaign sends one letter to many people, each of whom gets it at most
// once and none of whom is passed over silently.
//
// What it stores: campaign documents, which people write and can undo;
// recipient documents, the ledger, one per campaign and address; suppression
// documents. What was sent cannot be undone.
//
// How it sends. Prepare writes down every recipient, with the reason of each who
// does not get the letter, and the Message-ID of each who does. What is shown
// then is what is sent. One worker, which holds the lease of the campaign,
// claims recipients in small groups: in the claiming transaction it looks at the
// lease, the campaign, the suppression list, the budget and the hours. It hands
// each mail over and marks the outcome; it begins none that could take longer than
// its claim holds. A claim that was left behind is unknown:
// it is looked up among the sent mail once the longest send is over, and stays
// unknown, by name, when it is not there. model/send.pml proves this scheme, and
// disproves the simpler ones. A mailbox that refuses its login pauses the
// campaign: that is nobody's fault among the recipients.
//
// A past that is lost. Who was due before the data was restored, or before it
// stood still for an hour, may have been written to since it was saved: such a line
// is never claimed, but unknown, and looked up like any other; its Message-ID was
// fixed before. Where the mail system keeps what it sends, one answer decides, and
// who did not get the letter gets it. Elsewhere who is not found stays unknown
// until a person says what becomes of them (Settle). It is so for lines that
// failed and for campaigns that were drafts, too: their ids are derived. A campaign
// that was made after the data was saved is not known at all, nor is who was put
// into a sequence since; a house that goes on sending beside the restored one is
// beyond any ledger.
//
// What comes back. Follower reads the arrivals of the sync and finds the line of
// the ledger that a mail is about: by the Message-ID of what a bounce returns or
// an answer refers to, which is the id of the line; by who wrote it, or whom it
// failed for, when they were written to lately; by the conversation. A hard
// bounce and a complaint suppress the address; a busy server, a full mailbox and
// a refusal of ours do not. An absence notice is no reply, and neither is our own
// mail. Whatever comes back of a mail proves that it went out. Where the mail
// system itself keeps what it sends, a mail that it does not have minutes later
// did not go out, and is sent; elsewhere absence proves nothing.
//
// What is known of reading is the work of package track; a campaign says how
// much it wants to know, and who did not agree is counted without a name where
// the workspace demands consent. A marketing letter carries the postal address
// and a way to leave, and does not start without them.
//
// What it promises:
//   - No address of a campaign is handed over again unless it is known not to
//     have gone out, or a person says so.
//   - sent + failed + unknown + excluded + waiting = recipients, at any time.
//   - Pause, cancel and suppression take effect within the claimed group.
//   - An orderly stop leaves nothing unknown.
//   - Memory does not grow with the list.
package campaign
