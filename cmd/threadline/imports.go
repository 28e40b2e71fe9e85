package main

import (
	"context"
	"encoding/json"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/table"
)

// importFlags say what a CSV file is and what becomes of its rows.
type importFlags struct {
	folder, as, encoding, delimiter, header, then string
	columns                                       []string
	match                                         []string
	known, dry, partly                            bool
}

func (in *importFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&in.folder, "folder", "", "the rows of the file are records of this folder, such as contacts")
	f.StringVar(&in.as, "as", "", "in whose name: address of a user")
	f.BoolVar(&in.dry, "dry-run", false, "only plan, and say how to go on")
	f.BoolVar(&in.partly, "partly", false, "bring in what can be, when some rows have errors")
	in.reading(f)
}

// reading are the flags that a later plan takes too.
func (in *importFlags) reading(f *pflag.FlagSet) {
	f.StringVar(&in.encoding, "encoding", "", "utf-8, utf-16le, utf-16be, windows-1250 or windows-1252 (default: guessed)")
	f.StringVar(&in.delimiter, "delimiter", "", "comma, semicolon, tab or bar (default: guessed)")
	f.StringVar(&in.header, "header", "", "true or false: whether the first row holds headings (default: guessed)")
	f.StringArrayVar(&in.columns, "map", nil, "HEADING=FIELD, or NUMBER=FIELD; HEADING= leaves a column out; may be repeated")
	f.StringSliceVar(&in.match, "match", nil, "fields by which a row finds the record that it is about (default: guessed)")
	f.StringVar(&in.then, "then", "", "what to do with a row whose record is there: merge, update, skip, create or error (default merge)")
	f.BoolVar(&in.known, "known-only", false, "make no companies and other records that a column names")
}

// options are the flags as the API takes them.
func (in *importFlags) options() (intake.Options, error) {
	o := intake.Options{Encoding: table.Encoding(in.encoding), Delimiter: in.delimiter, Match: in.match, Then: records.Did(in.then)}
	if in.header != "" {
		header, err := strconv.ParseBool(in.header)
		if err != nil {
			return o, crm.Errorf(crm.Invalid, "import", "--header takes true or false").WithField("header")
		}
		o.Header = &header
	}
	if in.known {
		o.Make = new(bool)
	}
	for _, s := range in.columns {
		i := strings.LastIndexByte(s, '=')
		if i < 1 {
			return o, crm.Errorf(crm.Invalid, "import", "%q does not say which column is which field", crm.Clip(s, 60)).WithField("map").
				WithHint("write it as --map 'E-mail=emails'")
		}
		if o.Columns == nil {
			o.Columns = map[string]string{}
		}
		o.Columns[strings.TrimSpace(s[:i])] = strings.TrimSpace(s[i+1:])
	}
	return o, nil
}

// bringIn uploads a file, plans, shows the plan and applies it.
func (m *Main) bringIn(ctx context.Context, file string, in *importFlags) error {
	o, err := in.options()
	if err != nil {
		return err
	}
	src, closeFile, err := m.input(file)
	if err != nil {
		return err
	}
	defer closeFile()
	return m.with(ctx, in.as, func(ctx context.Context, c *client) error {
		ask := url.Values{"folder": {in.folder}, "name": {filepath.Base(file)}}
		for key, v := range map[string]string{"encoding": in.encoding, "delimiter": in.delimiter, "header": in.header} {
			if v != "" {
				ask.Set(key, v)
			}
		}
		var im intake.Import
		if err := c.upload(ctx, "/imports?"+ask.Encode(), "text/csv", src, &im); err != nil {
			return err
		}
		im, err := m.planImport(ctx, c, im.ID, o)
		if err != nil || in.dry {
			return errorOr(err, func() error { return m.showPlan(ctx, c, &im) })
		}
		if !m.json {
			if err := m.showPlan(ctx, c, &im); err != nil {
				return err
			}
		}
		if n := im.Counts["error"]; n > 0 && !in.partly {
			return crm.Errorf(crm.Invalid, "import", "%d rows cannot be brought in; nothing was written", n).
				WithHint("mend the file, or bring in the others with: threadline imports apply " + im.ID + " (or --partly at once)")
		}
		return m.applyImport(ctx, c, im.ID)
	})
}

