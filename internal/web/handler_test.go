package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const script = "console.log('threadline');"

// builtApp is a folder app as it is after a build.
func builtApp() fstest.MapFS {
	return fstest.MapFS{
		"dist/index.html":             {Data: []byte("<!doctype html><title>Threadline</title>")},
		"dist/assets/index-a1b2c3.js": {Data: []byte(strings.Repeat(script, 100))},
		"dist/assets/dot-99.png":      {Data: []byte("\x89PNG")},
		"dist/favicon.svg":            {Data: []byte("<svg/>")},
		"dist-absent.html":            {Data: []byte("absent")},
	}
}

func get(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHandlerServes(t *testing.T) {
	for _, c := range []struct {
		name, method, target  string
		status                int
		kind, cache, contains string
	}{
		{"Root", "GET", "/", 200, "text/html; charset=utf-8", "no-store", "<title>Threadline"},
		{"IndexByName", "GET", "/index.html", 200, "text/html; charset=utf-8", "no-store", "<title>Threadline"},
		{"PathOfTheApp", "GET", "/messages/msg_abc", 200, "text/html; charset=utf-8", "no-store", "<title>Threadline"},
		{"SignIn", "GET", "/sign-in", 200, "text/html; charset=utf-8", "no-store", "<title>Threadline"},
		{"Script", "GET", "/assets/index-a1b2c3.js", 200, "text/javascript; charset=utf-8", cacheForever, script},
		{"Picture", "GET", "/assets/dot-99.png", 200, "image/png", cacheForever, "PNG"},
		{"Favicon", "GET", "/favicon.svg", 200, "image/svg+xml", "no-cache", "<svg/>"},
		{"OldScript", "GET", "/assets/index-00.js", 404, "text/plain; charset=utf-8", "no-store", "404"},
		{"FolderOfAssets", "GET", "/assets/", 200, "text/html; charset=utf-8", "no-store", "<title>Threadline"},
		{"NoSuchFile", "GET", "/robots.txt", 404, "text/plain; charset=utf-8", "no-store", "404"},
		{"Hidden", "GET", "/.git/config", 404, "text/plain; charset=utf-8", "no-store", "404"},
		{"OutOfTheFolder", "GET", "/../dist-absent.html", 404, "text/plain; charset=utf-8", "no-store", "404"},
		{"Head", "HEAD", "/", 200, "text/html; charset=utf-8", "no-store", ""},
		{"Post", "POST", "/", 405, "text/plain; charset=utf-8", "no-store", "405"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := get(t, newHandler(builtApp()), c.method, c.target)
			body := text(t, got.Body)
			if got.StatusCode != c.status || got.Header.Get("Content-Type") != c.kind || got.Header.Get("Cache-Control") != c.cache {
				t.Errorf("status %d, type %q, cache %q; want %d, %q, %q", got.StatusCode,
					got.Header.Get("Content-Type"), got.Header.Get("Cache-Control"), c.status, c.kind, c.cache)
			}
			if !strings.Contains(body, c.contains) {
				t.Errorf("body %q does not contain %q", body, c.contains)
			}
			if c.method == "HEAD" && body != "" {
				t.Errorf("HEAD has a body: %q", body)
			}
		})
	}
}

func TestHandlerGuardsEveryAnswer(t *testing.T) {
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
			"connect-src 'self'; manifest-src 'self'; frame-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "same-origin",
	}
	for _, target := range []string{"/", "/assets/index-a1b2c3.js", "/nowhere.txt"} {
		for _, app := range []fstest.MapFS{builtApp(), {"dist-absent.html": {Data: []byte("absent")}}} {
			header := get(t, newHandler(app), "GET", target).Header
			got := map[string]string{}
			for name := range want {
				got[name] = header.Get(name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", target, diff)
			}
		}
	}
}

func TestHandlerWithoutBuiltApp(t *testing.T) {
	h := newHandler(fstest.MapFS{"dist-absent.html": {Data: []byte("run make web")}})
	page := get(t, h, "GET", "/messages/msg_abc")
	if body := text(t, page.Body); page.StatusCode != 503 || body != "run make web" {
		t.Errorf("page: %d %q", page.StatusCode, body)
	}
	if script := get(t, h, "GET", "/assets/index.js"); script.StatusCode != 404 {
		t.Errorf("script: %d, want 404", script.StatusCode)
	}
}

func TestHandlerOfThisBinary(t *testing.T) {
	page := get(t, Handler(), "GET", "/")
	body := text(t, page.Body)
	if page.StatusCode != 200 && !strings.Contains(body, "make web") {
		t.Errorf("neither the app nor the page that says how to build it: %d %q", page.StatusCode, body)
	}
	if strings.Contains(body, "<script>") || strings.Contains(body, "style=") {
		t.Error("the page has inline script or style, which its policy forbids")
	}
}

func TestHandlerCompresses(t *testing.T) {
	h := newHandler(builtApp())
	zipped := get(t, h, "GET", "/assets/index-a1b2c3.js", "Accept-Encoding", "br, gzip;q=0.8")
	if got := zipped.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding %q, want gzip", got)
	}
	z, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, z); got != strings.Repeat(script, 100) {
		t.Errorf("decompressed content differs: %d bytes", len(got))
	}
	for _, accept := range []string{"", "gzip;q=0", "identity", "br"} {
		if got := get(t, h, "GET", "/assets/index-a1b2c3.js", "Accept-Encoding", accept).Header.Get("Content-Encoding"); got != "" {
			t.Errorf("Accept-Encoding %q: answered %q", accept, got)
		}
	}
	if got := get(t, h, "GET", "/favicon.svg", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a file that compression does not shorten was sent as %q", got)
	}
}

func TestHandlerNotModified(t *testing.T) {
	h := newHandler(builtApp())
	tag := get(t, h, "GET", "/favicon.svg").Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if got := get(t, h, "GET", "/favicon.svg", "If-None-Match", tag).StatusCode; got != 304 {
		t.Errorf("status %d, want 304", got)
	}
	if got := get(t, h, "GET", "/", "If-None-Match", tag).StatusCode; got != 200 {
		t.Errorf("the page itself: %d, want 200", got)
	}
}
