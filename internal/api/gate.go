package api

import (
	"context"
	"runtime"
	"sync"
	"time"

	"threadline/internal/crm"
)

// class is a sort of request, in the order in which they matter: somebody waits
// beside an open mail for a card, and for an export nobody watches.
type class int

const (
	classCard class = iota
	classAPI
	classVisitor
	classTracking
	classSignIn  // strangers, each of whom costs a hash that is meant to be dear
	classOutside // what waits for servers of others: mail servers, and those that pictures of mail are on
	classExport
	classes
	classNone class = -1 // never waits: health, metrics, files of the app, the operator
)

func (c class) String() string {
	return [...]string{"card", "api", "visitor", "tracking", "sign_in", "outside", "export"}[c]
}

// share is what one class may take of the gate.
type share struct {
	running int           // at once
	waiting int           // who comes when so many wait is sent away at once
	patient time.Duration // who waited so long is sent away
}

// gate lets so many requests work at once as the machine can carry, the most
// important class first, and sends the rest away quickly: a request that waits
// longer than its caller does is work for nobody.
type gate struct {
	mu      sync.Mutex
	places  int // in common for cards, the API and visitors; the others have their own
	shares  [classes]share
	running [classes]int
	queues  [classes][]*waiter
	callers map[string]int // requests in the gate by caller
	exports map[string]int // of these, exports that run
	refused [classes]int64
}

type waiter struct {
	turn   chan struct{} // closed when it is its turn
	caller string
}

// perCaller is how many requests one caller has in the gate at most.
const perCaller = 100

// perExporter is how many exports of one caller run at once, and how many more of
// them wait: each lasts as long as its caller takes to send or read a file, which
// may be an hour.
const perExporter, waitingExports = 2, 8

func newGate() *gate {
	cores := runtime.GOMAXPROCS(0)
	places := 4 * cores
	return &gate{places: places, callers: map[string]int{}, exports: map[string]int{}, shares: [classes]share{
		classCard:     {places - cores, 128, 2 * time.Second}, // lists go on beside cards, slowly
		classAPI:      {places - 2, 128, 2 * time.Second},
		classVisitor:  {places / 2, 256, time.Second},
		classTracking: {256, 512, time.Second},
		classSignIn:   {max(1, cores/2), 128, 5 * time.Second},
		classOutside:  {32, 128, 10 * time.Second}, // a server that never answers costs no more than a place here
		classExport:   {4, 16, 10 * time.Second},
	}}
}

// enter waits for a place. It fails with crm.Throttled when this caller alone
// has too many requests here, and with crm.Unavailable when everybody has.
func (g *gate) enter(ctx context.Context, c class, caller string) (leave func(), err error) {
	w, err := g.join(c, caller)
	if err != nil {
		return nil, err
	}
	select {
	case <-w.turn: // at once, as nearly always
		return func() { g.leave(c, caller) }, nil
	default:
	}
	patience := time.NewTimer(g.shares[c].patient)
	defer patience.Stop()
	select {
	case <-w.turn:
	case <-ctx.Done():
		err = crm.E(crm.Unavailable, "api.gate", "the caller went away", ctx.Err())
	case <-patience.C:
		err = crowded()
	}
	if err != nil && g.desert(c, caller, w) {
		return nil, err
	}
	return func() { g.leave(c, caller) }, nil
}

func crowded() error {
	return crm.Errorf(crm.Unavailable, "api.gate", "the server has more to do than it can").WithHint("try again in a moment").WithAfter(time.Second)
}

func (g *gate) join(c class, caller string) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.callers[caller] >= perCaller {
		g.refused[c]++
		return nil, crm.Errorf(crm.Throttled, "api.gate", "too many requests at once come from here").
			WithHint("send fewer at a time").WithAfter(time.Second)
	}
	if c == classExport && g.exports[caller]+g.waits(c, caller) >= perExporter+waitingExports {
		g.refused[c]++
		return nil, crm.Errorf(crm.Throttled, "api.gate", "too many files at once are sent to here or from here for you").
			WithHint("wait until one is through").WithAfter(time.Second)
	}
	if len(g.queues[c]) >= g.shares[c].waiting {
		g.refused[c]++
		return nil, crowded()
	}
	g.callers[caller]++
	w := &waiter{turn: make(chan struct{}), caller: caller}
	g.queues[c] = append(g.queues[c], w)
	g.admit()
	return w, nil
}

// admit gives free places to those who wait. The caller holds the lock.
func (g *gate) admit() {
	for c := range classes {
		for g.running[c] < g.shares[c].running && (c >= classTracking || g.busy() < g.places) {
			i := g.next(c)
			if i < 0 {
				break
			}
			w := g.queues[c][i]
			g.queues[c] = append(g.queues[c][:i:i], g.queues[c][i+1:]...)
			g.running[c]++
			if c == classExport {
				g.exports[w.caller]++
			}
			close(w.turn)
		}
	}
}

// next is the place in its queue of who may go now, -1 when nobody may.
func (g *gate) next(c class) int {
	for i, w := range g.queues[c] {
		if c != classExport || g.exports[w.caller] < perExporter {
			return i
		}
	}
	return -1
}

// waits counts who of a caller wait.
func (g *gate) waits(c class, caller string) int {
	n := 0
	for _, w := range g.queues[c] {
		if w.caller == caller {
			n++
		}
	}
	return n
}

func (g *gate) busy() int {
	return g.running[classCard] + g.running[classAPI] + g.running[classVisitor]
}

// desert takes back a waiter whose turn has not come; false when it has.
func (g *gate) desert(c class, caller string, w *waiter) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, x := range g.queues[c] {
		if x == w {
			g.queues[c] = append(g.queues[c][:i:i], g.queues[c][i+1:]...)
			g.forget(caller)
			g.refused[c]++
			return true
		}
	}
	return false
}

func (g *gate) leave(c class, caller string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running[c]--
	if c == classExport {
		if g.exports[caller]--; g.exports[caller] <= 0 {
			delete(g.exports, caller)
		}
	}
	g.forget(caller)
	g.admit()
}

func (g *gate) forget(caller string) {
	if g.callers[caller]--; g.callers[caller] <= 0 {
		delete(g.callers, caller)
	}
}

// count tells how many run, wait and were sent away.
func (g *gate) count(c class) (running, waiting int, refused int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running[c], len(g.queues[c]), g.refused[c]
}
