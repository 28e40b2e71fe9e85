package api

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// strictJSON is JSON (RFC 8259) whose text arrives as it was sent: what is not
// Unicode is refused, and not replaced by question marks.
var strictJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("the text is not UTF-8")
	}
	if loneSurrogate(data) {
		return errors.New("the text holds half of a surrogate pair")
	}
	return huma.DefaultJSONFormat.Unmarshal(data, v)
}}

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
