// Package match decides which records a message belongs to, and says why.
//
// It is a pure function of the message, the other messages of its thread, the
// directory (who held which address or domain when, whose deals were open), the
// rules and the answers of people, all as of the message's date. Open tasks,
// the present time and the order of arrival are no input; so what the sync
// decides step by step equals what a full recompute decides.
//
// The order of things:
//   - Own addresses and domains (and what lies below these), and excluded
//     participants, match nothing.
//   - An address links to every contact that held it at the time (address), a
//     domain to every company that held it (domain; never free mail, never for
//     bulk mail, notifications and bounces), a contact to its company (contact).
//   - A person's rule for an address or a domain, other than free mail, links or
//     forbids (user_rule). What is forbidden leads nowhere.
//   - Companies that are linked elsewhere in the thread are taken over by mail
//     with somebody outside that has none (thread).
//   - Of the deals of the linked contacts and companies that were open at the
//     date of the message one is chosen for the conversation, or none (Choose). A
//     deal is open from 30 days before its creation until it closes. The only one
//     is linked (only_deal). Among several the likeliest is linked if it leads
//     clearly, by what sets it apart: what the mail says of its title, its numbers,
//     letters and days in any notation, and its amount (deal_words), whom they
//     have in common (deal_people), the message before (deal_thread). A deal that
//     is over is never linked; the one that follows it inherits the conversation
//     (deal_next). Otherwise a person is asked, once for the conversation. Words of
//     the same field of business, in any of our languages, say a part of a title.
//     One word of a title among many is said in passing, and one that is merely
//     kindred says little: a person is asked. So it is where people alone lead to a
//     deal, and the conversation begins with something beside the deals rather than
//     with buying, or somebody who is none of its contacts says much and nothing of
//     it (vouched).
//   - What clearly is about something else and names no deal belongs to none, and
//     nothing is asked about it: good wishes, invitations, applications, people who
//     are recommended, notices to all suppliers; absences, invoices and faults
//     where these people have several deals or had one before (see besideWords).
//     Where few words of a long mail say so, a person is asked. Answers go with
//     what they answer.
//   - Answers of people come last; the later one wins (answer).
//
// Threads sorts messages into conversations and Decide says whose turn it is in
// one; both are pure functions of a set. Decide reads the beginnings of messages:
// mere thanks, and yes to a day and an hour, ask nobody for anything; who says
// that they come back, or that a colleague will, has the turn, and keeps it when
// they are thanked for that.
//
// The package stores nothing.
package match
