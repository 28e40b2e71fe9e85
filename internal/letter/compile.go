package letter

import (
	"slices"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/merge"
)

// Compiled is a template that is ready to be filled, by any number of
// goroutines.
type Compiled struct {
	Subject, HTML, Text *merge.Template
}

// Compile parses a template; the error names field, line and column.
func Compile(sch crm.Schema, t *crm.Template) (*Compiled, error) {
	known := Fields(sch)
	text := t.Text
	if text == "" {
		text = mail.PlainText(t.HTML)
	}
	var c Compiled
	for _, part := range []struct {
		field, source string
		format        merge.Format
		into          **merge.Template
	}{{"subject", t.Subject, merge.Line, &c.Subject}, {"html", t.HTML, merge.HTML, &c.HTML}, {"text", text, merge.Text, &c.Text}} {
		parsed, problems := merge.Parse(part.source, part.format, known)
		if err := merge.Refuse(part.field, problems); err != nil {
			return nil, err
		}
		*part.into = parsed
	}
	return &c, nil
}

// Check lists every mistake of a template by the part that it stands in.
func Check(sch crm.Schema, t *crm.Template) map[string][]merge.Problem {
	known, out := Fields(sch), map[string][]merge.Problem{}
	for part, source := range map[string]string{"subject": t.Subject, "html": t.HTML, "text": t.Text} {
		format := map[string]merge.Format{"subject": merge.Line, "html": merge.HTML, "text": merge.Text}[part]
		if _, problems := merge.Parse(source, format, known); len(problems) > 0 {
			out[part] = problems
		}
	}
	return out
}

// Names returns the fields that the template names, sorted.
func (c *Compiled) Names() []string {
	out := slices.Concat(c.Subject.Fields(), c.HTML.Fields(), c.Text.Fields())
	slices.Sort(out)
	return slices.Compact(out)
}

// Filled is a letter as one person would get it.
type Filled struct {
	Subject string   `json:"subject"`
	HTML    string   `json:"html"`
	Text    string   `json:"text"`
	Missing []string `json:"missing" doc:"Fields that have neither value nor fallback"`
}

// Missing returns the fields for which there is neither value nor fallback,
// sorted.
func (c *Compiled) Missing(v merge.Values) []string {
	out := slices.Concat(c.Subject.Missing(v), c.HTML.Missing(v), c.Text.Missing(v))
	slices.Sort(out)
	return slices.Compact(out)
}

// Fill fills a template.
func (c *Compiled) Fill(v merge.Values) Filled {
	v = remembered(v)
	out := Filled{Subject: c.Subject.Render(v), HTML: c.HTML.Render(v), Text: c.Text.Render(v), Missing: c.Missing(v)}
	if out.Missing == nil {
		out.Missing = []string{}
	}
	return out
}

// remembered finds each value once, of a template that names few.
func remembered(v merge.Values) merge.Values {
	const few = 16
	names, values := make([]string, 0, few), make([]string, 0, few)
	return func(name string) string {
		if i := slices.Index(names, name); i >= 0 {
			return values[i]
		}
		value := v(name)
		if len(names) < few {
			names, values = append(names, name), append(values, value)
		}
		return value
	}
}
