package mail

import (
	"strings"

	"threadline/internal/crm"
)

const (
	maxReports = 100
	maxNested  = 4 // reports that were returned or passed on as mails
)

// reports reads what a bounce (RFC 3464) or a complaint (RFC 5965) tells,
// however deep it lies in other mails. Many mail systems write neither: then
// header and text are searched.
func reports(p *Parsed) []crm.Report {
	w := reportWalk{}
	w.part(p.Root, 0, 0)
	if len(w.list) == 0 && !w.complaint {
		w.list = proseReports(p)
	}
	if w.complaint {
		w.list = []crm.Report{{Kind: crm.ReportComplaint, Recipient: w.reader, Text: w.said}}
	}
	for i := range w.list {
		r := &w.list[i]
		r.Of, r.Text = w.of, crm.Clip(oneLine(strings.ToValidUTF8(r.Text, "?"), maxFieldBytes), 300)
		if r.Recipient == "" && len(w.list) == 1 {
			r.Recipient = w.to
		}
		if r.Kind == crm.ReportFailed && strings.HasPrefix(r.Status, "2.") {
			r.Kind = crm.ReportDelivered
		}
	}
	return w.list
}

// reportWalk gathers over the parts of a mail.
type reportWalk struct {
	list      []crm.Report
	of        crm.RFCID
	to        crm.Address // whom the returned mail was for
	complaint bool
	reader    crm.Address
	said      string
}

func (w *reportWalk) part(p *Part, depth, nested int) {
	if depth > maxDepth || len(w.list) >= maxReports {
		return
	}
	switch p.Type {
	case "message/delivery-status", "message/global-delivery-status":
		w.status(p)
	case "message/feedback-report":
		w.feedback(p)
	case "text/rfc822-headers", "message/global-headers":
		w.original(p.Content())
	case "message/rfc822", "message/global":
		w.mail(p, depth, nested)
	}
	for _, c := range p.Parts {
		w.part(c, depth+1, nested)
	}
}

// mail looks into a mail that lies in this one: the one that came back, or a
// report that was passed on.
func (w *reportWalk) mail(p *Part, depth, nested int) {
	if nested >= maxNested {
		return
	}
	content := p.Content()
	var m markSet
	h, body := readHeader(content[:min(len(content), maxHeaderBytes)], usualFields)
	root := newPart(h.fields, &m)
	if root.Params["report-type"] == "" && root.Type != "multipart/report" {
		w.original(content)
		return
	}
	s := splitter{left: maxParts, marks: &m}
	s.fill(root, content[body:], 0)
	w.part(root, depth+1, nested+1)
}

// original reads the header of the mail that came back; the first one counts.
func (w *reportWalk) original(content []byte) {
	h, _ := readHeader(content[:min(len(content), maxHeaderBytes)], usualFields)
	for _, f := range h.fields {
		switch keyOf(f.Name) {
		case keyMessageID:
			if w.of == "" {
				w.of = parseMessageID(f.Value)
			}
		case keyTo:
			if list := ParseAddressList(crm.RoleTo, f.Value); w.to == "" && len(list) == 1 {
				w.to = list[0].Address
			}
		}
	}
}

// status reads the blocks of a delivery status: one about the mail, then one
// for each recipient.
func (w *reportWalk) status(p *Part) {
	for _, fields := range statusBlocks(p) {
		var r crm.Report
		about := false
		for _, f := range fields {
			value := trimSpace(f.Value)
			switch strings.ToLower(f.Name) {
			case "final-recipient":
				about = true
				if r.Recipient == "" {
					r.Recipient = typedAddress(value)
				}
			case "original-recipient": // what we wrote, before aliases
				if a := typedAddress(value); a != "" {
					r.Recipient, about = a, true
				}
			case "action":
				r.Kind, about = actionOf(value), true
			case "status":
				r.Status, about = firstWord(value), true
			case "diagnostic-code":
				_, text, ok := strings.Cut(value, ";")
				if !ok {
					text = value
				}
				r.Text = trimSpace(text)
			}
		}
		if about && len(w.list) < maxReports {
			if r.Kind == "" {
				r.Kind = kindOfStatus(r.Status)
			}
			w.list = append(w.list, r)
		}
	}
}

// statusBlocks are the groups of fields, from bytes or, where a mail system took
// them apart already, from parts.
func statusBlocks(p *Part) [][]crm.Header {
	var out [][]crm.Header
	rest := p.Content()
	rest = rest[:min(len(rest), maxHeaderBytes)]
	for len(out) < maxReports && len(rest) > 0 {
		h, next := readHeader(rest, 8)
		if len(h.fields) > 0 {
			out = append(out, h.fields)
		}
		if next == 0 {
			break
		}
		rest = rest[next:]
	}
	return out
}

func typedAddress(value string) crm.Address {
	if _, a, ok := strings.Cut(value, ";"); ok {
		value = a
	}
	a, _ := crm.ParseAddress(strings.Trim(trimSpace(value), "<>"))
	return a
}

func actionOf(value string) crm.ReportKind {
	switch firstWord(value) {
	case "failed":
		return crm.ReportFailed
	case "delayed":
		return crm.ReportDelayed
	case "delivered", "relayed", "expanded":
		return crm.ReportDelivered
	}
	return ""
}

// kindOfStatus stands in for a missing Action.
func kindOfStatus(status string) crm.ReportKind {
	switch {
	case strings.HasPrefix(status, "4"):
		return crm.ReportDelayed
	case strings.HasPrefix(status, "2"):
		return crm.ReportDelivered
	}
	return crm.ReportFailed
}

// feedback reads a complaint. Its other types (fraud, auth-failure, not-spam)
// are none about a reader who does not want our mail.
func (w *reportWalk) feedback(p *Part) {
	h, _ := readHeader(p.Content(), 8)
	for _, f := range h.fields {
		value := trimSpace(f.Value)
		switch strings.ToLower(f.Name) {
		case "feedback-type":
			kind := firstWord(value)
			w.complaint = kind == "abuse" || kind == "opt-out" || kind == "opt-out-list" || kind == "other" || kind == "fraud"
			w.said = kind
		case "original-rcpt-to":
			if w.reader == "" {
				w.reader = typedAddress(value)
			}
		}
	}
}
