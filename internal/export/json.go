package export

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"threadline/internal/crm"
)

// timeForm writes all six digits, so that equal times are equal bytes.
const timeForm = "2006-01-02T15:04:05.000000Z"

// appendValue writes a value as it comes out of the store, canonically. A whole
// float keeps its point, so that it is told from an integer.
func appendValue(dst []byte, v any) ([]byte, error) {
	switch x := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, x), nil
	case int64:
		return strconv.AppendInt(dst, x, 10), nil
	case float64:
		return appendFloat(dst, x)
	case crm.Time:
		dst = append(dst, '"')
		dst = x.Std().AppendFormat(dst, timeForm)
		return append(dst, '"'), nil
	case []byte:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, x)
		return append(dst, '"'), nil
	case string:
		return appendText(dst, x), nil
	case []any:
		return appendList(dst, x)
	case map[string]any:
		return appendMap(dst, x)
	}
	return nil, crm.Errorf(crm.Internal, "export", "a %T cannot be exported", v)
}

func appendFloat(dst []byte, f float64) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, crm.Errorf(crm.Internal, "export", "a number that is none cannot be exported")
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return append(dst, s...), nil
}

// appendText writes text with the escapes that JSON needs and no others (RFC
// 8259 §7), so that the bytes do not depend on a library's taste.
func appendText(dst []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < ' ':
			dst = fmt.Appendf(dst, `\u%04x`, c)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

func appendList(dst []byte, list []any) ([]byte, error) {
	var err error
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendValue(dst, v); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

// appendMap writes the keys in order and leaves out what is empty: a list that
// was never there and one that lost its last element are the same state.
func appendMap(dst []byte, m map[string]any) ([]byte, error) {
	dst = append(dst, '{')
	first := true
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if empty(m[key]) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		var err error
		dst = appendText(dst, key)
		if dst, err = appendValue(append(dst, ':'), m[key]); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

func empty(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case []any:
		return len(x) == 0
	case map[string]any:
		for _, v := range x {
			if !empty(v) {
				return false
			}
		}
		return true
	case []byte:
		return len(x) == 0
	case crm.Time:
		return x.IsZero()
	}
	return false
}
