package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
)

// folderCommand makes kinds of records.
func (m *Main) folderCommand() *cobra.Command {
	var as, plural, label, lang string
	var staged, activity bool
	list := &cobra.Command{Use: "list", Short: "List the folders with their fields", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.listFolders(cmd.Context(), as) }}
	add := &cobra.Command{Use: "add KEY", Short: "Make a folder", Args: cobra.ExactArgs(1),
		Example: "  threadline folder add partner --plural partners --label Partner --staged",
		RunE: func(cmd *cobra.Command, args []string) error {
			body := map[string]any{"key": args[0], "plural": plural, "staged": staged, "activity": activity}
			if label != "" {
				body["labels"] = map[string]string{lang: label}
			}
			return m.arrange(cmd.Context(), as, "POST", "/folders", body)
		}}
	add.Flags().StringVar(&plural, "plural", "", "word for several, in addresses and queries")
	add.Flags().StringVar(&label, "label", "", "what people call one")
	add.Flags().StringVar(&lang, "lang", "en", "language of the label")
	add.Flags().BoolVar(&staged, "staged", false, "its records move through a pipeline")
	add.Flags().BoolVar(&activity, "activity", false, "it is what happens with records, such as a visit, and stands on their timelines")
	remove := &cobra.Command{Use: "delete FOLDER", Short: "Delete an empty folder", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.arrange(cmd.Context(), as, "DELETE", path("folders", args[0]), nil)
		}}
	c := group("folder", "Kinds of records, the built-in ones and one's own", list, add, remove)
	c.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return c
}

// arrange changes a setting and says how that is undone.
func (m *Main) arrange(ctx context.Context, as, method, to string, body any) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var out struct{ Batch string }
		raw, err := c.send(ctx, method, to, body, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("done; this can be undone: threadline undo %s", out.Batch) })
	})
}

func (m *Main) listFolders(ctx context.Context, as string) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var out list[struct {
			Kind, Plural string
			Fields       []struct{ Key string }
		}]
		raw, err := c.send(ctx, "GET", "/folders", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			var rows [][]string
			for _, f := range out.Items {
				var keys []string
				for _, x := range f.Fields {
					keys = append(keys, x.Key)
				}
				rows = append(rows, []string{f.Plural, f.Kind, strings.Join(keys, " ")})
			}
			m.table([]string{"folder", "kind", "fields"}, rows)
		})
	})
}

