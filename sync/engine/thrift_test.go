package engine

import (
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

// target is the garbage collector's, in per cent.
func target() int {
	s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(s)
	return int(s[0].Value.Uint64())
}

// TestThrift lets two engines overlap: the target is low until both have ended,
// and then what it was.
func TestThrift(t *testing.T) {
	const before = thriftyGC + 40
	was := debug.SetGCPercent(before)
	defer debug.SetGCPercent(was)
	var shared Thrift
	endOne := shared.begin()
	endOther := shared.begin()
	endOne()
	if got := target(); got != thriftyGC {
		t.Errorf("while one is at work the target is %d, want %d", got, thriftyGC)
	}
	endOther()
	if got := target(); got != before {
		t.Errorf("after both the target is %d, want %d", got, before)
	}
}
