package firestore

import (
	"context"
	"errors"
	"io"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"

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
		return d.count(ctx, p, q)
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

func (d *Driver) count(ctx context.Context, p *store.Plan, q *pb.StructuredQuery) (int64, error) {
	req := &pb.RunAggregationQueryRequest{Parent: d.parent(p.Workspace),
		QueryType: &pb.RunAggregationQueryRequest_StructuredAggregationQuery{StructuredAggregationQuery: &pb.StructuredAggregationQuery{
			QueryType: &pb.StructuredAggregationQuery_StructuredQuery{StructuredQuery: q},
			Aggregations: []*pb.StructuredAggregationQuery_Aggregation{{Alias: "n",
				Operator: &pb.StructuredAggregationQuery_Aggregation_Count_{Count: &pb.StructuredAggregationQuery_Aggregation_Count{}}}},
		}}}
	var n int64
	err := d.reading(ctx, false, "firestore.Aggregate", func(ctx context.Context) error {
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
			if r := res.GetResult(); r != nil {
				n = r.GetAggregateFields()["n"].GetIntegerValue()
			}
		}
	})
	return n, err
}
