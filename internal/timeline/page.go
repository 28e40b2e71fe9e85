package timeline

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// position is a place in the one order of timelines: date downwards, at the
// same date mail before activities, then id downwards.
type position struct {
	date     crm.Time
	activity bool
	id       string
}

func (p position) String() string {
	kind := "m"
	if p.activity {
		kind = "a"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(int64(p.date), 36) + "." + kind + "." + p.id))
}

// parsePosition reads a cursor; "" is the beginning, which is nil.
func parsePosition(cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.SplitN(string(raw), ".", 3)
	if err == nil && len(parts) == 3 && (parts[1] == "m" || parts[1] == "a") {
		if n, err := strconv.ParseInt(parts[0], 36, 64); err == nil {
			return &position{date: crm.Time(n), activity: parts[1] == "a", id: parts[2]}, nil
		}
	}
	return nil, crm.Errorf(crm.Invalid, "timeline", "this is no cursor of a timeline").
		WithField("cursor").WithHint("start again without a cursor")
}

// pageSize checks a limit; 0 is the default.
func pageSize(limit int) (int, error) {
	if limit == 0 {
		return DefaultLimit, nil
	}
	if limit < 0 || limit > MaxLimit {
		return 0, crm.Errorf(crm.Invalid, "timeline", "a page has 1 to %d entries", MaxLimit).WithField("limit")
	}
	return limit, nil
}

// stream is one collection as timelines read it.
type stream[T any] struct {
	from     store.Collection[T]
	order    string // the ordered field
	activity bool
	place    func(*T) position
	keep     func(*T) bool // nil: all
}

// mails and activities are the two streams of a timeline.
func mails(v access.Viewer) stream[crm.Message] {
	return stream[crm.Message]{keep: func(m *crm.Message) bool { return access.Message(v, m) != access.None }, from: store.Messages, order: "date",
		place: func(m *crm.Message) position { return position{date: m.Date, id: string(m.ID)} }}
}

func activities(v access.Viewer) stream[crm.Record] {
	return stream[crm.Record]{keep: v.Reads, from: store.Activities, order: "at", activity: true,
		place: func(r *crm.Record) position { return position{date: r.At, activity: true, id: string(r.ID)} }}
}

// read returns up to n documents with any of the tokens, newest first, behind
// the position.
func (st stream[T]) read(ctx context.Context, r store.Reader, tokens []crm.FeedToken, after *position, n int) ([]T, error) {
	q := store.Query{Where: []store.Filter{store.HasAny("feed", tokens)}, Order: st.order, Desc: true, Limit: n}
	if after != nil {
		op := store.Le
		if after.activity && !st.activity {
			op = store.Lt // mail of that time came before the activity
		}
		q.Where = append(q.Where, store.Filter{Field: st.order, Op: op, Value: after.date})
		q.Limit = min(n+8, store.MaxLimit) // what stands at the very time of the position is read again
	}
	var out []T
	for {
		page, err := st.from.Query(ctx, r, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			if p := st.place(&page.Items[i].Value); st.behind(p, after) && (st.keep == nil || st.keep(&page.Items[i].Value)) {
				out = append(out, page.Items[i].Value)
			}
			if len(out) == n {
				return out, nil
			}
		}
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// behind tells whether a document of the stream, found from the position's
// date on, stands behind it.
func (st stream[T]) behind(p position, after *position) bool {
	return after == nil || p.date != after.date || after.activity != st.activity || p.id < after.id
}
