package mail

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"threadline/internal/crm"
	"threadline/internal/mail/mailtest"
)

// TestOddIsChecked holds that each of the odd mails has an expectation.
func TestOddIsChecked(t *testing.T) {
	var made, checked []string
	for _, h := range mailtest.Odd() {
		made = append(made, h.Name)
	}
	for _, f := range odds() {
		checked = append(checked, f.name)
	}
	slices.Sort(made)
	slices.Sort(checked)
	if !slices.Equal(made, checked) {
		t.Errorf("made %q, checked %q", made, checked)
	}
}

func odds() []fault {
	return slices.Concat(oddAddresses(), oddHeaders(), oddParts(), oddTexts(), oddFiles(), oddSizes())
}

// to expects the addresses written to, "" for one that was not understood.
func to(want ...string) func(*testing.T, *Parsed) {
	return func(t *testing.T, p *Parsed) {
		kept(t, p)
		if got := addresses(p, crm.RoleTo); !slices.Equal(got, want) {
			t.Errorf("to %q, want %q", got, want)
		}
	}
}

// plain expects a sound mail with this text and these marks.
func plain(text string, marks ...crm.Mark) func(*testing.T, *Parsed) {
	return func(t *testing.T, p *Parsed) {
		kept(t, p)
		if got := strings.TrimRight(p.Text, "\n"); got != text || !slices.Equal(p.Marks, marks) {
			t.Errorf("text %q, marks %v; want %q, %v", got, p.Marks, text, marks)
		}
	}
}

// files expects a sound mail with this text and these attachments.
func files(text string, names ...string) func(*testing.T, *Parsed) {
	return marks(nil, text, names...)
}

// marks is files, of a mail with marks.
func marks(marks []crm.Mark, text string, names ...string) func(*testing.T, *Parsed) {
	return func(t *testing.T, p *Parsed) {
		plain(text, marks...)(t, p)
		var got []string
		for _, a := range p.Attachments {
			got = append(got, a.Name)
		}
		if !slices.Equal(got, names) {
			t.Errorf("attachments %q, want %q", got, names)
		}
	}
}

func oddAddresses() []fault {
	return []fault{
		{"comments in addresses", to("bob@site.example", "carol@site.example")},
		{"quoted local parts", func(t *testing.T, p *Parsed) {
			to("", "", "plain@x.example")(t, p)
			if q := p.Participants[1]; q.Raw != `"john doe"@x.example` {
				t.Errorf("%+v", q)
			}
		}},
		{"address in the name", func(t *testing.T, p *Parsed) {
			if got := addresses(p, crm.RoleFrom); !slices.Equal(got, []string{"mallory@evil.example"}) {
				t.Errorf("from %q", got)
			}
		}},
		{"name with a comma, unquoted", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkAddress)
			if q := p.Participants[1]; len(p.Participants) != 2 || q.Name != "Nowak, Anna" {
				t.Errorf("%+v", p.Participants)
			}
		}},
		{"international addresses", func(t *testing.T, p *Parsed) {
			if got := addresses(p, crm.RoleTo); !slices.Equal(got, []string{"info@xn--bcher-kva.example", "用户@xn--r8jz45g.example"}) {
				t.Errorf("to %q: one domain written twice is one", got)
			}
			if p.author() != "жека@xn--e1afmkfd.xn--p1ai" {
				t.Errorf("from %q", p.author())
			}
		}},
		{"encoded word as address", func(t *testing.T, p *Parsed) {
			to("bob@site.example", "carol@site.example")(t, p)
			marked(t, p, crm.MarkAddress)
			if p.Participants[2].Name != "Carol" {
				t.Errorf("%+v", p.Participants)
			}
		}},
		{"nobody in From", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkAddress)
			if got := addresses(p, crm.RoleSender); !slices.Equal(got, []string{"robot@acme.example"}) || addresses(p, crm.RoleFrom)[0] != "" {
				t.Errorf("%+v", p.Participants)
			}
		}},
		{"semicolons between addresses", to("bob@site.example", "carol@site.example", "dave@site.example")},
		{"mailto in brackets", to("bob@site.example")},
		{"route in address", to("bob@site.example")},
		{"From of two people", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkManyFrom)
			if got := addresses(p, crm.RoleFrom); len(got) != 2 {
				t.Errorf("from %q", got)
			}
		}},
	}
}

