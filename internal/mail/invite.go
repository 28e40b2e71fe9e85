package mail

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Limits of a calendar file.
const (
	maxCalendar = 256 << 10
	maxMeetings = 20 // a file with more is a calendar, not an invitation
	maxInvites  = 60 // with what is said of single ones of series
	maxEvents   = 200
	maxZones    = 20
	maxDates    = 100
	maxRule     = 400
	maxInvited  = 200
	maxUID      = 500
)

// invites reads the events of a calendar file (RFC 5545) that invite, answer or
// cancel (RFC 5546). What cannot be understood is left out; an event without an
// id or a beginning is none. The reader is our own because programs write these
// files as carelessly as mail, and one bad line must cost that line alone.
func invites(p *Part) []crm.Invite {
	if p == nil {
		return nil
	}
	raw := p.Content()
	text, _ := toUTF8(raw[:min(len(raw), maxCalendar)], p.Params["charset"])
	c := calendar{method: strings.ToLower(p.Params["method"]), zones: map[string]*zoneTold{}, found: map[string]*time.Location{}}
	for _, l := range unfold(string(text)) {
		c.line(l)
	}
	var out []crm.Invite
	meetings := map[string]bool{}
	for i := range c.events {
		inv, ok := c.invite(&c.events[i])
		if !ok || len(out) >= maxInvites || !meetings[inv.UID] && len(meetings) >= maxMeetings {
			continue
		}
		meetings[inv.UID] = true
		out = append(out, inv)
	}
	return out
}

// unfold joins lines that go on in the next one (RFC 5545 §3.1).
func unfold(text string) []string {
	var out []string
	var line strings.Builder
	for l := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if fold := l != "" && isFold(l[0]); fold && line.Len() > 0 {
			line.WriteString(l[1:])
			continue
		}
		if line.Len() > 0 {
			out = append(out, line.String())
			line.Reset()
		}
		line.WriteString(strings.TrimRight(l, "\r"))
	}
	return append(out, line.String())
}

// property is one line of a calendar file.
type property struct {
	name   string
	params map[string]string
	value  string
}

// split takes a line apart; a quoted parameter may hold the signs that part it.
func split(l string) (property, bool) {
	quoted := false
	end := strings.IndexFunc(l, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ':' && !quoted
	})
	if end <= 0 {
		return property{}, false
	}
	out := property{params: map[string]string{}, value: l[end+1:]}
	parts := strings.FieldsFunc(l[:end], func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ';' && !quoted
	})
	if len(parts) == 0 {
		return property{}, false
	}
	out.name = strings.ToUpper(parts[0])
	for _, p := range parts[1:min(len(parts), maxParameters)] {
		name, value, _ := strings.Cut(p, "=")
		out.params[strings.ToUpper(name)] = strings.Trim(value, `"`)
	}
	return out, true
}

// event is an event while it is read.
type event struct {
	one   map[string]property // the first of a name
	who   []property
	dates []property // EXDATE and RDATE
}

// calendar reads line after line.
type calendar struct {
	method string
	open   []string                  // components that have begun
	zone   string                    // TZID of the time zone that is read
	zones  map[string]*zoneTold      // as the file tells them
	found  map[string]*time.Location // by TZID
	events []event
}

func (c *calendar) line(l string) {
	p, ok := split(l)
	if !ok {
		return
	}
	switch {
	case p.name == "BEGIN":
		if c.open = append(c.open, strings.ToUpper(p.value)); len(c.open) > maxDepth {
			c.open = c.open[:maxDepth]
		}
		switch z := c.zones[c.zone]; {
		case c.in("VEVENT") && len(c.events) < maxEvents:
			c.events = append(c.events, event{one: map[string]property{}})
		case (c.in("STANDARD") || c.in("DAYLIGHT")) && z != nil:
			z.begin()
		}
	case p.name == "END":
		if len(c.open) > 0 {
			c.open = c.open[:len(c.open)-1]
		}
	case c.in("VEVENT") && len(c.events) > 0:
		c.events[len(c.events)-1].add(p)
	case c.in("STANDARD"), c.in("DAYLIGHT"):
		if z := c.zones[c.zone]; z != nil {
			z.line(p)
		}
	case c.in("VTIMEZONE"):
		if p.name == "TZID" && len(c.zones) < maxZones {
			c.zone = p.value
			c.zones[c.zone] = &zoneTold{}
		}
	case p.name == "METHOD":
		c.method = strings.ToLower(strings.TrimSpace(p.value))
	}
}

