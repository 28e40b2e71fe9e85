// Package track finds out who opened a mail and clicked its links, and tells
// people from programs.
//
// The way of an event:
//
//	Links.Letter   puts a picture and signed addresses into a mail
//	Links.Read     checks an address that somebody asked for, reading nothing
//	Judge          says who asks, by method and header
//	Collector      makes events durable, many at a time, before they are answered
//	Folder         counts them in the ledger, and judges bursts anew
//
// What it promises:
//   - Whoever was answered is written down: a kill -9 after the answer loses no
//     event.
//   - An address leads where the letter led, and nowhere else: the target is
//     under the signature, with purpose, campaign, recipient and number of the
//     link, so that nobody can make one up and no address serves for another.
//   - Events are kept as they came, each with a verdict and its reason; the sums
//     of people and of programs are both shown, and nothing is thrown away.
//   - Each event is counted once, however often Folder is killed.
//   - The addresses of an aggregate campaign name no recipient.
//
// What it stores: hit documents, each of up to some hundred events, and seen
// documents, the sums.
package track
