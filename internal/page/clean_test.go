package page

import (
	"strings"
	"testing"
)

func TestSanitise(t *testing.T) {
	own := "data:image/png;base64,iVBORw0KGgo="
	for name, c := range map[string]struct {
		in      string
		want    []string // must be there
		never   []string // must not
		blocked int
	}{
		"plain":             {`<p>Hello <b>you</b></p>`, []string{"<p>Hello <b>you</b></p>"}, nil, 0},
		"script":            {`<p>a</p><script>alert(1)</script><p>b</p>`, []string{"<p>a</p><p>b</p>"}, []string{"script", "alert"}, 0},
		"handler":           {`<p onclick="x()">a</p>`, []string{"<p>a</p>"}, []string{"onclick"}, 0},
		"class and id":      {`<div class="modal" id="config">a</div>`, []string{"<div>a</div>"}, []string{"modal", "config"}, 0},
		"remote picture":    {`<img src="https://t.example/p.gif" width="100" alt="a">`, []string{placeholder, `width="100"`, `alt="a"`}, []string{"t.example"}, 1},
		"picture by part":   {`<img src="cid:part1@x">`, []string{placeholder}, []string{"cid:"}, 1},
		"relative picture":  {`<img src="/api/v1/session">`, []string{placeholder}, []string{"/api"}, 1},
		"srcset":            {`<img srcset="https://t.example/p.gif 2x" alt="a">`, nil, []string{"t.example"}, 0},
		"own picture":       {`<img src="` + own + `">`, []string{own}, []string{placeholder}, 0},
		"svg picture":       {`<img src="data:image/svg+xml;base64,PHN2Zy8+">`, []string{placeholder}, []string{"svg"}, 1},
		"two sources":       {`<img src="` + own + `" src="https://t.example/x">`, []string{own}, []string{"t.example"}, 0},
		"upper case":        {`<IMG SRC=HTTPS://T.EXAMPLE/P.GIF>`, []string{placeholder}, []string{"T.EXAMPLE"}, 1},
		"image alias":       {`<image src="https://t.example/p.gif">`, nil, []string{"t.example"}, 0},
		"style url":         {`<p style="background:url(https://t.example/x);color:red">a</p>`, []string{"color: red"}, []string{"t.example", "background"}, 0},
		"unclosed url":      {`<p style="color:url(https://t.example/x">a</p>`, []string{"a"}, []string{"t.example"}, 0},
		"escaped url":       {`<p style="color:\75rl(https://t.example/x)">a</p>`, nil, []string{"t.example"}, 0},
		"list picture":      {`<ul style="list-style-image:url(https://t.example/x)"><li>a</ul>`, nil, []string{"t.example"}, 0},
		"position":          {`<div style="position:fixed;top:0;z-index:9;color:blue">a</div>`, []string{"color: blue"}, []string{"position", "z-index"}, 0},
		"negative margin":   {`<div style="margin-top:-900px">a</div>`, []string{"a"}, []string{"-900"}, 0},
		"margin":            {`<div style="margin:0 auto">a</div>`, []string{"margin: 0 auto"}, nil, 0},
		"colour function":   {`<p style="color:rgb(1,2,3)">a</p>`, []string{"rgb(1,2,3)"}, nil, 0},
		"hidden preheader":  {`<div style="display:none">a</div>`, []string{"display: none"}, nil, 0},
		"style sheet":       {`<style>@import "https://t.example/x"</style><p>a</p>`, []string{"<p>a</p>"}, []string{"t.example"}, 0},
		"link":              {`<a href="https://nord.example/x?a=1&amp;b=2">a</a>`, []string{"https://nord.example/x?a=1&amp;b=2", "noreferrer", "nofollow", "noopener"}, nil, 0},
		"mail link":         {`<a href="mailto:nora@nord.example">a</a>`, []string{"mailto:nora@nord.example"}, nil, 0},
		"script link":       {`<a href="jAvascript:alert(1)">a</a>`, []string{"a"}, []string{"lert("}, 0},
		"data link":         {`<a href="data:text/html,<script>alert(1)</script>">a</a>`, []string{"a"}, []string{"data:", "alert"}, 0},
		"data picture link": {`<a href="` + own + `">a</a>`, []string{"a"}, []string{"data:"}, 0},
		"relative link":     {`<a href="/messages/delete">a</a>`, []string{"a"}, []string{"/messages"}, 0},
		"quote address":     {`<blockquote cite="https://t.example/x">a</blockquote>`, []string{"<blockquote>a</blockquote>"}, []string{"t.example"}, 0},
		"form":              {`<form action="https://t.example"><input name="password">a</form>`, []string{"a"}, []string{"form", "input", "t.example"}, 0},
		"frame":             {`<iframe src="https://t.example"></iframe>a`, []string{"a"}, []string{"iframe", "t.example"}, 0},
		"base":              {`<base href="https://t.example/">a`, []string{"a"}, []string{"t.example"}, 0},
		"table background":  {`<table background="https://t.example/x" bgcolor="#fff"><tr><td>a</table>`, []string{`bgcolor="#fff"`}, []string{"t.example"}, 0},
		"foreign content":   {`<svg><style><img src=x onerror=alert(1)></style></svg><math><mtext><img src="https://t.example/x"></mtext></math>`, nil, []string{"onerror", "t.example"}, 1},
		"comment":           {`<!--[if mso]><img src="https://t.example/x"><![endif]-->a`, []string{"a"}, []string{"t.example"}, 0},
		"video":             {`<video poster="https://t.example/x" src="https://t.example/y"></video>a`, []string{"a"}, []string{"t.example"}, 0},
	} {
		got, blocked := Clean(c.in, nil)
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q lacks %q", name, got, w)
			}
		}
		for _, n := range c.never {
			if strings.Contains(got, n) {
				t.Errorf("%s: %q has %q", name, got, n)
			}
		}
		if blocked != c.blocked {
			t.Errorf("%s: %d blocked, want %d", name, blocked, c.blocked)
		}
	}
}

func FuzzSanitise(f *testing.F) {
	f.Add(`<p>a<img src="https://t.example/x"></p>`)
	f.Add(`<a href="javascript:x">a</a><svg><style><img src=x onerror=y>`)
	f.Add(`<p style="color:url(x"><!-- <img src=x>`)
	f.Fuzz(func(t *testing.T, in string) {
		once, _ := Clean(in, nil)
		low := strings.ToLower(once)
		for _, bad := range []string{"<script", "<iframe", "<form", "<style", "<svg", "<object", "<link", "<base", "<meta"} {
			if strings.Contains(low, bad) {
				t.Errorf("%q gives %q", in, once)
			}
		}
		twice, _ := Clean(once, nil)
		if thrice, _ := Clean(twice, nil); thrice != twice {
			t.Errorf("%q keeps changing: %q, %q", in, twice, thrice)
		}
	})
}
