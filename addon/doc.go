// Package addon is the door for Google Workspace: an event of the Gmail sidebar
// comes in, a card goes out. Our own web page asks for the same cards with a
// session instead of Google's tokens.
//
// What it promises:
//   - Nobody is believed before their token is verified: RS256 only, by keys of
//     the configured JWKS, for an allowed audience.
//   - Every answer has status 200 and a card that the host accepts, also for
//     errors; only a bad bearer token gets 401.
//   - A card shows what the Sheet of package timeline holds and nothing else:
//     who may see what was decided there.
//   - An action does nothing unless its state proves that we drew its card, for
//     the same person, with the same parameters, within a day. What a click
//     makes is named after its card, so that a click twice makes it once; what it
//     changes is changed as the card showed it, or not at all.
//   - Of a message that is not stored Gmail is asked once, for its header; the card
//     says why it is not here and what is known of the people in it.
//   - A mail is begun as a draft and never sent: in Gmail with the two tokens of the
//     event, where a click that comes twice within a minute makes one, whichever
//     instances get the two, unless Gmail's answer was lost; on our own page among
//     the person's drafts, where it makes one. When a process dies while it makes
//     one, clicks wait, and one after fifteen seconds makes another.
//   - Stages and pipelines that came with the program are told in the reader's
//     language until somebody renames them.
//   - Tokens of the event are never stored and never logged.
//
// What Google does not document and a first deployment has to confirm: whether
// the query of the address is part of the bearer token's audience (all spellings
// can be allowed; the log tells at debug level which one came), that msg-f:
// numbers are the ids of the Gmail API in decimal, that a script finds the draft
// which was made with its own token, and that the labels of a
// decoratedText are read as markup like its text.
//
// It stores, in one document for each person, which drafts were begun in Gmail within
// the last minute, and nothing else. Verified tokens are remembered in memory for minutes.
package addon
