package merge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var known = []string{"contact.first_name", "contact.name", "contact.website", "company.name", "deal.amount", "sender.name"}

func values(pairs ...string) Values {
	return func(field string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == field {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func parse(t *testing.T, source string, f Format) *Template {
	t.Helper()
	out, problems := Parse(source, f, known)
	if len(problems) > 0 {
		t.Fatalf("%q: %+v", source, problems)
	}
	return out
}

func TestRender(t *testing.T) {
	for _, c := range []struct {
		name, source string
		format       Format
		values       Values
		want         string
		missing      []string
	}{
		{"value", "Dear {{ Contact.First_Name }},", Text, values("contact.first_name", "Ana"), "Dear Ana,", nil},
		{"fallback", "Dear {{contact.first_name|friend of ours}},", Text, values(), "Dear friend of ours,", nil},
		{"empty fallback", "Dear{{contact.first_name|}},", Text, values(), "Dear,", nil},
		{"missing", "Dear {{contact.first_name}} of {{company.name}}", Text, values("company.name", "  "), "Dear  of ", []string{"company.name", "contact.first_name"}},
		{"if", "{{#if deal.amount}}worth {{deal.amount}}{{/if}}.", Text, values("deal.amount", "5"), "worth 5.", nil},
		{"not if", "{{#if deal.amount}}worth {{deal.amount}}{{/if}}.", Text, values(), ".", nil},
		{"else", "{{#if deal.amount}}a{{else}}{{contact.name}}{{/if}}", Text, values(), "", []string{"contact.name"}},
		{"nested", "{{#if deal.amount}}{{#if contact.name}}both{{else}}one{{/if}}{{/if}}", Text, values("deal.amount", "1"), "one", nil},
		{"braces", `\{{not a tag}}`, Text, values(), "{{not a tag}}", nil},
		{"a value is no template", "{{contact.name}}", Text, values("contact.name", "{{sender.name}}", "sender.name", "secret"), "{{sender.name}}", nil},
		{"header injection", "Hi {{contact.name}}", Line, values("contact.name", "A\r\nBcc: all@example.com"), "Hi A Bcc: all@example.com", nil},
		{"escaped", "<p>{{contact.name}}</p>", HTML, values("contact.name", "<b>&\nx"), "<p>&lt;b&gt;&amp;<br>x</p>", nil},
		{"attribute", `<a title="{{contact.name}}" href="https://e.example/">x</a>`, HTML, values("contact.name", `" onclick="x`), `<a title="&#34; onclick=&#34;x" href="https://e.example/">x</a>`, nil},
		{"address", `<a href="{{contact.website}}">x</a>`, HTML, values("contact.website", "https://e.example/?a=1&b=2"), `<a href="https://e.example/?a=1&amp;b=2">x</a>`, nil},
		{"script address", `<a href="{{contact.website}}">x</a>`, HTML, values("contact.website", "javascript:alert(1)"), `<a href="">x</a>`, []string{"contact.website"}},
		{"path", `<a href="https://e.example/{{contact.name}}/x">x</a>`, HTML, values("contact.name", "a/../b?c"), `<a href="https://e.example/a%2F..%2Fb%3Fc/x">x</a>`, nil},
		{"address in text", "offer (https://e.example/{{contact.name}}?n={{contact.name}}), {{contact.name}}", Text, values("contact.name", "a b&c"), "offer (https://e.example/a%20b&c?n=a+b%26c), a b&c", nil},
		{"address with a condition in text", "https://e.example/?a=1{{#if contact.name}}&n={{contact.name}}{{/if}} {{contact.name}}", Text, values("contact.name", "a b"), "https://e.example/?a=1&n=a+b a b", nil},
		{"query", `<a href="https://e.example/?n={{contact.name}}">x</a>`, HTML, values("contact.name", "a&b=c d"), `<a href="https://e.example/?n=a%26b%3Dc+d">x</a>`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl := parse(t, c.source, c.format)
			if got := tmpl.Render(c.values); got != c.want {
				t.Errorf("rendered %q, want %q", got, c.want)
			}
			if diff := cmp.Diff(c.missing, tmpl.Missing(c.values)); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, source string
		format       Format
		want         Problem
	}{
		{"misspelt", "a\nDear {{contact.nmae}}", Text, Problem{2, 6, `there is no field "contact.nmae"`, "did you mean contact.name?"}},
		{"never closed", "Zażółć {{contact.name", Text, Problem{1, 8, "this {{ is never closed", `end the tag with }}, or write \{{ for two braces`}},
		{"over a line", "{{contact.\nname}}", Text, Problem{1, 1, "this {{ is never closed", `end the tag with }}, or write \{{ for two braces`}},
		{"if never closed", "x{{#if deal.amount}}y", Text, Problem{1, 2, "this {{#if}} is never closed", "put {{/if}} behind what it covers"}},
		{"stray end", "x{{/if}}", Text, Problem{1, 2, "there is no {{#if}} before this {{/if}}", "remove it"}},
		{"a loop", "{{#each contacts}}", Text, Problem{1, 1, "there is no {{#each contacts}}", "only {{#if field}}, {{else}} and {{/if}}"}},
		{"two else", "{{#if deal.amount}}a{{else}}b{{else}}c{{/if}}", Text, Problem{1, 38, "there is a second {{else}}", "a condition has one"}},
		{"in a name", "<{{contact.name}}>", HTML, Problem{1, 2, "a tag cannot stand inside the name of an element or attribute", "put it in the text, or in quotes as the value of an attribute"}},
		{"half an attribute", `<p title="{{#if deal.amount}}a">{{/if}}">x</p>`, HTML, Problem{1, 11, "an element or attribute begins inside this condition and ends outside", "close it before {{/if}}"}},
		{"not UTF-8", "\xff", Text, Problem{1, 1, "the text is not UTF-8", "save it as UTF-8"}},
		{"too many", strings.Repeat("{{contact.name}}", MaxTags+1), Text, Problem{1, MaxTags*16 + 1, "there are more than 1000 tags", "write one template for each purpose"}},
		{"too deep", strings.Repeat("{{#if deal.amount}}", MaxDepth+1), Text, Problem{1, MaxDepth*19 + 1, "conditions lie more than 10 deep", "write one template for each case"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmpl, problems := Parse(c.source, c.format, known)
			if tmpl != nil || len(problems) == 0 {
				t.Fatalf("parsed: %+v", tmpl)
			}
			if diff := cmp.Diff(c.want, problems[0]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEveryProblemIsNamed(t *testing.T) {
	_, problems := Parse("{{a}} {{b}}\n{{contact.name}}{{c}}", Text, known)
	if len(problems) != 3 || problems[2].Line != 2 || problems[2].Column != 17 {
		t.Errorf("%+v", problems)
	}
	_, problems = Parse(strings.Repeat("{{a}}", 900), Text, known)
	if len(problems) != maxHeard {
		t.Errorf("%d problems are listed, at most %d are heard", len(problems), maxHeard)
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"kept", `<p style="color: #333">Dear {{contact.name|you}}, <a href="https://e.example/?a={{contact.name}}">here</a></p>`, `<p style="color: #333">Dear {{contact.name|you}}, <a href="https://e.example/?a={{contact.name}}">here</a></p>`},
		{"address tag", `<a href="{{contact.website}}">x</a>`, `<a href="{{contact.website}}">x</a>`},
		{"script", `a<script>alert(1)</script>b{{contact.name}}`, `ab{{contact.name}}`},
		{"handler", `<p onclick="x({{contact.name}})">a</p>`, `<p>a</p>`},
		{"javascript", `<a href="javascript:{{contact.name}}">a</a>`, `a`},
		{"relative", `<a href="/here">a</a>`, `a`},
		{"condition", `{{#if deal.amount}}<b>{{deal.amount}}</b>{{/if}}`, `{{#if deal.amount}}<b>{{deal.amount}}</b>{{/if}}`},
		{"style that loads", `<p style="background-color: url(https://e.example/x)">a</p>`, `<p>a</p>`},
		{"like a mark", `mergetag0x {{contact.name}}`, `merge-tag0x {{contact.name}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Clean(c.source)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if again := Clean(got); again != got {
				t.Errorf("cleaning again gave %s", again)
			}
		})
	}
}

// FuzzTemplate: no source and no value breaks out of its place.
func FuzzTemplate(f *testing.F) {
	f.Add("<p>{{contact.name}}</p>", "<script>")
	f.Add(`<a href="{{contact.website}}" title="{{contact.name}}">`, `"><img onerror=x>`)
	f.Add("{{#if deal.amount}}{{else}}{{/if}}", "x")
	f.Add(`\{{ {{contact.name|a}}`, "\x00\r\nBcc: x")
	f.Add(`<!-- {{contact.name}} -->`, "--><script>")
	f.Fuzz(func(t *testing.T, source, value string) {
		all := func(string) string { return value }
		if tmpl, _ := Parse(source, Line, known); tmpl != nil && !strings.ContainsAny(source, "\r\n") {
			if out := tmpl.Render(all); strings.ContainsAny(out, "\r\n") {
				t.Errorf("a line has a line end: %q", out)
			}
		}
		clean := Clean(source)
		tmpl, _ := Parse(clean, HTML, known)
		if tmpl == nil {
			return
		}
		empty, full := tmpl.Render(all), policy().Sanitize(tmpl.Render(all))
		if strings.Contains(strings.ToLower(empty), "<script") || strings.Contains(strings.ToLower(full), "<script") {
			t.Errorf("a script came through: %q", empty)
		}
	})
}
