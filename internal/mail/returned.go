package mail

import (
	"slices"

	"threadline/internal/crm"
)

// returned finds the Message-ID of the mail that a bounce returns, whole or as
// its header alone (RFC 6522 §3); "" when there is none.
func returned(p *Part, depth int) crm.RFCID {
	switch p.Type {
	case "message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers":
		content := p.Content()
		h, _ := readHeader(content[:min(len(content), maxHeaderBytes)], usualFields)
		for _, f := range h.fields {
			if keyOf(f.Name) == keyMessageID {
				return parseMessageID(f.Value)
			}
		}
	}
	if depth > maxDepth {
		return ""
	}
	for _, c := range p.Parts {
		if id := returned(c, depth+1); id != "" {
			return id
		}
	}
	return ""
}

// refer adds a message to those that this one is about.
func (p *Parsed) refer(id crm.RFCID) {
	if id != "" && id != p.RFCID && !slices.Contains(p.References, id) && len(p.References) < crm.MaxReferences {
		p.References = append(slices.Clone(p.References), id)
	}
}