// in tells whether the innermost component is of a kind.
func (c *calendar) in(kind string) bool { return len(c.open) > 0 && c.open[len(c.open)-1] == kind }

func (e *event) add(p property) {
	if p.name == "ATTENDEE" {
		if len(e.who) < maxInvited {
			e.who = append(e.who, p)
		}
		return
	}
	if p.name == "EXDATE" || p.name == "RDATE" {
		if len(e.dates) < maxDates {
			e.dates = append(e.dates, p)
		}
		return
	}
	if _, ok := e.one[p.name]; !ok {
		e.one[p.name] = p
	}
}

func (c *calendar) invite(e *event) (crm.Invite, bool) {
	method := map[string]crm.InviteMethod{"request": crm.InviteRequest, "publish": crm.InviteRequest, "reply": crm.InviteReply, "cancel": crm.InviteCancel, "counter": crm.InviteCounter}[c.method]
	out := crm.Invite{Method: method, UID: cutBytes(oneLine(e.one["UID"].value, maxUID), maxUID)}
	out.Start, out.Floats = c.when(e.one["DTSTART"])
	out.Stamp, _ = c.when(e.one["DTSTAMP"])
	if method == "" || out.UID == "" || out.Start == 0 && (method == crm.InviteRequest || method == crm.InviteCounter || out.Stamp == 0) { // RFC 5546 §3.2.3, §3.2.5
		return out, false
	}
	if strings.EqualFold(e.one["STATUS"].value, "CANCELLED") && method == crm.InviteRequest {
		out.Method = crm.InviteCancel
	}
	c.lasts(e, &out)
	c.repeats(e, &out)
	out.Sequence, _ = strconv.ParseInt(strings.TrimSpace(e.one["SEQUENCE"].value), 10, 32)
	out.Title = oneLine(plainText(e.one["SUMMARY"].value), crm.MaxSubject)
	out.Place = oneLine(plainText(e.one["LOCATION"].value), crm.MaxSubject)
	out.Text = cutBytes(strings.TrimSpace(plainText(e.one["DESCRIPTION"].value)), maxFieldBytes/4)
	out.Organizer = calAddress(e.one["ORGANIZER"].value)
	for _, p := range e.who {
		a := calAddress(p.value)
		if a == "" || slices.ContainsFunc(out.Invited, func(i crm.Invited) bool { return i.Address == a }) {
			continue
		}
		out.Invited = append(out.Invited, crm.Invited{Address: a, Name: oneLine(p.params["CN"], maxName), Answer: answer(p.params["PARTSTAT"])})
	}
	return out, true
}

func answer(s string) string {
	s = strings.ToLower(strings.ReplaceAll(s, "-", "_"))
	switch {
	case slices.Contains(crm.Answers(), s):
		return s
	case s == "delegated":
		return crm.AnswerDeclined
	}
	return crm.AnswerOpen
}

// calAddress reads mailto:anna@acme.example.
func calAddress(s string) crm.Address {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		s = s[i+1:]
	}
	a, err := crm.ParseAddress(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	return a
}

// plainText undoes the escapes of a text (RFC 5545 §3.3.11).
func plainText(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";").Replace(strings.ToValidUTF8(s, ""))
}

// duration reads a duration such as PT1H30M or P1D (RFC 5545 §3.3.6).
func duration(s string) time.Duration {
	var out time.Duration
	n := 0
	units := map[rune]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	for _, r := range strings.TrimPrefix(strings.TrimSpace(s), "+") {
		switch {
		case r >= '0' && r <= '9' && n < 100_000:
			n = 10*n + int(r-'0')
		case r == '-':
			return 0
		default:
			out += time.Duration(n) * units[r]
			n = 0
		}
	}
	return min(out, 366*24*time.Hour)
}
