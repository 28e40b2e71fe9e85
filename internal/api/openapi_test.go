package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// TestOpenAPI holds the document against the routes: each is in it, nothing
// else is, and every reference leads somewhere.
func TestOpenAPI(t *testing.T) {
	w := newWorld(t)
	res := w.do(call{path: "/openapi.json"})
	var doc struct {
		OpenAPI    string
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]json.RawMessage }
	}
	must(t, json.Unmarshal(res.Body.Bytes(), &doc))
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	braces := regexp.MustCompile(`:(\w+)`)
	routes := 0
	for _, r := range w.gin.Routes() {
		if !strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		routes++
		path := braces.ReplaceAllString(r.Path, "{$1}")
		op, ok := doc.Paths[path][strings.ToLower(r.Method)]
		if !ok {
			t.Errorf("%s %s is not in the document", r.Method, path)
			continue
		}
		for _, m := range braces.FindAllStringSubmatch(r.Path, -1) {
			if !strings.Contains(string(op), `"name":"`+m[1]+`"`) {
				t.Errorf("%s %s does not describe {%s}", r.Method, path, m[1])
			}
		}
	}
	described := 0
	for _, ops := range doc.Paths {
		described += len(ops)
	}
	if routes != described || routes < 50 {
		t.Errorf("%d routes, %d described", routes, described)
	}
	for _, m := range regexp.MustCompile(`"\$ref":"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(res.Body.String(), -1) {
		if _, ok := doc.Components.Schemas[m[1]]; !ok {
			t.Errorf("nothing is called %s", m[1])
		}
	}
	for _, n := range crm.Nouns() {
		create := string(doc.Paths["/api/v1/"+n.Plural]["post"])
		for _, f := range n.Fields {
			if strings.Contains(create, `"`+f.Key+`":`) == f.System && !f.System {
				t.Errorf("creating a %s does not describe %s", n.Kind, f.Key)
			}
		}
	}
	if !strings.Contains(string(doc.Paths["/api/v1/messages"][strings.ToLower(http.MethodGet)]), `"name":"cursor"`) {
		t.Error("lists do not describe their cursor")
	}
}
