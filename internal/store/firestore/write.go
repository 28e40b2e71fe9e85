package firestore

import (
	"bytes"
	"slices"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/protobuf/proto"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// cell is one document of a commit: what it was, if that was read, and what it
// becomes.
type cell struct {
	key   store.Key
	known bool
	old   store.Raw
	pre   store.Precondition // of a document that was not read: the server checks it
	data  []byte             // nil: deleted
	now   store.Version      // of what stands after the writes so far
}

// written is the version of what a commit has written itself: no one can have
// asked for it.
const written store.Version = -1

// mustRead lists the documents that have to be read to know what a commit
// leaves: those with transforms, those written twice, and entries of the feed,
// whose time is set once.
func mustRead(writes []store.Write) []store.Key {
	times := map[store.Key]int{}
	for _, w := range writes {
		times[w.Key]++
	}
	var out []store.Key
	for _, w := range writes {
		feed := store.Feeds(w.Key.Collection) && !w.Deletes() && w.Pre.Must != store.MustNotExist
		if times[w.Key] > 1 || len(w.Transforms) > 0 || feed {
			out = append(out, w.Key)
		}
	}
	return out
}

// fold computes what a commit leaves of each document, in the order of its
// writes. A document that is written twice must be known.
func (d *Driver) fold(writes []store.Write, known map[store.Key]store.Raw, now crm.Time) ([]*cell, error) {
	at := map[store.Key]*cell{}
	var out []*cell
	for _, w := range writes {
		c := at[w.Key]
		if c == nil {
			c = &cell{key: w.Key}
			c.old, c.known = known[w.Key]
			c.data, c.now = c.old.Data, c.old.Version
			at[w.Key] = c
			out = append(out, c)
		}
		if err := d.apply(c, w, now); err != nil {
			return nil, err
		}
	}
	// What stands as it stood is no write.
	return slices.DeleteFunc(out, func(c *cell) bool {
		return c.known && (c.data == nil) == (c.old.Data == nil) && string(c.data) == string(c.old.Data)
	}), nil
}

func (d *Driver) apply(c *cell, w store.Write, now crm.Time) error {
	if !c.known {
		c.pre = w.Pre
	} else if err := w.Pre.Check(w.Key, c.now); err != nil {
		return err
	}
	data, err := d.codec.Apply(w, c.data, max(now, crm.Time(c.old.Version)+1))
	if err != nil {
		return err
	}
	c.become(data)
	return nil
}

// become takes what a write leaves. Whatever stands as it stood, or as it stood
// before the commit, keeps that version.
func (c *cell) become(data []byte) {
	switch {
	case c.known && bytes.Equal(data, c.data):
	case data == nil:
		c.data, c.now = nil, 0
	case c.known && bytes.Equal(data, c.old.Data):
		c.data, c.now = c.old.Data, c.old.Version
	default:
		c.data, c.now = data, written
	}
}

// request builds the one request of a commit.
func (d *Driver) request(cells []*cell, tx []byte) (*pb.CommitRequest, error) {
	req := &pb.CommitRequest{Database: d.root, Transaction: tx}
	for _, c := range cells {
		w, err := d.write(c)
		if err != nil {
			return nil, err
		}
		req.Writes = append(req.Writes, w)
	}
	if n := proto.Size(req); n > MaxBytes {
		return nil, crm.Errorf(crm.TooLarge, "firestore.Commit", "the commit has %d bytes in %d documents; the limit is %d", n, len(cells), MaxBytes).
			WithHint("write it in several parts")
	}
	return req, nil
}

func (d *Driver) write(c *cell) (*pb.Write, error) {
	w := &pb.Write{CurrentDocument: condition(c.pre)}
	if c.data == nil {
		w.Operation = &pb.Write_Delete{Delete: d.name(c.key)}
		return w, nil
	}
	fields, err := d.fields(c.key, c.data)
	if err != nil {
		return nil, err
	}
	w.Operation = &pb.Write_Update{Update: &pb.Document{Name: d.name(c.key), Fields: fields}}
	if !store.Feeds(c.key.Collection) {
		return w, nil
	}
	if c.known && c.old.Data != nil {
		w.UpdateMask = &pb.DocumentMask{FieldPaths: d.topLevel(c.key.Collection)} // all but the time
		return w, nil
	}
	w.UpdateTransforms = []*pb.DocumentTransform_FieldTransform{{FieldPath: fieldTime,
		TransformType: &pb.DocumentTransform_FieldTransform_SetToServerValue{SetToServerValue: pb.DocumentTransform_FieldTransform_REQUEST_TIME}}}
	return w, nil
}

func condition(p store.Precondition) *pb.Precondition {
	exists := func(v bool) *pb.Precondition {
		return &pb.Precondition{ConditionType: &pb.Precondition_Exists{Exists: v}}
	}
	switch {
	case p.Must == store.MustNotExist, p.Must == store.MustMatch && p.Version == 0:
		return exists(false)
	case p.Must == store.MustExist:
		return exists(true)
	case p.Must == store.MustMatch:
		return &pb.Precondition{ConditionType: &pb.Precondition_UpdateTime{UpdateTime: timeOf(p.Version)}}
	}
	return nil
}

// bill counts what a commit cost.
func (d *Driver) bill(cells []*cell) {
	for _, c := range cells {
		if c.data == nil {
			d.meter.deletes.Add(1)
		} else {
			d.meter.writes.Add(1)
		}
	}
}
