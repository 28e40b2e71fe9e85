package mailtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Odd are mails that keep to no rule, or to one that hardly anybody keeps: what
// they say can be told all the same.
func Odd() []Hard {
	return slices.Concat(oddAddresses(), oddHeaders(), oddParts(), oddTexts(), oddFiles(), oddSizes())
}

// head is a header whose lines may be replaced: From, To, Date, Message-ID and
// Subject stand in it unless they are given.
func head(lines ...string) string {
	var b strings.Builder
	for _, l := range strings.SplitAfter(Sound, "\n") {
		name, _, _ := strings.Cut(l, ":")
		if !slices.ContainsFunc(lines, func(o string) bool { return strings.HasPrefix(o, name+":") }) {
			b.WriteString(l)
		}
	}
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	return b.String()
}

// mixed is a multipart of the kind with the parts, each with its own header.
func mixed(kind string, parts ...string) string {
	return head("Content-Type: multipart/"+kind+"; boundary=\"b\"") + "\n--b\n" + strings.Join(parts, "\n--b\n") + "\n--b--\n"
}

func oddAddresses() []Hard {
	return []Hard{
		{"comments in addresses", text(head("From: Anna (Sales (EU, east)) <anna@acme.example> (on leave, back soon)", "To: bob@site.example (Bob), (nobody) carol@site.example") + "\nhi")},
		{"quoted local parts", text(head("To: \"john doe\"@x.example, \"a@b\"@x.example, \"plain\"@x.example") + "\nhi")},
		{"address in the name", text(head("From: \"anna@acme.example\" <mallory@evil.example>") + "\nhi")},
		{"name with a comma, unquoted", text(head("From: Nowak, Anna <anna@acme.example>") + "\nhi")},
		{"international addresses", text(head("From: Жека <жека@пример.рф>", "To: info@Bücher.example, 用户@例え.example, info@xn--bcher-kva.example") + "\nhi")},
		{"encoded word as address", text(head("To: =?utf-8?Q?bob=40site.example?=, =?utf-8?Q?Carol_=3Ccarol=40site.example=3E?=") + "\nhi")},
		{"nobody in From", text(head("From: <>", "Sender: robot@acme.example") + "\nhi")},
		{"semicolons between addresses", text(head("To: bob@site.example; Carol <carol@site.example>; dave@site.example") + "\nhi")},
		{"mailto in brackets", text(head("From: Anna <mailto:anna@acme.example>", "To: 'bob@site.example'") + "\nhi")},
		{"route in address", text(head("From: <@relay.example,@other.example:anna@acme.example>") + "\nhi")},
		{"From of two people", text(head("From: Anna <anna@acme.example>, Bert <bert@acme.example>") + "\nhi")},
	}
}

func oddHeaders() []Hard {
	return []Hard{
		{"letter cut by encoded words", text(head("Subject: =?utf-8?B?xQ==?=\n =?utf-8?B?gcOzZMU=?= =?utf-8?Q?=BA?=") + "\nhi")},
		{"encoded word with spaces", text(head("Subject: =?UTF-8?Q?Offer for you=21?=") + "\nhi")},
		{"encoded word with language", text(head("Subject: =?utf-8*en?Q?Offer?=") + "\nhi")},
		{"byte order mark before the header", text("\ufeff" + Sound + "\nhi")},
		{"space before the colon", text(strings.Replace(Sound, "Subject:", "Subject :", 1) + "\nhi")},
		{"folded to nothing", text("Message-ID:\n <m1@acme.example>\n" + head("Message-ID: x") + "\n")},
		{"white line in the header", text("Subject: Off\n \n er\n" + head("Subject: x")[:len(head("Subject: x"))-len("Subject: x\n")] + "\nhi")},
		{"headers twice", text(Sound + "Subject: Second\nMessage-ID: <m2@acme.example>\nDate: Tue, 3 Mar 2026 10:00:00 +0100\nTo: carol@site.example\n\nhi")},
		{"Date twice", text(Sound + "Date: Tue, 3 Mar 2026 10:00:00 +0100\n\nhi")},
		{"Message-ID twice", text(Sound + "Message-ID: <m2@acme.example>\n\nhi")},
		{"From twice, the same", text(Sound + "From: Anna <anna@acme.example>\n\nhi")},
		{"year of two digits", text(head("Date: Mon, 2 Mar 26 10:00 +0100") + "\nhi")},
		{"year 1", text(head("Date: Mon, 1 Jan 0001 00:00:00 +0000") + "\nhi")},
		{"date of a Unix program", text(head("Date: Mon Mar  2 09:00:00 UTC 2026") + "\nhi")},
		{"date with remarks", text(head("Date: Mon (a Monday), 2 Mar 2026 (in March) 10:00:00 +0100 (CET (Berlin))") + "\nhi")},
		{"header line without a name", text(": nothing\n" + Sound + "=: ?\n\nhi")},
	}
}

