package addon

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"threadline/addon/card"
	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// loadClients is how many people open messages at the same time.
const loadClients = 16

// loadDesk is a handler over real rooms of a bulk world, with keys for tokens.
func loadDesk(b *testing.B, w *tt.World) (*desk, *Handler) {
	b.Helper()
	s := timeline.New(w.Space, w.Bodies, w.Blobs)
	d := newDesk(b)
	d.deps.Log = slog.New(slog.DiscardHandler)
	viewer := func(ctx context.Context, u crm.UserID) access.Viewer {
		v, err := w.Records.Viewer(ctx, u)
		if err != nil {
			b.Error(err)
		}
		return v
	}
	d.deps.UserBySubject = func(context.Context, string, string) (crm.UserID, string, error) { return tt.Anna, "en", nil }
	d.deps.Lookup = func(ctx context.Context, u crm.UserID, ref Ref) (*timeline.Sheet, error) {
		return s.Sheet(ctx, viewer(ctx, u), string(ref.ID))
	}
	d.deps.Home = func(ctx context.Context, u crm.UserID) (*timeline.Home, error) { return s.Home(ctx, viewer(ctx, u)) }
	d.deps.Book = &Book{Records: w.Records, Timeline: s, Space: w.Space, Followed: func(context.Context) {}}
	h, err := New(d.cfg, d.deps)
	if err != nil {
		b.Fatal(err)
	}
	return d, h
}

// BenchmarkSidebarOverHTTP sends events over loopback as Google does, with both
// tokens checked and access decided: random messages opened, the day, and a click
// that makes a task and shows the message anew. Bare is a handler that reads the
// same sheets of the same store, checks no token and draws no card. The clients
// share the cores with the server.
func BenchmarkSidebarOverHTTP(b *testing.B) {
	w, ids, _ := tt.BulkBench(b)
	d, h := loadDesk(b, w)
	pick := func(i int) string { return string(ids[i%len(ids)]) }
	message := func(i int) *http.Request { return d.request(b, call{message: "tl-" + pick(i)}) }
	b.Run("Bare", func(b *testing.B) { load(b, bare(b, w), 2000, "direction", message) })
	b.Run("Message", func(b *testing.B) { load(b, h, 2000, "pushCard", message) })
	b.Run("Home", func(b *testing.B) {
		load(b, h, 1, "pushCard", func(int) *http.Request { return d.request(b, call{query: "?t=home"}) })
	})
	b.Run("Action", func(b *testing.B) {
		load(b, h, b.N, "Task saved", func(i int) *http.Request { return d.request(b, call{query: "?", raw: d.taskClick(b, h, w, pick(i))}) })
	})
}

// taskClick is a click that makes a task about the contact of a message, from a
// card of its own.
func (d *desk) taskClick(b *testing.B, h *Handler, w *tt.World, message string) string {
	b.Helper()
	s, err := h.deps.Lookup(b.Context(), tt.Anna, Ref{ID: crm.MessageID(message)})
	if err != nil || s.Person == nil {
		b.Fatalf("message %s: %v", message, err)
	}
	params := []card.Param{param(opParam, opTaskIn), param(daysParam, "3"), param(recordsParam, string(s.Person.Contact)), param(titleParam, "x"), param(messageParam, message)}
	m := object{}
	for _, kv := range append(params, h.stamp(tt.Anna).seal(params)) {
		m[kv.Key] = kv.Value
	}
	return marshal(b, object{"commonEventObject": object{"hostApp": "GMAIL", "userLocale": "en", "parameters": m},
		"authorizationEventObject": object{"userIdToken": d.userToken(b, "piotr@crm.example"), "authorizedScopes": []string{scopeEmail, scopeMetadata}},
		"gmail":                    object{"messageId": "tl-" + message}})
}

// bare answers the same requests with the sheet itself.
func bare(b *testing.B, w *tt.World) http.Handler {
	s, v := timeline.New(w.Space, w.Bodies, w.Blobs), w.Viewer(tt.Anna)
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		var ev struct{ Gmail struct{ MessageID string } }
		if err := json.NewDecoder(r.Body).Decode(&ev); err != nil {
			b.Error(err)
			return
		}
		sheet, err := s.Sheet(r.Context(), v, strings.TrimPrefix(ev.Gmail.MessageID, "tl-"))
		if err != nil {
			b.Error(err)
			return
		}
		if err := json.NewEncoder(out).Encode(sheet); err != nil {
			b.Error(err)
		}
	})
}

// load sends b.N of n requests from several connections and reports what came
// back in a second, how long the slowest of a hundred took, and the processor
// time of an answer, that of the clients with it.
func load(b *testing.B, h http.Handler, n int, want string, request func(i int) *http.Request) {
	srv := httptest.NewServer(h)
	defer srv.Close()
	requests := make([][]byte, min(n, b.N))
	for i := range requests {
		var raw bytes.Buffer
		if err := request(i).Write(&raw); err != nil {
			b.Fatal(err)
		}
		requests[i] = raw.Bytes()
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([][]time.Duration, loadClients)
	b.ResetTimer()
	before := processor(b)
	for c := range loadClients {
		wg.Go(func() {
			conn, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				start := time.Now()
				if err := exchange(conn, in, requests[int(i)%len(requests)], want); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(start))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	used := processor(b) - before
	all := slices.Concat(took...)
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "answers/s")
	b.ReportMetric(all[len(all)*99/100].Seconds()*1e3, "p99-ms")
	b.ReportMetric(float64(used.Microseconds())/float64(len(all)), "cpu-µs/answer")
}

// processor is the time that this process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// exchange sends one request and reads the answer.
func exchange(w io.Writer, in *bufio.Reader, request []byte, want string) error {
	if _, err := w.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(want))) {
		err = fmt.Errorf("status %d: %.300s", resp.StatusCode, body)
	}
	return err
}
