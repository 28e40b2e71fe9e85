package timelinetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"threadline/internal/crm"
)

// BulkBench is a bulk world for a benchmark: THREADLINE_BENCH_MESSAGES messages,
// 5,000 when it is not set. It also returns the folder that it lies in, which is
// THREADLINE_BENCH_DIR when another run is to find it there.
func BulkBench(b *testing.B) (w *World, ids []crm.MessageID, dir string) {
	b.Helper()
	dir = benchDir(b)
	w = Open(b, filepath.Join(dir, "bulk.db"), time.Now)
	return w, w.Bulk(benchSize(b, "THREADLINE_BENCH_MESSAGES", 5000)), dir
}

// DealsBench is a world of THREADLINE_BENCH_RECORDS deals, or as many as are said,
// for a benchmark. It lies where a bulk world does.
func DealsBench(b *testing.B, deals int) *World {
	b.Helper()
	n := benchSize(b, "THREADLINE_BENCH_RECORDS", deals)
	w := Open(b, filepath.Join(benchDir(b), fmt.Sprintf("records%d.db", n)), time.Now)
	w.Deals(n)
	return w
}

func benchDir(b *testing.B) string {
	b.Helper()
	if dir := os.Getenv("THREADLINE_BENCH_DIR"); dir != "" {
		return dir
	}
	return b.TempDir()
}

func benchSize(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s is no number: %v", name, err)
	}
	return n
}
