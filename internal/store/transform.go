package store

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"threadline/internal/crm"
)

// Apply computes the document that a write leaves: engines without transforms
// of their own use it inside their transaction. now is the commit's time.
func (s *Codec) Apply(w Write, present []byte, now crm.Time) ([]byte, error) {
	if len(w.Transforms) == 0 {
		return w.Data, nil
	}
	base := w.Data
	if base == nil {
		base = present
	}
	doc := map[string]any{}
	if base != nil {
		var err error
		if doc, err = s.fields(base); err != nil {
			return nil, err
		}
	}
	for _, t := range w.Transforms {
		if err := applyTransform(doc, t, now); err != nil {
			return nil, err
		}
	}
	out, err := s.encode(doc)
	if err != nil {
		return nil, err
	}
	return out, checkDocument(out)
}

// check refuses what Apply could not do, before it reaches an engine.
func (t Transform) check() error {
	const op = crm.Op("store.Transform")
	path := strings.Join(t.Field, ".")
	if len(t.Field) == 0 || slices.Contains(t.Field, "") {
		return crm.Errorf(crm.Invalid, op, "a transform names a field").WithField(path)
	}
	values := []any{t.Value}
	switch t.Kind {
	case ServerTime:
		return nil
	case Increment:
	case ArrayUnion, ArrayRemove:
		list, ok := t.Value.([]any)
		if !ok {
			return crm.Errorf(crm.Invalid, op, "%s takes a list", t.Kind).WithField(path)
		}
		values = list
	default:
		return crm.Errorf(crm.Invalid, op, "%q is no transform", t.Kind).WithField(path)
	}
	for _, v := range values {
		p, ok := plain(v)
		if s, text := p.(string); text && !utf8.ValidString(s) {
			ok = false
		}
		if !ok {
			return crm.Errorf(crm.Invalid, op, "%s cannot take a %T with this value", t.Kind, v).WithField(path)
		}
	}
	return nil
}

// Codec gives engines the document encoding.
type Codec struct{ codec }

// NewCodec makes the codec.
func NewCodec() (*Codec, error) {
	c, err := newCodec()
	return &Codec{c}, err
}

func applyTransform(doc map[string]any, t Transform, now crm.Time) error {
	m := doc
	for _, step := range t.Field[:len(t.Field)-1] {
		next, ok := m[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[step] = next
		}
		m = next
	}
	key := t.Field[len(t.Field)-1]
	switch t.Kind {
	case Increment:
		v, err := increment(m[key], t.Value)
		if err != nil {
			return err
		}
		m[key] = v
	case ArrayUnion, ArrayRemove:
		vals, ok := t.Value.([]any)
		if !ok {
			return crm.Errorf(crm.Invalid, "store.Transform", "%s takes a list", t.Kind)
		}
		have, _ := m[key].([]any)
		m[key] = arrayTransform(t.Kind, have, vals)
	case ServerTime:
		m[key] = now
	default:
		return crm.Errorf(crm.Invalid, "store.Transform", "%q is no transform", t.Kind)
	}
	return nil
}

func increment(have, by any) (any, error) {
	b, ok := plain(by)
	if !ok {
		return nil, crm.Errorf(crm.Invalid, "store.Transform", "an increment takes a number")
	}
	switch d := b.(type) {
	case int64:
		switch h := have.(type) {
		case int64:
			return saturate(h, d), nil
		case float64:
			return h + float64(d), nil
		}
		return d, nil
	case float64:
		switch h := have.(type) {
		case int64:
			return float64(h) + d, nil
		case float64:
			return h + d, nil
		}
		return d, nil
	}
	return nil, crm.Errorf(crm.Invalid, "store.Transform", "an increment takes a number")
}

func saturate(a, b int64) int64 {
	sum := a + b
	switch {
	case b > 0 && sum < a:
		return math.MaxInt64
	case b < 0 && sum > a:
		return math.MinInt64
	}
	return sum
}

func arrayTransform(kind TransformKind, have, vals []any) []any {
	out := []any{}
	for _, h := range have {
		if kind == ArrayUnion || !containsValue(vals, h) {
			out = append(out, h)
		}
	}
	if kind == ArrayUnion {
		for _, v := range vals {
			if p, ok := plain(v); ok && !containsValue(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func containsValue(list []any, v any) bool {
	pv, scalar := plain(v)
	for _, x := range list {
		if px, ok := plain(x); ok && scalar {
			if string(appendKey(nil, px)) == string(appendKey(nil, pv)) {
				return true
			}
		} else if reflect.DeepEqual(x, v) {
			return true
		}
	}
	return false
}

// AddField adds the whole number in a field of a stored document to a sum,
// which saturates; a field that is missing or no whole number adds nothing.
func AddField(sum int64, data []byte, field string) (int64, error) {
	err := collect(data, newFieldTree([]string{field}), func(_ int, raw []byte) {
		if v, ok := decodePlain(raw); ok {
			if n, whole := v.(int64); whole {
				sum = saturate(sum, n)
			}
		}
	})
	return sum, err
}
