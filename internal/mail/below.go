package mail

import (
	"bytes"
	"html"
	"strings"

	"threadline/internal/crm"
)

// Quoted is an earlier mail that stands below a letter.
type Quoted struct {
	Head   []string // what stands above it: who wrote when, or the header of one that is passed on
	Text   string   // what it says
	HTML   string   // the same, clean; used where the letter has a page
	Passed bool     // it is passed on rather than answered: nothing marks its lines
}

// maxQuotedText bounds the text of a mail that is quoted, in bytes.
const maxQuotedText = 20_000

// cutMark stands where a quoted text was cut off.
const cutMark = "[…]"

// Below puts an earlier mail under what Compose wrote: into its text, and into its
// page where it has one. Fields stay. The same mails give the same bytes.
func Below(raw []byte, id crm.RFCID, q *Quoted) ([]byte, error) {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	kept, _ := splitHeader(head)
	p := Parse(raw)
	l := Letter{ID: id, Text: q.text(), HTML: p.HTML}
	if own := strings.TrimRight(p.Text, " \n"); own != "" {
		l.Text = own + "\n\n" + l.Text
	}
	if l.HTML != "" {
		l.HTML += q.page()
	}
	out, err := appendBody(kept, nil, &l)
	if err != nil {
		return nil, crm.E(crm.Internal, "mail.Below", "the mail cannot be written", err)
	}
	return out, nil
}

// ClipQuoted is the text of a mail as far as it is quoted.
func ClipQuoted(text string) string {
	text = strings.TrimSpace(text)
	if short := cutBytes(text, maxQuotedText); len(short) < len(text) {
		return short + "\n" + cutMark
	}
	return text
}

func (q *Quoted) text() string {
	var out strings.Builder
	for _, line := range q.Head {
		out.WriteString(line + "\n")
	}
	if q.Passed {
		out.WriteString("\n" + ClipQuoted(q.Text) + "\n")
		return out.String()
	}
	for line := range strings.SplitSeq(ClipQuoted(q.Text), "\n") {
		if !strings.HasPrefix(line, ">") {
			line = " " + line
		}
		out.WriteString(strings.TrimRight(">"+line, " ") + "\n")
	}
	return out.String()
}

// page is the quote as mail programs mark one, so that they fold it.
func (q *Quoted) page() string {
	head := make([]string, len(q.Head))
	for i, line := range q.Head {
		head[i] = html.EscapeString(line)
	}
	out := `<div class="gmail_quote"><p>` + strings.Join(head, "<br>") + "</p>"
	if q.Passed {
		return out + q.HTML + "</div>"
	}
	return out + `<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex">` + q.HTML + "</blockquote></div>"
}
