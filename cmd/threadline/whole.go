package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/extract"
	"threadline/internal/job"
	"threadline/internal/ledger"
)

func (m *Main) exportCommand() *cobra.Command {
	var full bool
	var file, as string
	var o extract.Order
	cmd := &cobra.Command{Use: "export", Short: "Write the canonical export as JSON lines; with --format records or mail that people take away", Args: cobra.NoArgs,
		Example: "  threadline export --format csv --query 'deals where stage = Proposal' -o deals.csv\n" +
			"  threadline export --format jsonl -o everything.jsonl\n" +
			"  threadline export --format eml --record dea_… --as anna@acme.example -o mail.zip",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Format != "" {
				return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return m.extract(ctx, c, o, file) })
			}
			return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return m.export(ctx, c, full, file) })
		}}
	cmd.Flags().BoolVar(&full, "full", false, "with change log, cursors and id key, for moving house")
	cmd.Flags().StringVar((*string)(&o.Format), "format", "", "csv, jsonl or eml: a file for people")
	cmd.Flags().StringVar(&o.Query, "query", "", "which records; of eml: whose mail")
	cmd.Flags().StringVar(&o.View, "view", "", "id of a view instead of a query")
	cmd.Flags().StringVar((*string)(&o.Record), "record", "", "of eml: the record whose mail it is")
	cmd.Flags().StringSliceVar(&o.Columns, "columns", nil, "fields of csv (default: those of the view, or all)")
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVarP(&file, "output", "o", "", "file to write (default: standard output)")
	return cmd
}

func (m *Main) export(ctx context.Context, c *client, full bool, file string) error {
	path := "/export"
	if full {
		path += "?full=true"
	}
	last := &lastLine{}
	if err := m.fetch(ctx, c, path, file, last); err != nil || !full {
		return err
	}
	var line struct{ End *export.Summary }
	if err := json.Unmarshal(last.text, &line); err != nil || line.End == nil {
		return crm.E(crm.Internal, "export", "the export has no end", err).WithHint("the server's log says why; nothing was changed")
	}
	return m.moving(*line.End)
}

// moving fails when the export lacks contents, which is written all the same.
func (m *Main) moving(sum export.Summary) error {
	if sum.Lacks == 0 {
		return nil
	}
	m.lacks(sum, "everything else is in the export")
	return crm.Errorf(crm.NotFound, "export", "the export is written, and lacks %d contents that the blob store has lost", sum.Lacks).
		WithHint("put them back from the last backup and export again, or move without them")
}

// lacks names the contents that an export lacks.
func (m *Main) lacks(sum export.Summary, why string) {
	for _, lost := range sum.Missing {
		fmt.Fprintf(m.Err, "missing: %s\n", plain(lost.String()))
	}
	if sum.Lacks > 0 {
		fmt.Fprintf(m.Err, "%d contents are missing from the blob store; %s\n", sum.Lacks, why)
	}
}

// lastLine keeps the last line of what is written to it, and the end of a line
// that is longer than any that it is asked for.
type lastLine struct{ text []byte }

const maxLastLine = 1 << 20

// Write implements io.Writer.
func (l *lastLine) Write(b []byte) (int, error) {
	n := len(b)
	if n > 0 && bytes.HasSuffix(l.text, []byte("\n")) {
		l.text = l.text[:0]
	}
	if i := bytes.LastIndexByte(b[:max(n-1, 0)], '\n'); i >= 0 {
		l.text, b = l.text[:0], b[i+1:]
	}
	l.text = append(l.text, b...)
	l.text = l.text[max(0, len(l.text)-maxLastLine):]
	return n, nil
}

// extract has a file written, waits for it and fetches it.
func (m *Main) extract(ctx context.Context, c *client, o extract.Order, file string) error {
	var p job.Progress
	if _, err := c.send(ctx, "POST", "/exports", o, &p); err != nil {
		return err
	}
	p, err := m.await(ctx, c, p.ID)
	if err != nil {
		return err
	}
	if p.State != crm.JobDone {
		return m.jobEnded(p)
	}
	if n := p.Counts["metadata_only"]; n > 0 {
		fmt.Fprintf(m.Err, "%d mails are left out: of these only people and time may be seen\n", n)
	}
	return m.fetch(ctx, c, path("exports", p.ID, "file"), file, io.Discard)
}

// fetch writes an answer to a file, or to standard output, and what passes to
// beside.
func (m *Main) fetch(ctx context.Context, c *client, from, file string, beside io.Writer) error {
	res, err := c.request(ctx, "GET", from, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body := io.TeeReader(res.Body, beside)
	if file == "" {
		_, err = io.Copy(m.Out, body)
	} else {
		err = writeWhole(file, body)
	}
	if err != nil {
		return crm.E(crm.Unavailable, "export", "the export was cut", err).WithHint("the server's log says why; nothing was changed")
	}
	return nil
}

// writeWhole writes a file whole or not at all, readable for its owner only: it
// holds everybody's mail.
func writeWhole(file string, r io.Reader) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".export-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if _, err := io.Copy(tmp, r); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}

type verifyLine struct {
	Finding  *export.Finding
	Progress *ledger.Progress
	Summary  *struct {
		Checked  int64
		Findings int
	}
}

func (m *Main) verifyCommand() *cobra.Command {
	return &cobra.Command{Use: "verify", Short: "Check every promise on the live data", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.with(cmd.Context(), "", m.verify) }}
}

// verify prints what is broken and fails when anything is.
func (m *Main) verify(ctx context.Context, c *client) error {
	const op = crm.Op("verify")
	res, err := c.request(ctx, "GET", "/verify", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l verifyLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return crm.E(crm.Internal, op, "the server's answer cannot be read", err)
		}
		if err := m.verified(lines.Bytes(), &l); err != nil || l.Summary != nil {
			return err
		}
	}
	return crm.E(crm.Unavailable, op, "verify was cut before its end", lines.Err()).WithHint("the server's log says why")
}

func (m *Main) verified(raw []byte, l *verifyLine) error {
	switch s := l.Summary; {
	case l.Progress != nil:
		m.reached("checks", *l.Progress)
	case m.json:
		if _, err := m.Out.Write(append(raw, '\n')); err != nil {
			return err
		}
	case l.Finding != nil:
		m.say("%s %s: %s\n  what to do: %s", l.Finding.Collection, l.Finding.ID, l.Finding.What, l.Finding.Todo)
	case s != nil:
		m.say("%d documents checked, %d findings", s.Checked, s.Findings)
	}
	if s := l.Summary; s != nil && s.Findings > 0 {
		return crm.Errorf(crm.Internal, "verify", "%d promises are broken", s.Findings).WithHint("each finding says what to do")
	}
	return nil
}
