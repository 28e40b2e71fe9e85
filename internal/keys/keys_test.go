package keys

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

const childDir = "THREADLINE_TEST_ROTATE"

// TestMain rotates and ends, when this process is the one to be killed.
func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := child(context.Background(), dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(ctx context.Context, dir string) error {
	st, box, err := open(ctx, dir)
	if err != nil {
		return err
	}
	if _, err := Rotate(ctx, st, box, rand.Reader); err != nil {
		return err
	}
	return st.Close()
}

func open(ctx context.Context, dir string) (*store.Store, *seal.Box, error) {
	list, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		return nil, nil, err
	}
	indexes := store.NewIndexes(list)
	d, err := sqlite.Open(ctx, filepath.Join(dir, "data.db"), indexes, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, nil, err
	}
	st, err := store.New(d, store.Options{Indexes: indexes, Now: time.Now, Random: rand.Reader})
	if err != nil {
		return nil, nil, err
	}
	box, err := seal.Open(filepath.Join(dir, "key"), true, rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	for _, sp := range spaces(ctx, st) {
		if err := Open(ctx, sp, box, rand.Reader); err != nil {
			return nil, nil, errors.Join(err, st.Close())
		}
	}
	return st, box, nil
}

func spaces(ctx context.Context, st *store.Store) []*store.Space {
	ids, err := st.Workspaces(ctx)
	if err != nil {
		panic(err)
	}
	var out []*store.Space
	for _, id := range ids {
		out = append(out, st.In(id))
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const secrets = 150

func fill(t *testing.T, dir string) {
	t.Helper()
	st, box, err := open(t.Context(), dir)
	must(t, err)
	ws, err := st.NewID(crm.PrefixWorkspace)
	must(t, err)
	b := st.In(crm.WorkspaceID(ws)).Batch()
	store.Workspaces.Create(b, &crm.Workspace{ID: crm.WorkspaceID(ws), Name: "Brightwell", IDKey: make(crm.IDKey, 32), Currency: "EUR", Zone: "UTC"})
	for i := range secrets {
		id, err := st.NewID(crm.PrefixMailbox)
		must(t, err)
		sealed, err := box.Seal(seal.NewSecret(fmt.Sprint("tulip ", i)), id, "password")
		must(t, err)
		store.Mailboxes.Create(b, &crm.Mailbox{ID: crm.MailboxID(id), Kind: "imap", Login: fmt.Sprint(i), Password: sealed})
	}
	must(t, b.Commit(t.Context()))
	must(t, st.Close())
}

// readable opens every secret, and returns the keys.
func readable(t *testing.T, dir string) []Key {
	t.Helper()
	st, box, err := open(t.Context(), dir)
	must(t, err)
	defer func() { must(t, st.Close()) }()
	spaces, err := st.Workspaces(t.Context())
	must(t, err)
	docs, err := store.Mailboxes.All(t.Context(), st.In(spaces[0]), store.Query{})
	must(t, err)
	if len(docs) != secrets {
		t.Fatalf("%d mailboxes", len(docs))
	}
	for _, d := range docs {
		plain, err := box.Unseal(d.Value.Password, string(d.Value.ID), "password")
		if err != nil || plain.Reveal() != "tulip "+d.Value.Login {
			t.Fatalf("the secret of mailbox %s is lost: %v", d.Value.Login, err)
		}
	}
	list, err := List(t.Context(), st, box)
	must(t, err)
	return list
}

// steps is how many points of a rotation are tried as the moment of its end.
const steps = 12

// TestKilledRotation kills the rotation later and later, until it is done.
func TestKilledRotation(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	first := readable(t, dir)[0].ID
	killed, halfway := 0, 0
	start := time.Now()
	must(t, rotating(t, dir).Run()) // undisturbed: how long it takes
	step := time.Since(start)/steps + time.Millisecond
	for wait := step; ; wait += step {
		cmd := rotating(t, dir)
		must(t, cmd.Start())
		timer := time.AfterFunc(wait, func() { _ = cmd.Process.Kill() }) // it may have ended
		err := cmd.Wait()
		timer.Stop()
		list := readable(t, dir)
		if err == nil {
			if len(list) != 1 || list[0].Secrets != secrets || list[0].ID == first {
				t.Errorf("after the rotation: %+v", list)
			}
			break
		}
		killed++
		if len(list) > 1 {
			halfway++
		}
	}
	t.Logf("killed %d times, %d of them between the keys", killed, halfway)
	if killed == 0 {
		t.Error("the rotation was never killed")
	}
}

// rotating is this program as the one that rotates the keys of dir.
func rotating(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe)
	cmd.Env, cmd.Stderr = append(os.Environ(), childDir+"="+dir), os.Stderr
	return cmd
}

// TestRetireWaits holds the old key until whoever is storing a secret has
// stored it.
func TestRetireWaits(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	st, box, err := open(t.Context(), dir)
	must(t, err)
	spaces, err := st.Workspaces(t.Context())
	must(t, err)
	docs, err := store.Mailboxes.All(t.Context(), st.In(spaces[0]), store.Query{Limit: 1})
	must(t, err)
	m := docs[0].Value
	done := make(chan error, 1)
	err = box.Storing(func() error {
		sealed, err := box.Seal(seal.NewSecret("tulip "+m.Login), string(m.ID), "password")
		if err != nil {
			return err
		}
		go func() { _, err := Rotate(context.Background(), st, box, rand.Reader); done <- err }()
		for start := time.Now(); len(box.Keys()) < 2 && time.Since(start) < 10*time.Second; time.Sleep(time.Millisecond) {
		}
		m.Password = sealed
		b := st.In(spaces[0]).Batch()
		store.Mailboxes.Put(b, &m)
		return b.Commit(t.Context())
	})
	must(t, err)
	if err := <-done; err != nil && !crm.IsKind(err, crm.Conflict) {
		t.Fatal(err)
	}
	_, err = Rotate(t.Context(), st, box, rand.Reader) // ends what a conflict has left
	must(t, err)
	must(t, st.Close())
	if list := readable(t, dir); len(list) != 1 {
		t.Errorf("keys: %+v", list)
	}
}

// TestEnvelope: what is sealed from now on needs the data key; a key file of
// somebody else opens nothing and is refused by name; one that is lost can be
// given up.
func TestEnvelope(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	st, box, err := open(t.Context(), dir)
	must(t, err)
	sp := spaces(t.Context(), st)[0]
	sealed, err := box.Seal(seal.NewSecret("tulip"), "a", "b")
	must(t, err)
	if !seal.Enveloped(sealed) {
		t.Errorf("sealed as %q", sealed[:20])
	}
	_, err = Rotate(t.Context(), st, box, rand.Reader)
	must(t, err)
	if got, err := box.Unseal(sealed, "a", "b"); err != nil || got.Reveal() != "tulip" {
		t.Errorf("after a rotation: %v", err)
	}
	list, err := List(t.Context(), st, box)
	must(t, err)
	if len(list) != 1 || list[0].Secrets != secrets {
		t.Errorf("keys %+v", list)
	}
	must(t, st.Close())
	must(t, os.Rename(filepath.Join(dir, "key"), filepath.Join(dir, "old")))
	if _, _, err := open(t.Context(), dir); !crm.IsKind(err, crm.Unavailable) {
		t.Fatalf("another key file: %v", err)
	}
	must(t, os.Remove(filepath.Join(dir, "key")))
	must(t, os.Rename(filepath.Join(dir, "old"), filepath.Join(dir, "key")))
	st, box, err = open(t.Context(), dir)
	must(t, err)
	if got, err := box.Unseal(sealed, "a", "b"); err != nil || got.Reveal() != "tulip" {
		t.Errorf("after a restart: %v", err)
	}
	n, err := Lost(t.Context(), st.In(sp.Workspace()))
	if some, _ := Any(t.Context(), st.In(sp.Workspace())); err != nil || n != secrets || some {
		t.Errorf("%d were given up, %v", n, err)
	}
	must(t, st.Close())
	must(t, os.Remove(filepath.Join(dir, "key")))
	st, _, err = open(t.Context(), dir)
	must(t, err)
	must(t, st.Close())
}
