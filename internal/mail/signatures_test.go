package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// labelled is a mail of testdata/signatures with what a person takes from it.
type labelled struct {
	from                         crm.Participant
	phones, title, company, text string
}

// readSignatures reads a file; README.md there explains its form.
func readSignatures(t *testing.T, path string) []labelled {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for line := range strings.Lines(string(data)) {
		if head, ok := strings.CutPrefix(line, "== "); ok {
			f := strings.Split(strings.TrimSuffix(head, "\n"), "|")
			name, address, _ := strings.Cut(strings.TrimSpace(f[0]), " <")
			from := crm.Participant{Name: name, Address: crm.Address(strings.TrimSuffix(address, ">"))}
			out = append(out, labelled{from: from, phones: strings.TrimSpace(f[1]), title: strings.TrimSpace(f[2]), company: strings.TrimSpace(f[3])})
			continue
		}
		out[len(out)-1].text += line
	}
	return out
}

// TestSignatures prints how much of what is suggested is right and how much of
// what a person would take is found. A wrong suggestion is worse than none.
func TestSignatures(t *testing.T) {
	var given, right, wanted float64
	for _, lang := range []string{"en", "fr", "it", "pl"} {
		for _, c := range readSignatures(t, filepath.Join("testdata", "signatures", lang+".txt")) {
			p := Parse([]byte("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(c.text, "\n", "\r\n")))
			got := saidBy(ParseSignature(p.Text, p.Quoted, c.from, ""))
			for _, x := range []struct{ what, got, want string }{
				{"phone", strings.Join(got.Phones, " "), c.phones}, {"title", got.Title, c.title}, {"company", got.Company, c.company},
			} {
				same := strings.EqualFold(x.got, x.want)
				if x.got != "" {
					given++
				}
				if x.want != "" {
					wanted++
				}
				if same && x.got != "" {
					right++
				}
				if !same {
					t.Logf("%s %s: %s %q, want %q", lang, c.from.Name, x.what, x.got, x.want)
				}
			}
		}
	}
	if right < given || right < 0.8*wanted {
		t.Error("a suggestion is wrong, or too few are made")
	}
	t.Logf("suggested %.0f, right %.3f; of %.0f found %.3f", given, right/given, wanted, right/wanted)
}
