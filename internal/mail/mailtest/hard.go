package mailtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Hard is a crafted message.
type Hard struct {
	Name string
	Raw  func() []byte
}

// Named are the 42 crafted messages that any mail program should bear.
func Named() []Hard { return slices.Concat(hardBySize(), hardByHeader(), hardByBody()) }

func text(s string) func() []byte {
	return func() []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }
}

func exactly(s string) func() []byte { return func() []byte { return []byte(s) } }

// Sound is the header of a mail without a fault.
const Sound = "From: Anna <anna@acme.example>\nTo: bob@site.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <m1@acme.example>\nSubject: Offer\n"

func nested(n int) func() []byte {
	return func() []byte {
		var b strings.Builder
		b.WriteString(strings.ReplaceAll(Sound, "\n", "\r\n"))
		for i := range n {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
		}
		b.WriteString("Content-Type: text/plain\r\n\r\ninnermost\r\n")
		for i := n - 1; i >= 0; i-- {
			fmt.Fprintf(&b, "--b%d--\r\n", i)
		}
		return []byte(b.String())
	}
}

func many(head, item string, n int, tail string) func() []byte {
	return func() []byte {
		return []byte(strings.ReplaceAll(head, "\n", "\r\n") + strings.Repeat(item, n) + strings.ReplaceAll(tail, "\n", "\r\n"))
	}
}

func hardBySize() []Hard {
	return []Hard{
		{"60 MB message", many(Sound+"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee the file\n--b\nContent-Type: application/zip; name=big.zip\nContent-Transfer-Encoding: base64\n\n",
			strings.Repeat("QUJD", 19)+"\r\n", 780_000, "--b--\n")},
		{"50 MB line", many(Sound+"\n", "lorem ipsum ", 50<<20/12, "")},
		{"10,000 recipients", func() []byte {
			var b strings.Builder
			b.WriteString("From: a@x.example\r\nTo: ")
			for i := range 10_000 {
				fmt.Fprintf(&b, "Person %d <person%d@company.example>,\r\n ", i, i)
			}
			b.WriteString("last@x.example\r\nSubject: all\r\n\r\nhi\r\n")
			return []byte(b.String())
		}},
		{"3 MB References", func() []byte {
			var b strings.Builder
			b.WriteString("References:")
			for i := range 42_000 {
				fmt.Fprintf(&b, " <%d.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.example>\r\n", i)
			}
			return []byte(b.String() + strings.ReplaceAll(Sound, "\n", "\r\n") + "\r\nhi\r\n")
		}},
		{"1 MB encoded subject", many("Subject: ", "=?utf-8?B?xYHDs2TFuiB3aXRhIQ==?=\r\n ", 30_000, "\nFrom: a@x.example\n\nhi")},
		{"200,000 broken encoded words", many("From: a@x.example\nSubject: ", "=?utf-8?B?x ", 200_000, "\n\nhi")},
		{"10 MB header line", many("X-Junk: ", "abcdefghij", 1<<20, "\n"+Sound+"\nhi")},
		{"100,000 headers", many("", "X-Spam: 1234\r\n", 100_000, Sound+"\nhi")},
		{"1,000 nested multiparts", nested(1000)},
		{"10,000 nested multiparts", nested(10_000)},
		{"100,000 parts", many(Sound+"Content-Type: multipart/mixed; boundary=b\n\n", "--b\r\n\r\npart of the text\r\n", 100_000, "--b--\n")},
		{"1,000 nested message/rfc822", many(Sound, "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n", 1000, "\nhi")},
		{"20,000 continuations", func() []byte {
			var b strings.Builder
			b.WriteString(strings.ReplaceAll(Sound, "\n", "\r\n") + "Content-Type: application/pdf")
			for i := range 20_000 {
				fmt.Fprintf(&b, ";\r\n name*%d=x", i)
			}
			return []byte(b.String() + "\r\n\r\nhi")
		}},
		{"200,000 nested div", many(Sound+"Content-Type: text/html\n\n", "<div>", 200_000, "deep down")},
		{"5 MB table", many(Sound+"Content-Type: text/html\n\n<table>", "<tr><td>one</td><td>two</td></tr>\r\n", 140_000, "</table>")},
	}
}

func hardByHeader() []Hard {
	return []Hard{
		{"NUL in header", exactly("From: a@x.example\r\nSubject: one\x00two\r\n\r\nhi")},
		{"bare CR line ends", func() []byte { return []byte(strings.ReplaceAll(Sound+"\nline one\nline two", "\n", "\r")) }},
		{"raw latin-1 header", exactly("From: J\xfcrgen M\xfcller <j@x.example>\r\nSubject: Gr\xfc\xdfe\r\n\r\nhi")},
		{"raw UTF-8 header", exactly("From: Jürgen <j@x.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <a@b>\r\nSubject: Łódź\r\n\r\nhi")},
		{"no Date", text("From: a@x.example\nMessage-ID: <m@x>\n\nhi")},
		{"bogus Date", text("From: a@x.example\nDate: the day after tomorrow\n\nhi")},
		{"no Message-ID", text("From: a@x.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: s\n\nhi")},
		{"same Message-ID, other content", text(Sound + "\nother words")},
		{"Message-ID with spaces", text("From: a@x.example\nMessage-ID: <one two @ three>\n\nhi")},
		{"mbox first line", text("From anna@acme.example Mon Mar  2 10:00:00 2026\n" + Sound + "\nhi")},
		{"header only", text(Sound + "\n")},
		{"header without blank line", text(Sound + "and then the body starts\nat once")},
		{"empty message", exactly("")},
		{"garbage", func() []byte {
			rng := rand.New(rand.NewPCG(7, 7))
			b := make([]byte, 100<<10)
			for i := range b {
				b[i] = byte(rng.Uint32())
			}
			return b
		}},
		{"two From headers", text("From: boss@acme.example\n" + Sound + "\nhi")},
		{"group syntax", text("From: a@x.example\nTo: Team: Bob <b@x.example>, c@x.example;\nCc: undisclosed-recipients:;\n\nhi")},
		{"one bad address among three", text("From: a@x.example\nTo: Bob <b@x.example>, a@b@c, Carol <c@x.example>\n\nhi")},
	}
}

func hardByBody() []Hard {
	return []Hard{
		{"NUL in body", exactly("From: a@x.example\r\n\r\none\x00two")},
		{"unknown charset", exactly("From: a@x.example\r\nContent-Type: text/plain; charset=x-martian\r\n\r\ncaf\xe9")},
		{"utf-7", text(Sound + "Content-Type: text/plain; charset=utf-7\n\nHi Mom -+Jjo--! 1 +- 1")},
		{"wrong base64 with clear footer", text(Sound + "Content-Transfer-Encoding: base64\n\nSGVsbG8gd29y!bGQ=\n_______\nMailing list: see https://lists.example\n")},
		{"unclosed multipart", text(Sound + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\nContent-Type: image/png; name=p.png\n\nxxxx")},
		{"multipart without boundary", text(Sound + "Content-Type: multipart/mixed\n\n--b\n\nall of it")},
		{"multipart with empty boundary", text(Sound + "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nall of it")},
		{"unknown transfer encoding", text(Sound + "Content-Transfer-Encoding: x-gzip64\n\nstill = here")},
		{"file name with path", text(Sound + "Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n\nx")},
		{"message/global part", text(Sound + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee below\n--b\nContent-Type: message/global\n\nSubject: Grüße\n\ninner\n--b--")},
	}
}
