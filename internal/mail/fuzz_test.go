package mail

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/mail/mailtest"
)

func FuzzParse(f *testing.F) {
	for _, c := range append(mailtest.Named(), mailtest.More()...) {
		if raw := c.Raw(); len(raw) < 8<<10 {
			f.Add(raw)
		}
	}
	f.Add([]byte(newsletter))
	for _, raw := range ordinaryMails(4) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := Parse(raw)
		holds(t, p)
		again := Parse(raw)
		p.Root, again.Root = nil, nil
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("not the same twice: %s", diff)
		}
		stub := ParseHeader(raw, crm.MarkHeadersOnly)
		holds(t, stub)
		if len(p.Headers) > 0 && (stub.RFCID != p.RFCID || stub.Subject != p.Subject) {
			t.Errorf("the stub says %q %q, the whole %q %q", stub.RFCID, stub.Subject, p.RFCID, p.Subject)
		}
	})
}

// FuzzFromTree builds a tree from arbitrary pieces: what parses bytes must hold
// for what comes parsed.
func FuzzFromTree(f *testing.F) {
	f.Add("From", "a@x.example", "multipart/mixed", "text/plain", "words", "text/html", "<p>x")
	f.Add("Content-Type", "text/plain; charset=utf-7", "message/rfc822", "a\x00", "\xff", "", "\r\n")
	f.Fuzz(func(t *testing.T, name, value, top, type1, body1, type2, body2 string) {
		child := NewPart([]crm.Header{{Name: "Content-Type", Value: type1}, {Name: "Content-Disposition", Value: value}})
		child.Body = []byte(body1)
		root := NewPart([]crm.Header{{Name: "Content-Type", Value: top}})
		root.Parts = []*Part{child, {Type: type2, Body: []byte(body2), Name: value}, {Type: type2, Size: 5}}
		p := FromTree([]crm.Header{{Name: name, Value: value}, {Name: "Subject", Value: body2}}, root)
		holds(t, p)
	})
}

func FuzzAddresses(f *testing.F) {
	f.Add("Anna <a@x.example>, \"B, C\" <b@x.example>; d@x.example")
	f.Add("Team: a@x.example (work), =?utf-8?Q?N,_A?= <n@x.example>;")
	f.Add("a@b@c, <>, MAILER-DAEMON, \"John <j@x.example>, Smith, John <j@x.example>")
	f.Add("<@a,@b:c@d>, (open, \"open")
	f.Fuzz(func(t *testing.T, list string) {
		got := ParseAddressList(crm.RoleTo, list)
		for _, p := range got {
			participantHolds(t, p)
		}
		if diff := cmp.Diff(got, ParseAddressList(crm.RoleTo, list)); diff != "" {
			t.Error(diff)
		}
		if strings.ContainsAny(list, "\"()<\\=,;:\x00") || !utf8.ValidString(list) {
			return
		}
		// A neighbour is never lost to what stands before it.
		with := ParseAddressList(crm.RoleTo, list+", neighbour@x.example")
		if n := len(with); n == 0 || with[n-1].Address != "neighbour@x.example" && n < maxParticipants {
			for _, p := range with {
				if p.Address == "neighbour@x.example" {
					return
				}
			}
			t.Errorf("%q costs its neighbour: %+v", list, with)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{
		"Wed, 22 Nov 2006 16:54:06 +0100", "22-Nov-06 3:54PM (Pacific Daylight Time)", "2006-11-22T15:54:06.5Z", "11/22/2006 1:2", "Wed Nov 22 10:54:06 EST 2006",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := ParseDate(s)
		if d == 0 {
			return
		}
		if y := d.Std().Year(); y < 1970 || y > 2101 {
			t.Errorf("%q = %s", s, d)
		}
		if again := ParseDate(d.Std().Format("Mon, 02 Jan 2006 15:04:05 -0700")); again != d {
			t.Errorf("%q = %s, written out and read again %s", s, d, again)
		}
	})
}

func FuzzWord(f *testing.F) {
	for _, s := range []string{"=?utf-8?Q?J=C3=BCrgen?=", "=?utf-8?B?xYE=?= =?utf-8?B?w7M=?=", "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "=?utf-7?Q?+Jjo-?= a=?x?q?=00?="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return // callers convert first
		}
		var m markSet
		got := decodeWords(s, &m)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("%q = %q", s, got)
		}
		if !strings.Contains(s, "=?") && got != s {
			t.Errorf("%q has no word but became %q", s, got)
		}
		CleanSubject(got)
		if name := CleanFileName(got, "application/pdf"); name == "" || len(name) > maxName || strings.ContainsAny(name, "/\\") {
			t.Errorf("file name %q", name)
		}
	})
}
