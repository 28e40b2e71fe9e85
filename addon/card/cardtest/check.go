// Package cardtest judges answers of an add-on independently of the builders in
// package card: each card is read by Google's published protocol buffer
// (google.apps.card.v1), which refuses unknown fields, enumerations and unions
// with two members, and then by a list of rules that the protocol buffer does
// not carry: required content, limits, and what the Gmail sidebar does not show.
//
// For tests only. It stores nothing.
package cardtest

import (
	"encoding/json"
	"errors"
	"fmt"

	cardpb "google.golang.org/genproto/googleapis/apps/card/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

type object = map[string]any

// Check judges the body of an answer and returns everything that is wrong with
// it, or nil.
func Check(body []byte) error {
	var top object
	if err := json.Unmarshal(body, &top); err != nil {
		return fmt.Errorf("not a JSON object: %w", err)
	}
	c := &checker{}
	c.envelope(top)
	return errors.Join(c.errs...)
}

type checker struct{ errs []error }

func (c *checker) bad(path, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// only refuses keys outside the list.
func (c *checker) only(path string, o object, keys ...string) {
	for k := range o {
		if !contains(keys, k) {
			c.bad(path, "unexpected %q", k)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (c *checker) envelope(top object) {
	if len(top) == 0 {
		c.bad("$", "empty answer")
	}
	for k, v := range top {
		o, _ := v.(object)
		switch k {
		case "action":
			c.steps("action", o, 1)
			c.only("$", top, "action")
		case "renderActions":
			c.only(k, o, "action", "hostAppAction")
			if a, ok := o["hostAppAction"].(object); ok {
				c.draft(k+".hostAppAction", a)
			}
			if a, ok := o["action"].(object); ok {
				c.steps("renderActions.action", a, 0)
			}
			c.only("$", top, "renderActions", "stateChanged")
		case "stateChanged":
			if _, ok := v.(bool); !ok {
				c.bad(k, "not a boolean")
			}
		case "custom_authorization_prompt":
			a, _ := o["action"].(object)
			c.steps(k+".action", a, 1)
		case "autoComplete":
			c.suggestions(k, o)
			c.only("$", top, "autoComplete")
		case "requesting_google_scopes":
			c.scopes(k, o)
		default:
			c.bad("$", "unknown envelope %q", k)
		}
	}
}

// draft judges the change of an open draft (HostAppActionMarkup).
func (c *checker) draft(path string, host object) {
	c.only(path, host, "gmailAction")
	g, _ := host["gmailAction"].(object)
	if o, ok := g["openCreatedDraftActionMarkup"].(object); ok {
		c.only(path+".gmailAction", g, "openCreatedDraftActionMarkup")
		c.only(path+".openCreatedDraftActionMarkup", o, "draftId", "draftThreadId")
		c.need(path+".openCreatedDraftActionMarkup", o, "draftId")
		c.need(path+".openCreatedDraftActionMarkup", o, "draftThreadId")
		return
	}
	c.only(path+".gmailAction", g, "updateDraftActionMarkup")
	d, _ := g["updateDraftActionMarkup"].(object)
	c.only(path+".updateDraftActionMarkup", d, "updateBody", "updateSubject")
	b, _ := d["updateBody"].(object)
	c.only(path+".updateBody", b, "type", "insertContents")
	if b["type"] != "IN_PLACE_INSERT" {
		c.bad(path+".updateBody", "the type is %v", b["type"])
	}
	list, _ := b["insertContents"].([]any)
	if len(list) == 0 {
		c.bad(path+".updateBody", "inserts nothing")
	}
	for _, v := range list {
		o, _ := v.(object)
		c.only(path+".insertContents", o, "content", "contentType")
		if !contains([]string{"TEXT", "MUTABLE_HTML", "IMMUTABLE_HTML"}, fmt.Sprint(o["contentType"])) {
			c.bad(path+".insertContents", "the content type is %v", o["contentType"])
		}
	}
	if s, ok := d["updateSubject"].(object); ok {
		c.only(path+".updateSubject", s, "subject")
		c.need(path+".updateSubject", s, "subject")
	}
}

func (c *checker) suggestions(path string, o object) {
	c.only(path, o, "items")
	items, ok := o["items"].([]any)
	if !ok {
		c.bad(path, "no list of items")
	}
	for i, v := range items {
		it, _ := v.(object)
		p := fmt.Sprintf("%s.items[%d]", path, i)
		c.only(p, it, "text")
		c.need(p, it, "text")
	}
}

func (c *checker) scopes(path string, o object) {
	c.only(path, o, "scopes", "all_scopes")
	list, _ := o["scopes"].([]any)
	if all, _ := o["all_scopes"].(bool); all == (len(list) > 0) {
		c.bad(path, "needs scopes or all_scopes, not both")
	}
}

func (c *checker) steps(path string, a object, minNav int) {
	c.only(path, a, "navigations", "notification", "link")
	navs, _ := a["navigations"].([]any)
	if len(navs) < minNav {
		c.bad(path, "a trigger is answered with a card")
	}
	for i, v := range navs {
		n, _ := v.(object)
		p := fmt.Sprintf("%s.navigations[%d]", path, i)
		if len(n) != 1 {
			c.bad(p, "%d members in a union", len(n))
		}
		c.only(p, n, "pushCard", "updateCard", "pop", "popToRoot", "popToCard")
		for _, k := range []string{"pushCard", "updateCard"} {
			if v, ok := n[k]; ok {
				c.card(p+"."+k, v)
			}
		}
	}
	if l, ok := a["link"].(object); ok {
		c.link(path+".link", l)
	}
}

func (c *checker) card(path string, v any) {
	o, _ := v.(object)
	raw, err := json.Marshal(o)
	if err != nil {
		c.bad(path, "%v", err)
		return
	}
	if err := protojson.Unmarshal(raw, &cardpb.Card{}); err != nil {
		c.bad(path, "google.apps.card.v1: %v", err)
	}
	c.rules(path, o, len(raw))
}