func oddParts() []Hard {
	const p7 = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=smime.p7m\n"
	return []Hard{
		{"alternative of attachments alone", text(mixed("alternative",
			"Content-Type: application/pdf; name=offer.pdf\n\nx", "Content-Type: image/png; name=offer.png\n\nx"))},
		{"alternative of nothing", text(mixed("alternative"))},
		{"S/MIME, sealed", text(head(strings.Split(strings.TrimSpace(p7), "\n")...) + "\nMIIB\n")},
		{"S/MIME, signed", text(mixed("signed; protocol=\"application/pkcs7-signature\"", "\nsee the offer",
			"Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIIB"))},
		{"PGP, sealed", text(mixed("encrypted; protocol=\"application/pgp-encrypted\"", "Content-Type: application/pgp-encrypted\n\nVersion: 1",
			"Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----"))},
		{"winmail.dat", text(mixed("mixed", "\nsee the file", "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+Ig=="))},
		{"message/partial", text(head("Content-Type: message/partial; id=\"x@acme.example\"; number=2; total=3") + "\nthe second third of it")},
		{"message/external-body", text(mixed("mixed", "\nsee there",
			"Content-Type: message/external-body; access-type=URL; URL=\"http://169.254.169.254/latest\"\n\nContent-Type: application/pdf; name=offer.pdf\n\n"))},
		{"digest", text(mixed("digest", "\nFrom: a@x.example\nSubject: one\n\nfirst", "\nFrom: b@x.example\nSubject: two\n\nsecond"))},
		{"boundary that begins like another", text(head("Content-Type: multipart/mixed; boundary=\"b\"") +
			"\n--b\nContent-Type: multipart/alternative; boundary=\"b-in\"\n\n--b-in\n\ninner\n--b-in--\n--b\n\nouter\n--bear in mind\n--b--\n")},
		{"boundary with blanks", text(head("Content-Type: multipart/mixed; boundary=\"b  \"") + "\n--b  \n\nfirst\n--b  \n\nsecond\n--b  --\n")},
		{"closed before it begins", text(head("Content-Type: multipart/mixed; boundary=b") + "\n--b--\n\nafter the end\n")},
		{"base64 around a multipart", text(head("Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64") + "\n--b\n\nplain\n--b--\n")},
		{"two Content-Types", text(head("Content-Type: text/plain", "Content-Type: application/pdf; name=x.pdf") + "\nhi there\n")},
		{"type without a kind", text(head("Content-Type: text") + "\nhi there\n")},
		{"name in pieces out of order", text(mixed("mixed", "\nsee the file",
			"Content-Type: application/pdf; name*1*=%20f%C3%BCr; name*0*=utf-8''Angebot; name*2=\" Sie.pdf\"\n\nx"))},
		{"encoded word in a file name", text(mixed("mixed", "\nsee the file",
			"Content-Type: application/pdf; name=\"=?utf-8?B?QW5nZWJvdCBmw7xyIFNpZS5wZGY=?=\"\nContent-Disposition: attachment; filename=\"=?utf-8?B?QW5nZWJvdCBmw7xyIFNpZS5wZGY=?=\"\n\nx"))},
	}
}

