package web

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// The pattern matches app/dist-absent.html always and the folder app/dist when
// the app was built, so that no placeholder has to survive a build.
//
//go:embed all:app/dist*
var embedded embed.FS

//go:embed policy.txt
var policyLines string

const (
	indexName  = "index.html"
	absentName = "dist-absent.html"
	hashedDir  = "assets/"

	cacheForever = "public, max-age=31536000, immutable"
	cacheAsk     = "no-cache"
	cacheNever   = "no-store"
)

// Handler serves the app at every path that it is given; mount it where no
// other door answers. It reads GET and HEAD only.
func Handler() http.Handler {
	// A folder inside an embedded file system, which was checked at build time.
	app, _ := fs.Sub(embedded, "app")
	return newHandler(app)
}

// newHandler serves the folder dist of app or, when it holds no built app, the
// page that says so.
func newHandler(app fs.FS) http.Handler {
	h := &handler{policy: strings.Join(strings.Split(strings.TrimSpace(policyLines), "\n"), "; "), logos: logos()}
	if dist, err := fs.Sub(app, "dist"); err == nil {
		h.files = readFiles(dist)
	}
	if _, built := h.files[indexName]; !built {
		h.files = nil
		h.absent = readFile(app, absentName)
	}
	return h
}

// handler holds every file in memory: the app is small, and what was read at the
// start cannot fail later.
type handler struct {
	policy string
	files  map[string]*file // by path below dist; nil when the app was not built
	absent *file
	logos  map[string]func() *file
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.guard(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	logo := h.logos[name]
	switch f, known := h.files[name]; {
	case logo != nil:
		logo().send(w, r, http.StatusOK, cacheAsk)
	case known && name != indexName:
		f.send(w, r, http.StatusOK, cacheFor(name))
	case path.Ext(name) != "" && name != indexName || strings.HasPrefix(name, hashedDir) || strings.Contains("/"+name, "/."):
		refuse(w, http.StatusNotFound)
	case h.files == nil:
		h.absent.send(w, r, http.StatusServiceUnavailable, cacheNever)
	default:
		h.files[indexName].send(w, r, http.StatusOK, cacheNever)
	}
}

// guard sets what every answer carries. The referrer policy is same-origin and
// not no-referrer, because the latter makes browsers send "Origin: null" with a
// form of our own (Fetch §3.2), which the same-origin check would refuse.
func (h *handler) guard(header http.Header) {
	header.Set("Content-Security-Policy", h.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}

// cacheFor says how long a file of the app may be kept.
func cacheFor(name string) string {
	if strings.HasPrefix(name, hashedDir) {
		return cacheForever
	}
	return cacheAsk
}

// refuse answers without content of the app; it must not be kept, because the
// next version may have a file there.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", cacheNever)
	http.Error(w, strconv.Itoa(status)+" "+http.StatusText(status), status)
}
