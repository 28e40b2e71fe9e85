package mail

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

// said is a signature in short: values only.
type said struct {
	Phones              []string
	Title, Company, URL string
}

func saidBy(s Signature) said {
	out := said{Title: s.Title.Value, Company: s.Company.Value, URL: s.URL.Value}
	for _, p := range s.Phones {
		out.Phones = append(out.Phones, p.Value)
	}
	return out
}

func TestParseSignature(t *testing.T) {
	for name, c := range map[string]struct {
		from, text string
		want       said
	}{
		"separator": {"Nora Lind", "Hello,\n\nwe take ten.\n\n-- \nNora Lind\nHead of Purchasing\nNord Racks Ltd\nT: +44 20 7946 0958 | M: +44 7700 900123\nFax: +44 20 7946 0999\nwww.nord.example\n",
			said{[]string{"+442079460958", "+447700900123"}, "Head of Purchasing", "Nord Racks Ltd", "www.nord.example"}},
		"French, no separator": {"Claire Petit", "Bonjour,\n\nc'est d'accord.\n\nBien cordialement,\nClaire Petit\nResponsable des achats – Étagères du Sud SARL\nTél. : +33 1 99 00 12 34\nhttps://etageres.example/contact\n",
			said{[]string{"+33199001234"}, "Responsable des achats", "Étagères du Sud SARL", "etageres.example/contact"}},
		"Italian": {"Marco Riva", "Va bene.\n\nCordiali saluti\n\nMarco Riva\nDirettore acquisti\nScaffali Riva S.r.l.\nCell: +39 333 0000000\n",
			said{[]string{"+393330000000"}, "Direttore acquisti", "Scaffali Riva S.r.l.", ""}},
		"Polish": {"Jan Lis", "Dzień dobry,\nproszę o ofertę.\n\nZ poważaniem,\nJan Lis\nKierownik zakupów\nRegały Północ Sp. z o.o.\ntel. kom: 600 000 000\n",
			said{nil, "Kierownik zakupów", "Regały Północ Sp. z o.o.", ""}},
		"only the name": {"Nora Lind", "Ten, please.\n\nNora Lind, Sales Manager\n+44 20 7946 0958\n",
			said{[]string{"+442079460958"}, "Sales Manager", "", ""}},
		"quoted mail is not read": {"Nora Lind", "Fine with me.\n\nOn Mon, 2 Nov 2026, Ola wrote:\n> -- \n> Ola\n> Sales Director\n> +48 600 000 001\n", said{}},
		"below the signature, earlier mail": {"Nora Lind", "Fine.\n\n-- \nNora Lind\nBuyer\n\n-----Original Message-----\nFrom: Ola\nCEO\n+48 600 000 001\n",
			said{nil, "Buyer", "", ""}},
		"no signature":           {"Nora Lind", "Please call our manager at +48 600 000 001 tomorrow.\nIt is urgent.\n", said{}},
		"a number without label": {"Nora Lind", "Best regards\nNora Lind\nOrder 20261122 0001\n12345678\n", said{}},
		"networks and disclaimers": {"Nora Lind", "Thanks\nNora Lind\nhttps://www.linkedin.com/in/nora\nThis message is for the director of the company to whom it is addressed and nobody else at all, whoever that may be.\n",
			said{}},
		"nothing": {"", "", said{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := ParseSignature(c.text, quotedFrom(c.text), crm.Participant{Name: c.from}, "")
			if d := cmp.Diff(c.want, saidBy(got)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// A number as it is dialled at home is of the workspace's country, when it is in
// use there.
func TestParseSignatureAtHome(t *testing.T) {
	for line, want := range map[string][]string{
		"tel. kom: 600 000 000":             {"+48600000000"},
		"tel. 22 123 45 67 wew. 12":         {"+48221234567"},
		"T: (22) 123-45-67 | 600 100 200":   {"+48221234567", "+48600100200"},
		"T: +48 22 123 45 67, 22 123 45 67": {"+48221234567"}, // once
		"M: +44 7700 900123, tel: 12":       {"+447700900123"},
		"NIP 525-000-00-00, REGON 12345678": nil,
		"525-000-00-00":                     nil,
		"600100200":                         nil,
		"00-950 Warszawa":                   nil,
		"tel: 10 123 45 67":                 nil,
		"ul. Polna 22/12, 600-100 Leszno":   nil,
	} {
		got := ParseSignature("Dzień dobry.\n\nZ poważaniem,\nJan Lis\n"+line+"\n", 0, crm.Participant{Name: "Jan Lis"}, "PL")
		if d := cmp.Diff(want, saidBy(got).Phones); d != "" {
			t.Errorf("%s: -want +got:\n%s", line, d)
		}
	}
}

// A number as it is dialled at home is rather of the country of the number beside
// it, or of the writer's domain, than of ours.
func TestParseSignatureAbroad(t *testing.T) {
	for _, c := range []struct {
		from  crm.Address
		lines string
		want  []string
	}{
		{"jan@lis.example", "Tél. : +33 6 12 34 56 78\nFixe : 01 42 68 53 00", []string{"+33612345678", "+33142685300"}},
		{"jan@lis.example", "Fixe : 01 42 68 53 00\nTél. : +33 6 12 34 56 78", []string{"+33142685300", "+33612345678"}},
		{"jan@lis.fr", "Fixe : 01 42 68 53 00", []string{"+33142685300"}},
		{"jan@lis.co.uk", "T: 020 7946 0018", []string{"+442079460018"}},
		{"jan@lis.fr", "tel. kom: 600 000 000", []string{"+48600000000"}}, // of no French network
		{"jan@lis.io", "tel. kom: 600 000 000", []string{"+48600000000"}},
	} {
		got := ParseSignature("Bonjour.\n\nCordialement,\nJan Lis\n"+c.lines+"\n", 0, crm.Participant{Name: "Jan Lis", Address: c.from}, "PL")
		if d := cmp.Diff(c.want, saidBy(got).Phones); d != "" {
			t.Errorf("%s, %q: -want +got:\n%s", c.from, c.lines, d)
		}
	}
}

func FuzzSignature(f *testing.F) {
	f.Add("-- \nNora Lind\nBuyer\n+48 600 000 000", "Nora Lind")
	f.Add("Cordialement,\nx|y - z\nwww.a.example\n> q", "x")
	f.Fuzz(func(t *testing.T, text, name string) {
		s := ParseSignature(text, quotedFrom(text), crm.Participant{Name: name}, "PL")
		for _, d := range append(s.Phones, s.Title, s.Company, s.URL) {
			if d.Value != "" && d.Line == "" {
				t.Errorf("%q has no line", d.Value)
			}
		}
	})
}
