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

// importCommand reads two sorts of files: records as CSV into a workspace, and
// the full export of another installation into an empty place.
func (m *Main) importCommand() *cobra.Command {
	var full bool
	var in importFlags
	cmd := &cobra.Command{Use: "import FILE", Args: cobra.ExactArgs(1),
		Short: "Bring records in from CSV (--folder), or move in with a full export (--full); - for standard input",
		Long: "With --folder: bring the rows of a CSV file in as records of the workspace, as one batch that can be undone.\n" +
			"How the file is written and what its columns are is guessed and can be said; --dry-run only shows the plan.\n\n" +
			"With --full: move in. Read the full export of another installation into an empty data folder or database.",
		Example: "  threadline import people.csv --folder contacts --dry-run\n" +
			"  threadline import people.csv --folder contacts --map 'E-mail=emails' --map 'Firm=company' --match emails --then update\n" +
			"  threadline import --full house.jsonl",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case full == (in.folder != ""):
				return crm.Errorf(crm.Invalid, "import", "say what the file is").WithField("folder").
					WithHint("--folder contacts for records as CSV, or --full for a file of: threadline export --full")
			case full:
				return m.moveIn(cmd.Context(), args[0])
			}
			return m.bringIn(cmd.Context(), args[0], &in)
		}}
	cmd.Flags().BoolVar(&full, "full", false, "the file is a full export of another installation")
	in.flags(cmd.Flags())
	return cmd
}

// input opens a file to read, or standard input for -.
func (m *Main) input(file string) (io.Reader, func(), error) {
	if file == "-" {
		return m.In, func() {}, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, crm.E(crm.NotFound, "import", "the file cannot be read", err).WithField("file")
	}
	return f, func() { _ = f.Close() }, nil // it is only read
}

// moveIn opens the store by itself: there is no workspace yet that a server
// could serve.
func (m *Main) moveIn(ctx context.Context, file string) (err error) {
	log, err := m.logger()
	if err != nil {
		return err
	}
	in, closeFile, err := m.input(file)
	if err != nil {
		return err
	}
	defer closeFile()
	h, err := m.openEmpty(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	bodies, err := store.NewBodyCodec()
	if err != nil {
		return err
	}
	ws, sum, err := export.Read(ctx, h.store, bodies, store.NewBlobs(h.bucket), in, nil)
	if err != nil {
		return err
	}
	m.say("%d documents and the contents of %d files of workspace %s moved in", sum.Documents, sum.Files, ws)
	m.lacks(sum, "the old house had lost them")
	m.say("Next: enter the passwords of the mailboxes again, with: threadline mailbox password")
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
