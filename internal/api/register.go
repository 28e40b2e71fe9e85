package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
)

const (
	maxBody   = 1 << 20          // bytes of a request's body
	deadline  = 30 * time.Second // of a request that is answered at once
	slowLimit = 2 * time.Minute  // of one that asks a mail server
	longLimit = time.Hour        // of one that reads or writes everything
)

// hook makes huma speak our problem documents. Its hooks are variables of its
// package, so they are set once for the process.
var hook sync.Once

func hookErrors() {
	hook.Do(func() {
		huma.ValidateStrictCasing = true // "Values" beside "values" would win
		huma.NewErrorWithContext = refused
		huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
			return refused(nil, status, msg, errs...)
		}
	})
}

// config describes the API as a whole.
func config(version string) huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[crm.Time](), reflect.TypeFor[time.Time]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Threadline", Version: version,
				Description: "Mail, the records it belongs to, and why. Lists answer {items, next}; errors are problem documents (RFC 9457) with code, field and hint."},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
				"key":     {Type: "http", Scheme: "bearer", BearerFormat: "tl_<id>_<secret>"},
				"session": {Type: "apiKey", In: "cookie", Name: plainCookie},
			}},
			Security: []map[string][]string{{"key": {}}, {"session": {}}},
		},
		Formats:       map[string]huma.Format{"application/json": strictJSON, "json": strictJSON},
		DefaultFormat: "application/json",
		// A misspelt parameter would silently answer another question.
		RejectUnknownQueryParameters: true,
	}
}

// schemaName names the schema of a type after its package and itself: several
// rooms have a Message or a Page.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	pkg := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
	if pkg == "" || pkg == "api" || strings.Contains(t.Name(), "[") {
		return name
	}
	return strings.ToUpper(pkg[:1]) + pkg[1:] + name
}

// route describes one operation.
type route struct {
	method, path string
	id, summary  string
	tag          string
	limit        time.Duration // 0: deadline
	status       int           // of success; 0: 200, or 204 without a body
	open         bool          // needs no caller: for signing in
	fresh        bool          // dangerous: a browser must have proved its person moments ago
	guarded      bool          // the same of whoever has a password or a second factor
	edit         func(*huma.Operation)
	stream       bool // the handler reads a body of any size itself
	outside      bool // it waits for a server of others
}

// add registers a typed handler whose errors become problem documents.
func add[I, O any](s *Server, r route, handler func(context.Context, *I) (*O, error)) {
	op := huma.Operation{Method: r.method, Path: r.path, OperationID: r.id, Summary: r.summary,
		Tags: []string{r.tag}, DefaultStatus: r.status, MaxBodyBytes: maxBody + 1, BodyReadTimeout: deadline}
	if r.edit != nil {
		r.edit(&op)
	}
	if r.limit == 0 {
		r.limit = deadline
	}
	s.table[r.method+" "+ginPath(r.path)] = r
	if r.open {
		op.Security = []map[string][]string{}
	}
	handler = paged(s, r.method+" "+r.path, handler)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, problem(ctx, s.deps.Log, err)
		}
		return out, nil
	})
}

// ginPath is a path in the words of the router.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func get(path, id, summary, tag string) route {
	return route{method: http.MethodGet, path: path, id: id, summary: summary, tag: tag}
}

func post(path, id, summary, tag string) route {
	return route{method: http.MethodPost, path: path, id: id, summary: summary, tag: tag}
}

func remove(path, id, summary, tag string) route {
	return route{method: http.MethodDelete, path: path, id: id, summary: summary, tag: tag}
}

// body is the answer of a handler that sets nothing but the body.
type body[T any] struct{ Body T }

func answer[T any](v T) *body[T] { return &body[T]{Body: v} }

// items is a list without pages.
type items[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

func listed[T any](list []T) *body[items[T]] {
	if list == nil {
		list = []T{}
	}
	return answer(items[T]{Items: list})
}

// none is the input of a handler that needs nothing but its caller.
type none struct{}

// empty is the answer without a body.
type empty struct{}

// PageQuery is how a part of a list is asked for.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most"`
	Cursor string `query:"cursor" maxLength:"4000" doc:"next of the page before"`
}