// planImport plans and returns the plan.
func (m *Main) planImport(ctx context.Context, c *client, id string, o intake.Options) (intake.Import, error) {
	return m.replan(ctx, c, "POST", path("imports", id, "plan"), o)
}

func (m *Main) replan(ctx context.Context, c *client, method, to string, in any) (intake.Import, error) {
	var im intake.Import
	if _, err := c.send(ctx, method, to, in, &im); err != nil {
		return im, err
	}
	p, err := m.await(ctx, c, im.ID)
	if err != nil {
		return im, err
	}
	if p.State == crm.JobFailed {
		return im, m.jobEnded(p)
	}
	_, err = c.send(ctx, "GET", path("imports", im.ID), nil, &im)
	return im, err
}

// showPlan says how a file is read and what becomes of its rows.
func (m *Main) showPlan(ctx context.Context, c *client, im *intake.Import) error {
	if m.json {
		raw, err := json.Marshal(im)
		return errorOr(err, func() error { return m.print(raw, nil) })
	}
	s := &im.Spec
	m.say("%s: %s, cells parted by %s; %s rows, each a %s, found by %s", s.File, string(s.Dialect.Encoding), s.Dialect.Delimiter,
		number(im.Total), strings.TrimPrefix(string(s.Kind), "x-"), strings.Join(s.Match, ", "))
	out := 0
	for i, col := range s.Columns {
		key := s.Map[i]
		if key == "" {
			key = "(left out)"
			if out++; out > manyOut {
				continue
			}
		}
		m.say("  %s: %s", crm.Clip(col, 60), key)
	}
	if out > manyOut {
		m.say("  and %s more columns: (left out)", number(int64(out-manyOut)))
	}
	m.say("plan: %s", reasons(im.Counts))
	if err := m.rows(ctx, c, im.ID, []string{"error", "warning"}, 20); err != nil {
		return err
	}
	m.say("import %s", im.ID)
	if im.Stage == intake.StagePlanned {
		m.say("  every row: threadline imports rows %s", im.ID)
		m.say("  another mapping: threadline imports plan %s --map 'HEADING=FIELD'", im.ID)
		m.say("  do it: threadline imports apply %s", im.ID)
	}
	return nil
}

// manyOut is how many columns that become nothing are told by name.
const manyOut = 20

// rows shows rows of a plan.
func (m *Main) rows(ctx context.Context, c *client, id string, only []string, limit int) error {
	shown, cursor := 0, ""
	for {
		ask := url.Values{"limit": {strconv.Itoa(min(200, limit-shown+1))}, "cursor": {cursor}}
		if len(only) > 0 {
			ask.Set("only", strings.Join(only, ","))
		}
		var out list[intake.Line]
		raw, err := c.send(ctx, "GET", path("imports", id, "rows")+"?"+ask.Encode(), nil, &out)
		if err != nil {
			return err
		}
		if m.json {
			if err := m.print(raw, nil); err != nil {
				return err
			}
		}
		for _, l := range out.Items {
			if shown++; shown > limit {
				m.say("  there are more: threadline imports rows %s --only %s", id, strings.Join(only, ","))
				return nil
			}
			if !m.json {
				m.row(l)
			}
		}
		if cursor = out.Next; cursor == "" {
			return nil
		}
	}
}

func (m *Main) row(l intake.Line) {
	why := ""
	if f := l.Fault; f != nil {
		why = ": " + f.Detail
		if f.Field != "" {
			why = " (" + f.Field + ")" + why
		}
		if f.Hint != "" {
			why += "; " + f.Hint
		}
	}
	m.say("  row %d  %s  %s %s%s", l.Row, string(l.Do), l.Name, string(l.Record), why)
}

// applyImport does what was planned and says what became of it.
func (m *Main) applyImport(ctx context.Context, c *client, id string) error {
	if _, err := c.send(ctx, "POST", path("imports", id, "apply"), nil, nil); err != nil {
		return err
	}
	p, err := m.await(ctx, c, id)
	if err != nil {
		return err
	}
	return m.jobEnded(p)
}

