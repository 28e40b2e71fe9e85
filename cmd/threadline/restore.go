package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"threadline/internal/backup"
	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

func (m *Main) restoreCommand() *cobra.Command {
	return &cobra.Command{Use: "restore FILE", Short: "Put a backup into an empty data folder, and check it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := m.ownMeans("restore"); err != nil {
				return err
			}
			return m.restore(cmd.Context(), args[0])
		}}
}

// stageName is the folder in which a backup is unpacked and checked; only then
// do its parts get the names by which a server finds them.
const stageName = ".restore"

// restored is what was restored and what was checked.
type restored struct {
	backup.Summary
	Checked  int64            `json:"checked"` // documents
	Findings []export.Finding `json:"findings"`
}

func (m *Main) restore(ctx context.Context, file string) (err error) {
	if err := m.emptyFolder(); err != nil {
		return err
	}
	stage := filepath.Join(m.opt.data, stageName)
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	if err := errors.Join(os.RemoveAll(stage), os.MkdirAll(stage, 0o700)); err != nil {
		return crm.E(crm.Unavailable, "restore", "the data folder cannot be made", err).WithField("data")
	}
	out, err := m.unpack(ctx, file, stage)
	if err != nil {
		return err
	}
	if err := m.settleIn(stage); err != nil {
		return crm.E(crm.Unavailable, "restore", "the checked data cannot be put in its place", err)
	}
	return m.tellRestored(file, out)
}

// emptyFolder refuses a data folder that holds anything but what an earlier
// restore, which was cut, has left.
func (m *Main) emptyFolder() error {
	there, err := os.ReadDir(m.opt.data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return crm.E(crm.Unavailable, "restore", "the data folder cannot be read", err).WithField("data")
	}
	for _, e := range there {
		if e.Name() != stageName {
			return crm.Errorf(crm.Exists, "restore", "%s is not empty: it holds %s", m.opt.data, e.Name()).
				WithField("data").WithHint("name a new folder with --data; nothing was changed")
		}
	}
	return nil
}

// unpack fills the stage and checks it: sums, structure, and every promise.
func (m *Main) unpack(ctx context.Context, file, stage string) (out restored, err error) {
	sub := *m
	sub.opt.data = stage
	h := &house{log: slog.New(slog.NewTextHandler(m.Err, &slog.HandlerOptions{Level: slog.LevelError})), data: stage}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := h.openBlobs(ctx, &sub); err != nil {
		return out, err
	}
	db, err := os.OpenFile(sub.databaseFile(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return out, crm.E(crm.Unavailable, "restore", "the database cannot be made", err)
	}
	out.Summary, err = m.readBackup(ctx, file, backup.Sink{Data: db, Blob: store.NewBlobs(h.bucket).Put})
	if err = errors.Join(err, db.Sync(), db.Close()); err != nil {
		return out, err
	}
	if err := h.openStore(ctx, &sub, sub.databaseFile()); err != nil {
		return out, err
	}
	if err := h.check(ctx); err != nil {
		return out, err
	}
	return out, h.proveAll(ctx, &out)
}

// proveAll checks every promise in every workspace. What changes had not yet
// reached the timelines reaches them first, as at any start.
func (h *house) proveAll(ctx context.Context, out *restored) error {
	bodies, err := store.NewBodyCodec()
	if err != nil {
		return err
	}
	blobs := store.NewBlobs(h.bucket)
	spaces, err := h.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	out.Findings = []export.Finding{}
	for _, ws := range spaces {
		sp := h.store.In(ws)
		if err := backup.Wake(ctx, sp); err != nil {
			return err
		}
		if err := ledger.NewFollower(sp, h.log).CatchUp(ctx); err != nil {
			return err
		}
		var checked int64
		err := export.Verify(ctx, sp, bodies, blobs, func(f export.Finding) { out.Findings = append(out.Findings, f) },
			func(done, _ int64) { checked = done })
		if err != nil {
			return err
		}
		out.Checked += checked
	}
	return nil
}

// settleIn gives the parts their names, the database last: without it there is
// no data for anybody.
func (m *Main) settleIn(stage string) error {
	for _, name := range []string{"blobs", "threadline.db"} {
		from := filepath.Join(stage, name)
		if !exists(from) {
			continue // no large bodies, or in a bucket of their own
		}
		if err := os.Rename(from, filepath.Join(m.opt.data, name)); err != nil {
			return err
		}
	}
	d, err := os.Open(m.opt.data)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (m *Main) tellRestored(file string, out restored) error {
	raw, err := json.Marshal(out)
	if err != nil {
		return err
	}
	err = m.print(raw, func() {
		m.say("%s is restored to %s, as of %s", file, m.opt.data, moment(out.MadeAt))
		m.say("checked: every checksum of the archive, the structure of the database, and the promises on %d documents and %d large bodies: %d findings",
			out.Checked, out.Blobs, len(out.Findings))
		for _, f := range out.Findings {
			m.say("%s", f)
		}
		m.missing(out.Summary)
		if !exists(m.opt.keyFile) {
			m.say("put the key file back as %s before the server starts; without it mailbox passwords must be entered again", m.opt.keyFile)
		}
		m.say("everybody signs in anew: sessions and sign-in links are not restored")
	})
	if err == nil && len(out.Findings) > 0 {
		err = crm.Errorf(crm.Internal, "restore", "the data is restored, and breaks %d promises, as it did when it was backed up", len(out.Findings)).
			WithHint("each finding says what to do")
	}
	return err
}
