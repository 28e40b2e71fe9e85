package page

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPicturesOfLetters holds the rule of which pictures are sent to the table that
// the web app's is held to, which tells people before they send.
func TestPicturesOfLetters(t *testing.T) {
	data, err := os.ReadFile("testdata/pictures.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct {
		Name, HTML string
		Left       Left
	}
	if err := json.Unmarshal(data, &table); err != nil || len(table) < 20 {
		t.Fatalf("%d cases, %v", len(table), err)
	}
	for _, c := range table {
		got, left := Outgoing(c.HTML)
		if sent := strings.Contains(got, "<img"); sent != (c.Left == "") {
			t.Errorf("%s: %s becomes %s", c.Name, c.HTML, got)
		}
		if want := slices.DeleteFunc([]Left{c.Left}, func(l Left) bool { return l == "" }); !slices.Equal(left, want) {
			t.Errorf("%s: left out %q, want %q", c.Name, left, want)
		}
	}
}

func TestOutgoing(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		want  []string // must be there
		never []string // must not
		left  []Left
	}{
		"link of a logo":  {`<a href="https://own.example"><img src="https://own.example/l.png" style="width: 120px; border: 0"></a>`, []string{`href="https://own.example"`, "l.png", "width: 120px"}, nil, nil},
		"within":          {`a<img src="data:image/png;base64,iVBORw0KGgo=">b`, []string{"ab"}, []string{"data:", "<img"}, []Left{LeftWithin}},
		"in the open":     {`a<img src="http://own.example/logo.png">b`, []string{"ab"}, []string{"own.example"}, []Left{LeftInsecure}},
		"our own address": {`<img src="/api/v1/messages/msg_` + strings.Repeat("a", 26) + `/pictures/0?by=x">`, nil, []string{"/api", "<img"}, []Left{LeftNowhere}},
		"other pictures":  {`<img srcset="https://t.example/p.gif 2x" src="https://own.example/l.png"><picture><source srcset="https://t.example/q.gif"></picture>`, []string{"l.png"}, []string{"t.example"}, nil},
		"handler":         {`<img src="https://own.example/l.png" onerror="x()">`, []string{"l.png"}, []string{"onerror"}, nil},
		"script":          {`<p>a</p><script>alert(1)</script><img src="javascript:x()">`, []string{"<p>a</p>"}, []string{"alert", "javascript"}, []Left{LeftNowhere}},
		"background":      {`<div style="background:url(https://t.example/x)">a</div><table background="https://t.example/y"><tr><td>b</table>`, nil, []string{"t.example"}, nil},
		"several":         {`<img src="https://a.example/1.png"><img src="http://a.example/2.png"><img src="data:,x"><img src="http://a.example/3.png">`, []string{"1.png"}, []string{"2.png", "3.png", "data:"}, []Left{LeftInsecure, LeftWithin, LeftInsecure}},
		"nothing":         {``, nil, nil, nil},
	} {
		got, left := Outgoing(c.in)
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
		if !slices.Equal(left, c.left) {
			t.Errorf("%s: left out %q, want %q", name, left, c.left)
		}
		if again, more := Outgoing(got); again != got || len(more) > 0 {
			t.Errorf("%s: sent once more %q becomes %q, left %q", name, got, again, more)
		}
	}
}

// TestPrune keeps a picture whose address is not known yet, and all that is no
// picture.
func TestPrune(t *testing.T) {
	in := `<P CLASS=x>a &amp; b<img src="{{contact.photo}}"><img src='http://x.example/'><!-- c -->{{#if a}}</p>`
	got, left := Prune(in)
	if want := `<P CLASS=x>a &amp; b<img src="{{contact.photo}}"><!-- c -->{{#if a}}</p>`; got != want || len(left) != 1 {
		t.Errorf("pruned %q, left %q", got, left)
	}
}

func FuzzOutgoing(f *testing.F) {
	f.Add(`<p>a<img src="https://t.example/x"></p>`)
	f.Add(`<img src=data:,x><svg><style><img src=x onerror=y>`)
	f.Fuzz(func(t *testing.T, in string) {
		once, _ := Outgoing(in)
		low := strings.ToLower(once)
		for _, bad := range []string{"<script", "<iframe", "<form", "<style", "<svg", "<object", "<link", "<base", "<meta", `src="data:`, `src="http:`} {
			if strings.Contains(low, bad) {
				t.Errorf("%q gives %q", in, once)
			}
		}
	})
}

// TestLetter takes pictures out of a text and names them, when their first bytes
// are those of a picture that mail programs show, whatever they are called.
func TestLetter(t *testing.T) {
	const png, svg = "iVBORw0KGgoAAAANSUhEUg==", "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjwvc3ZnPg=="
	blob := strings.Repeat("0a", 32)
	var kinds []string
	keep := func(kind string, data []byte) (string, error) {
		kinds = append(kinds, kind)
		return blob, nil
	}
	for _, c := range []struct {
		name, html, want string
		left             []Left
	}{
		{"a picture", `<p>a<img src="data:image/png;base64,` + png + `" alt="x"></p>`, `<p>a<img src="cid:` + blob + `@threadline" alt="x"></p>`, nil},
		{"called otherwise", `<img src="data:image/svg+xml;base64,` + png + `">`, `<img src="cid:` + blob + `@threadline">`, nil},
		{"a document", `<img src="data:image/png;base64,` + svg + `">a`, "a", []Left{LeftWithin}},
		{"no base64", `<img src="data:image/png;base64,***">a`, "a", []Left{LeftWithin}},
		{"not a picture", `<a href="data:text/html;base64,` + svg + `">a</a>`, "a", nil},
		{"a link to a part", `<a href="cid:x@y">a</a>`, "a", nil},
		{"a part of no mail", `<img src="cid:logo@other.example">a`, "a", []Left{LeftNowhere}},
		{"unseen", `<img width="1" src="data:image/png;base64,` + png + `">a`, "a", []Left{LeftHidden}},
		{"at its address", `<img src="https://a.example/1.png">`, `<img src="https://a.example/1.png">`, nil},
	} {
		got, left, err := Letter(c.html, keep)
		if err != nil || got != c.want || !slices.Equal(left, c.left) {
			t.Errorf("%s: %q, left %v, %v", c.name, got, left, err)
		}
	}
	for _, kind := range kinds {
		if kind != "image/png" {
			t.Errorf("kept as %s", kind)
		}
	}
	written, _, _ := Letter(`<img src="data:image/png;base64,`+png+`"><img src="data:image/png;base64,`+png+`">`, keep)
	if got := Enclosed(written); !slices.Equal(got, []string{blob}) {
		t.Errorf("it names %v", got)
	}
	back := Unfold(written, func(string) (string, []byte) { return "image/png", []byte("x") })
	if want := `<img src="data:image/png;base64,eA==">`; back != want+want {
		t.Errorf("unfolded: %s", back)
	}
	if got, left := Outgoing(written); got != "" || !slices.Equal(left, []Left{LeftNowhere, LeftNowhere}) {
		t.Errorf("what brings no parts along names them: %q, %v", got, left)
	}
	refused := errors.New("full")
	if _, _, err := Letter(`<img src="data:image/png;base64,`+png+`">`, func(string, []byte) (string, error) { return "", refused }); !errors.Is(err, refused) {
		t.Errorf("the error of the keeper became %v", err)
	}
}
