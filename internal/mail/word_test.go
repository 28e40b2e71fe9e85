package mail

import (
	"strings"
	"testing"

	"threadline/internal/crm"
)

func TestDecodeWords(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"=?utf-8?Q?J=C3=BCrgen?=", "Jürgen"},
		{"=?UTF-8?b?xYHDs2TFug==?=", "Łódź"},
		{"=?utf-8?B?xYHDs2TFug?=", "Łódź"},
		{"=?iso-8859-2?Q?=A3=F3d=BC?= =?iso-8859-2?Q?_city?=", "Łódź city"},
		{"=?utf-8?B?xYE=?=\r\n =?utf-8?B?w7M=?=", "Łó"},
		{"=?utf-8?Q?=C5?= =?utf-8?Q?=81?=", "Ł"},
		{"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"},
		{"=?utf-8?Q?a?=b", "ab"},
		{"x=?utf-8?Q?a?=", "xa"},
		{"=?utf-8?Q?a b?=", "a b"},
		{"=?utf-8*en?Q?a?=", "a"},
		{"=?utf-8?Q?why?=3F?=", "why??"},
		{"=?utf-8?Q?open", "=?utf-8?Q?open"},
		{"=?utf-8?X?a?=", "=?utf-8?X?a?="},
		{"=??Q?a?=", "=??Q?a?="},
		{"=?", "=?"},
		{"=?a", "=?a"},
		{"=?martian?Q?caf=E9?=", "café"},
		{"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"},
		{"=?utf-7?Q?+Jjo-?=", "☺"},
		{"=?utf-8?Q?a=00b?=", "a\ufffdb"},
		{"=?utf-8?Q??= x", " x"},
	} {
		var m markSet
		if got := decodeWords(c.in, &m); got != c.want {
			t.Errorf("%q = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCleanSubject(t *testing.T) {
	for in, want := range map[string]string{
		"Offer": "Offer", "Re: Offer": "Offer", "RE: AW: Fwd: Offer": "Offer", "Re[2]: Offer": "Offer", "Odp: Oferta": "Oferta",
		"TR : Réunion": "Réunion", "R: Incontro": "Incontro", "I: Incontro": "Incontro", "Réf : x": "x", "Re: ": "", "": "",
		"Reminder: pay": "Reminder: pay", "Re：你好": "你好", "PD: x": "x", "Fwd (3): x": "x", "12:30 works": "12:30 works",
	} {
		if got := CleanSubject(in); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}

func TestCleanFileName(t *testing.T) {
	for _, c := range []struct{ in, kind, want string }{
		{"offer.pdf", "application/pdf", "offer.pdf"},
		{"../../etc/passwd", "", "passwd"},
		{`C:\Users\a\x.doc`, "", "x.doc"},
		{"..", "application/pdf", "attachment.pdf"},
		{"/", "", "attachment"},
		{"", "image/png", "attachment.png"},
		{".htaccess", "", "htaccess"},
		{"\u200b.htaccess", "", "htaccess"},
		{"invoice\u202efdp.exe", "", "invoicefdp.exe"},
		{"a\x00b\r\n.txt", "", "ab.txt"},
		{"a<b>:c|d?.txt", "", "a_b__c_d_.txt"},
		{"zażółć gęślą.docx", "", "zażółć gęślą.docx"},
		{"a\u2215b", "", "a_b"},
		{"\xff\xfe", "text/plain", "attachment.txt"},
	} {
		if got := CleanFileName(c.in, c.kind); got != c.want {
			t.Errorf("%q = %q, want %q", c.in, got, c.want)
		}
	}
	long := CleanFileName(strings.Repeat("ł", 300)+".xlsx", "")
	if len(long) > maxName || long[len(long)-5:] != ".xlsx" {
		t.Errorf("long name became %q", long)
	}
}

func TestParseIDs(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []crm.RFCID
	}{
		{"", nil},
		{"<a@x> <b@x>", []crm.RFCID{"a@x", "b@x"}},
		{"<a@x>,<b@x>, <a@x>", []crm.RFCID{"a@x", "b@x"}},
		{"<a@x><b@x", []crm.RFCID{"a@x", "b@x"}},
		{"Your message of Monday <a@x>", []crm.RFCID{"a@x"}},
		{`"Anna" <a@x>`, []crm.RFCID{"a@x"}},
		{"a@x b@x", []crm.RFCID{"a@x", "b@x"}},
		{"Your message of Monday", nil},
		{"<> <a@x>", []crm.RFCID{"a@x"}},
	} {
		got := parseIDs(c.in)
		if len(got) != len(c.want) {
			t.Errorf("%q = %q", c.in, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q = %q", c.in, got)
			}
		}
	}
	for in, want := range map[string]crm.RFCID{"<a@x>": "a@x", "abc": "abc", "<abc>": "abc", " <a b@x> ": "a b@x", "<a@x> <b@x>": "a@x", "<>": "", "": "", "x <a@x>": "a@x"} {
		if got := parseMessageID(in); got != want {
			t.Errorf("Message-ID %q = %q", in, got)
		}
	}
}
