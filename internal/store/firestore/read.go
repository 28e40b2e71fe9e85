package firestore

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/api/iterator"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// readTime is how long one read may take; readChunk how many documents one
// request asks for.
const (
	readTime  = 30 * time.Second
	readChunk = 400
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

// load reads the documents that are not known yet, missing ones included.
func (d *Driver) load(ctx context.Context, tx []byte, keys []store.Key, known map[store.Key]store.Raw) error {
	var ask []string
	asked := map[store.Key]bool{}
	for _, k := range keys {
		if _, have := known[k]; !have && !asked[k] {
			asked[k] = true
			ask = append(ask, d.name(k))
		}
	}
	for chunk := range slices.Chunk(ask, readChunk) {
		req := &pb.BatchGetDocumentsRequest{Database: d.root, Documents: chunk}
		if tx != nil {
			req.ConsistencySelector = &pb.BatchGetDocumentsRequest_Transaction{Transaction: tx}
		}
		got := map[store.Key]store.Raw{}
		err := d.reading(ctx, tx != nil, "firestore.Get", func(ctx context.Context) error {
			clear(got)
			return d.batchGet(ctx, req, got)
		})
		if err != nil {
			return err
		}
		for k, r := range got {
			known[k] = r
		}
	}
	return nil
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
