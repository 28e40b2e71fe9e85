package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPictures leads pictures to our own place and nothing else there.
func TestPictures(t *testing.T) {
	id := "msg_" + strings.Repeat("a", 26)
	ours := func(n int, ref string) string {
		if strings.HasPrefix(ref, "https://no.example") {
			return ""
		}
		return fmt.Sprintf("/api/v1/messages/%s/pictures/%d?by=usr_x&sign=A-_b", id, n)
	}
	source := `<img src="https://t.example/a.png"><img src="data:image/png;base64,AAAA"><img src="cid:x@y"><img src="https://no.example/b">` +
		`<img src="/api/v1/messages/` + id + `/pictures/9?by=usr_evil"><img src="/api/v1/session"><a href="/api/v1/messages/` + id + `/pictures/1?x=1">a</a>`
	clean, blocked := Clean(source, ours)
	for _, want := range []string{"/pictures/0?", "/pictures/1?", "/pictures/3?", "/pictures/4?", "data:image/png;base64,AAAA", "sign=A-_b"} {
		if !strings.Contains(clean, want) {
			t.Errorf("%q lacks %q", clean, want)
		}
	}
	for _, never := range []string{"t.example", "no.example", "usr_evil", "pictures/9", "session", "<a href", "cid:"} {
		if strings.Contains(clean, never) {
			t.Errorf("%q has %q", clean, never)
		}
	}
	if got := Pictures(source); blocked != 1 || len(got) != 5 || !slices.Contains(got, "cid:x@y") {
		t.Errorf("%d blocked, pictures %q", blocked, got)
	}
}
