package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	"gocloud.dev/blob/fileblob"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
	"threadline/manifests"
	"threadline/sync/imap"
	"threadline/sync/source"
)

// Environment of the child process that crash tests kill: this test binary,
// built with the tag faults.
const (
	envServer = "THREADLINE_CHILD_SERVER"
	envCopies = "THREADLINE_CHILD_COPIES"
	envGroup  = "THREADLINE_CHILD_GROUP"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(testenv.EnvChild); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	if err := bounded(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	done, err := inMemory()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { done(); os.Exit(code) }))
}

// bounded gives a benchmark that is run by hand, without go test, the limit that
// go test would set: what hangs then says where.
func bounded() error {
	if flag.Lookup("test.timeout").Value.String() != "0s" || flag.Lookup("test.bench").Value.String() == "" {
		return nil
	}
	return flag.Set("test.timeout", "10m")
}

// inMemory puts temporary files into a folder of their own, that done takes
// away: in memory, where there is room for them, because what is killed here are
// processes, not the machine. The soak and benchmarks stay on the disk.
func inMemory() (done func(), err error) {
	base := os.TempDir()
	var fs syscall.Statfs_t
	if os.Getenv("THREADLINE_SOAK") == "" && flag.Lookup("test.bench").Value.String() == "" &&
		syscall.Statfs("/dev/shm", &fs) == nil && int64(fs.Bavail)*int64(fs.Bsize) > 2<<30 {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "engine")
	if err != nil {
		return nil, err
	}
	return func() { _ = os.RemoveAll(dir) }, errors.Join(os.Chmod(dir, 0o755), os.Setenv("TMPDIR", dir))
}

// open opens the store of a data folder.
func open(dir string) (*store.Store, error) {
	list, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		return nil, err
	}
	indexes := store.NewIndexes(list)
	driver, err := sqlite.Open(context.Background(), filepath.Join(dir, "threadline.db"), indexes, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	return store.New(driver, store.Options{Indexes: indexes, Now: time.Now, Random: rand.Reader})
}

// child syncs the one mailbox of a data folder until it holds so many copies.
func child(dir string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	st, err := open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ids, err := st.Workspaces(ctx)
	if err != nil {
		return err
	}
	sp := st.In(ids[0])
	boxes, err := store.Mailboxes.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	cfg, err := childConfig(dir)
	if err != nil {
		return err
	}
	copies, err := strconv.Atoi(os.Getenv(envCopies))
	if err != nil {
		return err
	}
	if err := untilSynced(ctx, sp, cfg, boxes[0].Value.ID, int64(copies)); err != nil {
		return err
	}
	return ledger.NewFollower(sp, cfg.Log).CatchUp(ctx)
}

func childConfig(dir string) (Config, error) {
	bodies, err := store.NewBodyCodec()
	if err != nil {
		return Config{}, err
	}
	bucket, err := fileblob.OpenBucket(filepath.Join(dir, "blobs"), &fileblob.Options{CreateDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return Config{}, err
	}
	group, err := strconv.Atoi(os.Getenv(envGroup))
	if err != nil {
		return Config{}, err
	}
	var src source.Source = imap.New(imap.Config{Server: os.Getenv(envServer), TLS: crm.TLSNone, Login: "rep", Password: "secret"})
	if base, refresh, ok := strings.Cut(os.Getenv(envServer), " "); ok { // of Gmail
		src = gmailSource(base, refresh, nil)
	}
	return Config{
		Open:   func(crm.Mailbox) (source.Source, error) { return src, nil },
		Bodies: bodies, Blobs: store.NewBlobs(bucket), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Owner: "child", Jitter: func() float64 { return 0 }, Poll: 100 * time.Millisecond, Group: group,
	}, nil
}

// untilSynced runs the engine until the mailbox is proven to hold the copies.
func untilSynced(ctx context.Context, sp *store.Space, cfg Config, id crm.MailboxID, copies int64) error {
	e := New(sp, cfg)
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- e.Run(running) }()
	var st Status
	var err error
	for err == nil && (!st.Synced || st.Total != copies) {
		st, err = e.Ready(ctx, id, 200*time.Millisecond)
	}
	stop()
	<-done
	if err != nil {
		return fmt.Errorf("not synced: %s: %w", asJSON(st), err)
	}
	return nil
}
