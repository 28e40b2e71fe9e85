package firestore

import (
	"context"
	"errors"
	"slices"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"

	"threadline/internal/crm"
)

// program marks a database as ours, in the document program/schema.
const (
	program       = "threadline"
	schemaVersion = int64(1)
)

func (d *Driver) marker() string { return d.documents() + "/" + program + "/schema" }

// schema is what the marker says.
type schema struct {
	version int64
	first   crm.WorkspaceID
	ok      bool // there is a marker
}

// settleSchema checks whose database it is. An empty one becomes ours; nothing
// is written to any other, nor with a clock that is off.
func (d *Driver) settleSchema(ctx context.Context) error {
	for {
		have, err := d.schema(ctx)
		if err != nil {
			return err
		}
		if err := d.skew.check(); err != nil {
			return err
		}
		if have.ok {
			return d.accept(have)
		}
		empty, err := d.empty(ctx)
		if err != nil {
			return err
		}
		if !empty {
			// Another process may have marked it in between.
			if have, err := d.schema(ctx); err != nil || have.ok {
				return errors.Join(err, d.accept(have))
			}
			return d.foreign()
		}
		if err := d.mark(ctx); err != nil {
			return err
		}
	}
}

func (d *Driver) accept(have schema) error {
	switch {
	case have.version <= 0 || have.first == "":
		return d.foreign()
	case have.version > schemaVersion:
		return crm.Errorf(crm.Invalid, "firestore.Open", "the database was made by a newer version of Threadline (schema %d; this version knows %d)", have.version, schemaVersion).
			WithField("firestore-database").WithHint("start the newer version; nothing was written")
	}
	d.first = have.first
	return nil
}

func (d *Driver) foreign() error {
	return crm.Errorf(crm.Invalid, "firestore.Open", "%s belongs to another application", d).
		WithField("firestore-database").WithHint("create a database of its own for Threadline and name it with --firestore-database; nothing was written")
}

// schema reads the marker.
func (d *Driver) schema(ctx context.Context) (have schema, err error) {
	req := &pb.BatchGetDocumentsRequest{Database: d.root, Documents: []string{d.marker()}}
	err = d.reading(ctx, false, "firestore.Open", func(ctx context.Context) error {
		have = schema{}
		return d.found(ctx, req, func(doc *pb.Document) error {
			f := doc.GetFields()
			have = schema{version: f["schema"].GetIntegerValue(), first: crm.WorkspaceID(f["workspace"].GetStringValue()), ok: true}
			return nil
		}, func(string) error { return nil })
	})
	return have, err
}

// empty tells whether the database holds no document at all.
func (d *Driver) empty(ctx context.Context) (bool, error) {
	var ids []string
	err := d.reading(ctx, false, "firestore.Open", func(ctx context.Context) error {
		ids = nil
		it := d.client.ListCollectionIds(ctx, &pb.ListCollectionIdsRequest{Parent: d.documents(), PageSize: 10})
		for {
			id, err := it.Next()
			if errors.Is(err, iterator.Done) {
				return nil
			}
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
	})
	return !slices.ContainsFunc(ids, func(id string) bool { return id != "" }), err
}

// mark makes an empty database ours; that another process was quicker is fine.
func (d *Driver) mark(ctx context.Context) error {
	ws, err := crm.RandomID(crm.PrefixWorkspace, d.o.Random)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, d.o.Patience)
	defer cancel()
	req := &pb.CommitRequest{Database: d.root, Writes: []*pb.Write{{
		Operation: &pb.Write_Update{Update: &pb.Document{Name: d.marker(), Fields: map[string]*pb.Value{
			"program": value(program), "schema": value(schemaVersion), "workspace": value(ws), "made": value(crm.At(d.o.Now()))}}},
		CurrentDocument: &pb.Precondition{ConditionType: &pb.Precondition_Exists{Exists: false}},
	}}}
	for n := 0; ; n++ {
		err := d.commit(ctx, req)
		c := code(err)
		if err == nil || c == codes.AlreadyExists || c == codes.FailedPrecondition {
			return nil
		}
		if !silent(c) && !refused(c) || d.pause(ctx, n) != nil {
			return failure("firestore.Open", err)
		}
	}
}