func oddHeaders() []fault {
	subject := func(want string) func(*testing.T, *Parsed) {
		return func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			if p.Subject != want {
				t.Errorf("subject %q, want %q", p.Subject, want)
			}
		}
	}
	return []fault{
		{"letter cut by encoded words", subject("Łódź")},
		{"encoded word with spaces", subject("Offer for you!")},
		{"encoded word with language", subject("Offer")},
		{"byte order mark before the header", plain("hi", crm.MarkStructure)},
		{"space before the colon", plain("hi")},
		{"folded to nothing", plain("", crm.MarkTwice)},
		{"white line in the header", subject("Off er")},
		{"headers twice", func(t *testing.T, p *Parsed) {
			to("bob@site.example", "carol@site.example")(t, p)
			marked(t, p, crm.MarkTwice)
		}},
		{"Date twice", plain("hi", crm.MarkTwice)},
		{"Message-ID twice", plain("hi", crm.MarkTwice)},
		{"From twice, the same", plain("hi", crm.MarkTwice, crm.MarkManyFrom)},
		{"year of two digits", dated},
		{"year 1", func(t *testing.T, p *Parsed) { marked(t, p, crm.MarkDateGuessed) }},
		{"date of a Unix program", dated},
		{"date with remarks", dated},
		{"header line without a name", plain("hi", crm.MarkStructure)},
	}
}

// dated expects the date of mailtest.Sound.
func dated(t *testing.T, p *Parsed) {
	plain("hi")(t, p)
	if p.Date != ParseDate("Mon, 2 Mar 2026 10:00:00 +0100") {
		t.Errorf("dated %s", p.Date)
	}
}

func oddParts() []fault {
	return []fault{
		{"alternative of attachments alone", files("", "offer.pdf", "offer.png")},
		{"alternative of nothing", plain("")},
		{"S/MIME, sealed", marks([]crm.Mark{crm.MarkSealed}, "", "smime.p7m")},
		{"S/MIME, signed", files("see the offer", "smime.p7s")},
		{"PGP, sealed", marks([]crm.Mark{crm.MarkSealed}, "", "attachment", "encrypted.asc")},
		{"winmail.dat", func(t *testing.T, p *Parsed) {
			plain("see the file", crm.MarkPacked)(t, p)
			contains(t, p, "winmail.dat", "x\x9f>\"")
		}},
		{"message/partial", files("", "attachment")},
		{"message/external-body", files("see there", "attachment")},
		{"digest", files("", "one.eml", "two.eml")},
		{"boundary that begins like another", plain("inner\nouter\n--bear in mind")},
		{"boundary with blanks", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkStructure)
			says(t, p, "first\nsecond")
		}},
		{"closed before it begins", plain("\nafter the end", crm.MarkStructure)},
		{"base64 around a multipart", plain("plain")},
		{"two Content-Types", plain("hi there")},
		{"type without a kind", plain("hi there")},
		{"name in pieces out of order", files("see the file", "Angebot für Sie.pdf")},
		{"encoded word in a file name", files("see the file", "Angebot für Sie.pdf")},
	}
}

func oddTexts() []fault {
	return []fault{
		{"flowed, blanks deleted", plain("東京tower\n\n> quotedon\n-- \nAnna", crm.MarkCharset)},
		{"byte order mark in the text", plain("hi there")},
		{"utf-16 with a mark", plain("hi ł")},
		{"charset told in HTML alone", plain("zażółć")},
		{"two charsets in one text", plain("Grüße\n> Grüße", crm.MarkCharset)},
		{"garbage in base64", plain("Hello, see the offer.", crm.MarkEncoding)},
		{"base64 without its end", plain("Hello, see the offer", crm.MarkEncoding)},
		{"soft line end at the end", plain("see the offer")},
		{"half an escape", plain("Grüße, 100 =XY =3", crm.MarkCharset, crm.MarkEncoding)},
		{"words that begin like uuencode", plain("We begin 644 days from now.\nbegin 644 of them\nHELLO\nand end\nend")},
		{"uuencode in the text", holding("see the file\n\n\nbye", "offer.txt", "Cat")},
		{"bytes called text", files("", "logo.png")},
		{"HTML of comments", plain("see the offer")},
		{"HTML that hides words", plain("see the offer")},
	}
}

// holding expects a sound mail with this text and these attachments, each with its
// bytes.
func holding(text string, named ...string) func(*testing.T, *Parsed) {
	return func(t *testing.T, p *Parsed) {
		plain(text, p.Marks...)(t, p)
		contains(t, p, named...)
	}
}

// contains compares names and bytes of attachments; "*" are any bytes.
func contains(t *testing.T, p *Parsed, named ...string) {
	t.Helper()
	var got []string
	parts := p.Attached()
	for i, a := range p.Attachments {
		data := parts[i].Content()
		if int64(len(data)) != a.Size {
			t.Errorf("%s has %d bytes and is said to have %d", a.Name, len(data), a.Size)
		}
		if got = append(got, a.Name, string(data)); 2*i+1 < len(named) && named[2*i+1] == "*" {
			got[2*i+1] = "*"
		}
	}
	if !slices.Equal(got, named) {
		t.Errorf("attachments %q, want %q", got, named)
	}
}

