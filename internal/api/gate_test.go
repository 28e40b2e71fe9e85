package api

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"threadline/internal/crm"
	"threadline/internal/track"
)

// TestGateOrder fills the gate and looks who comes first.
func TestGateOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		g.places, g.shares[classCard].running, g.shares[classAPI].running = 2, 2, 2
		var hold []func()
		for i := range 2 {
			leave, err := g.enter(t.Context(), classAPI, fmt.Sprint(i))
			if err != nil {
				t.Fatal(err)
			}
			hold = append(hold, leave)
		}
		var mu sync.Mutex
		var order []string
		var wg sync.WaitGroup
		come := func(c class, name string) {
			wg.Go(func() {
				leave, err := g.enter(t.Context(), c, name)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
				leave()
			})
			synctest.Wait()
		}
		come(classVisitor, "visitor")
		come(classAPI, "api")
		come(classCard, "card")
		hold[0]()
		synctest.Wait()
		hold[1]()
		wg.Wait()
		if fmt.Sprint(order) != "[card api visitor]" {
			t.Errorf("came in the order %v", order)
		}
	})
}

// TestCallerName: what stands beside a credential makes nobody somebody else, who
// would have places of their own.
func TestCallerName(t *testing.T) {
	w := newWorld(t)
	name := func(header, value string) string {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("GET", "/api/v1/exports/x/file", nil)
		c.Request.Header.Set(header, value)
		return w.callerName(c)
	}
	session := plainCookie + "=aaaa"
	for _, same := range [][4]string{
		{"Cookie", session, "Cookie", session + "; x=1"}, {"Cookie", session, "Cookie", "x=2; " + session},
		{"Authorization", "Bearer tl_a_b", "Authorization", "bearer  tl_a_b "}, {"Cookie", "x=1", "Cookie", "x=2"},
	} {
		if name(same[0], same[1]) != name(same[2], same[3]) {
			t.Errorf("%q and %q are two", same[1], same[3])
		}
	}
	for _, other := range [][4]string{{"Cookie", session, "Cookie", plainCookie + "=bbbb"}, {"Authorization", "Bearer tl_a_b", "Authorization", "Bearer tl_a_c"}, {"Cookie", session, "Cookie", "x=1"}} {
		if name(other[0], other[1]) == name(other[2], other[3]) {
			t.Errorf("%q and %q are one", other[1], other[3])
		}
	}
}

// TestRetryAfter: callers are told different times, none of them much too late.
func TestRetryAfter(t *testing.T) {
	for after, most := range map[time.Duration]int{0: 3, time.Second: 3, 10 * time.Second: 21, 24 * time.Hour: 24*3600 + 31} {
		for range 200 {
			n, err := strconv.Atoi(retryAfter(after))
			if err != nil || n < max(1, int(after.Seconds())) || n > most {
				t.Fatalf("after %v: %d, %v", after, n, err)
			}
		}
	}
}

// TestFloodOfSignIns: whoever is signed in already is served beside any number of
// strangers who try passwords.
func TestFloodOfSignIns(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]class{"/session/password": classSignIn, "/session/code": classSignIn, "/session/proof": classSignIn} {
		rule := w.table["POST /api/v1"+path]
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("POST", "/api/v1"+path, nil)
		if got := w.classOf(c, rule); rule.path == "" || got != want {
			t.Errorf("%s is of the class %s", path, got)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		var wg sync.WaitGroup
		turn := make(chan struct{})
		for i := range 120 {
			wg.Go(func() {
				if leave, err := g.enter(t.Context(), classSignIn, fmt.Sprint(i)); err == nil {
					<-turn
					leave()
				}
			})
		}
		synctest.Wait()
		for _, c := range []class{classCard, classAPI, classVisitor} {
			leave, err := g.enter(t.Context(), c, "a member")
			if err != nil {
				t.Errorf("%s waits for strangers: %v", c, err)
				continue
			}
			leave()
		}
		close(turn)
		wg.Wait()
	})
}

func TestGateSendsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		g.places, g.shares[classAPI] = 1, share{1, 3, time.Second}
		leave, err := g.enter(t.Context(), classAPI, "first")
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var late atomic.Int32
		for i := range 3 {
			wg.Go(func() {
				if _, err := g.enter(t.Context(), classAPI, fmt.Sprint(i)); crm.IsKind(err, crm.Unavailable) && crm.RetryAfter(err) > 0 {
					late.Add(1)
				}
			})
		}
		synctest.Wait()
		if _, err := g.enter(t.Context(), classAPI, "one more"); !crm.IsKind(err, crm.Unavailable) {
			t.Errorf("a full queue takes one more: %v", err)
		}
		wg.Wait() // a second passes
		if late.Load() != 3 {
			t.Errorf("%d were sent away after they waited", late.Load())
		}
		leave()
		again, err := g.enter(t.Context(), classAPI, "again")
		if err != nil {
			t.Fatalf("the gate stays closed: %v", err)
		}
		again()
		if len(g.callers) != 0 || g.busy() != 0 {
			t.Errorf("left behind: %v callers, %d busy", g.callers, g.busy())
		}
		g.callers["greedy"] = perCaller
		if _, err := g.enter(t.Context(), classAPI, "greedy"); !crm.IsKind(err, crm.Throttled) {
			t.Errorf("one caller takes everything: %v", err)
		}
	})
}

