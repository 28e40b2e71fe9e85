package api

import (
	"strings"
	"testing"
)

func TestLoneSurrogate(t *testing.T) {
	for text, want := range map[string]bool{
		`{"a":"b"}`:            false,
		`"\ud83d\ude00"`:       false,
		`"\ud83d"`:             true,
		`"\ud83dx"`:            true,
		`"\ude00\ud83d"`:       true,
		`"\ud83d\ud83d\ude00"`: true,
		`"\\ud83d"`:            false, // a backslash, and text
		`"\u00e9\ud83d\ude00"`: false,
		`"\`:                   false,
		`"\ud8`:                false, // the reader of JSON says what is wrong
	} {
		if got := loneSurrogate([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestPlainJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":{"b":1},"b":[{"a":1},{"a":"a"}],"c":"a"}`: "",
		`{"a":1,"b":2,"a":3}`:                           doubledName + ": a",
		`{"a":{"b":1,"\u0062":1}}`:                      doubledName + ": b",
		`[{"a":[{"x":"y\u0000"}]}]`:                     holdsNUL + ": x",
		`{"a\u0000":1}`:                                 holdsNUL + ": a\x00",
		`"\u0000"`:                                      holdsNUL,
		`{"a":"a","b":"a","A":"a"}`:                     "", // whether there is an A, the schema knows
		`{"a":`:                                         "", // the reader of JSON says what is wrong
		`]`:                                             "",
		strings.Repeat("[", maxDepth):                   "",
		strings.Repeat("[", maxDepth+1):                 tooDeep,
		strings.Repeat(`{"a":`, maxDepth+1):             tooDeep,
	} {
		got := ""
		if err := plainJSON([]byte(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.60s: %q, want %q", text, got, want)
		}
	}
}
