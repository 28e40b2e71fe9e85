package demo

import "sync"

// visits counts goroutines that others start for us, and lets none in after
// close. A sync.WaitGroup forbids to add while somebody waits.
type visits struct {
	mu     sync.Mutex
	zero   sync.Cond
	n      int
	closed bool
}

// enter counts one in, or says that it is too late.
func (v *visits) enter() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return false
	}
	v.n++
	return true
}

func (v *visits) leave() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.n--
	if v.zero.L != nil {
		v.zero.Broadcast()
	}
}

func (v *visits) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
}

// wait returns when everybody has left.
func (v *visits) wait() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.zero.L = &v.mu
	for v.n > 0 {
		v.zero.Wait()
	}
}
