package testenv

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// requireFirestoreVar turns the skipping of tests without the emulator into
// failures.
const requireFirestoreVar = "THREADLINE_REQUIRE_FIRESTORE"

// ErrNoFirestore says what is missing to run Google's emulator.
var ErrNoFirestore = errors.New("Google's Firestore emulator or Java is not installed: " +
	"apt-get install google-cloud-cli-firestore-emulator default-jre-headless (from Google's package source)")

// emulatorJars are where packages of the Cloud SDK put the emulator;
// emulatorJarVar names another place.
const (
	emulatorJarVar = "THREADLINE_FIRESTORE_EMULATOR_JAR"
	emulatorClass  = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
)

func emulatorJars() []string {
	const below = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
	out := []string{os.Getenv(emulatorJarVar), "/usr/lib/google-cloud-sdk/" + below, "/opt/google-cloud-sdk/" + below}
	if home, err := os.UserHomeDir(); err == nil {
		out = append(out, filepath.Join(home, "google-cloud-sdk", below))
	}
	return out
}

// FirestoreServer is a running emulator. Any project id has an empty database
// of its own.
type FirestoreServer struct {
	Addr string // host:port

	proc *process
}

// StartFirestore starts the emulator with its output below dir and waits until
// it answers. Stop ends it; a cancelled ctx only ends the waiting.
func StartFirestore(ctx context.Context, dir string) (*FirestoreServer, error) {
	java, jar, err := findFirestore()
	if err != nil {
		return nil, err
	}
	// A free port can be lost to somebody else before the server binds it.
	for range 3 {
		var s *FirestoreServer
		if s, err = startFirestore(ctx, dir, java, jar); err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, err
}

func findFirestore() (java, jar string, err error) {
	if java, err = exec.LookPath("java"); err != nil {
		return "", "", ErrNoFirestore
	}
	for _, jar := range emulatorJars() {
		if _, err := os.Stat(jar); jar != "" && err == nil {
			return java, jar, nil
		}
	}
	return "", "", ErrNoFirestore
}

func startFirestore(ctx context.Context, dir, java, jar string) (*FirestoreServer, error) {
	ports, err := freePorts(1)
	if err != nil {
		return nil, err
	}
	port := strconv.Itoa(ports[0])
	s := &FirestoreServer{Addr: net.JoinHostPort("127.0.0.1", port)}
	// Two processors are not worth more than one collector and few compilers.
	s.proc, err = startProcess(owner{}, dir, java, "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.language=en",
		"-cp", jar, emulatorClass, "--host=127.0.0.1", "--port="+port)
	if err != nil {
		return nil, fmt.Errorf("testenv: starting the Firestore emulator: %w", err)
	}
	if err := s.await(ctx); err != nil {
		out, _ := os.ReadFile(filepath.Join(dir, "java.out"))
		return nil, errors.Join(fmt.Errorf("%w: %s", err, out[max(0, len(out)-1000):]), s.Stop())
	}
	return s, nil
}

// await returns when the server answers.
func (s *FirestoreServer) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	for {
		if s.answers(ctx) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("testenv: the Firestore emulator does not answer: %w", ctx.Err())
		case <-s.proc.done:
			return errors.New("testenv: the Firestore emulator ended at once")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *FirestoreServer) answers(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Addr+"/", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Stop ends the emulator and waits for it. It may be called twice.
func (s *FirestoreServer) Stop() error { return s.proc.stop() }

// SharedFirestore is one emulator for all tests of a package, because starting
// one takes longer than most tests. The first test that needs it starts it; the
// package's TestMain stops it. Tests keep apart by names of projects.
type SharedFirestore struct {
	once sync.Once
	dir  string
	srv  *FirestoreServer
	err  error
}

// Need returns the emulator. Where it is not installed the test is skipped,
// loudly, or fails when THREADLINE_REQUIRE_FIRESTORE is 1.
func (s *SharedFirestore) Need(t testing.TB) *FirestoreServer {
	t.Helper()
	s.once.Do(func() {
		if s.dir, s.err = os.MkdirTemp("", "threadline-firestore-"); s.err == nil {
			s.srv, s.err = StartFirestore(context.Background(), s.dir)
		}
	})
	if errors.Is(s.err, ErrNoFirestore) && os.Getenv(requireFirestoreVar) != "1" {
		t.Skipf("SKIPPED, NOT TESTED: %v (set %s=1 to fail instead)", s.err, requireFirestoreVar)
	}
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s.srv
}

// Stop ends the emulator, if a test has started it, and waits for it.
func (s *SharedFirestore) Stop() error {
	var errs []error
	if s.srv != nil {
		errs = append(errs, s.srv.Stop())
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// Firestore starts an emulator for one test and stops it at its end.
func Firestore(t testing.TB) *FirestoreServer {
	t.Helper()
	s := new(SharedFirestore)
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stopping the Firestore emulator: %v", err)
		}
	})
	return s.Need(t)
}

// Main runs the tests of a package and stops the emulator; it returns the exit
// code for os.Exit.
func (s *SharedFirestore) Main(m *testing.M) int {
	code := m.Run()
	if err := s.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stopping the Firestore emulator:", err)
		return 1
	}
	return code
}
