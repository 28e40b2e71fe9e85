// Package merge is the language of templates: text with tags that are filled
// from a contact, a company, a deal and the sender.
//
//	{{contact.first_name}}            the value
//	{{contact.first_name|there}}      the value, or the words behind the bar
//	{{#if deal.amount}}…{{else}}…{{/if}}   the first part when the field has a value
//	\{{                               two braces, and no tag
//
// What it promises:
//   - A template is parsed once. Every mistake is named with its line and
//     column, all of them at a time, and a misspelt field with its neighbour.
//   - The fields are a closed list; a tag can reach nothing else, call nothing
//     and repeat nothing. Rendering is linear in template and values.
//   - A value is data wherever it stands: in HTML it is escaped for its place,
//     as the beginning of an address it must be a web, mail or phone address, in
//     a line it has no line end. A value is never read for tags.
//   - Which values are missing is known before anything is sent (Missing).
//   - The limits stand in limits below and act at Parse.
//
// The package is pure and stores nothing.
package merge
