// Package gmail reads mailboxes through the Gmail API and sends through it.
//
// What it promises beyond the contract of package source:
//   - A mailbox has one folder with mail for timelines, All Mail: everything
//     without the labels SPAM, TRASH, DRAFT and CHAT. Those four are folders of
//     their own, counted and not synced. Keys are Gmail's message ids, valid for
//     ever; the cursor is a history id, taken before anything is listed.
//   - A message is fetched once, as a part tree (format full, 20 units); when the
//     tree cannot be trusted its bytes are fetched too (format raw).
//   - Every call pays from a Quota by its price first, so that the limits per
//     user and project are not exceeded; what the server says nevertheless (429,
//     403 with a rate's reason, 5xx, Retry-After) is obeyed, a few times here and
//     then by the engine.
//   - An access token is renewed by one call, however many sessions need it.
//     Consent that was revoked, has expired or was narrowed is a final
//     crm.Unauthorized that says which.
//
// The facts are those of https://developers.google.com/workspace/gmail/api.
//
// It stores nothing.
package gmail
