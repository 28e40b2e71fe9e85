package addon

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// loadClients is how many people open messages at the same time.
const loadClients = 16

// loadWorld has THREADLINE_BENCH_MESSAGES messages (5,000 when it is not set)
// and a fifth of that contacts, kept in THREADLINE_BENCH_DIR when that is set.
func loadWorld(b *testing.B) (*tt.World, []crm.MessageID) {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("THREADLINE_BENCH_MESSAGES"))
	if err != nil {
		n = 5000
	}
	dir := os.Getenv("THREADLINE_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	w := tt.Open(b, filepath.Join(dir, "bulk.db"), time.Now)
	return w, w.Bulk(n)
}

// BenchmarkCardOverHTTP opens the cards of random messages over loopback, with
// both tokens checked and access decided; the clients share the cores with the
// server.
func BenchmarkCardOverHTTP(b *testing.B) {
	w, ids := loadWorld(b)
	s, v := timeline.New(w.Space, w.Bodies, w.Blobs), w.Viewer(tt.Anna)
	d := newDesk(b)
	d.deps.Log = slog.New(slog.DiscardHandler)
	d.deps.Lookup = func(ctx context.Context, _ crm.UserID, ref Ref) (*timeline.Sheet, error) {
		return s.Sheet(ctx, v, string(ref.ID))
	}
	h, err := New(d.cfg, d.deps)
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(h)
	defer srv.Close()
	requests := make([][]byte, 2000)
	for i := range requests {
		r := d.request(b, call{message: "tl-" + string(ids[i*len(ids)/len(requests)])})
		var raw bytes.Buffer
		if err := r.Write(&raw); err != nil {
			b.Fatal(err)
		}
		requests[i] = raw.Bytes()
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([][]time.Duration, loadClients)
	b.ResetTimer()
	for c := range loadClients {
		wg.Go(func() {
			conn, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				start := time.Now()
				if err := open(conn, in, requests[int(i)%len(requests)]); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(start))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took...)
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "cards/s")
	b.ReportMetric(all[len(all)*99/100].Seconds()*1e3, "p99-ms")
}

// open sends one request and reads the card.
func open(w io.Writer, in *bufio.Reader, request []byte) error {
	if _, err := w.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("pushCard"))) {
		err = fmt.Errorf("status %d: %.300s", resp.StatusCode, body)
	}
	return err
}
