package card

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/addon/card/cardtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func address(t testing.TB, s string) URL {
	t.Helper()
	u, err := ParseURL(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// readable is the JSON of v, indented, with < and > as they are.
func readable(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
	return []byte(plain + "\n")
}

func checked(t testing.TB, r Response) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := cardtest.Check(b); err != nil {
		t.Errorf("%v\n%s", err, crop(b))
	}
	return b
}

func crop(b []byte) []byte { return b[:min(len(b), 2000)] }

func everything(t testing.TB) Card {
	endpoint := address(t, "https://crm.example/addon/v1/event")
	act := NewAction(endpoint, Param{"op", "save"}, Param{"", "dropped"}).Needs("name")
	items := []Item{{"Me", "u1", true}, {"", "u2", false}}
	due := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	return New("all", Header{"Anna Nowak", "Acme"}, []MenuEntry{{"Refresh", Run(act)}, {"Nothing", Click{}}},
		NewSection(Plain("Text"),
			Paragraph(Lines(Join(Plain("a < b & "), Bold("c > d")), Text{}, Dots(Plain("x"), Plain("y")))),
			Paragraph(Text{}),
			Row(Plain("anna@acme.example"), Details{Icon: IconMail, Alt: "Mail", Top: Plain("Mail"), Bottom: Bold("below"), Wrap: true, Click: MailTo("anna@acme.example")}),
			Row(Plain("+48 600 000 000"), Details{Icon: IconPhone, Click: Dial("+48600000000"), Button: NewButton("Call", Dial("+48600000000"))}),
			Divider(),
		).Folded(2),
		NewSection(Text{},
			Buttons(NewButton("Open", Open(endpoint)), NewButton("Sign in", OpenAndReload(endpoint)), NewButton("Nothing", Click{})),
			Chips(Chip{"VIP", Click{}}, Chip{"Warsaw", Open(endpoint)}, Chip{}),
			Image(address(t, "https://crm.example/logo.png"), "Logo"),
		),
		NewSection(Plain("Inputs"),
			TextInput("name", "Name", TextOptions{Value: "Anna", Hint: "Full name", MaxRunes: 120}),
			TextInput("mail", "", TextOptions{Kind: Email, OnChange: act}),
			TextInput("about", "About", TextOptions{Kind: ManyLines, Value: "one\ntwo"}),
			Choice("owner", "Owner", Dropdown, items, act),
			Choice("show", "Show", Checkboxes, items, Action{}),
			Choice("log", "", Radio, items, Action{}),
			Choice("on", "", Switches, items[:1], Action{}),
			DatePicker("due", "Due", due, Action{}),
			MomentPicker("start", "", time.Time{}, act),
		),
		NewSection(Plain("Empty"), Widget{}, TextInput("", "x", TextOptions{}), Choice("x", "", Dropdown, nil, Action{}), Buttons(), Chips(), Image(URL{}, "")),
	)
}

func TestGolden(t *testing.T) {
	c := everything(t)
	for name, r := range map[string]Response{
		"push":      Push(c),
		"authorize": Authorize(New("", Header{Title: "Who are you?"}, nil, NewSection(Text{}, Paragraph(Plain("Unknown."))))),
		"scopes":    RequestScopes("https://www.googleapis.com/auth/userinfo.email"),
		"allscopes": RequestScopes(),
		"steps":     Do(BackToRoot(), Update(New("s", Header{Title: "Short"}, nil)), Notify("Saved\n"), Follow(address(t, "https://crm.example/")), Changed()),
		"back":      Do(Back(), BackTo("all"), BackTo(""), Show(Card{}), Notify(" "), Follow(URL{}), Step{}),
		"nothing":   {},
	} {
		t.Run(name, func(t *testing.T) {
			checked(t, r)
			got, file := readable(t, r), "testdata/"+name+".golden.json"
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func rows(n, length int) []Widget {
	var out []Widget
	for i := range n {
		out = append(out, Row(Plain(fmt.Sprintf("%03d %s", i, strings.Repeat("<", length))), Details{}))
	}
	return out
}

func more(n int) Text { return Plain(fmt.Sprintf("%d more", n)) }

func TestBudget(t *testing.T) {
	for name, c := range map[string]struct {
		sections []Section
		want     []string
		absent   []string
	}{
		"ManyWidgets": {
			[]Section{NewSection(Plain("A"), rows(10, 1)...), NewSection(Plain("B"), rows(300, 1)...).Shrinking(more)},
			[]string{`"009 `, `"088 `, `"211 more"`}, []string{`"089 `},
		},
		"ManyBytes": {
			[]Section{NewSection(Plain("A"), rows(2, 300)...).Shrinking(more), NewSection(Plain("B"), rows(60, 300)...).Shrinking(more), NewSection(Plain("C"), rows(1, 1)...)},
			[]string{`"001 `, ` more"`, `"header":"C"`}, []string{`"040 `},
		},
		"LastShrinksFirst": {
			[]Section{NewSection(Plain("A"), rows(60, 1)...).Shrinking(more), NewSection(Plain("B"), rows(60, 1)...).Shrinking(more)},
			[]string{`"059 `, `"21 more"`}, []string{`"060 `},
		},
		"NothingShrinks": {
			[]Section{NewSection(Plain("A"), rows(300, 300)...)}, []string{`"000 `}, []string{`"099 `, "more"},
		},
		"WholeSectionGoes": {
			[]Section{NewSection(Plain("A"), rows(99, 1)...), NewSection(Plain("B"), rows(1, 1)...), NewSection(Plain("C"), rows(1, 1)...)},
			[]string{`"header":"B"`}, []string{`"header":"C"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := string(checked(t, Push(New("", Header{Title: "T"}, nil, c.sections...))))
			for _, s := range c.want {
				if !strings.Contains(body, s) {
					t.Errorf("lacks %s", s)
				}
			}
			for _, s := range c.absent {
				if strings.Contains(body, s) {
					t.Errorf("holds %s", s)
				}
			}
		})
	}
}

func TestTextIsInert(t *testing.T) {
	for in, want := range map[string]string{
		"<b>x</b>":               "&lt;b&gt;x&lt;/b&gt;",
		"a\r\nb\x00c\x7f":        "a  bc",
		"\u202eevil\u2066\u200f": "evil",
		"bad\xff":                "bad\uFFFD",
		"&amp;":                  "&amp;amp;",
		"  x ":                   "  x ",
	} {
		if got := Plain(in).html; got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := Bold(" \x00").html; got != "" {
		t.Errorf("nothing in bold became %q", got)
	}
	long := Plain(strings.Repeat("ł", 1000)).html
	if n := len([]rune(long)); n != maxText || !strings.HasSuffix(long, "…") {
		t.Errorf("cut to %d runes: …%s", n, long[len(long)-5:])
	}
}

func TestParseURL(t *testing.T) {
	for in, ok := range map[string]bool{
		"https://crm.example/x?t=1": true, "http://127.0.0.1:8080/": true, "http://[::1]/": true, "http://localhost:1": true,
		"http://crm.example/": false, "javascript:alert(1)": false, "/path": false, "https://": false, "": false,
		"https://user:secret@crm.example/": false, "http://127.0.0.1.evil.example/": false, "https://a/" + strings.Repeat("x", maxURL): false,
	} {
		if _, err := ParseURL(in); (err == nil) != ok {
			t.Errorf("%q: %v", in, err)
		}
	}
	if got := address(t, "https://crm.example/a/").Path("m s", "x/y").String(); got != "https://crm.example/a/m%20s/x%2Fy" {
		t.Error(got)
	}
	if !(URL{}).Path("x").IsZero() {
		t.Error("a path on nothing is an address")
	}
}

// FuzzCard puts any text into every place that takes text.
func FuzzCard(f *testing.F) {
	f.Add("Anna", "anna@acme.example", uint8(3))
	f.Add("<script>&\x00", "\u202e\xff{}\"", uint8(0))
	f.Add("", " ", uint8(255))
	f.Fuzz(func(t *testing.T, a, b string, n uint8) {
		endpoint := address(t, "https://crm.example/").Path(a, b)
		ws := []Widget{
			Paragraph(Plain(a)), Chips(Chip{a, Click{}}), TextInput("n", a, TextOptions{Kind: TextKind(n), Value: b, Hint: a}),
			Choice("c", a, ChoiceKind(n), []Item{{b, "v", false}}, Action{}), Image(endpoint, a),
			Buttons(NewButton(a, MailTo(b)), NewButton(b, Run(NewAction(endpoint, Param{a, b})))),
		}
		for range n {
			ws = append(ws, Row(Join(Bold(a), Plain(b)), Details{Icon: Icon(n), Alt: b, Top: Plain(b), Bottom: Lines(Bold(b), Plain(a)), Click: Dial(b)}))
		}
		c := New("x", Header{a, b}, []MenuEntry{{b, Open(endpoint)}}, NewSection(Plain(a), ws[:3]...), NewSection(Bold(b), ws[3:]...).Folded(int(n)).Shrinking(more))
		checked(t, Push(c))
		checked(t, Do(Update(c), Notify(a)))
	})
}
