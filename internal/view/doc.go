// Package view keeps ways to look at records: views (table, board, calendar)
// and segments, and answers what they show.
//
// What it stores: view, segment and pick documents; each write is one change,
// which can be taken back.
//
// What it promises:
//   - Private ones are seen by their owner, those of a team by its members,
//     others by everybody; who may not see one is told that there is none. They
//     are changed by who made them and by who may change settings.
//   - A view shows records through package records, in the words of whoever
//     looks: what they may not know of is neither listed nor counted nor summed.
//   - Counts and sums by stage come from a projection that lags by seconds;
//     all others from reading a bounded number of records, and say so when there
//     are more.
//   - A dynamic segment has the members that its query has at that moment.
package view
