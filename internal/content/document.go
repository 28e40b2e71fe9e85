package content

import (
	"html"
	"strings"
)

// document is a whole document around what is in its body.
func document(body string) string {
	return `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><base target="_blank"><style>` +
		`body{margin:8px;font:14px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}img{max-width:100%}` +
		`blockquote{margin:0 0 0 8px;padding-left:8px;border-left:2px solid #ccc}.plain{white-space:pre-wrap}` +
		`</style></head><body>` + body + `</body></html>`
}

// plain is a text as HTML.
func plain(text string) string {
	return `<div class="plain">` + html.EscapeString(strings.ToValidUTF8(text, "\ufffd")) + `</div>`
}
