package view

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Limits of segments.
const (
	maxExcluded = 20   // segments that one excludes
	maxDepth    = 5    // segments that exclude segments
	maxPicks    = 1000 // records that are chosen at once
)

func (s *Service) segments() shelf[crm.Segment] {
	return shelf[crm.Segment]{s, store.Segments, crm.PrefixSegment, "segment", func(x *crm.Segment) face {
		return face{&x.ID, x.Name, x.Kind, x.Sharing, x.Team, &x.Owner, &x.By, &x.CreatedAt}
	}}
}

// Segments returns the segments that the viewer may see, by name; of one kind,
// or of all when it is empty.
func (s *Service) Segments(ctx context.Context, v access.Viewer, kind crm.Kind) ([]store.Doc[crm.Segment], error) {
	return s.segments().list(ctx, v, kind)
}

// Segment returns a segment that the viewer may see.
func (s *Service) Segment(ctx context.Context, v access.Viewer, id string) (store.Doc[crm.Segment], error) {
	return s.segments().get(ctx, s.sp, v, id)
}

// SaveSegment makes a segment, or changes one when it has an id; its kind and
// its mode stay. Version 0 takes any.
func (s *Service) SaveSegment(ctx context.Context, v access.Viewer, by records.By, x crm.Segment, version store.Version) (store.Doc[crm.Segment], string, error) {
	if err := s.checkSegment(ctx, v, &x); err != nil {
		return store.Doc[crm.Segment]{}, "", err
	}
	return s.segments().save(ctx, v, by, x, version, func(ctx context.Context, tx *store.Tx, old, x *crm.Segment) error {
		if old != nil && (x.Mode != old.Mode || x.Kind != old.Kind) {
			return crm.Errorf(crm.Invalid, "view.SaveSegment", "what a segment is made of stays").WithField("mode").WithHint("make another segment")
		}
		return s.circle(ctx, tx, *x)
	})
}

func (s *Service) checkSegment(ctx context.Context, v access.Viewer, x *crm.Segment) error {
	const op = crm.Op("view.Segment")
	n, err := s.records.Noun(ctx, v, x.Kind)
	if err != nil {
		return err
	}
	if err := crm.CheckShared(x.Name, x.Sharing, x.Team); err != nil {
		return err
	}
	switch {
	case x.Mode == crm.SegmentDynamic:
		var q *query.Query
		if q, x.Query, err = s.parse(ctx, v, x.Kind, cmp.Or(strings.TrimSpace(x.Query), n.Plural)); err == nil {
			err = q.NoLimit("query")
		}
	case x.Mode != crm.SegmentStatic:
		err = crm.Errorf(crm.Invalid, op, "a segment is dynamic or static").WithField("mode")
	case x.Query != "":
		err = crm.Errorf(crm.Invalid, op, "people choose the members of a static segment; it has no query").WithField("query")
	}
	if err != nil {
		return err
	}
	if len(x.Exclude) > maxExcluded {
		return crm.Errorf(crm.TooLarge, op, "a segment excludes at most %d others", maxExcluded).WithField("exclude")
	}
	for _, id := range x.Exclude {
		other, err := s.Segment(ctx, v, id)
		if err != nil {
			return crm.Errorf(crm.Invalid, op, "there is no segment %s", crm.Clip(id, 60)).WithField("exclude")
		}
		if other.Value.Kind != x.Kind {
			return crm.Errorf(crm.Invalid, op, "the segment %s has records of another kind", other.Value.Name).WithField("exclude")
		}
	}
	return nil
}

// circle refuses segments that exclude themselves, by whatever way.
func (s *Service) circle(ctx context.Context, r store.Reader, x crm.Segment) error {
	front := x.Exclude
	for depth := 0; len(front) > 0; depth++ {
		if slices.Contains(front, x.ID) || depth == maxDepth {
			return crm.Errorf(crm.Invalid, "view.circle", "segments exclude each other, or more than %d deep", maxDepth).WithField("exclude")
		}
		docs, err := store.Segments.GetMany(ctx, r, front)
		if err != nil {
			return err
		}
		front = nil
		for _, d := range docs {
			front = append(front, d.Value.Exclude...)
		}
	}
	return nil
}

// DeleteSegment takes a segment away that no other excludes.
func (s *Service) DeleteSegment(ctx context.Context, v access.Viewer, by records.By, id string) (string, error) {
	return s.segments().remove(ctx, v, by, id, func(ctx context.Context, tx *store.Tx) error {
		all, err := store.Segments.All(ctx, tx, store.Query{})
		if err != nil {
			return err
		}
		for _, d := range all {
			if slices.Contains(d.Value.Exclude, id) {
				return crm.Errorf(crm.Conflict, "view.DeleteSegment", "another segment excludes it").WithField("id").WithHint("change that one first")
			}
		}
		return nil
	})
}

// Pick makes records members of a static segment, or no members any more.
func (s *Service) Pick(ctx context.Context, v access.Viewer, by records.By, id string, add, drop []crm.RecordID) (string, error) {
	const op = crm.Op("view.Pick")
	if len(add)+len(drop) > maxPicks {
		return "", crm.Errorf(crm.TooLarge, op, "at most %d records are chosen at once", maxPicks).WithField("add")
	}
	x, err := s.Segment(ctx, v, id)
	if err != nil {
		return "", err
	}
	if x.Value.Mode != crm.SegmentStatic {
		return "", crm.Errorf(crm.Invalid, op, "a query chooses the members of this segment").WithField("id")
	}
	docs, err := s.records.GetMany(ctx, v, add)
	if err != nil {
		return "", err
	}
	for i, d := range docs {
		if !d.Exists() || d.Value.Kind != x.Value.Kind {
			return "", crm.Errorf(crm.Invalid, op, "there is no %s %s", x.Value.Kind, crm.Clip(string(add[i]), 60)).WithField("add")
		}
	}
	return s.sp.Change(ctx, info(by, "choose members of "+x.Value.Name), func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.segments().own(ctx, tx, v, id); err != nil {
			return err
		}
		var ids []string
		for _, r := range slices.Concat(add, drop) {
			ids = append(ids, pickID(id, r))
		}
		have, err := store.Picks.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i, d := range have {
			switch {
			case i >= len(add) && d.Exists():
				store.Picks.Delete(tx, ids[i])
			case i < len(add) && !d.Exists() && !slices.Contains(ids[:i], ids[i]):
				store.Picks.Create(tx, &crm.Pick{ID: ids[i], Segment: id, Record: add[i], At: s.sp.Store().Now()})
			}
		}
		return nil
	})
}

func pickID(segment string, r crm.RecordID) string {
	sum := sha256.Sum256([]byte(segment + "/" + string(r)))
	return crm.PrefixPick + "_" + hex.EncodeToString(sum[:16])
}
