// Package preflight looks, before the first mail of a campaign, at what makes
// receivers refuse it: the DNS of the sender's domain, the mail itself, and the
// way to leave.
//
// What it promises:
//   - Every finding says what is wrong and how to mend it. What would be refused
//     everywhere, or would hurt the domain, refuses; the rest warns.
//   - A question that the DNS does not answer is no verdict: it warns that nobody
//     knows.
//   - It asks the resolver that it is given and nobody else; no address of a
//     letter is visited.
//
// It stores nothing.
package preflight
