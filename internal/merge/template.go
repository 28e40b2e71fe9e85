package merge

import (
	"fmt"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// The limits of one template.
const (
	MaxSource = 256 << 10 // bytes
	MaxTags   = 1000
	MaxDepth  = 10 // of conditions
	maxHeard  = 20 // problems that are listed
)

// Format is what a template becomes.
type Format string

const (
	Line Format = "line" // a subject: one line
	Text Format = "text"
	HTML Format = "html"
)

// Values finds the value of a field, "" when there is none.
type Values func(field string) string

// Template is a parsed text. It is safe for concurrent use.
type Template struct {
	format Format
	nodes  []node
	fields []string
	size   int // of the source
}

// node is a piece of text, a value, or a condition with two branches.
type node struct {
	text        string
	field       string // of a value or a condition
	fallback    string
	otherwise   bool // the tag has a fallback
	place       place
	test        bool // a condition
	then, else_ []node
}

// Fields returns the fields that the template names, sorted.
func (t *Template) Fields() []string { return t.fields }

// Problem is one mistake in a template.
type Problem struct {
	Line   int    `json:"line" doc:"From 1"`
	Column int    `json:"column" doc:"In characters, from 1"`
	Text   string `json:"text"`
	Hint   string `json:"hint,omitempty"`
}

// Refuse makes the error of the first problem; field is the path of the text.
func Refuse(field string, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	p := problems[0]
	more := ""
	if n := len(problems) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	return crm.Errorf(crm.Invalid, "merge.Parse", "line %d, column %d: %s%s", p.Line, p.Column, p.Text, more).
		WithField(field).WithHint(p.Hint)
}

// collect gathers the fields of nodes.
func collect(nodes []node, into *[]string) {
	for _, n := range nodes {
		if n.field != "" && !slices.Contains(*into, n.field) {
			*into = append(*into, n.field)
		}
		collect(n.then, into)
		collect(n.else_, into)
	}
}

// normal writes a name of a field as the list has it.
func normal(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
