package page

import (
	"strings"
	"testing"
)

// TestHeavyStyles cleans pages full of styles that take their reader long, up to a
// minute for one of them. What is harmless in them stays.
func TestHeavyStyles(t *testing.T) {
	const size = 500_000
	for _, piece := range []string{"(", "color:(", "color:url(", "[", "{", "!", "#", ",", "-", "&", "+", "\\", "color:\\", "/*", "@media x{", "<!--", "a", ";", ":", "&#40;"} {
		heavy := strings.Repeat(piece, size/len(piece))
		if strings.HasPrefix(piece, "color:") {
			heavy = "color:" + strings.Repeat(piece[6:], size/(len(piece)-6))
		}
		got, _ := Clean(`<p style="color:red;`+heavy+`;width:3px">a</p>`, nil)
		if !strings.Contains(got, "color: red") || !strings.Contains(got, ">a</p>") || len(got) > 100 {
			t.Errorf("%q: %.200s", piece, got)
		}
		many, _ := Clean(strings.Repeat(`<b style="color:red;`+heavy[:min(len(heavy), 1000)]+`">b</b>`, size/1000), nil)
		if n := strings.Count(many, "color: red"); n != size/1000 {
			t.Errorf("%q: %d of many", piece, n)
		}
	}
}

// TestCalmChangesNothingUsual: what mail programs write stays byte by byte.
func TestCalmChangesNothingUsual(t *testing.T) {
	long := strings.Repeat("padding-left:3px;", 30) + "color:#fff"
	for in, want := range map[string]string{
		`<P STYLE='color:#333;font-family:"A b",serif'  x>a</P>`: "",
		`<p style="color:rgb(1, 2, 3); margin:0 auto">a</p>`:     `<p style="color:rgb(1, 2, 3); margin:0 auto">a</p>`,
		`<p style="` + long + `">a</p>`:                          `<p style="` + long + `">a</p>`,
		`<p title="style (">a</p>`:                               `<p title="style (">a</p>`,
		`<p style="background:url(data:x;base64,y);color:red">`:  `<p style="color:red">`,
		`<!-- <p style="(("> --><style>p{color:(}</style>`:       "",
	} {
		if want == "" {
			want = in
		}
		if got := Calm(in); got != want {
			t.Errorf("%s\nbecomes %s", in, got)
		}
	}
}
