package firestore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// overlap is how far behind its newest entry the feed is read again. The time
// in an entry is that of the request, so an entry appears at most one commit
// later than others of its time.
const overlap = 2 * commitTime

// slack is how many more entries are read than were asked for and seen: room to
// see where a run of equal times ends.
const slack = 32

// entry is a document of the feed.
type entry struct {
	raw  store.Raw
	at   int64 // time of the request, µs: what queries go by
	made int64 // time of the commit, µs: what the order goes by
	mark mark
}

// Feed implements store.Driver.
func (d *Driver) Feed(ctx context.Context, ws crm.WorkspaceID, after store.Position, limit int) ([]store.Raw, store.Position, error) {
	pos, err := readPosition(after)
	if err != nil {
		return nil, after, err
	}
	var all []entry
	horizon, whole := int64(0), true // up to where the entries are complete
	for _, c := range store.CollectionInfos() {
		if !c.Feed {
			continue
		}
		some, full, err := d.entries(ctx, ws, c.Name, pos, limit)
		if err != nil {
			return nil, after, err
		}
		if full {
			if end := some[len(some)-1].at; whole || end < horizon {
				horizon, whole = end, false
			}
		}
		all = append(all, some...)
	}
	fresh := all[:0:0]
	for _, e := range all {
		if !pos.seen[e.mark] && (whole || e.at < horizon || !lowest(all, pos, horizon)) {
			fresh = append(fresh, e)
		}
	}
	slices.SortFunc(fresh, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.made, b.made), strings.Compare(a.raw.Key.ID, b.raw.Key.ID))
	})
	fresh = fresh[:min(len(fresh), limit)]
	if len(fresh) == 0 {
		return nil, after, nil
	}
	out := make([]store.Raw, len(fresh))
	for i, e := range fresh {
		out[i] = e.raw
	}
	return out, pos.behind(fresh, all, whole).String(), nil
}

// lowest tells whether an unseen entry lies before the horizon: then those at
// the horizon itself wait for the next page, which will hold all of them.
func lowest(all []entry, pos position, horizon int64) bool {
	return slices.ContainsFunc(all, func(e entry) bool { return e.at < horizon && !pos.seen[e.mark] })
}

// entries reads one collection of the feed from the overlap on; full says that
// there may be more.
func (d *Driver) entries(ctx context.Context, ws crm.WorkspaceID, collection string, pos position, limit int) (out []entry, full bool, err error) {
	if err := ended(ctx, "firestore.Feed"); err != nil {
		return nil, false, err
	}
	n := limit + len(pos.seen) + slack
	from := crm.Time(0)
	if pos.at != 0 {
		from = crm.Time(pos.at - overlap.Microseconds())
	}
	out, _, err = d.since(ctx, ws, collection, from, n)
	return out, len(out) == n, err
}

// since reads the first n entries of one collection of the feed whose request
// was at a time or later, 0 for all, and says as of when they were read.
func (d *Driver) since(ctx context.Context, ws crm.WorkspaceID, collection string, from crm.Time, n int) (out []entry, at crm.Time, err error) {
	q := ending(collection, from)
	q.Limit = wrapperspb.Int32(int32(n))
	docs, at, err := d.runAt(ctx, nil, ws, q)
	if err != nil {
		return nil, 0, err
	}
	for _, doc := range docs {
		raw, err := d.raw(doc)
		if err != nil {
			return nil, 0, err
		}
		made := doc.GetCreateTime().AsTime().UnixMicro()
		out = append(out, entry{raw: raw, at: micros(doc.GetFields()[fieldTime]), made: made, mark: markOf(raw.Key, made)})
	}
	return out, at, nil
}

// ending asks for the end of the feed, from a time on.
func ending(collection string, from crm.Time) *pb.StructuredQuery {
	all := make([]any, shards)
	for i := range all {
		all[i] = int64(i)
	}
	where := []*filter{fieldFilter(fieldShard, store.In, value(all))}
	if from != 0 {
		where = append(where, fieldFilter(fieldTime, store.Ge, value(from)))
	}
	return &pb.StructuredQuery{
		From:    []*pb.StructuredQuery_CollectionSelector{{CollectionId: collection}},
		Where:   together(pb.StructuredQuery_CompositeFilter_AND, where),
		OrderBy: []*pb.StructuredQuery_Order{{Field: field(fieldTime)}, {Field: field("__name__")}},
	}
}

func micros(v *pb.Value) int64 {
	return v.GetTimestampValue().AsTime().Truncate(time.Microsecond).UnixMicro()
}
