package mail

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"threadline/internal/crm"
)

// holds checks what is true of every result, whatever the input.
func holds(t *testing.T, p *Parsed) {
	t.Helper()
	clean := func(what, s string, most int) {
		t.Helper()
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("%s is not clean text: %q", what, crm.Clip(s, 80))
		}
		if len(s) > most {
			t.Errorf("%s has %d bytes", what, len(s))
		}
	}
	line := func(what, s string, runes int) {
		t.Helper()
		clean(what, s, 4*runes)
		if utf8.RuneCountInString(s) > runes || strings.ContainsAny(s, "\r\n\t") {
			t.Errorf("%s is too long or not one line: %q", what, crm.Clip(s, 80))
		}
	}
	line("subject", p.Subject, crm.MaxSubject)
	line("snippet", p.Snippet, crm.MaxSnippet)
	line("date", p.RawDate, maxID)
	line("id", string(p.RFCID), maxID)
	clean("text", p.Text, maxText+maxParts)
	clean("HTML", p.HTML, maxHTML+5*maxText+64*maxParts)
	for _, id := range slices.Concat(p.References, p.InReplyTo) {
		line("reference", string(id), maxID)
	}
	if len(p.References) > crm.MaxReferences || len(p.Participants) > maxParticipants+maxWriters || len(p.Attachments) > maxParts+1 {
		t.Errorf("%d references, %d participants, %d attachments", len(p.References), len(p.Participants), len(p.Attachments))
	}
	if p.Quoted < 0 || p.Quoted > len(p.Text) || p.Root == nil || p.Date < 0 {
		t.Errorf("quoted %d of %d, root %v, date %d", p.Quoted, len(p.Text), p.Root, p.Date)
	}
	if p.Quoted > 0 && p.Text[p.Quoted-1] != '\n' {
		t.Errorf("quoted text begins within a line: %q", p.Text[:p.Quoted])
	}
	if !slices.IsSorted(p.Marks) || len(slices.Compact(slices.Clone(p.Marks))) != len(p.Marks) {
		t.Errorf("marks %v", p.Marks)
	}
	for _, h := range p.Headers {
		clean("header name", h.Name, maxHeaderBytes)
		clean("header", h.Value, maxFieldBytes)
	}
	for _, q := range p.Participants {
		participantHolds(t, q)
	}
	for _, a := range p.Attachments {
		clean("attachment type", a.Type, 4*maxName)
		clean("attachment name", a.Name, maxName)
		if a.Name == "" || a.Size < 0 || strings.ContainsAny(a.Name, "/\\\r\n") || strings.ContainsFunc(a.Name, invisible) || a.Name[0] == '.' {
			t.Errorf("attachment %+v", a)
		}
	}
}

func participantHolds(t *testing.T, q crm.Participant) {
	t.Helper()
	if !utf8.ValidString(q.Name+q.Raw) || strings.ContainsRune(q.Name+q.Raw, 0) || len(q.Raw) > maxRaw || utf8.RuneCountInString(q.Name) > maxName {
		t.Errorf("participant %+v", q)
	}
	if q.Address == "" {
		if q.Raw == "" {
			t.Errorf("participant without address and raw: %+v", q)
		}
		return
	}
	if a, err := crm.ParseAddress(string(q.Address)); err != nil || a != q.Address {
		t.Errorf("address %q is not in stored form", q.Address)
	}
}
