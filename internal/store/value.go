package store

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"

	"threadline/internal/crm"
)

// Type tags of index keys, in the order of the types.
const (
	tagNull   = 0x01
	tagBool   = 0x02
	tagNumber = 0x03
	tagTime   = 0x04
	tagText   = 0x05
	tagBytes  = 0x06
)

// plain reduces v to one of nil, bool, int64, float64, string, []byte and
// crm.Time; ok is false for anything else, also for NaN and infinities.
func plain(v any) (out any, ok bool) {
	switch x := v.(type) {
	case float64:
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	case nil, bool, int64, string, []byte, crm.Time:
		return x, true
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return rv.String(), true
	case reflect.Bool:
		return rv.Bool(), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return rv.Int(), true
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(rv.Uint()), true
	case reflect.Uint, reflect.Uint64:
		if u := rv.Uint(); u <= math.MaxInt64 {
			return int64(u), true
		}
	}
	return nil, false
}

// appendKey appends the order-preserving form of a plain value: bytes compare
// as the values do.
func appendKey(dst []byte, v any) []byte {
	switch x := v.(type) {
	case nil:
		return append(dst, tagNull)
	case bool:
		if x {
			return append(dst, tagBool, 1)
		}
		return append(dst, tagBool, 0)
	case int64:
		return appendInt(append(dst, tagNumber), x)
	case float64:
		return appendFloat(append(dst, tagNumber), x, 0)
	case crm.Time:
		return binary.BigEndian.AppendUint64(append(dst, tagTime), uint64(x)^(1<<63))
	case string:
		return appendEscaped(append(dst, tagText), x)
	case []byte:
		return appendEscaped(append(dst, tagBytes), x)
	}
	return dst
}

// appendRawKey is appendKey of an encoded scalar, without decoding it first; ok is
// false for what has no place in an order.
func appendRawKey(dst, raw []byte) (out []byte, ok bool) {
	w := walker{data: raw}
	major, arg, err := w.head()
	switch {
	case err != nil:
		return dst, false
	case major == majorText:
		return appendEscaped(append(dst, tagText), raw[w.pos:]), true
	case major == majorUint && arg <= math.MaxInt64:
		return appendInt(append(dst, tagNumber), int64(arg)), true
	case major == majorTag && w.pos < len(raw) && raw[w.pos]>>5 == majorUint:
		if _, arg, err = w.head(); err != nil || arg > math.MaxInt64 {
			return dst, false
		}
		return binary.BigEndian.AppendUint64(append(dst, tagTime), arg^(1<<63)), true
	}
	v, ok := decodePlain(raw)
	if !ok {
		return dst, false
	}
	return appendKey(dst, v), true
}

// appendInt writes an integer so that it compares exactly with any float: the
// nearest float below, then what is missing to the integer.
func appendInt(dst []byte, n int64) []byte {
	f := float64(n)
	if f >= math.MaxInt64 { // 2^63 itself is above every int64
		f = math.Nextafter(f, 0)
	}
	if int64(f) > n {
		f = math.Nextafter(f, math.Inf(-1))
	}
	return appendFloat(dst, f, uint16(n-int64(f)))
}

func appendFloat(dst []byte, f float64, rest uint16) []byte {
	if f == 0 {
		f = 0 // -0 and 0 are equal
	}
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	dst = binary.BigEndian.AppendUint64(dst, bits)
	return binary.BigEndian.AppendUint16(dst, rest)
}

func appendEscaped[T string | []byte](dst []byte, s T) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == 0 {
			dst = append(append(dst, s[:i]...), 0, 0xff)
			s, i = s[i+1:], -1
		}
	}
	return append(append(dst, s...), 0, 1)
}

// keyEnd returns the first key after all keys that start with prefix.
func keyEnd(prefix []byte) []byte {
	end := bytes.Clone(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return end[:i+1]
		}
	}
	return nil
}

// typeBounds returns the keys between which all values of v's type lie.
func typeBounds(v any) (low, high []byte) {
	tag := appendKey(nil, v)[0]
	return []byte{tag}, []byte{tag + 1}
}
