package mail

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

const newsletter = `From: =?utf-8?Q?J=C3=BCrgen?= <j@acme.example>
Sender: robot@acme.example
Reply-To: sales@acme.example
To: Bob <bob@site.example>, carol@site.example
Bcc: dan@site.example
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
 aus Berlin
Date: Mon, 02 Mar 2026 10:00:00 +0100
Message-ID: <m1@acme.example>
In-Reply-To: <m0@site.example>
References: <r@site.example>
 <m0@site.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

This is a multipart message.
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Sch=F6ne Gr=FC=DFe, =
und bis bald  
--inner
Content-Type: text/html; charset=utf-8

<p>Schöne Grüße</p>
--inner--

--outer
Content-Type: application/pdf; name="plain.pdf"
Content-Disposition: attachment; filename*=utf-8''Angebot%20%C3%BC.pdf
Content-Transfer-Encoding: base64

JVBERi0=
--outer
Content-Type: image/png
Content-Disposition: inline
Content-ID: <logo@acme>
Content-Transfer-Encoding: base64

AAAA
--outer--
`

func TestParse(t *testing.T) {
	p := Parse([]byte(strings.ReplaceAll(newsletter, "\n", "\r\n")))
	holds(t, p)
	unmarked(t, p)
	want := &Parsed{
		RFCID: "m1@acme.example", InReplyTo: []crm.RFCID{"m0@site.example"}, References: []crm.RFCID{"r@site.example", "m0@site.example"},
		RawDate: "Mon, 02 Mar 2026 10:00:00 +0100", Date: 1772442000000000, Subject: "Grüße aus Berlin",
		Participants: []crm.Participant{
			{Role: crm.RoleFrom, Address: "j@acme.example", Name: "Jürgen"},
			{Role: crm.RoleSender, Address: "robot@acme.example"},
			{Role: crm.RoleReplyTo, Address: "sales@acme.example"},
			{Role: crm.RoleTo, Address: "bob@site.example", Name: "Bob"},
			{Role: crm.RoleTo, Address: "carol@site.example"},
			{Role: crm.RoleBcc, Address: "dan@site.example"},
		},
		Class: crm.ClassPerson,
		Parts: 2,
		Attachments: []crm.Attachment{
			{Name: "Angebot ü.pdf", Type: "application/pdf", Size: 5},
			{Name: "attachment.png", Type: "image/png", Size: 3},
		},
		Text: "Schöne Grüße, und bis bald  ", HTML: "<p>Schöne Grüße</p>", Snippet: "Schöne Grüße, und bis bald",
	}
	got := *p
	got.Headers, got.Root, got.TextHash = nil, nil, [32]byte{}
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Error(diff)
	}
	if h := p.Headers[5]; len(p.Headers) != 13-1 || h.Name != "Subject" || h.Value != "Grüße aus Berlin" {
		t.Errorf("%d headers, the sixth is %+v", len(p.Headers), h)
	}
	if file := p.Root.Parts[1]; string(file.Content()) != "%PDF-" || p.Root.Parts[2].ContentID != "logo@acme" {
		t.Errorf("parts: %+v", p.Root.Parts)
	}
}

// payload takes a parsed tree apart into what a mail system that parses itself
// hands over: decoded bodies in UTF-8, LF line ends.
func payload(p *Part) *Part {
	out := &Part{Type: p.Type, Params: p.Params, Disposition: p.Disposition, Name: p.Name, ContentID: p.ContentID}
	for _, c := range p.Parts {
		out.Parts = append(out.Parts, payload(c))
	}
	if len(p.Parts) == 0 {
		body := p.Content()
		if strings.HasPrefix(p.Type, "text/") {
			body, _ = toUTF8(body, p.Params["charset"])
		}
		out.Body = slices.Clone(body)
	}
	return out
}

