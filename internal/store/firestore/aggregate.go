package firestore

import (
	"context"
	"errors"
	"io"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// countsPerRead is how many index entries Google bills as one read.
const countsPerRead = 1000

// Aggregate implements store.Driver. Counts are Firestore's; sums read the
// documents, because only indexed fields lie outside of the stored bytes.
func (d *Driver) Aggregate(ctx context.Context, p *store.Plan, sum string) (int64, error) {
	if err := ended(ctx, "firestore.Aggregate"); err != nil || p.Empty() {
		return 0, err
	}
	q, err := d.structured(p)
	if err != nil {
		return 0, err
	}
	if sum == "" {
		n, _, err := d.countAt(ctx, p.Workspace, q)
		return n, err
	}
	docs, err := d.run(ctx, nil, p.Workspace, q)
	var total int64
	for _, doc := range docs {
		if err == nil {
			total, err = store.AddField(total, doc.GetFields()[fieldData].GetBytesValue(), sum)
		}
	}
	return total, err
}

// countAt counts the documents of a query, and says as of when.
func (d *Driver) countAt(ctx context.Context, ws crm.WorkspaceID, q *pb.StructuredQuery) (n int64, at crm.Time, err error) {
	req := &pb.RunAggregationQueryRequest{Parent: d.parent(ws),
		QueryType: &pb.RunAggregationQueryRequest_StructuredAggregationQuery{StructuredAggregationQuery: &pb.StructuredAggregationQuery{
			QueryType: &pb.StructuredAggregationQuery_StructuredQuery{StructuredQuery: q},
			Aggregations: []*pb.StructuredAggregationQuery_Aggregation{{Alias: "n",
				Operator: &pb.StructuredAggregationQuery_Aggregation_Count_{Count: &pb.StructuredAggregationQuery_Aggregation_Count{}}}},
		}}}
	err = d.reading(ctx, false, "firestore.Aggregate", func(ctx context.Context) error {
		stream, err := d.client.RunAggregationQuery(ctx, req)
		if err != nil {
			return err
		}
		for {
			res, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				d.meter.query(int(n+countsPerRead-1) / countsPerRead)
				return nil
			}
			if err != nil {
				return err
			}
			if t := res.GetReadTime(); t != nil {
				at = crm.At(t.AsTime())
			}
			if r := res.GetResult(); r != nil {
				n = r.GetAggregateFields()["n"].GetIntegerValue()
			}
		}
	})
	return n, at, err
}
