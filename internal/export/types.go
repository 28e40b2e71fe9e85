package export

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
)

// JSON has no times and no bytes, so that a full export names the paths where
// text stands for one: steps joined by a slash, * for every element of a list.
const (
	asTime  = "time"
	asBytes = "bytes"
)

// typesOf lists the paths of times and bytes in a document.
func typesOf(fields map[string]any) map[string]any {
	found := map[string]map[string]bool{asTime: {}, asBytes: {}}
	var walk func(path []string, v any)
	walk = func(path []string, v any) {
		switch x := v.(type) {
		case crm.Time:
			found[asTime][strings.Join(path, "/")] = true
		case []byte:
			found[asBytes][strings.Join(path, "/")] = true
		case []any:
			for _, e := range x {
				walk(append(slices.Clone(path), "*"), e)
			}
		case map[string]any:
			for k, e := range x {
				walk(append(slices.Clone(path), step(k)), e)
			}
		}
	}
	walk(nil, fields)
	out := map[string]any{}
	for kind, set := range found {
		var list []any
		for path := range set {
			list = append(list, path)
		}
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		out[kind] = list
	}
	return out
}

// step writes a key so that it holds no slash and is no star (like RFC 6901).
func step(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "*", "~2").Replace(key)
}

// typed turns what JSON made of a document into stored values: numbers into
// integers and floats, text into times and bytes where as says so.
func typed(path string, v any, as map[string]string) (any, error) {
	switch x := v.(type) {
	case json.Number:
		if strings.ContainsAny(x.String(), ".eE") {
			return x.Float64()
		}
		return x.Int64()
	case string:
		switch as[path] {
		case asTime:
			t, err := time.Parse(timeForm, x)
			return crm.At(t), err
		case asBytes:
			return base64.StdEncoding.DecodeString(x)
		}
	case []any:
		return typedList(path, x, as)
	case map[string]any:
		for k, e := range x {
			t, err := typed(join(path, step(k)), e, as)
			if err != nil {
				return nil, err
			}
			x[k] = t
		}
	}
	return v, nil
}

func typedList(path string, list []any, as map[string]string) (any, error) {
	for i, e := range list {
		t, err := typed(join(path, "*"), e, as)
		if err != nil {
			return nil, err
		}
		list[i] = t
	}
	return list, nil
}

func join(path, next string) string {
	if path == "" {
		return next
	}
	return path + "/" + next
}
