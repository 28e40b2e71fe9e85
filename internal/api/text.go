package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
)

// strictJSON is JSON (RFC 8259) that can be read in one way only, and whose text
// arrives as it was sent: what is not Unicode is refused, and not replaced by
// question marks; of two members of one name none is taken, where readers differ
// in which of them counts.
var strictJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(data []byte, v any) error {
	if err := plainJSON(data); err != nil {
		return err
	}
	return huma.DefaultJSONFormat.Unmarshal(data, v)
}}

// What is refused of a body that is JSON all the same. The name of a member
// follows.
const (
	doubledName = "this stands in the body twice"
	holdsNUL    = "the text holds a NUL character"
	tooDeep     = "the body is nested too deeply"
)

// maxDepth is how deep a body is nested at most. Queries nest deepest.
const maxDepth = 64

// plainJSON refuses what readers of JSON take differently. Of a body that is no
// JSON at all the reader says what is wrong.
func plainJSON(data []byte) error {
	switch {
	case !utf8.Valid(data):
		return errors.New("the text is not UTF-8")
	case loneSurrogate(data):
		return errors.New("the text holds half of a surrogate pair")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var in []level
	for {
		token, err := dec.Token()
		if err != nil {
			return nil
		}
		text, isText := token.(string)
		if token == json.Delim('}') || token == json.Delim(']') {
			in = in[:len(in)-1]
			continue
		}
		at := ""
		if len(in) > 0 {
			l := &in[len(in)-1]
			twice := !l.takes(text)
			if at = ": " + crm.Clip(l.name, 60); twice {
				return errors.New(doubledName + at)
			}
		}
		if isText && strings.ContainsRune(text, 0) {
			return errors.New(holdsNUL + at)
		}
		if token == json.Delim('{') || token == json.Delim('[') {
			if len(in) == maxDepth {
				return errors.New(tooDeep)
			}
			in = append(in, level{object: token == json.Delim('{')})
		}
	}
}

// level is an object or a list that a reader of JSON is in.
type level struct {
	object bool
	inside bool // the name of a member was read: its value follows
	name   string
	names  map[string]bool
}

// takes tells whether the next token may stand here: everything but a name that
// the object has already.
func (l *level) takes(text string) bool {
	if !l.object {
		return true
	}
	if l.inside = !l.inside; !l.inside {
		return true // it is a value
	}
	l.name = text
	if l.names[text] {
		return false
	}
	if l.names == nil {
		l.names = map[string]bool{}
	}
	l.names[text] = true
	return true
}

// loneSurrogate tells whether an escape stands for half of a character.
func loneSurrogate(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '\\')
		if at < 0 || at+1 >= len(data) {
			return false
		}
		data = data[at:]
		r, ok := escaped(data)
		if !ok || !utf16.IsSurrogate(r) {
			data = data[2:]
			continue
		}
		low, ok := escaped(data[6:])
		if !ok || utf16.DecodeRune(r, low) == utf8.RuneError {
			return true
		}
		data = data[12:]
	}
}

// escaped reads \uXXXX.
func escaped(data []byte) (rune, bool) {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	return rune(n), err == nil
}
