package mailtest

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// More are further faults, of our own thinking.
func More() []Hard {
	return []Hard{
		{"1 MB Message-ID", many("From: a@x.example\nSubject: long id\nMessage-ID: <", "abcdefghij", 1<<20/10, "@x.example>\n\nhi")},
		{"year 0", text("From: a@x.example\nMessage-ID: <y0@x.example>\nDate: Sat, 1 Jan 0000 00:00:00 +0000\nSubject: year 0\n\nhi")},
		{"year 9999", text("From: a@x.example\nMessage-ID: <y9@x.example>\nDate: Fri, 31 Dec 9999 23:59:59 -2359\nSubject: year 9999\n\nhi")},
		{"date out of any calendar", text("From: a@x.example\nMessage-ID: <cal@x.example>\nDate: Mon, 99 Foo 99999999999 77:88:99 +999999\nSubject: calendar\n\nhi")},
		{"encoded parameter bomb", func() []byte {
			var b strings.Builder
			b.WriteString("From: a@x.example\r\nSubject: bomb\r\nMessage-ID: <bomb@x.example>\r\nContent-Type: application/pdf")
			for i := range 9000 {
				fmt.Fprintf(&b, ";\r\n name*%d*=utf-8''%%F0%%9F%%92%%A9=?utf-8?Q?=C5=81?=", i)
			}
			return []byte(b.String() + "\r\n\r\nhi")
		}},
		{"huge address group", many("From: a@x.example\nMessage-ID: <group@x.example>\nSubject: group\nTo: everybody: ", "p@x.example, ", 40_000, ";\n\nhi")},
		{"group within group", many("From: a@x.example\nMessage-ID: <groups@x.example>\nSubject: groups\nTo: ", "g:(c", 30_000, ";\n\nhi")},
		{"deep quotes in HTML", many(Sound+"Content-Type: text/html\n\n", "<blockquote><table><tr><td><b>", 60_000, "deep down")},
		{"attributes without end", many(Sound+"Content-Type: text/html\n\n<p ", "a=\"<!--", 200_000, "shown")},
		{"base64 of zeroes", func() []byte {
			zero := base64.StdEncoding.EncodeToString(make([]byte, 6<<20))
			return []byte(strings.ReplaceAll(Sound, "\n", "\r\n") + "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + zero + "\r\n")
		}},
		{"soft line ends", many(Sound+"Content-Transfer-Encoding: quoted-printable\n\n", "=\r\n", 1_000_000, "the end")},
		{"turned and unseen letters in names", exactly("From: \"ann\u202ea\u2066\u200b\u00ad@acme.example\" <mallory@evil.example>\r\nMessage-ID: <bidi@x.example>\r\nSubject: in\u202evoice\u2069.exe\r\nContent-Type: application/octet-stream; name=\"bill\u202efdp.exe\"\r\n\r\nx")},
		{"charset that lies", exactly("From: a@x.example\r\nMessage-ID: <lie@x.example>\r\nSubject: =?us-ascii?Q?Gr=FC=DFe?=\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nZa\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 g\xc4\x99\xc5\x9bl\xc4\x85")},
		{"utf-16 without a mark", exactly("From: a@x.example\r\nMessage-ID: <u16@x.example>\r\nSubject: utf-16\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nh\x00i\x00")},
		{"inner message with the same Message-ID", text(Sound + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\n" + Sound + "\ninner\n--b--")},
		{"boundary within boundary", many(Sound+"Content-Type: multipart/mixed; boundary=b\n\n", "--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nx\r\n", 20_000, "")},
		{"subject of a million spaces", many("From: a@x.example\nMessage-ID: <sp@x.example>\nSubject: Re:", " ", 1_000_000, "x\n\nhi")},
		{"reply prefixes without end", many("From: a@x.example\nMessage-ID: <re@x.example>\nSubject: ", "Re: AW: Fwd: ", 40_000, "x\n\nhi")},
		{"quotes without end", many(Sound+"\n", ">", 3_000_000, " x")},
		{"escapes without end", many("Message-ID: <esc@x.example>\nSubject: escapes\nFrom: \"", "\\\\\\\"", 200_000, "\n\nhi")},
	}
}
