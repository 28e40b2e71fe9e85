//go:build faults

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestCrashPoints kills a child at each of its calls of the driver in turn:
// what it was told is there, and no batch is there in part.
func TestCrashPoints(t *testing.T) {
	if path := os.Getenv("THREADLINE_TEST_CRASH"); path != "" {
		crashChild(t, path)
		return
	}
	for n := 1; ; n++ {
		path := filepath.Join(t.TempDir(), "data.db")
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashPoints$")
		cmd.Env = append(os.Environ(), "THREADLINE_TEST_CRASH="+path, fmt.Sprintf("THREADLINE_CRASH_AT=%d", n))
		out, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL) {
			t.Fatalf("point %d: %v: %s", n, err, out)
		}
		afterCrash(t, n, path, string(out))
		if err == nil {
			if n < 20 {
				t.Errorf("the child had %d points only", n-1)
			}
			return
		}
	}
}

func crashChild(t *testing.T, path string) {
	s, _ := openAt(t, path, store.Shapes())
	sp := s.In("wsp_a")
	for i := range 4 {
		err := sp.Transact(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := store.Users.GetMany(ctx, tx, []string{fmt.Sprintf("usr_%d0", i)}); err != nil {
				return err
			}
			for k := range 3 {
				store.Users.Create(tx, &crm.User{ID: crm.UserID(fmt.Sprintf("usr_%d%d", i, k)), Email: "a@example.org"})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Print("+") // told
	}
}

func afterCrash(t *testing.T, n int, path, told string) {
	t.Helper()
	s, _ := openAt(t, path, store.Shapes())
	defer s.Close()
	got, err := s.In("wsp_a").Count(t.Context(), "user", store.Query{Where: []store.Filter{store.Is("email", "a@example.org")}})
	if err != nil {
		t.Fatal(err)
	}
	least := int64(0)
	for _, c := range told {
		if c == '+' {
			least += 3
		}
	}
	if got%3 != 0 || got < least || got > least+3 {
		t.Errorf("point %d: %d users after being told of %d", n, got, least)
	}
}
