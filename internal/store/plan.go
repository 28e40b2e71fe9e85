package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// shape is what a query needs of an index.
type shape struct {
	equal []string // Eq and In, sorted
	array string
	order string
}

// plan finds the one index that serves the query and lays out its scans.
// width is how many values the engine takes in one filter.
func (x *Indexes) plan(ws crm.WorkspaceID, collection string, q Query, width int) (*Plan, error) {
	sh, err := q.shape()
	if err != nil {
		return nil, err
	}
	p := &Plan{Workspace: ws, Collection: collection, Query: q, Desc: q.Desc, Limit: q.Limit}
	if len(sh.equal) == 0 && sh.array == "" && sh.order == "" {
		p.Prefixes = [][]byte{nil}
		return p, p.resume(q)
	}
	ix := x.find(collection, sh)
	if ix == nil {
		return nil, missingIndex(collection, sh)
	}
	p.Index = ix
	if err := p.scans(q, sh, width); err != nil {
		return nil, err
	}
	return p, p.resume(q)
}

// shape checks the form of the query.
func (q Query) shape() (shape, error) {
	sh := shape{order: q.Order}
	if q.Desc && q.Order == "" {
		return sh, badQuery("", "documents cannot be read backwards by id alone")
	}
	ins := 0
	for _, f := range q.Where {
		switch f.Op {
		case Eq:
			sh.equal = append(sh.equal, f.Field)
		case In:
			ins++
			sh.equal = append(sh.equal, f.Field)
		case Contains, ContainsAny:
			if sh.array != "" {
				return sh, badQuery(f.Field, "only one array test is possible")
			}
			sh.array = f.Field
			if f.Op == ContainsAny {
				ins++
			}
		case Lt, Le, Gt, Ge:
			if sh.order != f.Field {
				return sh, badQuery(f.Field, "a range needs the order by the same field")
			}
		default:
			return sh, badQuery(f.Field, "%q is no filter", f.Op)
		}
	}
	if ins > 1 {
		return sh, badQuery("", "only one list of alternatives is possible")
	}
	slices.Sort(sh.equal)
	if len(slices.Compact(slices.Clone(sh.equal))) != len(sh.equal) {
		return sh, badQuery("", "a field is compared twice")
	}
	return sh, nil
}

func badQuery(field, format string, args ...any) error {
	return crm.Errorf(crm.Invalid, "store.Query", format, args...).WithField(field)
}

// find returns the index for the shape. An index whose ordered field is
// compared for equality serves an order by id.
func (x *Indexes) find(collection string, sh shape) *Index {
	for _, ci := range x.by[collection] {
		if ci.Array != sh.array {
			continue
		}
		have := slices.Sorted(slices.Values(ci.Equal))
		if ci.Order == sh.order && slices.Equal(have, sh.equal) {
			return &ci.Index
		}
		if sh.order == "" && ci.Order != "" {
			have = append(have, ci.Order)
			slices.Sort(have)
			if slices.Equal(have, sh.equal) {
				return &ci.Index
			}
		}
	}
	return nil
}

func missingIndex(collection string, sh shape) error {
	want := Index{Collection: collection, Equal: sh.equal, Array: sh.array, Order: sh.order}
	lines, err := FormatIndexes([]Index{want}, nil)
	if err != nil {
		return crm.E(crm.Internal, "store.Query", "the missing index cannot be written down", err)
	}
	return crm.Errorf(crm.MissingIndex, "store.Query", "no declared index serves this query on %s", collection).
		WithHint("the index would be " + strings.Join(strings.Fields(string(lines)), " "))
}

// scans computes the key prefixes and the bounds of what follows them.
func (p *Plan) scans(q Query, sh shape, width int) error {
	p.Prefixes = [][]byte{nil}
	steps := slices.Clone(p.Index.Equal)
	if p.Index.Array != "" {
		steps = append(steps, p.Index.Array)
	}
	if p.Index.Order != sh.order {
		steps = append(steps, p.Index.Order)
	}
	for _, field := range steps {
		values, err := q.alternatives(field, width)
		if err != nil {
			return err
		}
		var next [][]byte
		for _, prefix := range p.Prefixes {
			for _, v := range values {
				next = append(next, slices.Concat(prefix, v))
			}
		}
		p.Prefixes = next
	}
	return p.bounds(q)
}