// fieldCommand makes fields of folders.
func (m *Main) fieldCommand() *cobra.Command {
	var as, typ, to, expr, label, lang, value, stat string
	var choices []string
	var required, unique, personal, many, indexed bool
	var digits, max int
	add := &cobra.Command{Use: "add FOLDER KEY", Short: "Give the records of a folder a field", Args: cobra.ExactArgs(2),
		Example: "  threadline field add companies segment --type dropdown --choice small --choice large\n" +
			"  threadline field add deals weighted --type formula --expr 'amount * probability / 100'\n" +
			`  threadline field add companies won --type statistic --stat '{"do":"sum","over":"deals.company","value":"amount","within":365}'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			body := map[string]any{"kind": args[0], "key": args[1], "type": typ}
			for name, v := range map[string]any{"to": to, "expr": expr, "choices": choices, "required": required, "unique": unique,
				"personal": personal, "many": many, "indexed": indexed, "digits": digits, "max": max, "default": value, "stat": json.RawMessage(stat)} {
				if flag := map[string]string{"choices": "choice"}[name]; cmd.Flags().Changed(name) || flag != "" && cmd.Flags().Changed(flag) {
					body[name] = v
				}
			}
			if label != "" {
				body["labels"] = map[string]string{lang: label}
			}
			if stat != "" && !json.Valid([]byte(stat)) {
				return crm.Errorf(crm.Invalid, "field add", "what the statistic does is no JSON").WithField("stat").WithHint(`as in {"do":"count","over":"inbound","within":30}`)
			}
			return m.arrange(cmd.Context(), as, "POST", "/fields", body)
		}}
	f := add.Flags()
	f.StringVar(&typ, "type", "text", strings.Join(crm.FieldTypes(), ", "))
	f.StringVar(&to, "to", "", "of a relation: the kind it points to, such as company")
	f.StringVar(&expr, "expr", "", "of a formula")
	f.StringVar(&stat, "stat", "", "of a statistic, as JSON: do, over, value, within")
	f.StringVar(&label, "label", "", "what people call it")
	f.StringVar(&lang, "lang", "en", "language of the label")
	f.StringVar(&value, "default", "", "value of a new record that says none")
	f.StringArrayVar(&choices, "choice", nil, "of a dropdown or multi_select; may be repeated")
	f.BoolVar(&required, "required", false, "no record without it")
	f.BoolVar(&unique, "unique", false, "no two records have the same value")
	f.BoolVar(&personal, "personal", false, "says something about a person")
	f.BoolVar(&many, "many", false, "a list of values")
	f.BoolVar(&indexed, "indexed", false, "people sort and filter by it")
	f.IntVar(&digits, "digits", 0, "of a number: decimals")
	f.IntVar(&max, "max", 0, "of a rating: its best")
	archive := &cobra.Command{Use: "archive FOLDER KEY", Short: "Hide a field; its values are kept", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.arrange(cmd.Context(), as, "PATCH", path("fields", args[0], args[1]), map[string]any{"archived": true})
		}}
	c := group("field", "Fields that records have beside the built-in ones", add, archive)
	c.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return c
}

// pipelineCommand makes pipelines.
func (m *Main) pipelineCommand() *cobra.Command {
	var as, to string
	var stages []string
	list := &cobra.Command{Use: "list", Short: "List the pipelines as JSON, in the form that set takes", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.showPipelines(cmd.Context(), as) }}
	set := &cobra.Command{Use: "set KEY FILE", Short: "Make or change a pipeline as a JSON file says; - reads standard input", Args: cobra.ExactArgs(2),
		Example: `  echo '{"name":"Partners","rot_days":14,"stages":[{"key":"new","name":"New","kind":"open","probability":10},{"key":"won","name":"Won","kind":"won","probability":100},{"key":"lost","name":"Lost","kind":"lost","probability":0}]}' | threadline pipeline set partners -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.setPipeline(cmd.Context(), as, args[0], args[1])
		}}
	move := &cobra.Command{Use: "move KEY", Short: "Move the records of a pipeline to another one, stage by stage", Args: cobra.ExactArgs(1),
		Example: "  threadline pipeline move partners --to sales --stage new=qualified --stage won=won --stage lost=lost",
		RunE: func(cmd *cobra.Command, args []string) error {
			there, err := pairs(stages, false)
			if err != nil {
				return err
			}
			return m.arrange(cmd.Context(), as, "POST", path("pipelines", args[0], "move"), map[string]any{"to": to, "stages": there})
		}}
	move.Flags().StringVar(&to, "to", "", "key of the other pipeline")
	move.Flags().StringArrayVar(&stages, "stage", nil, "STAGE=STAGE THERE, for each; may be repeated")
	remove := &cobra.Command{Use: "delete KEY", Short: "Delete a pipeline in which nothing is", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.arrange(cmd.Context(), as, "DELETE", path("pipelines", args[0]), nil)
		}}
	c := group("pipeline", "Stages through which records move", list, set, move, remove)
	c.PersistentFlags().StringVar(&as, "as", "", "in whose name: address of a user")
	return c
}

func (m *Main) showPipelines(ctx context.Context, as string) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		var out list[json.RawMessage]
		raw, err := c.send(ctx, "GET", "/pipelines", nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			for _, p := range out.Items {
				m.say("%s", string(p))
			}
		})
	})
}

func (m *Main) setPipeline(ctx context.Context, as, key, file string) error {
	var in io.Reader = m.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return crm.E(crm.Invalid, "pipeline set", "the file cannot be opened", err).WithField("file")
		}
		defer f.Close()
		in = f
	}
	var body map[string]any
	if err := json.NewDecoder(in).Decode(&body); err != nil {
		return crm.E(crm.Invalid, "pipeline set", "the file is no JSON", err).WithField("file").WithHint("threadline pipeline list shows how it looks")
	}
	delete(body, "key") // as list shows it
	return m.arrange(ctx, as, "PUT", path("pipelines", key), body)
}
