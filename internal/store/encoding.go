package store

import (
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"threadline/internal/crm"
)

// A document is one CBOR map with text keys (RFC 8949, definite lengths, keys
// in bytewise order), so that integers and floats, text and bytes stay apart
// and the same value always has the same bytes. A crm.Time is an integer of
// microseconds under the tag below.
const timeTag = 21580

// codec turns Go values into documents and back.
type codec struct {
	enc  cbor.EncMode
	dec  cbor.DecMode
	tags cbor.TagSet
}

func encOptions() cbor.EncOptions {
	return cbor.EncOptions{
		Sort:          cbor.SortBytewiseLexical,
		NaNConvert:    cbor.NaNConvertNone, // refused with their path by the walker
		InfConvert:    cbor.InfConvertNone,
		IndefLength:   cbor.IndefLengthForbidden,
		NilContainers: cbor.NilContainerAsNull,
	}
}

func newCodec() (codec, error) {
	tags := cbor.NewTagSet()
	opts := cbor.TagOptions{DecTag: cbor.DecTagRequired, EncTag: cbor.EncTagRequired}
	if err := tags.Add(opts, reflect.TypeFor[crm.Time](), timeTag); err != nil {
		return codec{}, fmt.Errorf("register the time tag: %w", err)
	}
	enc, err := encOptions().EncModeWithTags(tags)
	if err != nil {
		return codec{}, fmt.Errorf("set up encoding: %w", err)
	}
	dec, err := cbor.DecOptions{
		IntDec:           cbor.IntDecConvertSignedOrFail,
		DefaultMapType:   reflect.TypeFor[map[string]any](),
		IndefLength:      cbor.IndefLengthForbidden,
		MaxArrayElements: 1 << 20,
		MaxMapPairs:      1 << 20,
	}.DecModeWithTags(tags)
	if err != nil {
		return codec{}, fmt.Errorf("set up decoding: %w", err)
	}
	return codec{enc: enc, dec: dec, tags: tags}, nil
}

// encode makes the document of a struct or a map[string]any.
func (c codec) encode(v any) ([]byte, error) {
	b, err := c.enc.Marshal(v)
	if err != nil {
		return nil, crm.E(crm.Invalid, "store.encode", "a value cannot be stored", err)
	}
	return b, nil
}

// Decode reads a document into a generic value: map[string]any, []any, string,
// []byte, int64, float64, bool, nil and crm.Time. Exports and engines use it.
func (s *Store) Decode(data []byte) (map[string]any, error) { return s.codec.fields(data) }

// Encode is the inverse of Decode, with the same checks as every write.
func (s *Store) Encode(fields map[string]any) ([]byte, error) {
	data, err := s.codec.encode(fields)
	if err != nil {
		return nil, err
	}
	return data, checkDocument(data)
}

func (c codec) fields(data []byte) (map[string]any, error) {
	var m map[string]any
	if err := c.dec.Unmarshal(data, &m); err != nil {
		return nil, crm.E(crm.Internal, "store.decode", "a stored document cannot be read", err)
	}
	return m, nil
}