// TestFromTree makes each ordinary mail and the newsletter a second time from
// its tree: ids and everything people see must agree.
func TestFromTree(t *testing.T) {
	key := crm.IDKey("key")
	for _, raw := range append(ordinaryMails(40), []byte(newsletter), []byte(strings.ReplaceAll(newsletter, "\n", "\r\n"))) {
		p := Parse(raw)
		q := FromTree(p.Headers, payload(p.Root))
		if p.MessageID(key) != q.MessageID(key) {
			t.Errorf("%s: two ids", p.RFCID)
		}
		q.Root, q.Headers, q.Marks = p.Root, p.Headers, p.Marks
		if diff := cmp.Diff(p.Text, q.Text); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(p.Participants, q.Participants); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(p.Attachments, q.Attachments); diff != "" {
			t.Error(diff)
		}
	}
	if q := FromTree(nil, nil); q.Root == nil || q.Class != crm.ClassPerson {
		t.Errorf("nothing gives %+v", q)
	}
}

func TestParseHeader(t *testing.T) {
	key := crm.IDKey("key")
	whole := Parse([]byte(newsletter))
	head, _, _ := strings.Cut(newsletter, "\n\n")
	for _, raw := range []string{head, head + "\n\n", newsletter} {
		p := ParseHeader([]byte(raw), crm.MarkTooLarge)
		holds(t, p)
		if !p.Stub || p.TextHash != [32]byte{} || !slices.Equal(p.Marks, []crm.Mark{crm.MarkTooLarge}) || p.Text != "" {
			t.Errorf("stub %+v", p)
		}
		if p.MessageID(key) == whole.MessageID(key) {
			t.Error("a stub has the id of the whole")
		}
		if diff := cmp.Diff(whole.Participants, p.Participants); diff != "" || p.Subject != whole.Subject {
			t.Error(diff)
		}
	}
}

