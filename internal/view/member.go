package view

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// Members answers a page of the members of a segment that the viewer may read.
// A page may be short: only an empty Next is the end.
func (s *Service) Members(ctx context.Context, v access.Viewer, id, cursor string, limit int) (store.Page[crm.Record], error) {
	const op = crm.Op("view.Members")
	x, err := s.Segment(ctx, v, id)
	if err != nil {
		return store.Page[crm.Record]{}, err
	}
	page, err := s.members(ctx, v, &x.Value, cursor, limit)
	return page, crm.Wrap(op, "the members of the segment cannot be read", err)
}

func (s *Service) members(ctx context.Context, v access.Viewer, x *crm.Segment, cursor string, limit int) (store.Page[crm.Record], error) {
	var page store.Page[crm.Record]
	var err error
	if x.Mode == crm.SegmentDynamic {
		q, _, e := s.parse(ctx, v, x.Kind, x.Query)
		if e != nil {
			return page, e
		}
		q.Limit = limit
		found, e := s.records.Run(ctx, v, q, cursor)
		page, err = found.Page, e
	} else {
		page, err = s.picked(ctx, v, x, cursor, limit)
	}
	if err != nil {
		return page, err
	}
	for _, id := range x.Exclude {
		out, err := s.within(ctx, v, id, page.Items, 0)
		if err != nil {
			return page, err
		}
		var kept []store.Doc[crm.Record]
		for i, d := range page.Items {
			if !out[i] {
				kept = append(kept, d)
			}
		}
		page.Items = kept
	}
	return page, nil
}

// picked reads a page of a static segment.
func (s *Service) picked(ctx context.Context, v access.Viewer, x *crm.Segment, cursor string, limit int) (store.Page[crm.Record], error) {
	q := store.Query{Where: []store.Filter{store.Is("segment", x.ID)}, Order: "at", Limit: limit, After: cursor}
	picks, err := store.Picks.Query(ctx, s.sp, q)
	if err != nil {
		return store.Page[crm.Record]{}, err
	}
	var ids []crm.RecordID
	for _, d := range picks.Items {
		ids = append(ids, d.Value.Record)
	}
	docs, err := s.records.GetMany(ctx, v, ids)
	docs = slices.DeleteFunc(docs, func(d store.Doc[crm.Record]) bool { return !d.Exists() })
	return store.Page[crm.Record]{Items: docs, Next: picks.Next}, err
}

// within tells of each record whether it is a member of a segment. A segment
// that is gone, or not for the viewer, still keeps its members out: whoever
// excluded it meant them.
func (s *Service) within(ctx context.Context, v access.Viewer, id string, docs []store.Doc[crm.Record], depth int) ([]bool, error) {
	out := make([]bool, len(docs))
	found, err := store.Segments.GetMany(ctx, s.sp, []string{id})
	if err != nil || !found[0].Exists() || len(docs) == 0 || depth > maxDepth {
		return out, err
	}
	x := found[0].Value
	if x.Mode == crm.SegmentDynamic {
		q, _, err := s.parse(ctx, v, x.Kind, x.Query)
		if err != nil {
			return nil, err
		}
		if out, err = s.records.Matches(ctx, v, q, docs); err != nil {
			return nil, err
		}
	} else {
		ids := make([]string, len(docs))
		for i := range docs {
			ids[i] = pickID(id, docs[i].Value.ID)
		}
		picks, err := store.Picks.GetMany(ctx, s.sp, ids)
		if err != nil {
			return nil, err
		}
		for i, p := range picks {
			out[i] = p.Exists()
		}
	}
	for _, other := range x.Exclude {
		but, err := s.within(ctx, v, other, docs, depth+1)
		if err != nil {
			return nil, err
		}
		for i := range out {
			out[i] = out[i] && !but[i]
		}
	}
	return out, nil
}

// Count counts the members that the viewer may read, all of them.
func (s *Service) Count(ctx context.Context, v access.Viewer, id string) (int64, error) {
	x, err := s.Segment(ctx, v, id)
	if err != nil {
		return 0, err
	}
	seg, err := s.unordered(ctx, v, x.Value)
	if err != nil {
		return 0, err
	}
	var n int64
	for cursor := ""; ; {
		page, err := s.members(ctx, v, &seg, cursor, 500)
		if err != nil {
			return 0, crm.Wrap("view.Count", "the segment cannot be counted", err)
		}
		n += int64(len(page.Items))
		if cursor = page.Next; cursor == "" {
			return n, nil
		}
	}
}

// unordered is a segment without the order of its query, which would bound what
// is read.
func (s *Service) unordered(ctx context.Context, v access.Viewer, seg crm.Segment) (crm.Segment, error) {
	if seg.Mode != crm.SegmentDynamic {
		return seg, nil
	}
	q, _, err := s.parse(ctx, v, seg.Kind, seg.Query)
	if err != nil {
		return seg, err
	}
	words, err := s.records.Words(ctx, v)
	if err != nil {
		return seg, err
	}
	q.Order, q.Desc, q.Limit = "", false, 0
	seg.Query = query.Format(q, words)
	return seg, nil
}

// Everybody answers a page of all members of a segment that the viewer may read,
// in no order of theirs. A page may be short: only an empty Next is the end.
func (s *Service) Everybody(ctx context.Context, v access.Viewer, id, cursor string, limit int) (store.Page[crm.Record], error) {
	x, err := s.Segment(ctx, v, id)
	if err != nil {
		return store.Page[crm.Record]{}, err
	}
	seg, err := s.unordered(ctx, v, x.Value)
	if err != nil {
		return store.Page[crm.Record]{}, err
	}
	page, err := s.members(ctx, v, &seg, cursor, limit)
	return page, crm.Wrap("view.Everybody", "the members of the segment cannot be read", err)
}
