package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var verb = regexp.MustCompile(`%[a-z]`)

func TestRefusalsKeepTheirVerbs(t *testing.T) {
	for _, table := range []map[string][3]string{refusals, hints} {
		for pattern, all := range table {
			want := strings.Join(verb.FindAllString(pattern, -1), "")
			for i, said := range all {
				if got := strings.Join(verb.FindAllString(said, -1), ""); got != want || said == "" {
					t.Errorf("%s of %q: %q has the verbs %s, not %s", Langs()[i+1], pattern, said, got, want)
				}
			}
		}
	}
}

// TestRefusalsAreSaid finds each pattern in the program: one that nothing says any
// more was changed there and not here.
func TestRefusalsAreSaid(t *testing.T) {
	said := literals(t, "../..")
	for pattern := range refusals {
		if !said[pattern] {
			t.Errorf("nothing in the program says %q", pattern)
		}
	}
	for hint := range hints {
		if !said[hint] {
			t.Errorf("nothing in the program says %q", hint)
		}
	}
}

// literals are the texts in the Go files below a folder, without those of tests
// and of this table.
func literals(t *testing.T, root string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "web" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") && path != root:
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(d.Name(), "refus"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					found[s] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestRefusalInTheLanguageOfTheReader(t *testing.T) {
	for header, want := range map[string]string{
		"pl-PL,pl;q=0.9,en;q=0.8": `"x" nie jest datą`,
		"de-DE, fr;q=0.7":         `"x" n’est pas une date`,
		"it":                      `"x" non è una data`,
		"en-GB,pl;q=0.5":          "",
		"":                        "",
	} {
		if got, _ := Accepted(header).Refused("%q is not a date", "x"); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
	if got := Polish.Refusal("one of open, won, lost"); got != "jedno z: open, won, lost" {
		t.Errorf("a hint with names: %q", got)
	}
	if got := French.Refusal("nothing that is known"); got != "nothing that is known" {
		t.Errorf("an unknown hint: %q", got)
	}
}
