package firestore

import (
	"context"
	"errors"
	"io"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Query implements store.Driver.
func (d *Driver) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	return d.query(ctx, nil, p)
}

func (d *Driver) query(ctx context.Context, tx []byte, p *store.Plan) ([]store.Raw, error) {
	if err := ended(ctx, "firestore.Query"); err != nil || p.Empty() {
		return nil, err
	}
	q, err := d.structured(p)
	if err != nil {
		return nil, err
	}
	q.Limit = wrapperspb.Int32(int32(p.Limit))
	if p.Query.Bare() {
		q.Select = &pb.StructuredQuery_Projection{Fields: []*pb.StructuredQuery_FieldReference{field("__name__")}}
	}
	docs, err := d.run(ctx, tx, p.Workspace, q)
	if err != nil {
		return nil, err
	}
	out := make([]store.Raw, len(docs))
	for i, doc := range docs {
		if p.Query.Bare() {
			out[i].Key, err = d.key(doc.GetName())
		} else {
			out[i], err = d.raw(doc)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// run runs a query below a workspace.
func (d *Driver) run(ctx context.Context, tx []byte, ws crm.WorkspaceID, q *pb.StructuredQuery) ([]*pb.Document, error) {
	docs, _, err := d.runAt(ctx, tx, ws, q)
	return docs, err
}

// runAt is run with the server's time of what was read.
func (d *Driver) runAt(ctx context.Context, tx []byte, ws crm.WorkspaceID, q *pb.StructuredQuery) (docs []*pb.Document, at crm.Time, err error) {
	req := &pb.RunQueryRequest{Parent: d.parent(ws), QueryType: &pb.RunQueryRequest_StructuredQuery{StructuredQuery: q}}
	if tx != nil {
		req.ConsistencySelector = &pb.RunQueryRequest_Transaction{Transaction: tx}
	}
	err = d.reading(ctx, tx != nil, "firestore.Query", func(ctx context.Context) error {
		docs = nil
		asked := d.o.Now()
		stream, err := d.client.RunQuery(ctx, req)
		if err != nil {
			return err
		}
		for {
			res, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				d.meter.query(len(docs))
				return nil
			}
			if err != nil {
				return err
			}
			d.skew.sample(asked, d.o.Now(), res.GetReadTime())
			if t := res.GetReadTime(); t != nil {
				at = crm.At(t.AsTime())
			}
			if doc := res.GetDocument(); doc != nil {
				docs = append(docs, doc)
			}
		}
	})
	return docs, at, err
}

// structured writes a plan in Firestore's form, without its limit.
func (d *Driver) structured(p *store.Plan) (*pb.StructuredQuery, error) {
	q := &pb.StructuredQuery{From: []*pb.StructuredQuery_CollectionSelector{{CollectionId: p.Collection}}}
	where, err := filters(p.Query.Where)
	if err != nil {
		return nil, err
	}
	q.Where = where
	direction := pb.StructuredQuery_ASCENDING
	if p.Desc {
		direction = pb.StructuredQuery_DESCENDING
	}
	if p.Query.Order != "" {
		q.OrderBy = append(q.OrderBy, &pb.StructuredQuery_Order{Field: field(p.Query.Order), Direction: direction})
	}
	q.OrderBy = append(q.OrderBy, &pb.StructuredQuery_Order{Field: field("__name__"), Direction: direction})
	after, id, ok, err := p.Resume()
	if err != nil || !ok {
		return q, err
	}
	q.StartAt = &pb.Cursor{} // after, not before
	if p.Query.Order != "" {
		q.StartAt.Values = append(q.StartAt.Values, value(after))
	}
	q.StartAt.Values = append(q.StartAt.Values, d.reference(store.Key{Workspace: p.Workspace, Collection: p.Collection, ID: id}))
	return q, nil
}

func (d *Driver) reference(k store.Key) *pb.Value {
	return &pb.Value{ValueType: &pb.Value_ReferenceValue{ReferenceValue: d.name(k)}}
}

func field(path string) *pb.StructuredQuery_FieldReference {
	return &pb.StructuredQuery_FieldReference{FieldPath: path}
}

type filter = pb.StructuredQuery_Filter

func filters(where []store.Filter) (*filter, error) {
	var all []*filter
	for _, f := range where {
		one, err := filterOf(f)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return together(pb.StructuredQuery_CompositeFilter_AND, all), nil
}

func together(op pb.StructuredQuery_CompositeFilter_Operator, all []*filter) *filter {
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return &filter{FilterType: &pb.StructuredQuery_Filter_CompositeFilter{
		CompositeFilter: &pb.StructuredQuery_CompositeFilter{Op: op, Filters: all}}}
}

var operators = map[store.FilterOp]pb.StructuredQuery_FieldFilter_Operator{
	store.Eq: pb.StructuredQuery_FieldFilter_EQUAL, store.Contains: pb.StructuredQuery_FieldFilter_ARRAY_CONTAINS,
	store.In: pb.StructuredQuery_FieldFilter_IN, store.ContainsAny: pb.StructuredQuery_FieldFilter_ARRAY_CONTAINS_ANY,
	store.Lt: pb.StructuredQuery_FieldFilter_LESS_THAN, store.Le: pb.StructuredQuery_FieldFilter_LESS_THAN_OR_EQUAL,
	store.Gt: pb.StructuredQuery_FieldFilter_GREATER_THAN, store.Ge: pb.StructuredQuery_FieldFilter_GREATER_THAN_OR_EQUAL,
}

func filterOf(f store.Filter) (*filter, error) {
	switch f.Op {
	case store.In:
		return anyOf(f, store.Eq)
	case store.ContainsAny:
		return anyOf(f, store.Contains)
	}
	v, ok := store.Plain(f.Value)
	if !ok {
		return nil, crm.Errorf(crm.Invalid, "firestore.Query", "a %T cannot be compared", f.Value).WithField(f.Field)
	}
	return compare(f.Field, f.Op, v), nil
}

// compare writes a comparison with one value. Null is compared by a filter of
// its own; of ranges only those with "or equal" come here, the others are empty.
func compare(path string, op store.FilterOp, v any) *filter {
	if op == store.Contains {
		return fieldFilter(path, op, element(v))
	}
	if v == nil {
		return &filter{FilterType: &pb.StructuredQuery_Filter_UnaryFilter{UnaryFilter: &pb.StructuredQuery_UnaryFilter{
			Op: pb.StructuredQuery_UnaryFilter_IS_NULL, OperandType: &pb.StructuredQuery_UnaryFilter_Field{Field: field(path)}}}}
	}
	return fieldFilter(path, op, value(v))
}

func fieldFilter(path string, op store.FilterOp, v *pb.Value) *filter {
	return &filter{FilterType: &pb.StructuredQuery_Filter_FieldFilter{
		FieldFilter: &pb.StructuredQuery_FieldFilter{Field: field(path), Op: operators[op], Value: v}}}
}

// anyOf writes a list of alternatives. Among values null stands beside the
// list, which would not find it.
func anyOf(f store.Filter, one store.FilterOp) (*filter, error) {
	list, ok := f.Value.([]any)
	if !ok {
		return nil, crm.Errorf(crm.Invalid, "firestore.Query", "%s takes a list", f.Op).WithField(f.Field)
	}
	var values []any
	null := false
	for _, v := range list {
		p, ok := store.Plain(v)
		switch {
		case !ok:
			return nil, crm.Errorf(crm.Invalid, "firestore.Query", "a %T cannot be compared", v).WithField(f.Field)
		case p == nil && one == store.Eq:
			null = true
		default:
			values = append(values, p)
		}
	}
	var parts []*filter
	if null {
		parts = append(parts, compare(f.Field, one, nil))
	}
	switch {
	case len(values) == 1:
		parts = append(parts, compare(f.Field, one, values[0]))
	case len(values) > 1:
		parts = append(parts, fieldFilter(f.Field, f.Op, value(values)))
	}
	return together(pb.StructuredQuery_CompositeFilter_OR, parts), nil
}
