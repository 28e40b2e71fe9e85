package page

import (
	"strings"
	"testing"
)

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		`<html><head><title>t</title><style>p{}</style></head><body class="x"><p>a`:                             `<p>a</p>`,
		`a</blockquote></div></div><p>b</p>`:                                                                    `a<p>b</p>`,
		`<table><tr><td bgcolor="#eee">a<td>b</table>`:                                                          `<table><tbody><tr><td bgcolor="#eee">a</td><td>b</td></tr></tbody></table>`,
		`<img src="https://a.example/l.png" alt="l"><img src="cid:x"><img src="https://t.example/p" width="1">`: `<img src="https://a.example/l.png" alt="l"/>`,
		"": "",
	} {
		if got := Quoted(in); got != want {
			t.Errorf("%q is quoted as %q, want %q", in, got, want)
		}
	}
	for name, in := range map[string]string{"large": strings.Repeat("a", MaxQuoted+1), "deep": strings.Repeat("<div>", 40_000)} {
		if got := Quoted(in); len(got) > 2*MaxQuoted || name == "large" && got != "" {
			t.Errorf("%s: quoted in %d bytes", name, len(got))
		}
	}
}
