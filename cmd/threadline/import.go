package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/store"
)

func (m *Main) importCommand() *cobra.Command {
	var full bool
	cmd := &cobra.Command{Use: "import FILE", Short: "Move in: read a full export into an empty data folder or database (- for standard input)", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !full {
				return crm.Errorf(crm.Invalid, "import", "only full exports can be imported so far").WithField("full").
					WithHint("write: threadline import --full FILE, with a file of: threadline export --full")
			}
			return m.moveIn(cmd.Context(), args[0])
		}}
	cmd.Flags().BoolVar(&full, "full", false, "the file is a full export of another installation")
	return cmd
}

// moveIn opens the store by itself: there is no workspace yet that a server
// could serve.
func (m *Main) moveIn(ctx context.Context, file string) (err error) {
	log, err := m.logger()
	if err != nil {
		return err
	}
	in := m.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return crm.E(crm.NotFound, "import", "the file cannot be read", err)
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	h, err := m.openEmpty(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	bodies, err := store.NewBodyCodec()
	if err != nil {
		return err
	}
	var done int64
	ws, err := export.Read(ctx, h.store, bodies, h.blobs, io.Reader(in), func(n int64) { done = n })
	if err != nil {
		return err
	}
	m.say("%d documents of workspace %s moved in. Next: enter the passwords of the mailboxes again, with: threadline mailbox password", done, ws)
	return nil
}

// openEmpty opens the store and the place of large bodies, and no workspace.
func (m *Main) openEmpty(ctx context.Context, log *slog.Logger) (_ *house, err error) {
	if err := os.MkdirAll(m.opt.data, 0o700); err != nil {
		return nil, crm.E(crm.Unavailable, "open", "the data folder cannot be made", err).WithField("data")
	}
	h := &house{log: log, data: m.opt.data}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if err := h.openStore(ctx, m, m.databaseFile()); err != nil {
		return nil, err
	}
	return h, h.openBlobs(ctx, m)
}
