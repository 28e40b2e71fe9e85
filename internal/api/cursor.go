package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"reflect"

	"threadline/internal/crm"
)

// pages binds the cursors of a list to it: to the route, all that it was asked
// but how much, the workspace, and who asked. A cursor says where a reader of one
// list stopped, in words of the store; to another list it says something else.
type pages struct {
	route        string
	asked        []reflect.StructField // what of the input says which list it is
	cursor, next []int
}

// pagesOf describes the list that a handler answers with; nil when it is none.
func pagesOf[I, O any](route string) *pages {
	in := reflect.TypeFor[I]()
	cursor, ok := in.FieldByName("Cursor")
	if !ok || cursor.Tag.Get("query") != "cursor" {
		return nil
	}
	body, _ := reflect.TypeFor[O]().FieldByName("Body")
	next, ok := body.Type.FieldByName("Next")
	if !ok {
		panic("api: " + route + " takes a cursor and gives none") // as huma does for what it cannot describe
	}
	p := &pages{route: route, cursor: cursor.Index, next: append(body.Index, next.Index...)}
	for _, f := range reflect.VisibleFields(in) {
		name := f.Tag.Get("query")
		if f.Tag.Get("path") != "" || name != "" && name != "cursor" && name != "limit" {
			p.asked = append(p.asked, f)
		}
	}
	return p
}

const (
	cursorMAC  = 12                 // bytes
	cursorHead = cursorMAC * 4 / 3  // the same as text
	cursorUse  = "cursor of a list" // what else the key is used for says something else
)

// name is what tells the list from all others.
func (p *pages) name(ctx context.Context, s *Server, in reflect.Value) string {
	name := fmt.Sprintf("%s of %q for %q", p.route, s.deps.Space.Workspace(), viewerOf(ctx).User)
	for _, f := range p.asked {
		name += fmt.Sprintf(" %s=%#v", f.Name, in.FieldByIndex(f.Index).Interface())
	}
	return name
}

// mark is what a cursor of a list begins with.
func (s *Server) mark(ctx context.Context, list, rest string) string {
	mac := hmac.New(sha256.New, s.tracked(ctx).Key)
	_, _ = fmt.Fprintf(mac, "%s: %q %q", cursorUse, list, rest) // hashes never fail
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:cursorMAC])
}

// unmarked takes the mark off the cursor of a request, or refuses it.
func (s *Server) unmarked(ctx context.Context, list, cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	rest := cursor[min(cursorHead, len(cursor)):]
	if rest == "" || !hmac.Equal([]byte(cursor[:cursorHead]), []byte(s.mark(ctx, list, rest))) {
		return "", crm.Errorf(crm.Invalid, "api.cursor", "the cursor does not belong to this list").WithField("cursor").
			WithHint("ask for the next page as for the first, changing nothing but the cursor; or start again without it")
	}
	return rest, nil
}

// paged lets the handler of a list see its own cursors alone.
func paged[I, O any](s *Server, route string, handler func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	p := pagesOf[I, O](route)
	if p == nil {
		return handler
	}
	return func(ctx context.Context, in *I) (*O, error) {
		asked := reflect.ValueOf(in).Elem()
		list, cursor := p.name(ctx, s, asked), asked.FieldByIndex(p.cursor)
		rest, err := s.unmarked(ctx, list, cursor.String())
		if err != nil {
			return nil, err
		}
		cursor.SetString(rest)
		out, err := handler(ctx, in)
		if err != nil {
			return nil, err
		}
		if next := reflect.ValueOf(out).Elem().FieldByIndex(p.next); next.String() != "" {
			next.SetString(s.mark(ctx, list, next.String()) + next.String())
		}
		return out, nil
	}
}
