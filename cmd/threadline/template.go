package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/letter"
	"threadline/internal/merge"
	"threadline/internal/page"
)

// templateFlags are what the commands about templates take.
type templateFlags struct {
	as, name, subject, kind string
	contact, company, deal  string
	mine                    bool
}

func (m *Main) templateCommand() *cobra.Command {
	var f templateFlags
	in := func(run func(context.Context, *client, string) error) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, args []string) error {
			arg := strings.Join(args, "")
			return m.with(cmd.Context(), f.as, func(ctx context.Context, c *client) error { return run(ctx, c, arg) })
		}
	}
	list := &cobra.Command{Use: "list", Short: "List templates", Args: cobra.NoArgs, RunE: in(m.templates)}
	fields := &cobra.Command{Use: "fields", Short: "List what a template may name", Args: cobra.NoArgs, RunE: in(m.templateFields)}
	add := &cobra.Command{Use: "add FILE", Short: "Make a template of an HTML or text file", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, file string) error { return m.addTemplate(ctx, c, file, &f) })}
	add.Flags().StringVar(&f.name, "name", "", "name (default: that of the file)")
	add.Flags().StringVar(&f.subject, "subject", "", "subject, with tags")
	add.Flags().StringVar(&f.kind, "kind", string(crm.TemplateMail), "email or snippet")
	add.Flags().BoolVar(&f.mine, "mine", false, "nobody else's to use")
	fill := &cobra.Command{Use: "fill ID", Short: "Show a template as a contact would get it", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, id string) error { return m.fillTemplate(ctx, c, id, &f) })}
	fill.Flags().StringVar(&f.contact, "contact", "", "for this contact")
	fill.Flags().StringVar(&f.company, "company", "", "for this company (default: the contact's or the deal's)")
	fill.Flags().StringVar(&f.deal, "deal", "", "for this deal")
	remove := &cobra.Command{Use: "delete ID", Short: "Delete a template", Args: cobra.ExactArgs(1), RunE: in(m.deleteTemplate)}
	for _, cmd := range []*cobra.Command{list, fields, add, fill, remove} {
		cmd.Flags().StringVar(&f.as, "as", "", "in whose name: address of a user")
	}
	return group("template", "Letters with tags", list, fields, add, fill, remove)
}

func (m *Main) templates(ctx context.Context, c *client, _ string) error {
	var out list[crm.Template]
	raw, err := c.send(ctx, "GET", "/templates", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, t := range out.Items {
			rows = append(rows, []string{t.ID, string(t.Kind), t.Name, t.Subject})
		}
		m.table([]string{"id", "kind", "name", "subject"}, rows)
	})
}

func (m *Main) templateFields(ctx context.Context, c *client, _ string) error {
	var out list[string]
	raw, err := c.send(ctx, "GET", "/template-fields", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		for _, name := range out.Items {
			m.say("{{%s}}", name)
		}
	})
}

func (m *Main) addTemplate(ctx context.Context, c *client, file string, f *templateFlags) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return crm.E(crm.Invalid, "template.add", "the file cannot be read", err).WithField("FILE")
	}
	if len(source) > merge.MaxSource {
		return crm.Errorf(crm.TooLarge, "template.add", "%s is longer than %d KB", filepath.Base(file), merge.MaxSource>>10)
	}
	body := map[string]any{"kind": f.kind, "name": f.name, "subject": f.subject, "mine": f.mine}
	ext := filepath.Ext(file)
	if f.name == "" {
		body["name"] = strings.TrimSuffix(filepath.Base(file), ext)
	}
	body["html"] = string(source)
	if strings.EqualFold(ext, ".txt") {
		delete(body, "html")
		body["text"] = string(source)
	}
	var out struct {
		ID, Batch string
		Left      []page.Left
	}
	raw, err := c.send(ctx, "POST", "/templates", body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s is made; undo that with: threadline undo %s", out.ID, out.Batch)
		m.sayLeft(out.Left)
	})
}

func (m *Main) fillTemplate(ctx context.Context, c *client, id string, f *templateFlags) error {
	var out letter.Filled
	body := map[string]any{"contact": f.contact, "company": f.company, "deal": f.deal}
	raw, err := c.send(ctx, "POST", path("templates", id, "fill"), body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("Subject: %s\n", out.Subject)
		for line := range strings.Lines(out.Text) {
			m.say("%s", strings.TrimRight(line, "\n"))
		}
		if len(out.Missing) > 0 {
			m.say("\nmissing: %s", strings.Join(out.Missing, ", "))
		}
	})
}

func (m *Main) deleteTemplate(ctx context.Context, c *client, id string) error {
	var out struct{ Batch string }
	raw, err := c.send(ctx, "DELETE", path("templates", id), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("deleted; undo that with: threadline undo %s", out.Batch) })
}
