package testenv

import (
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// EnvChild names, for a Mortal, the data folder in which it works. A package
// whose TestMain finds it set does that work instead of its tests.
const EnvChild = "THREADLINE_CHILD"

// Mortal is the test binary of a package, built with the fault hook of the
// store: a process that kills itself at a chosen point before, in or after a
// call of the store.
type Mortal struct {
	bin string
}

// BuildMortal builds, unless it is there, the test binary of the package whose
// tests run into a folder of their own.
func BuildMortal(t testing.TB, dir string) Mortal {
	t.Helper()
	m := Mortal{bin: filepath.Join(dir, "child")}
	if _, err := os.Stat(m.bin); err == nil {
		return m
	}
	if out, err := exec.Command("go", "test", "-c", "-tags", "faults", "-o", m.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the child: %v\n%s", err, out)
	}
	return m
}

// Dies runs the process in a data folder and tells whether it was killed at that
// point; 0 is none. The test fails when it ends with an error of its own.
func (m Mortal) Dies(t testing.TB, dir string, at int, env ...string) bool {
	t.Helper()
	cmd := exec.Command(m.bin)
	cmd.Env = append(append(os.Environ(), EnvChild+"="+dir), env...)
	if at > 0 {
		cmd.Env = append(cmd.Env, "THREADLINE_CRASH_AT="+strconv.Itoa(at))
	}
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	if s, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signaled() && s.Signal() == syscall.SIGKILL {
		return true
	}
	t.Fatalf("the child failed (crash at %d): %v\n%s", at, err, out)
	return false
}

// EveryPoint calls try with every point in the soak, otherwise with every
// step-th from a random one on, until it tells that the process lived. It wants
// the hook to have killed at point least or later.
func EveryPoint(t testing.TB, step, least int, try func(at int) (killed bool)) {
	t.Helper()
	first, last := 1, 0
	if os.Getenv("THREADLINE_SOAK") == "" {
		first = 1 + mathrand.IntN(step)
	} else {
		step = 1
	}
	for at := first; try(at); at += step {
		last = at
	}
	if last < least {
		t.Errorf("the last point was %d: the hook does not work", last)
	}
	t.Logf("killed at points %d to %d, every %d", first, last, step)
}