func oddFiles() []fault {
	const picture = "\x89PNG\r\n\x1a\n"
	logo := picture + strings.Repeat("\x00\x01\x02\x03\xfa", 40)
	return []fault{
		{"uuencode of a picture and a path", func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			holding("see the picture\n\n\nbye\n\nthe end", "logo.png", logo, "two.txt", "two")(t, p)
		}},
		{"uuencode that is cut", func(t *testing.T, p *Parsed) {
			plain("see the picture", crm.MarkEncoding)(t, p)
			contains(t, p, "logo.png", logo[:180])
		}},
		{"20,000 uuencoded files", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
			says(t, p, "begin 644 a.txt")
			if len(p.Attachments) != maxParts {
				t.Errorf("%d attachments", len(p.Attachments))
			}
		}},
		{"uuencode as transfer encoding", func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			holding("see the picture", "logo.png", logo)(t, p)
		}},
		{"winmail.dat with files", func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			holding("see the files", "winmail.dat", "*", "logo.png", logo, "Zażółć gęślą.txt", "one")(t, p)
		}},
		{"winmail.dat with all of the words", func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			holding("Zażółć\nsee the offer", "winmail.dat", "*")(t, p)
		}},
		{"winmail.dat with a mail in it", func(t *testing.T, p *Parsed) {
			plain("see the mail", crm.MarkPacked)(t, p)
			contains(t, p, "winmail.dat", "*", "mail", string(p.Attached()[1].Content()))
		}},
		{"winmail.dat that lies about lengths", func(t *testing.T, p *Parsed) {
			plain("see the files", crm.MarkPacked)(t, p)
			contains(t, p, "winmail.dat", "*", "logo.png", logo)
		}},
		{"winmail.dat of a million properties", holding("see the files", "winmail.dat", "*")},
		{"winmail.dat of 100,000 files", func(t *testing.T, p *Parsed) {
			plain("see the files", crm.MarkPacked, crm.MarkPartsTruncated)(t, p)
			if len(p.Attachments) > maxParts+1 {
				t.Errorf("%d attachments", len(p.Attachments))
			}
		}},
	}
}

func oddSizes() []fault {
	return []fault{
		{"5,000 references", func(t *testing.T, p *Parsed) {
			plain("hi", crm.MarkHeaderTruncated)(t, p)
			if n := len(p.References); n != crm.MaxReferences || p.References[0] != "r0@acme.example" || p.References[n-1] != "r4999@acme.example" {
				t.Errorf("references %v", p.References)
			}
		}},
		{"100,000 addresses", func(t *testing.T, p *Parsed) {
			plain("hi", crm.MarkHeaderTruncated)(t, p)
			if q := p.Participants[0]; q.Role != crm.RoleFrom || len(p.Participants) < maxParticipants {
				t.Errorf("%d participants, the first %+v", len(p.Participants), q)
			}
		}},
		{"1 MB subject", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkHeaderTruncated)
			if n := utf8.RuneCountInString(p.Subject); n < crm.MaxSubject-1 || p.author() != "anna@acme.example" {
				t.Errorf("subject of %d runes, from %q", n, p.author())
			}
		}},
		{"1,000,000 nested tags", plain("", crm.MarkTextTruncated)},
		{"1,000,000 entities", func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "Ł&Ł&")
			marked(t, p, crm.MarkTextTruncated)
		}},
		{"one address of 1 MB", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkHeaderTruncated, crm.MarkAddress)
			if q := p.Participants[1]; q.Address != "" || len(q.Raw) > maxRaw {
				t.Errorf("%d bytes raw, address %q", len(q.Raw), q.Address)
			}
		}},
		{"boundary of 100 KB", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkStructure)
			says(t, p, "hi there")
		}},
		{"calendar that never ends", invited(1)},
		{"calendar of 200,000 events", invited(60)},
		{"calendar folded at every letter", invited(1)},
		{"base64 of base64", func(t *testing.T, p *Parsed) {
			kept(t, p)
			unmarked(t, p)
			if len(p.Text) != 4512 {
				t.Errorf("text of %d bytes: it was encoded once too often", len(p.Text))
			}
		}},
	}
}

// invited expects so many invitations of a sound mail.
func invited(n int) func(*testing.T, *Parsed) {
	return func(t *testing.T, p *Parsed) {
		kept(t, p)
		if len(p.Invites) != n || p.Class != crm.ClassCalendar {
			t.Errorf("%d invitations, class %s", len(p.Invites), p.Class)
		}
	}
}