// TestCrowdedServer: whoever finds no place is told when to come again; a reader
// who follows a link gets there all the same.
func TestCrowdedServer(t *testing.T) {
	w := newWorld(t)
	w.gate.shares[classAPI].waiting, w.gate.shares[classTracking].waiting = 0, 0
	links, err := w.deps.Campaigns.Links(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	about := track.About{Campaign: "cam_1", Recipient: "rcp_1"}
	if res := w.do(call{path: links.Open(about)}); res.Code != http.StatusServiceUnavailable || res.Header().Get("Retry-After") == "" {
		t.Errorf("a picture is answered with %d, Retry-After %q", res.Code, res.Header().Get("Retry-After"))
	}
	if res := w.do(call{path: links.Click(about, 1, "https://shop.example/")}); res.Code != http.StatusFound || res.Header().Get("Location") != "https://shop.example/" {
		t.Errorf("a link is answered with %d", res.Code)
	}
	if _, _, refused := w.gate.count(classTracking); refused != 2 {
		t.Errorf("%d are counted as sent away, want 2", refused)
	}
	res := w.do(call{path: "/api/v1/contacts", as: "nora"})
	after, err := strconv.Atoi(res.Header().Get("Retry-After"))
	if res.Code != http.StatusServiceUnavailable || err != nil || after < 1 {
		t.Errorf("%d, Retry-After %q", res.Code, res.Header().Get("Retry-After"))
	}
	if res := w.do(call{path: "/api/v1/me", as: "operator"}); res.Code != 200 {
		t.Errorf("the operator waits in the crowd: %d", res.Code)
	}
	if res := w.do(call{path: "/healthz"}); res.Code != 200 {
		t.Errorf("health waits in the crowd: %d", res.Code)
	}
}

// TestServersOfOthers: whatever waits for servers that never answer, such as the
// pictures of one mail, somebody who asks for what is here is served.
func TestServersOfOthers(t *testing.T) {
	w := newWorld(t)
	for _, route := range []string{"GET /api/v1/messages/:id/pictures/:n", "POST /api/v1/drafts", "PUT /api/v1/drafts/:id", "DELETE /api/v1/drafts/:id",
		"POST /api/v1/mailboxes", "PATCH /api/v1/mailboxes/:id", "GET /api/v1/mailboxes/:id/where", "POST /api/v1/mailboxes/gmail",
		"GET /api/v1/messages/:id/why", "GET /api/v1/campaigns/:id/checks", "GET /api/v1/sequences/:id/checks", "POST /api/v1/signers/:domain/on"} {
		rule := w.table[route]
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(rule.method, "/api/v1/x", nil)
		if got := w.classOf(c, rule); rule.path == "" || got != classOutside {
			t.Errorf("%s is of the class %s", route, got)
		}
	}
	for _, path := range []string{googleStart, googleCallback, callback, connectPath} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("GET", path, nil)
		if got := w.classOf(c, route{}); got != classOutside {
			t.Errorf("%s is of the class %s", path, got)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		var wg sync.WaitGroup
		turn := make(chan struct{})
		for i := range g.shares[classOutside].running + g.shares[classOutside].waiting {
			wg.Go(func() {
				if leave, err := g.enter(t.Context(), classOutside, fmt.Sprint(i/10)); err == nil {
					<-turn
					leave()
				}
			})
		}
		synctest.Wait()
		for _, c := range []class{classCard, classAPI, classVisitor, classExport} {
			leave, err := g.enter(t.Context(), c, "a member")
			if err != nil {
				t.Errorf("%s waits for servers of others: %v", c, err)
				continue
			}
			leave()
		}
		close(turn)
		wg.Wait()
	})
}

// TestExportsOfOneCaller: whoever sends or reads files slowly, and many of them,
// leaves places to others.
func TestExportsOfOneCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		var wg sync.WaitGroup
		var hold []func()
		come := func(caller string) {
			t.Helper()
			leave, err := g.enter(t.Context(), classExport, caller)
			if err != nil {
				t.Fatalf("%s: %v", caller, err)
			}
			hold = append(hold, leave)
		}
		for range perExporter {
			come("slow")
		}
		for range waitingExports {
			wg.Go(func() {
				if leave, err := g.enter(t.Context(), classExport, "slow"); err != nil {
					t.Errorf("who waits behind their own is sent away: %v", err)
				} else {
					leave()
				}
			})
		}
		synctest.Wait()
		if _, err := g.enter(t.Context(), classExport, "slow"); !crm.IsKind(err, crm.Throttled) {
			t.Errorf("one more: %v", err)
		}
		for i := range g.shares[classExport].running - perExporter {
			come(fmt.Sprint("other ", i))
		}
		for _, leave := range hold {
			leave()
		}
		wg.Wait()
		if g.running[classExport] != 0 || len(g.exports) != 0 || len(g.callers) != 0 {
			t.Errorf("after all left: %v %v %v", g.running, g.exports, g.callers)
		}
	})
}

// TestSlowUpload: who sends a file byte by byte is cut, and who keeps the pace is
// not, however long it takes.
func TestSlowUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 200 * slowest
		for piece, whole := range map[int]bool{1: false, slowest: true} {
			in, out := net.Pipe()
			var sending sync.WaitGroup
			sending.Go(func() {
				defer out.Close()
				for range size / piece {
					time.Sleep(time.Second)
					if _, err := out.Write(make([]byte, piece)); err != nil {
						return
					}
				}
			})
			p := &paced{ReadCloser: in, deadlines: http.NewResponseController(pipeWriter{in}), begun: time.Now(), last: time.Now().Add(longLimit)}
			got, err := io.Copy(io.Discard, p)
			if (err == nil) != whole || whole && got != size {
				t.Errorf("%d bytes a second: %d bytes came, %v", piece, got, err)
			}
			_ = in.Close()
			sending.Wait()
		}
	})
}

// pipeWriter lets a response controller set the deadlines of a pipe.
type pipeWriter struct{ net.Conn }

func (pipeWriter) Header() http.Header { return http.Header{} }
func (pipeWriter) WriteHeader(int)     {}
