package demo

import (
	"html"
	"strings"
)

// htmlOf writes a plain text as the HTML that a mail program would send: a
// paragraph per block, quoted lines as a blockquote.
func htmlOf(text string) string {
	own, quoted := splitQuote(text)
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html><head><meta http-equiv=\"Content-Type\" content=\"text/html\"></head>\n")
	b.WriteString("<body style=\"font-family:Calibri,Arial,sans-serif;font-size:11pt\">\n")
	paragraphs(&b, own)
	if quoted != "" {
		b.WriteString("<blockquote type=\"cite\" style=\"margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex\">\n")
		paragraphs(&b, quoted)
		b.WriteString("</blockquote>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

// splitQuote cuts a text at its first quoted line and takes one level of
// quoting away from the rest.
func splitQuote(text string) (own, quoted string) {
	at := strings.Index(text, "\n>")
	if at < 0 {
		return text, ""
	}
	var b strings.Builder
	for line := range strings.Lines(text[at+1:]) {
		line = strings.TrimPrefix(line, ">")
		b.WriteString(strings.TrimPrefix(line, " "))
	}
	return text[:at], b.String()
}

func paragraphs(b *strings.Builder, text string) {
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		b.WriteString("<p style=\"margin:0 0 10pt 0\">")
		b.WriteString(strings.ReplaceAll(html.EscapeString(p), "\n", "<br>\n"))
		b.WriteString("</p>\n")
	}
}

// newsletterHTML lays a newsletter out with nested tables and inline styles,
// as senders of bulk mail do.
func newsletterHTML(name, title, text, link string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html><head><title>" + html.EscapeString(title) + "</title>\n<style>")
	for _, tag := range []string{"body", "table", "td", "h1", "h2", "p", "a", "img"} {
		b.WriteString(tag + "{margin:0;padding:0;border:0;font-family:Georgia,'Times New Roman',serif;-webkit-text-size-adjust:100%;mso-table-lspace:0pt}\n")
	}
	b.WriteString("</style></head>\n<body bgcolor=\"#f4f1ea\"><table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\"><tr><td align=\"center\">\n")
	b.WriteString("<table width=\"600\" style=\"background:#ffffff;border:1px solid #ddd6c8\" cellpadding=\"24\">\n<tr><td style=\"background:#3d3427;color:#ffffff\"><h1>")
	b.WriteString(html.EscapeString(name) + "</h1></td></tr>\n")
	for p := range strings.SplitSeq(text, "\n\n") {
		b.WriteString("<tr><td style=\"font-size:16px;line-height:24px;color:#333333;padding:16px 24px\"><p>")
		b.WriteString(html.EscapeString(p))
		b.WriteString("</p><p style=\"text-align:right\"><a href=\"" + link + "/read\" style=\"color:#8a5a00\">&raquo;</a></p></td></tr>\n")
	}
	b.WriteString("<tr><td style=\"font-size:12px;color:#888888\">" + html.EscapeString(name) + " &middot; <a href=\"" + link + "\">Unsubscribe</a>")
	b.WriteString("<img src=\"" + link + "/open.gif\" width=\"1\" height=\"1\" alt=\"\"></td></tr>\n</table></td></tr></table></body></html>\n")
	return b.String()
}