func oddTexts() []Hard {
	return []Hard{
		{"flowed, blanks deleted", text(head("Content-Type: text/plain; format=flowed; delsp=yes") + "\n東 \n京 \ntower\n\n> quoted \n> on\n-- \nAnna\n")},
		{"byte order mark in the text", exactly(strings.ReplaceAll(head("Content-Type: text/plain; charset=utf-8"), "\n", "\r\n") + "\r\n\xef\xbb\xbfhi there\r\n")},
		{"utf-16 with a mark", exactly(strings.ReplaceAll(head("Content-Type: text/plain; charset=utf-16"), "\n", "\r\n") + "\r\n\xff\xfeh\x00i\x00 \x00B\x01\r\x00\n\x00")},
		{"charset told in HTML alone", exactly(strings.ReplaceAll(head("Content-Type: text/html"), "\n", "\r\n") + "\r\n<html><head><meta charset=\"iso-8859-2\"></head><body>za\xbf\xf3\xb3\xe6</body></html>\r\n")},
		{"two charsets in one text", exactly(strings.ReplaceAll(head("Content-Type: text/plain; charset=utf-8"), "\n", "\r\n") + "\r\nGr\xc3\xbc\xc3\x9fe\r\n> Gr\xfc\xdfe\r\n")},
		{"garbage in base64", text(head("Content-Transfer-Encoding: base64") + "\nSGVs*bG8s\n~IHNl%ZSB0aGUg\nb2ZmZXIu\n")},
		{"base64 without its end", text(head("Content-Transfer-Encoding: base64") + "\nSGVsbG8sIHNlZSB0aGUgb2ZmZXI\n")},
		{"soft line end at the end", text(head("Content-Transfer-Encoding: quoted-printable") + "\nsee the offer=")},
		{"half an escape", text(head("Content-Transfer-Encoding: quoted-printable") + "\nGr=C3=BC=C3=9Fe, 100 =XY =3")},
		{"words that begin like uuencode", text(Sound + "\nWe begin 644 days from now.\nbegin 644 of them\nHELLO\nand end\nend\n")},
		{"uuencode in the text", text(Sound + "\nsee the file\n\nbegin 644 offer.txt\n#0V%T\n`\nend\n\nbye\n")},
		{"bytes called text", exactly(strings.ReplaceAll(head("Content-Type: text/plain; name=logo.png", "Content-Disposition: attachment; filename=logo.png"), "\n", "\r\n") + "\r\n\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")},
		{"HTML of comments", text(head("Content-Type: text/html") + "\n<!-- hidden --><p>see<!-- not --> the offer<!-- open")},
		{"HTML that hides words", text(head("Content-Type: text/html") + "\n<style>p{color:red}</style><script>alert(1)</script><p>see the offer</p>")},
	}
}

func oddSizes() []Hard {
	return []Hard{
		{"5,000 references", func() []byte {
			var b strings.Builder
			b.WriteString("References:")
			for i := range 5000 {
				fmt.Fprintf(&b, " <r%d@acme.example>", i)
			}
			return []byte(strings.ReplaceAll(b.String()+"\n"+Sound+"\nhi", "\n", "\r\n"))
		}},
		{"100,000 addresses", func() []byte {
			var b strings.Builder
			b.WriteString("To: ")
			for i := range 100_000 {
				fmt.Fprintf(&b, "p%d@c.example,\n ", i)
			}
			return []byte(strings.ReplaceAll(b.String()+"last@c.example\n"+head("To: x@c.example")+"\nhi", "\n", "\r\n"))
		}},
		{"1 MB subject", many("Subject: ", "offer ", 1<<20/6, "\n"+head("Subject: x")[:len(head("Subject: x"))-len("Subject: x\n")]+"\nhi")},
		{"1,000,000 nested tags", many(head("Content-Type: text/html")+"\n", "<b><i>", 500_000, "deep down")},
		{"1,000,000 entities", many(head("Content-Type: text/html")+"\n<p>", "&#x141;&amp", 500_000, "</p>")},
		{"one address of 1 MB", many(head("From: x")[:len(head("From: x"))-len("From: x\n")]+"From: ", "aaaaaaaaaa", 1<<20/10, "@acme.example\n\nhi")},
		{"boundary of 100 KB", func() []byte {
			long := strings.Repeat("b", 100<<10)
			return []byte(strings.ReplaceAll(head("Content-Type: multipart/mixed; boundary=\""+long+"\"")+"\n--"+long+"\n\nhi there\n--"+long+"--\n", "\n", "\r\n"))
		}},
		{"calendar that never ends", text(head("Content-Type: text/calendar; method=REQUEST; charset=utf-8") +
			"\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nSUMMARY:Call\nDTSTART:20260302T100000Z\nDTEND:99991231T235959Z\nRRULE:FREQ=SECONDLY;COUNT=2147483647;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR,SA,SU\nEND:VEVENT\nEND:VCALENDAR\n")},
		{"calendar of 200,000 events", many(head("Content-Type: text/calendar; method=PUBLISH")+"\nBEGIN:VCALENDAR\n",
			"BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260302T100000Z\r\nEND:VEVENT\r\n", 200_000, "END:VCALENDAR\n")},
		{"calendar folded at every letter", many(head("Content-Type: text/calendar; method=REQUEST")+"\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20260302T100000Z\nSUMMARY:", "x\r\n ", 500_000, "\nEND:VEVENT\nEND:VCALENDAR\n")},
		{"base64 of base64", func() []byte {
			data := []byte("see the offer")
			for range 20 {
				data = []byte(base64.StdEncoding.EncodeToString(data))
			}
			return []byte(strings.ReplaceAll(head("Content-Transfer-Encoding: base64"), "\n", "\r\n") + "\r\n" + string(data) + "\r\n")
		}},
	}
}