func (m *Main) importsCommand() *cobra.Command {
	var as string
	cmd := group("imports", "Files of records on their way in", m.importsList(&as), m.importsShow(&as), m.importsRows(&as), m.importsPlan(&as),
		m.importsDecide(&as), m.importsApply(&as))
	cmd.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return cmd
}

func (m *Main) importsList(as *string) *cobra.Command {
	return &cobra.Command{Use: "list", Short: "The newest imports", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
			var out list[job.Progress]
			raw, err := c.send(ctx, "GET", "/imports?limit=200", nil, &out)
			if err != nil {
				return err
			}
			return m.print(raw, func() {
				var rows [][]string
				for _, p := range out.Items {
					rows = append(rows, []string{p.ID, standing(p), moment(p.CreatedAt), reasons(p.Counts), p.Title})
				}
				m.table([]string{"import", "state", "begun", "rows", "what"}, rows)
			})
		})
	}}
}

func (m *Main) importsShow(as *string) *cobra.Command {
	return &cobra.Command{Use: "show IMPORT", Short: "How a file is read and what was planned", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
			var im intake.Import
			_, err := c.send(ctx, "GET", path("imports", args[0]), nil, &im)
			return errorOr(err, func() error { return m.showPlan(ctx, c, &im) })
		})
	}}
}

// errorOr returns the error, or what f returns.
func errorOr(err error, f func() error) error {
	if err != nil {
		return err
	}
	return f()
}

func (m *Main) importsRows(as *string) *cobra.Command {
	var only []string
	var limit int
	cmd := &cobra.Command{Use: "rows IMPORT", Short: "What the plan says of each row, or what became of it", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error { return m.rows(ctx, c, args[0], only, limit) })
	}}
	cmd.Flags().StringSliceVar(&only, "only", nil, "create, update, merge, skip, error or warning; several with commas")
	cmd.Flags().IntVar(&limit, "limit", 1000, "how many at most")
	return cmd
}

func (m *Main) importsPlan(as *string) *cobra.Command {
	var in importFlags
	cmd := &cobra.Command{Use: "plan IMPORT", Short: "Say how the file is read, and plan again; what is not said stays", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		o, err := in.options()
		if err != nil {
			return err
		}
		return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
			im, err := m.planImport(ctx, c, args[0], o)
			return errorOr(err, func() error { return m.showPlan(ctx, c, &im) })
		})
	}}
	in.reading(cmd.Flags())
	return cmd
}

func (m *Main) importsDecide(as *string) *cobra.Command {
	return &cobra.Command{Use: "decide IMPORT ROW=create|update|merge|skip|plan[:RECORD] …", Short: "Decide on single rows, and plan again", Args: cobra.MinimumNArgs(2),
		Example: "  threadline imports decide job_… 17=skip 23=merge:con_…",
		RunE: func(cmd *cobra.Command, args []string) error {
			var list []intake.Decision
			for _, s := range args[1:] {
				d, err := decision(s)
				if err != nil {
					return err
				}
				list = append(list, d)
			}
			return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error {
				im, err := m.replan(ctx, c, "PATCH", path("imports", args[0], "rows"), map[string]any{"rows": list})
				return errorOr(err, func() error { return m.showPlan(ctx, c, &im) })
			})
		}}
}

// decision reads ROW=WHAT:RECORD.
func decision(s string) (intake.Decision, error) {
	row, what, _ := strings.Cut(s, "=")
	do, record, _ := strings.Cut(what, ":")
	n, err := strconv.ParseInt(row, 10, 64)
	if err != nil || !slices.Contains([]string{"create", "update", "merge", "skip", "plan"}, do) {
		return intake.Decision{}, crm.Errorf(crm.Invalid, "decision", "%q does not decide on a row", crm.Clip(s, 60)).WithHint("write it as 17=skip or 23=merge:con_…")
	}
	if do == "plan" {
		do = ""
	}
	return intake.Decision{Row: n, Do: records.Did(do), Record: crm.RecordID(record)}, nil
}

func (m *Main) importsApply(as *string) *cobra.Command {
	return &cobra.Command{Use: "apply IMPORT", Short: "Do what was planned, as one batch that can be undone", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return m.with(cmd.Context(), *as, func(ctx context.Context, c *client) error { return m.applyImport(ctx, c, args[0]) })
	}}
}
