package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"threadline/internal/backup"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

func (m *Main) backupCommand() *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "Write everything but the key file into one archive, also while the server runs", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := m.ownMeans("backup"); err != nil {
				return err
			}
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.backup(ctx, c, args[0]) })
		}}
}

// ownMeans refuses what is done by other means on Firestore.
func (m *Main) ownMeans(op crm.Op) error {
	if m.opt.store != storeFirestore {
		return nil
	}
	return crm.Errorf(crm.Invalid, op, "Firestore is backed up and restored by Google: use its managed export and import (gcloud firestore export, gcloud firestore import)").
		WithField("store").WithHint("the bucket of --blob and the key file are not part of that export: copy them too")
}

// backup writes the archive, whole or not at all, and reads it back.
func (m *Main) backup(ctx context.Context, c *client, file string) error {
	res, err := c.request(ctx, "GET", "/backup", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := writeWhole(file, res.Body); err != nil {
		return crm.E(crm.Unavailable, "backup", "the backup was cut, and "+file+" was not written", err).WithHint("look for space on both disks; the server's log says more")
	}
	sum, err := m.readBackup(ctx, file, backup.Sink{Data: io.Discard, Blob: func(_ context.Context, _ crm.WorkspaceID, data []byte) (string, error) {
		return store.BlobName(data), nil
	}})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s holds %d bytes of database and %d large bodies, as of %s; every checksum is right", file, sum.Bytes, sum.Blobs, moment(sum.MadeAt))
		m.missing(sum)
		m.say("the key file is not in it: keep a copy of %s in another place", m.opt.keyFile)
	})
}

func (m *Main) missing(sum backup.Summary) {
	if n := len(sum.Missing); n > 0 {
		m.say("%d large bodies were missing from the data: threadline verify names them", n)
	}
}

func (m *Main) readBackup(ctx context.Context, file string, to backup.Sink) (_ backup.Summary, err error) {
	f, err := os.Open(file)
	if err != nil {
		return backup.Summary{}, crm.E(crm.Invalid, "readBackup", "the backup cannot be opened", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return backup.Read(ctx, f, file, to)
}

// openCopy opens a copy of the database.
func (m *Main) openCopy(ctx context.Context, file string) (*store.Store, error) {
	list, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		return nil, err
	}
	indexes := store.NewIndexes(list)
	d, err := sqlite.Open(ctx, file, indexes, sqlite.Options{Now: m.Now})
	if err != nil {
		return nil, err
	}
	st, err := store.New(d, store.Options{Indexes: indexes, Now: m.Now, Random: rand.Reader})
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return st, nil
}
