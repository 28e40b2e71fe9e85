// Package away answers mail by itself while the owner of a mailbox is away.
//
// What it promises (RFC 3834):
//   - It answers people alone, who wrote to the mailbox by name: never lists,
//     programs, other answering machines, bounces, nor ourselves.
//   - One person gets one answer in so many days, however much they write and
//     however often the process is killed; two machines cannot talk for ever.
//   - An answer says that it is one (Auto-Submitted), and belongs to the
//     conversation.
//   - Mail that is older than a day, or older than the absence, is not answered.
//
// What it stores: a setting of each mailbox, which its owner writes and can undo;
// counter documents, which tell when a person was answered last. The mails
// themselves go through package outbox.
package away
