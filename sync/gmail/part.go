package gmail

import (
	"strings"

	"google.golang.org/api/gmail/v1"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

func headersOf(p *gmail.MessagePart) []crm.Header {
	out := make([]crm.Header, 0, len(p.Headers)) // never nil: it says that fields were handed over
	for _, h := range p.Headers {
		out = append(out, crm.Header{Name: h.Name, Value: h.Value})
	}
	return out
}

// tree is the part tree of a payload. texts are bodies that came separately, by
// part id.
func tree(p *gmail.MessagePart, texts map[string][]byte) *mail.Part {
	out := mail.NewPart(headersOf(p))
	if !hasType(p) && p.MimeType != "" {
		out.Type = strings.ToLower(p.MimeType)
	}
	for _, c := range p.Parts {
		if out.Type == "message/rfc822" {
			out.Parts = append(out.Parts, &mail.Part{Type: "text/rfc822-headers", Body: written(c)})
			continue
		}
		out.Parts = append(out.Parts, tree(c, texts))
	}
	if p.Body == nil || len(p.Parts) > 0 && out.Type != "message/rfc822" {
		return out
	}
	out.Size = p.Body.Size
	if data, ok := texts[p.PartId]; ok {
		out.Body = data
	} else if data, err := unbase64(p.Body.Data); err == nil && len(data) > 0 {
		out.Body = data
	}
	return out
}

// written is the header of an enclosed message.
func written(p *gmail.MessagePart) []byte {
	var b strings.Builder
	for _, h := range p.Headers {
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
	return []byte(b.String() + "\r\n")
}

func hasType(p *gmail.MessagePart) bool {
	for _, h := range p.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return true
		}
	}
	return false
}

// isText tells whether a part may be words of the message.
func isText(p *gmail.MessagePart) bool {
	switch strings.ToLower(p.MimeType) {
	case "text/plain", "text/html", "text/enriched", "text/richtext":
		return true
	}
	return false
}

// longTexts are the texts whose bodies have to be asked for: those of the
// message itself, not of what is attached.
func longTexts(p *gmail.MessagePart, out []*gmail.MessagePart) []*gmail.MessagePart {
	if isText(p) && p.Body != nil && p.Body.Data == "" && p.Body.AttachmentId != "" && !attached(p) {
		return append(out, p)
	}
	if strings.HasPrefix(strings.ToLower(p.MimeType), "multipart/") {
		for _, c := range p.Parts {
			out = longTexts(c, out)
		}
	}
	return out
}

// attached tells whether a part says that it is a file. A text with a name alone
// may be the only one.
func attached(p *gmail.MessagePart) bool {
	for _, h := range p.Headers {
		if strings.EqualFold(h.Name, "Content-Disposition") {
			return strings.HasPrefix(strings.ToLower(strings.TrimSpace(h.Value)), "attachment")
		}
	}
	return false
}

// textSize is the bytes of the texts of a message.
func textSize(p *gmail.MessagePart) int64 {
	var n int64
	if isText(p) && p.Body != nil && !attached(p) {
		n = p.Body.Size
	}
	for _, c := range p.Parts {
		n += textSize(c)
	}
	return n
}

// doubtful tells whether a tree may be another than the one that our own parser
// makes of the bytes: characters were lost, or the structure is broken.
func doubtful(p *gmail.MessagePart) bool {
	if lost(p) {
		return true
	}
	kind := strings.ToLower(p.MimeType)
	if strings.HasPrefix(kind, "multipart/") && len(p.Parts) == 0 || kind == "message/global" {
		return true
	}
	if kind == "message/rfc822" {
		return false
	}
	for _, c := range p.Parts {
		if doubtful(c) {
			return true
		}
	}
	return false
}

// lost tells whether a header or an inlined text has replacement characters.
func lost(p *gmail.MessagePart) bool {
	for _, h := range p.Headers {
		if strings.Contains(h.Value, "\ufffd") || strings.Contains(h.Name, "\ufffd") {
			return true
		}
	}
	if !isText(p) || p.Body == nil {
		return false
	}
	data, err := unbase64(p.Body.Data)
	return err != nil || strings.Contains(string(data), "\ufffd")
}
