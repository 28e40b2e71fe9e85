package firestore

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"golang.org/x/sync/errgroup"
	"google.golang.org/api/iterator"

	"threadline/internal/crm"
	"threadline/internal/store"
)

const (
	readTime      = 30 * time.Second // of one read
	namesPerQuery = 30               // Firestore's limit of alternatives in one query, in names and in anything else
	readsAtOnce   = 8
)

// Get implements store.Driver.
func (d *Driver) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	known := map[store.Key]store.Raw{}
	if err := d.load(ctx, nil, keys, known); err != nil {
		return nil, err
	}
	return pick(keys, known), nil
}

func pick(keys []store.Key, known map[store.Key]store.Raw) []store.Raw {
	out := make([]store.Raw, len(keys))
	for i, k := range keys {
		out[i] = known[k]
		out[i].Key = k
	}
	return out
}

// load reads the documents that are not known yet, missing ones included. A
// look-up of a missing document is billed like one that is found; a query that
// finds nothing is billed once. So several are asked for by name in queries,
// which cost what exists and at least one for each 30.
func (d *Driver) load(ctx context.Context, tx []byte, keys []store.Key, known map[store.Key]store.Raw) error {
	type home struct {
		workspace  crm.WorkspaceID
		collection string
	}
	ask, asked := map[home][]string{}, map[store.Key]bool{}
	for _, k := range keys {
		if _, have := known[k]; !have && !asked[k] {
			asked[k] = true
			at := home{k.Workspace, k.Collection}
			ask[at] = append(ask[at], d.name(k))
		}
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readsAtOnce)
	for at, names := range ask {
		for chunk := range slices.Chunk(names, namesPerQuery) {
			g.Go(func() error {
				got, err := d.named(ctx, tx, at.workspace, at.collection, chunk)
				mu.Lock()
				defer mu.Unlock()
				maps.Copy(known, got)
				return err
			})
		}
	}
	return g.Wait()
}

// named reads documents of one collection by their names.
func (d *Driver) named(ctx context.Context, tx []byte, ws crm.WorkspaceID, collection string, names []string) (map[store.Key]store.Raw, error) {
	got := map[store.Key]store.Raw{}
	if len(names) == 1 {
		req := &pb.BatchGetDocumentsRequest{Database: d.root, Documents: names}
		if tx != nil {
			req.ConsistencySelector = &pb.BatchGetDocumentsRequest_Transaction{Transaction: tx}
		}
		err := d.reading(ctx, tx != nil, "firestore.Get", func(ctx context.Context) error {
			clear(got)
			return d.batchGet(ctx, req, got)
		})
		return got, err
	}
	docs, err := d.run(ctx, tx, ws, &pb.StructuredQuery{
		From:  []*pb.StructuredQuery_CollectionSelector{{CollectionId: collection}},
		Where: fieldFilter("__name__", store.In, references(names)),
	})
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		k, err := d.key(name)
		if err != nil {
			return nil, err
		}
		got[k] = store.Raw{Key: k}
	}
	for _, doc := range docs {
		raw, err := d.raw(doc)
		if err != nil {
			return nil, err
		}
		got[raw.Key] = raw
	}
	return got, nil
}

func references(names []string) *pb.Value {
	list := &pb.ArrayValue{}
	for _, name := range names {
		list.Values = append(list.Values, &pb.Value{ValueType: &pb.Value_ReferenceValue{ReferenceValue: name}})
	}
	return &pb.Value{ValueType: &pb.Value_ArrayValue{ArrayValue: list}}
}

func (d *Driver) batchGet(ctx context.Context, req *pb.BatchGetDocumentsRequest, got map[store.Key]store.Raw) error {
	return d.found(ctx, req, func(doc *pb.Document) error {
		raw, err := d.raw(doc)
		got[raw.Key] = raw
		return err
	}, func(name string) error {
		k, err := d.key(name)
		got[k] = store.Raw{Key: k}
		return err
	})
}

// found reads documents and hands out those that exist and those that do not.
func (d *Driver) found(ctx context.Context, req *pb.BatchGetDocumentsRequest, found func(*pb.Document) error, missing func(string) error) error {
	asked := d.o.Now()
	stream, err := d.client.BatchGetDocuments(ctx, req)
	if err != nil {
		return err
	}
	for {
		res, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			d.meter.reads.Add(int64(len(req.Documents)))
			return nil
		}
		if err != nil {
			return err
		}
		d.skew.sample(asked, d.o.Now(), res.GetReadTime())
		if doc := res.GetFound(); doc != nil {
			err = found(doc)
		} else if res.GetMissing() != "" {
			err = missing(res.GetMissing())
		}
		if err != nil {
			return err
		}
	}
}

// Workspaces implements store.Driver. A workspace is the parent of documents
// and no document itself, so it is listed as missing.
func (d *Driver) Workspaces(ctx context.Context) ([]crm.WorkspaceID, error) {
	var out []crm.WorkspaceID
	err := d.reading(ctx, false, "firestore.Workspaces", func(ctx context.Context) error {
		out = nil
		it := d.client.ListDocuments(ctx, &pb.ListDocumentsRequest{
			Parent: d.documents(), CollectionId: workspaces, PageSize: 300, ShowMissing: true, Mask: &pb.DocumentMask{},
		})
		for {
			doc, err := it.Next()
			if errors.Is(err, iterator.Done) {
				d.meter.query(len(out))
				return nil
			}
			if err != nil {
				return err
			}
			out = append(out, crm.WorkspaceID(doc.GetName()[len(d.documents()+"/"+workspaces+"/"):]))
		}
	})
	slices.Sort(out)
	return out, err
}
