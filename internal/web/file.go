package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// file is one file of the app, ready to send.
type file struct {
	kind   string // media type
	tag    string // entity tag of the content
	plain  []byte
	zipped func() []byte // made when it is first asked for; nil when compression does not pay
}

// readFiles reads every file of a built app by its path; nil when there is none.
func readFiles(dist fs.FS) map[string]*file {
	files := map[string]*file{}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name] = readFile(dist, name)
		return nil
	})
	if err != nil {
		return nil
	}
	return files
}

// readFile reads one file that is known to be there.
func readFile(dir fs.FS, name string) *file {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		data = []byte(err.Error())
	}
	sum := sha256.Sum256(data)
	return &file{
		kind:   kindOf(name),
		tag:    `"` + hex.EncodeToString(sum[:12]) + `"`,
		plain:  data,
		zipped: sync.OnceValue(func() []byte { return zip(data) }),
	}
}

// kindOf returns the media type of a file name. The types that an app is made
// of are written out, because package mime also reads tables of the machine.
func kindOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	default:
		if kind := mime.TypeByExtension(ext); kind != "" {
			return kind
		}
		return "application/octet-stream"
	}
}

// zip compresses data, or returns nil when less than a tenth is saved.
func zip(data []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	// A bytes.Buffer takes everything: neither call can fail.
	_, _ = z.Write(data)
	_ = z.Close()
	if out.Len() > len(data)*9/10 {
		return nil
	}
	return out.Bytes()
}

// send answers with the file, compressed when the client reads that, or with
// 304 when the client has it.
func (f *file) send(w http.ResponseWriter, r *http.Request, status int, cache string) {
	header := w.Header()
	header.Set("Cache-Control", cache)
	header.Set("Content-Type", f.kind)
	header.Set("Vary", "Accept-Encoding")
	data, tag := f.plain, f.tag
	if f.zipped != nil && readsGzip(r.Header.Get("Accept-Encoding")) {
		if z := f.zipped(); z != nil {
			header.Set("Content-Encoding", "gzip")
			data, tag = z, strings.TrimSuffix(f.tag, `"`)+`-gz"`
		}
	}
	if cache != cacheNever {
		header.Set("ETag", tag)
		if status == http.StatusOK && r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // the client is gone: nobody is left to tell
	}
}

// readsGzip tells whether an Accept-Encoding header allows gzip (RFC 9110
// §12.5.3). A weight of zero forbids it.
func readsGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return weight == "" || err == nil && q > 0
	}
	return false
}
