package firestore

import (
	"strings"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// value turns a plain value, or a list of such, into Firestore's form.
func value(v any) *pb.Value {
	switch x := v.(type) {
	case bool:
		return &pb.Value{ValueType: &pb.Value_BooleanValue{BooleanValue: x}}
	case int64:
		return &pb.Value{ValueType: &pb.Value_IntegerValue{IntegerValue: x}}
	case float64:
		if x == 0 {
			x = 0 // -0 and 0 are equal
		}
		return &pb.Value{ValueType: &pb.Value_DoubleValue{DoubleValue: x}}
	case crm.Time:
		return &pb.Value{ValueType: &pb.Value_TimestampValue{TimestampValue: timestamppb.New(time.UnixMicro(int64(x)))}}
	case string:
		return &pb.Value{ValueType: &pb.Value_StringValue{StringValue: x}}
	case []byte:
		return &pb.Value{ValueType: &pb.Value_BytesValue{BytesValue: x}}
	case []any:
		return list(x)
	}
	return &pb.Value{ValueType: &pb.Value_NullValue{NullValue: structpb.NullValue_NULL_VALUE}}
}

// element turns an element of an array into Firestore's form. Array tests do
// not find null there, so that a map stands for it, which no element can be.
func element(v any) *pb.Value {
	if v != nil {
		return value(v)
	}
	return &pb.Value{ValueType: &pb.Value_MapValue{MapValue: &pb.MapValue{Fields: map[string]*pb.Value{"null": value(true)}}}}
}

func list(values []any) *pb.Value {
	a := &pb.ArrayValue{Values: make([]*pb.Value, len(values))}
	for i, v := range values {
		a.Values[i] = element(v)
	}
	return &pb.Value{ValueType: &pb.Value_ArrayValue{ArrayValue: a}}
}

// Firestore's times (google.protobuf.Timestamp): the years 1 to 9999.
const (
	firstTime crm.Time = -62_135_596_800_000_000
	lastTime  crm.Time = 253_402_300_799_999_999
)

// maxDocument is what Firestore takes, name and field names included.
const maxDocument = 1 << 20

// fields lays out a document: the stored bytes and the copies for indexes.
func (d *Driver) fields(k store.Key, data []byte) (map[string]*pb.Value, error) {
	copies, err := d.indexes.Fields(k.Collection, data)
	if err != nil {
		return nil, err
	}
	out := map[string]*pb.Value{fieldData: value(data)}
	for _, f := range copies {
		if t, ok := f.Value.(crm.Time); ok && (t < firstTime || t > lastTime) {
			return nil, crm.Errorf(crm.Invalid, "firestore.Commit", "a time outside of the years 1 to 9999 cannot be searched for").WithField(f.Path)
		}
		put(out, strings.Split(f.Path, "."), value(f.Value))
	}
	if store.Feeds(k.Collection) {
		out[fieldShard] = value(shard(k.ID))
	}
	if n := proto.Size(&pb.Document{Name: d.name(k), Fields: out}); n > maxDocument {
		return nil, crm.Errorf(crm.TooLarge, "firestore.Commit", "the document has %d bytes with its indexed fields; Firestore's limit is %d", n, maxDocument).
			WithField(k.Collection + "/" + k.ID).WithHint("keep large contents in the blob store")
	}
	return out, nil
}

// put sets a value below nested maps.
func put(m map[string]*pb.Value, path []string, v *pb.Value) {
	for ; len(path) > 1; path = path[1:] {
		next := m[path[0]].GetMapValue()
		if next == nil {
			next = &pb.MapValue{Fields: map[string]*pb.Value{}}
			m[path[0]] = &pb.Value{ValueType: &pb.Value_MapValue{MapValue: next}}
		}
		m = next.Fields
	}
	m[path[0]] = v
}

// topLevel lists the fields that a document of a collection may have, without
// the time of its making: what an update sets or removes.
func (d *Driver) topLevel(collection string) []string {
	out := []string{fieldData, fieldShard}
	for _, p := range d.indexes.Paths(collection) {
		first, _, _ := strings.Cut(p, ".")
		if !contains(out, first) && first != fieldTime {
			out = append(out, first)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// raw reads a document.
func (d *Driver) raw(doc *pb.Document) (store.Raw, error) {
	k, err := d.key(doc.GetName())
	if err != nil {
		return store.Raw{}, err
	}
	data, ok := doc.GetFields()[fieldData].GetValueType().(*pb.Value_BytesValue)
	if !ok {
		return store.Raw{}, crm.Errorf(crm.Internal, "firestore.read", "%s %s was not written by this program", k.Collection, k.ID)
	}
	return store.Raw{Key: k, Version: versionOf(doc), Data: data.BytesValue}, nil
}

func versionOf(doc *pb.Document) store.Version {
	return store.Version(doc.GetUpdateTime().AsTime().UnixMicro())
}

func timeOf(v store.Version) *timestamppb.Timestamp {
	return timestamppb.New(time.UnixMicro(int64(v)))
}
