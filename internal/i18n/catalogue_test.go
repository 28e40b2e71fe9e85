package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// declared reads the constants of the files of keys: what the program can ask for.
func declared(t *testing.T) []Key {
	t.Helper()
	var keys []Key
	for _, file := range []string{"keys.go", "keys_sidebar.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, declaredIn(t, f)...)
	}
	slices.Sort(keys)
	return keys
}

func declaredIn(t *testing.T, f *ast.File) []Key {
	t.Helper()
	var keys []Key
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, Key(s))
		return true
	})
	return keys
}

func TestEveryKeyInEveryLanguage(t *testing.T) {
	want := declared(t)
	if len(want) < 50 {
		t.Fatalf("only %d keys were found in keys.go", len(want))
	}
	for _, l := range Langs() {
		got := slices.Sorted(maps.Keys(catalogues[l]))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-keys.go +catalogue):\n%s", l, d)
		}
	}
}

func placeholders(s string) string {
	var args []string
	for p := range split(s) {
		if p.arg >= 0 {
			args = append(args, p.words)
		}
	}
	slices.Sort(args)
	return strings.Join(slices.Compact(args), "")
}

func (m message) forms() []string { return []string{m.one, m.few, m.many, m.other} }

func TestSamePlaceholders(t *testing.T) {
	for key, en := range catalogues[English] {
		want := placeholders(en.other)
		for _, l := range Langs() {
			m := catalogues[l][key]
			if m.counts() != en.counts() {
				t.Errorf("%s %s: counts in one language only", l, key)
			}
			for i, s := range m.forms() {
				if s != "" && placeholders(s) != want {
					t.Errorf("%s %s form %d: placeholders %q, English has %q", l, key, i, placeholders(s), want)
				}
			}
			if strings.ContainsAny(strings.NewReplacer("{0}", "", "{1}", "", "{2}", "", "{3}", "", "{4}", "").Replace(m.other), "{}<>&") {
				t.Errorf("%s %s: stray brace or markup in %q", l, key, m.other)
			}
		}
	}
}

func TestPluralForms(t *testing.T) {
	for _, l := range Langs() {
		for key, m := range catalogues[l] {
			polish := m.few != "" && m.many != ""
			if m.other == "" || m.counts() && polish != (l == Polish) {
				t.Errorf("%s %s lacks a form of its language", l, key)
			}
		}
	}
}

// sameWord lists what is rightly spelt as in English.
var sameWord = map[Lang][]Key{
	French:  {KindContact, KindNote, KindTicket, RoleCc, ClassNotification, ActionNote, QuoteDate},
	Italian: {RoleCc, KindLead, KindTicket},
	Polish:  {KindLead},
}

func TestNoEnglishLeftOver(t *testing.T) {
	for _, l := range Langs()[1:] {
		for key, en := range catalogues[English] {
			same := catalogues[l][key].other == en.other
			if allowed := slices.Contains(sameWord[l], key); same != allowed {
				t.Errorf("%s %s: %q, same as English: %t, expected: %t", l, key, en.other, same, allowed)
			}
		}
	}
}

// TestTradeTerms pins the words that literal translation gets wrong.
func TestTradeTerms(t *testing.T) {
	want := map[Key][4]string{
		KindDeal:       {"Deal", "Opportunité", "Opportunità", "Szansa sprzedaży"},
		KindCompany:    {"Company", "Entreprise", "Azienda", "Firma"},
		RoleBcc:        {"Bcc", "Cci", "Ccn", "UDW"},
		StageWon:       {"Won", "Gagnée", "Vinta", "Wygrana"},
		SectionBecause: {"Logged because", "Consigné parce que", "Registrato perché", "Zarejestrowano, ponieważ"},
	}
	for key, terms := range want {
		for i, l := range Langs() {
			if got := l.T(key); got != terms[i] {
				t.Errorf("%s %s = %q, want %q", l, key, got, terms[i])
			}
		}
	}
}
