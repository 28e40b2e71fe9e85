package main

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gocloud.dev/blob"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// bucket speaks as much of Cloud Storage's protocol as blobs need: metadata,
// upload in one request, download.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	uploads int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	path, err := url.PathUnescape(r.URL.EscapedPath())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, name, named := strings.Cut(path, "/o/")
	switch {
	case r.Method == http.MethodPost && strings.HasPrefix(path, "/upload/"):
		b.upload(w, r)
	case r.Method == http.MethodGet && named && r.URL.Query().Get("alt") != "media":
		b.describe(w, name)
	case r.Method == http.MethodGet:
		if !named {
			name = strings.TrimPrefix(path, "/bodies/")
		}
		data, ok := b.objects[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	default:
		http.Error(w, r.Method+" "+path, http.StatusNotImplemented)
	}
}

func (b *bucket) describe(w http.ResponseWriter, name string) {
	data, ok := b.objects[name]
	w.Header().Set("Content-Type", "application/json")
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"code":404,"message":"no such object"}}`)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"bucket": "bodies", "name": name, "size": strconv.Itoa(len(data)), "generation": "1", "updated": time.Now().UTC().Format(time.RFC3339)})
}

func (b *bucket) upload(w http.ResponseWriter, r *http.Request) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var meta struct{ Name string }
	parts := multipart.NewReader(r.Body, params["boundary"])
	head, err := parts.NextPart()
	if err == nil {
		err = json.NewDecoder(head).Decode(&meta)
	}
	var data []byte
	if err == nil {
		var body *multipart.Part
		if body, err = parts.NextPart(); err == nil {
			data, err = io.ReadAll(body)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.objects[meta.Name] = data
	b.uploads++
	b.describe(w, meta.Name)
}

// TestCloudStorage puts blobs where --blob gs://… says: under the hash of their
// content, so that a repeat writes nothing.
func TestCloudStorage(t *testing.T) {
	have := &bucket{objects: map[string][]byte{}}
	srv := httptest.NewServer(have)
	defer srv.Close()
	t.Setenv("STORAGE_EMULATOR_HOST", strings.TrimPrefix(srv.URL, "http://"))
	opened, err := blob.OpenBucket(t.Context(), "gs://bodies")
	must(t, err)
	defer func() { must(t, opened.Close()) }()
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	blobs := store.NewBlobs(opened)
	large := []byte(strings.Repeat("large body ", 40_000))
	ref, err := blobs.Put(t.Context(), "wsp_1", large)
	must(t, err)
	again, err := blobs.Put(t.Context(), "wsp_1", large)
	must(t, err)
	if again != ref || have.uploads != 1 {
		t.Errorf("%d uploads under %s and %s", have.uploads, ref, again)
	}
	got, err := blobs.Get(t.Context(), "wsp_1", ref)
	must(t, err)
	if string(got) != string(large) {
		t.Errorf("%d bytes came back of %d", len(got), len(large))
	}
	if _, err := blobs.Get(t.Context(), "wsp_2", ref); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("another workspace reads it: %v", err)
	}
}
