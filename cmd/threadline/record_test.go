package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRecordsByCommand makes a folder with fields and a pipeline, and records that
// move through it, and takes all of it back.
func TestRecordsByCommand(t *testing.T) {
	s := newShell(t)
	if code, said := s.serve()(); code != 0 {
		t.Fatal(said)
	}
	before, after := filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")
	s.ok("export", "-o", before)
	var batches []string
	done := func(args ...string) string {
		t.Helper()
		out := s.ok(args...)
		if b := regexp.MustCompile(`bat_[a-z2-7]+`).FindString(out); b != "" {
			batches = append(batches, b)
		}
		return out
	}
	has := func(out string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("nothing of %q in\n%s", w, out)
			}
		}
	}
	done("folder", "add", "partner", "--plural", "partners", "--label", "Partner", "--staged")
	done("field", "add", "partners", "size", "--type", "dropdown", "--choice", "small", "--choice", "large")
	done("field", "add", "partner", "reach", "--type", "number")
	done("field", "add", "partners", "double", "--type", "formula", "--expr", "reach * 2")
	has(s.ok("folder", "list"), "partners", "size")
	s.fails([]string{"no records of the kind", "x-partner"}, "field", "add", "partnrs", "x")
	s.fails([]string{"at character 1"}, "field", "add", "partners", "wrong", "--type", "formula", "--expr", "reich")
	out := done("record", "add", "partners", "name=Acme", "size=large", "reach=12")
	id := regexp.MustCompile(`x-partner_[a-z2-7]+`).FindString(out)
	has(s.ok("record", "show", id), "size: large", "double: 24")
	s.fails([]string{"not a choice", "small, large"}, "record", "set", id, "size=huge")
	done("record", "set", id, "size=small")
	has(s.ok("record", "history", id), "size: large -> small")
	s.fails([]string{"why"}, "record", "lose", id)
	done("record", "lose", id, "--reason", "price")
	done("record", "reopen", id)
	has(done("record", "win", id), "stage_kind: won")
	s.fails([]string{"no id of a record"}, "record", "show", "nothing")
	lead := regexp.MustCompile(`led_[a-z2-7]+`).FindString(done("record", "add", "leads", "name=Bo", "emails=bo@firm.example", "company_name=Firm"))
	has(done("record", "convert", lead, "--skip", "deal", "--value", "contact.title=Head"), "con_", "com_", "deal (none)")
	done("record", "delete", id)
	s.in = `{"name":"Partners","stages":[{"key":"a","name":"A","kind":"open","probability":10},{"key":"w","name":"Won","kind":"won","probability":100},{"key":"l","name":"Lost","kind":"lost","probability":0}]}`
	done("pipeline", "set", "second", "-")
	has(s.ok("pipeline", "list"), `"second"`)
	var shown struct{ Workspace struct{ Country string } }
	must(t, json.Unmarshal([]byte(s.ok("workspace", "set", "--country", "pl", "--json")), &shown))
	if shown.Workspace.Country != "PL" {
		t.Errorf("the workspace is in %q", shown.Workspace.Country)
	}
	s.ok("workspace", "set", "--country", "")
	s.fails([]string{"needed or free"}, "mailing", "--consent", "maybe")
	for i := len(batches) - 1; i >= 0; i-- {
		s.ok("undo", batches[i])
	}
	s.ok("export", "-o", after)
	sameFiles(t, before, after)
}