// alternatives returns the keys of the values that a field may have.
func (q Query) alternatives(field string, width int) ([][]byte, error) {
	for _, f := range q.Where {
		if f.Field != field || f.Op == Lt || f.Op == Le || f.Op == Gt || f.Op == Ge {
			continue
		}
		list := []any{f.Value}
		if f.Op == In || f.Op == ContainsAny {
			many, ok := f.Value.([]any)
			limit := maxIn
			if f.Op == ContainsAny {
				limit = maxAny
			}
			if f.wide {
				limit = width
			}
			if !ok || len(many) == 0 || len(many) > limit {
				return nil, badQuery(field, "this takes a list of 1 to %d values", limit)
			}
			list = many
		}
		return distinctKeys(field, list)
	}
	return nil, badQuery(field, "the field is not compared")
}

func distinctKeys(field string, list []any) ([][]byte, error) {
	out := make([][]byte, 0, len(list))
	seen := make(map[string]bool, len(list))
	for _, v := range list {
		pv, ok := plain(v)
		if !ok {
			return nil, badQuery(field, "a %T cannot be compared", v)
		}
		if key := appendKey(nil, pv); !seen[string(key)] {
			seen[string(key)] = true
			out = append(out, key)
		}
	}
	return out, nil
}

func (p *Plan) bounds(q Query) error {
	for _, f := range q.Where {
		if f.Op != Lt && f.Op != Le && f.Op != Gt && f.Op != Ge {
			continue
		}
		v, ok := plain(f.Value)
		if !ok {
			return badQuery(f.Field, "a %T cannot be compared", f.Value)
		}
		key := appendKey(nil, v)
		low, high := typeBounds(v)
		switch f.Op {
		case Lt:
			high = key
		case Le:
			high = keyEnd(key)
		case Gt:
			low = keyEnd(key)
		case Ge:
			low = key
		}
		if p.Low == nil || bytes.Compare(low, p.Low) > 0 {
			p.Low = low
		}
		if p.High == nil || bytes.Compare(high, p.High) < 0 {
			p.High = high
		}
	}
	return nil
}

// resume reads the cursor of the page before.
func (p *Plan) resume(q Query) error {
	if q.After == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil || len(raw) <= cursorHash || !bytes.Equal(raw[:cursorHash], q.hash(p.Collection)) {
		return crm.Errorf(crm.Invalid, "store.Query", "the cursor does not belong to this query").
			WithField("cursor").WithHint("start again without a cursor")
	}
	p.After = raw[cursorHash:]
	return nil
}

const cursorHash = 6

// hash identifies everything of a query but its page.
func (q Query) hash(collection string) []byte {
	key := appendKey(appendKey(appendKey(nil, collection), q.Order), q.Desc)
	for _, f := range q.Where {
		key = appendKey(appendKey(key, f.Field), string(f.Op))
		list, many := f.Value.([]any)
		if !many {
			list = []any{f.Value}
		}
		key = appendKey(key, int64(len(list)))
		for _, v := range list {
			if p, ok := plain(v); ok {
				key = appendKey(key, p)
			}
		}
	}
	sum := sha256.Sum256(key)
	return sum[:cursorHash]
}

// cursorAfter makes the cursor behind a document.
func (q Query) cursorAfter(collection string, last Raw) (string, error) {
	suffix := last.Place
	if suffix == nil {
		var err error
		if suffix, err = orderSuffix(q.Order, last.Key.ID, last.Data); err != nil {
			return "", err
		}
	}
	return base64.RawURLEncoding.EncodeToString(append(q.hash(collection), suffix...)), nil
}

// Scan returns the keys of one of the plan's prefixes: from low up to, not
// including, high, which is nil for "to the end of the index".
func (p *Plan) Scan(prefix []byte) (low, high []byte) {
	low = slices.Concat(prefix, p.Low)
	high = keyEnd(prefix)
	if p.High != nil {
		high = slices.Concat(prefix, p.High)
	}
	if p.After == nil {
		return low, high
	}
	mark := slices.Concat(prefix, p.After)
	if p.Desc {
		if high == nil || bytes.Compare(mark, high) < 0 {
			high = mark
		}
		return low, high
	}
	if next := append(mark, 0); bytes.Compare(next, low) > 0 {
		low = next
	}
	return low, high
}
