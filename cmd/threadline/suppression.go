package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/table"
)

// suppressionCommand keeps the list of who gets no campaign.
func (m *Main) suppressionCommand() *cobra.Command {
	var as string
	list := &cobra.Command{Use: "export", Short: "Print who gets no campaign, as CSV", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return m.with(cmd.Context(), as, m.exportSuppressions)
	}}
	take := &cobra.Command{Use: "import FILE", Short: "Suppress the addresses of a file, one a row, in any column", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return m.importSuppressions(ctx, c, args[0]) })
	}}
	var purpose string
	free := &cobra.Command{Use: "release ADDRESS", Short: "Let campaigns write to an address again, or those of one purpose", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error { return m.release(ctx, c, args[0], purpose) })
	}}
	free.Flags().StringVar(&purpose, "purpose", "", "key of what alone is let through again; without: what holds for all mail")
	for _, cmd := range []*cobra.Command{list, take, free} {
		cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	}
	return group("suppression", "Who gets no campaign, and why", list, take, free)
}

func (m *Main) release(ctx context.Context, c *client, address, purpose string) error {
	var out struct{ Batch string }
	raw, err := c.send(ctx, "DELETE", path("suppressions", address)+"?purpose="+url.QueryEscape(purpose), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("campaigns may write again (undo: threadline undo %s)", out.Batch) })
}

func (m *Main) exportSuppressions(ctx context.Context, c *client) error {
	w := table.NewWriter(m.Out)
	if err := w.Write([]string{"address", "reason", "campaign", "at", purposeHeading}); err != nil {
		return err
	}
	for cursor := ""; ; {
		var out list[crm.Suppression]
		if _, err := c.send(ctx, "GET", "/suppressions?limit=200&cursor="+url.QueryEscape(cursor), nil, &out); err != nil {
			return err
		}
		for _, s := range out.Items {
			if err := w.Write([]string{string(s.Address), string(s.Reason), s.Campaign, s.At.String(), s.Purpose}); err != nil {
				return err
			}
		}
		if cursor = out.Next; cursor == "" {
			return w.Flush()
		}
	}
}

// importSuppressions takes the address of each row, in whichever column it stands;
// rows without one are named, and the others are suppressed all the same.
func (m *Main) importSuppressions(ctx context.Context, c *client, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return crm.E(crm.Invalid, "importSuppressions", "the file cannot be opened", err).WithField("file")
	}
	defer f.Close()
	sum := suppressionSum{Refused: []refusedRow{}, Batches: []string{}}
	err = sum.read(ctx, c, f)
	return errors.Join(err, m.told(&sum))
}

// read suppresses the addresses of a file, some at a time.
func (s *suppressionSum) read(ctx context.Context, c *client, f io.Reader) error {
	in := bufio.NewReaderSize(f, suppressionSample)
	head, _ := in.Peek(suppressionSample) // a short file is all of it
	if err := table.Text(head); err != nil {
		return err
	}
	rows := table.NewReader(in, table.Guess(head))
	var part []suppressedRow
	purposes := -1 // column of what alone is not wanted
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return s.add(ctx, c, part)
		}
		if err != nil {
			return errors.Join(crm.E(crm.Invalid, "importSuppressions", "the file cannot be read", err).WithField("file"), s.add(ctx, c, part))
		}
		if row.Number == 1 {
			purposes = slices.Index(row.Cells, purposeHeading)
		}
		a, err := addressIn(&row)
		switch {
		case err != nil:
			s.Refused = append(s.Refused, refusedRow{Row: int(row.Number), Detail: err.Error()})
		case a != "":
			one := suppressedRow{address: string(a), row: int(row.Number)}
			if purposes >= 0 && purposes < len(row.Cells) {
				one.purpose = row.Cells[purposes]
			}
			part = append(part, one)
		}
		if len(part) < suppressionsAtOnce {
			continue
		}
		if err := s.add(ctx, c, part); err != nil {
			return err
		}
		part = part[:0]
	}
}

// purposeHeading is that of the column which says of what alone mail is not wanted.
const purposeHeading = "purpose"

// suppressedRow is a row of a file that names an address.
type suppressedRow struct {
	address, purpose string
	row              int
}

// suppressionSample is how much of a file says how it is written.
const suppressionSample = 64 << 10

// addressIn is the address in a row, perhaps behind a name; "" of headings.
func addressIn(row *table.Row) (crm.Address, error) {
	if row.Err != nil {
		return "", row.Err
	}
	i := slices.IndexFunc(row.Cells, func(cell string) bool { return strings.Contains(cell, "@") })
	switch {
	case i >= 0:
	case row.Number == 1:
		return "", nil
	default:
		return "", crm.Errorf(crm.Invalid, "addressIn", "%q is not a mail address", crm.Clip(strings.Join(row.Cells, ","), 60))
	}
	cell := table.Bare(row.Cells[i])
	if _, named, ok := strings.Cut(cell, "<"); ok {
		cell, _, _ = strings.Cut(named, ">")
	}
	return crm.ParseAddress(cell)
}

// suppressionsAtOnce is how many lines one request carries: with the longest
// addresses they fill a body.
const suppressionsAtOnce = 3000

// suppressionSum is what came of a file of addresses.
type suppressionSum struct {
	Added   int          `json:"added"`
	Known   int          `json:"known"`
	Refused []refusedRow `json:"refused"`
	Batches []string     `json:"batches"`
}

type refusedRow struct {
	Row    int    `json:"row"`
	Detail string `json:"detail"`
}

// add sends some addresses, those of one purpose at once.
func (s *suppressionSum) add(ctx context.Context, c *client, list []suppressedRow) error {
	slices.SortStableFunc(list, func(a, b suppressedRow) int { return strings.Compare(a.purpose, b.purpose) })
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].purpose == list[0].purpose {
			n++
		}
		if err := s.addOf(ctx, c, list[0].purpose, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (s *suppressionSum) addOf(ctx context.Context, c *client, purpose string, list []suppressedRow) error {
	addresses := make([]string, len(list))
	for i := range list {
		addresses[i] = list[i].address
	}
	var out struct {
		Added, Known int
		Batch        string
		Refused      []struct {
			Index  int
			Detail string
		}
	}
	if _, err := c.send(ctx, "POST", "/suppressions/import", map[string]any{"addresses": addresses, "purpose": purpose}, &out); err != nil {
		return err
	}
	s.Added, s.Known = s.Added+out.Added, s.Known+out.Known
	for _, r := range out.Refused {
		s.Refused = append(s.Refused, refusedRow{Row: list[r.Index].row, Detail: r.Detail})
	}
	if out.Batch != "" {
		s.Batches = append(s.Batches, out.Batch)
	}
	return nil
}

// refusedShown is how many refused rows are printed; --json has all of them.
const refusedShown = 100

// told prints what came of an import, also of one that failed in the middle.
func (m *Main) told(s *suppressionSum) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return crm.E(crm.Internal, "told", "the figures cannot be written", err)
	}
	return m.print(raw, func() {
		for _, r := range s.Refused[:min(len(s.Refused), refusedShown)] {
			m.say("row %d: %s", r.Row, r.Detail)
		}
		if more := len(s.Refused) - refusedShown; more > 0 {
			m.say("… and %d more rows (--json names all)", more)
		}
		m.say("added %d, already there %d, refused %d", s.Added, s.Known, len(s.Refused))
		for _, b := range s.Batches {
			m.say("undo with: threadline undo %s", b)
		}
	})
}
