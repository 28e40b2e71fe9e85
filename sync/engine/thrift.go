package engine

import (
	"runtime/debug"
	"sync"
)

// thriftyGC is the garbage collector's target, in per cent of what lives, while
// mail is fetched and stored: groups of it are made and dropped without end. With
// this a server that reads 20,000 mails for the first time needs 146 MB beside the
// pages of its files, and 161 with 60.
const thriftyGC = 40

// Thrift has the garbage collector of the process run more often while any
// engine that shares it fetches mail. The zero value is ready.
type Thrift struct {
	mu   sync.Mutex
	busy int
	was  int
}

// begin is called when mail is to be fetched, and end when it is stored. A
// target that is lower already, or none (GOGC=off), stays.
func (t *Thrift) begin() (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy++; t.busy == 1 {
		if t.was = debug.SetGCPercent(thriftyGC); t.was < thriftyGC {
			debug.SetGCPercent(t.was)
		}
	}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.busy--; t.busy == 0 {
			debug.SetGCPercent(t.was)
		}
	}
}