// TestMessageID changes one thing at a time: the id must hang on it, or not.
func TestMessageID(t *testing.T) {
	key := crm.IDKey("key")
	base := "From: a@x.example\r\nSubject: s\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <m@x>\r\n\r\nhello\r\nworld\r\n"
	id := Parse([]byte(base)).MessageID(key)
	for _, same := range []string{
		strings.ReplaceAll(base, "\r\n", "\n"),
		base + "\r\n\r\n",
		strings.Replace(base, "hello\r\n", "hello  \r\n", 1),
		"Received: by mx.example\r\n" + base,
		strings.Replace(base, "Subject: s", "Subject: =?utf-8?Q?s?=", 1),
		strings.Replace(base, "From: a@x.example", "From: Anna <A@X.example>", 1),
		strings.Replace(base, "\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1)[:0] +
			"From: a@x.example\r\nSubject: s\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <m@x>\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8NCndvcmxkDQo=\r\n",
	} {
		if Parse([]byte(same)).MessageID(key) != id {
			t.Errorf("another id for %q", same)
		}
	}
	for _, other := range []string{
		strings.Replace(base, "hello", "hullo", 1), strings.Replace(base, "<m@x>", "<n@x>", 1), strings.Replace(base, "a@x", "b@x", 1),
		strings.Replace(base, "Subject: s", "Subject: t", 1), strings.Replace(base, "10:00", "10:01", 1),
	} {
		if Parse([]byte(other)).MessageID(key) == id {
			t.Errorf("the same id for %q", other)
		}
	}
	if Parse([]byte(base)).MessageID(crm.IDKey("other")) == id {
		t.Error("the id does not hang on the key")
	}
}

func TestTextOfParts(t *testing.T) {
	const head = "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"
	for _, c := range []struct{ name, raw, text, html string }{
		{"footer of a list", head + "--b\n\nwords\n--b\n\nfooter\n--b--", "words\nfooter", ""},
		{"html with plain footer", head + "--b\nContent-Type: text/html\n\n<p>words</p>\n--b\n\nfoot & er\n--b--", "words\nfoot & er", "<p>words</p><pre>foot &amp; er</pre>"},
		{"html alone", "From: a@x.example\nContent-Type: text/html\n\n<p>one</p><p>two</p>", "one\n\ntwo", "<p>one</p><p>two</p>"},
		{"text file", head + "--b\n\nwords\n--b\nContent-Disposition: attachment; filename=a.txt\n\nfile\n--b--", "words", ""},
		{"named text", head + "--b\nContent-Type: text/plain; name=a.txt\n\nwords\n--b\nContent-Type: text/plain; name=b.txt\n\nfile\n--b--", "words", ""},
		{"flowed", "From: a@x.example\nContent-Type: text/plain; format=flowed\n\none \ntwo\n> q1 \n> q2\n-- \nAnna", "one two\n> q1 q2\n-- \nAnna", ""},
		{"digest", "From: a@x.example\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n\nwords\n--b--", "", ""},
		{"empty plain beside html", "From: a@x.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n\n--b\nContent-Type: text/html\n\nrich\n--b--", "rich", "rich"},
		{"no type", "From: a@x.example\nContent-Type: text\n\nwords", "words", ""},
		{"crcrlf", "From: a@x.example\r\r\nSubject: x\r\r\n\r\r\none\r\r\ntwo", "one\ntwo", ""},
		{"utf-8 labelled latin-1", "From: a@x.example\nContent-Type: text/plain; charset=iso-8859-1\n\nŁódź", "Łódź", ""},
		{"utf-16", "From: a@x.example\nContent-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n/v8AaABp", "hi", ""},
		{"shift-jis", "From: a@x.example\nContent-Type: text/plain; charset=shift_jis\n\n\x93\xfa\x96\x7b", "日本", ""},
		{"gb2312 that looks like utf-8", "From: a@x.example\nContent-Type: text/plain; charset=gb2312\n\n\xc1\xaa\xcd\xa8", "联通", ""},
		{"base64 with a comment", "From: a@x.example\nContent-Transfer-Encoding: BASE64 (as it says)\n\naGVsbG8=", "hello", ""},
		{"broken quoted-printable", "From: a@x.example\nContent-Transfer-Encoding: quoted-printable\n\na=3Db =ZZ =\nc=", "a=b =ZZ c", ""},
		{"mostly utf-8", "From: a@x.example\nContent-Type: text/plain; charset=utf-8\n\nŁódź \xff", "Łódź \ufffd", ""},
	} {
		p := Parse([]byte(c.raw))
		holds(t, p)
		if p.Text != c.text || p.HTML != c.html {
			t.Errorf("%s: text %q, html %q", c.name, p.Text, p.HTML)
		}
	}
}

func TestHeaderOddities(t *testing.T) {
	for _, c := range []struct{ name, raw, subject, text string }{
		{"space before colon", "Subject : x\nFrom: a@x.example\n\nhi", "x", "hi"},
		{"leading blank lines", "\n\nSubject: x\n\nhi", "x", "hi"},
		{"first line is a continuation", " stray\nSubject: x\n\nhi", "x", "hi"},
		{"junk line amid", "Subject: x\nthis is no field\nFrom: a@x.example\n\nhi", "x", "hi"},
		{"quoted mbox line amid", "Subject: x\n>From a Mon Mar  2\nX-A: b\n\nhi", "x", "hi"},
		{"blank line of spaces", "Subject: x\n  \nhi", "x", "hi"},
		{"fold of spaces", "Subject: x\n  \n y\n\nhi", "x y", "hi"},
		{"fold of spaces before a field", "Subject: x\n \nFrom: a@x.example\n\nhi", "x", "hi"},
		{"byte order mark", "\ufeffSubject: x\n\nhi", "x", "hi"},
		{"two subjects", "Subject: x\nSubject: y\n\nhi", "x", "hi"},
		{"bare CR within", "Subject: x\ry\n\nhi\n", "x y", "hi\n"},
		{"no newline at end", "Subject: x", "x", ""},
	} {
		p := Parse([]byte(c.raw))
		holds(t, p)
		if p.Subject != c.subject || p.Text != c.text {
			t.Errorf("%s: subject %q, text %q", c.name, p.Subject, p.Text)
		}
	}
}
