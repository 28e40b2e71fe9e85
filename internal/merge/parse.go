package merge

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"threadline/internal/crm"
)

// Parse reads a template; known are the fields that it may name. With problems
// there is no template.
func Parse(source string, f Format, known []string) (*Template, []Problem) {
	p := &parser{source: source, known: known, where: scanner{html: f == HTML, plain: f == Text}}
	if len(source) > MaxSource {
		p.fail(0, fmt.Sprintf("the text is longer than %d KB", MaxSource>>10), "shorten it, or attach a file")
		return nil, p.problems
	}
	if !utf8.ValidString(source) {
		p.fail(0, "the text is not UTF-8", "save it as UTF-8")
		return nil, p.problems
	}
	nodes, _ := p.sequence(0)
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	t := &Template{format: f, nodes: nodes, size: len(source)}
	collect(nodes, &t.fields)
	slices.Sort(t.fields)
	return t, nil
}

// parser reads source from at on.
type parser struct {
	source   string
	at       int
	known    []string
	where    scanner
	tags     int
	open     []int // where the conditions begin that are not closed
	problems []Problem
	given    bool // up: nothing more is read
}

// ending says what ended a sequence.
type ending string

const (
	endOfText ending = ""
	endIf     ending = "/if"
	endElse   ending = "else"
)

// sequence reads nodes up to the end of the text or of a condition's branch.
func (p *parser) sequence(depth int) ([]node, ending) {
	var out []node
	for {
		text, found := p.literal()
		if text != "" {
			p.where.read(text)
			out = append(out, node{text: text})
		}
		if !found || p.given {
			if n := len(p.open); n > 0 && !p.given {
				p.fail(p.open[n-1], "this {{#if}} is never closed", "put {{/if}} behind what it covers")
				p.open = p.open[:n-1]
			}
			return out, endOfText
		}
		begin := p.at
		tag, ok := p.tag()
		if !ok {
			return out, endOfText
		}
		n, end := p.meaning(begin, tag, depth)
		if end != endOfText {
			return out, end
		}
		if n != nil {
			out = append(out, *n)
		}
	}
}

// literal reads text up to the next tag; found is false at the end.
func (p *parser) literal() (text string, found bool) {
	var b strings.Builder
	for {
		i := strings.Index(p.source[p.at:], "{{")
		if i < 0 {
			b.WriteString(p.source[p.at:])
			p.at = len(p.source)
			return b.String(), false
		}
		piece := p.source[p.at : p.at+i]
		p.at += i
		plain, escaped := strings.CutSuffix(piece, `\`)
		b.WriteString(plain)
		if !escaped {
			return b.String(), true
		}
		b.WriteString("{{")
		p.at += 2
	}
}

// tag reads what stands between the braces at p.at.
func (p *parser) tag() (string, bool) {
	begin := p.at
	p.tags++
	if p.tags > MaxTags {
		p.fail(begin, fmt.Sprintf("there are more than %d tags", MaxTags), "write one template for each purpose")
		p.given = true
		return "", false
	}
	rest := p.source[begin+2:]
	end := strings.Index(rest, "}}")
	if next := strings.Index(rest, "{{"); end < 0 || next >= 0 && next < end || strings.ContainsRune(rest[:max(end, 0)], '\n') {
		p.fail(begin, "this {{ is never closed", `end the tag with }}, or write \{{ for two braces`)
		p.given = true
		return "", false
	}
	p.at = begin + 2 + end + 2
	return rest[:end], true
}

// meaning makes a node of a tag, or says which branch it ends.
func (p *parser) meaning(begin int, tag string, depth int) (*node, ending) {
	body := strings.TrimSpace(tag)
	switch {
	case body == string(endElse) || body == string(endIf):
		if depth == 0 {
			p.fail(begin, "there is no {{#if}} before this {{"+body+"}}", "remove it")
			return nil, endOfText
		}
		return nil, ending(body)
	case strings.HasPrefix(body, "#if ") || body == "#if":
		return p.condition(begin, strings.TrimSpace(strings.TrimPrefix(body, "#if")), depth), endOfText
	case strings.HasPrefix(body, "#") || strings.HasPrefix(body, "/"):
		p.fail(begin, "there is no {{"+crm.Clip(body, 20)+"}}", "only {{#if field}}, {{else}} and {{/if}}")
		return nil, endOfText
	}
	return p.value(begin, body), endOfText
}

func (p *parser) value(begin int, body string) *node {
	name, fallback, otherwise := strings.Cut(body, "|")
	n := &node{field: normal(name), fallback: strings.TrimSpace(fallback), otherwise: otherwise, place: p.where.now()}
	p.check(begin, n.field)
	if n.place == nowhere {
		p.fail(begin, "a tag cannot stand inside the name of an element or attribute", "put it in the text, or in quotes as the value of an attribute")
	}
	p.where.filled()
	return n
}

func (p *parser) condition(begin int, name string, depth int) *node {
	n := &node{field: normal(name), test: true}
	p.check(begin, n.field)
	if depth+1 > MaxDepth {
		p.fail(begin, fmt.Sprintf("conditions lie more than %d deep", MaxDepth), "write one template for each case")
		p.given = true
		return n
	}
	p.open = append(p.open, begin)
	before := p.where
	var end ending
	if n.then, end = p.sequence(depth + 1); end == endElse {
		after := p.where
		p.where = before
		if n.else_, end = p.sequence(depth + 1); end == endElse {
			p.fail(p.at, "there is a second {{else}}", "a condition has one")
			p.given = true
		}
		p.same(begin, after)
	} else {
		p.same(begin, before)
	}
	if end == endIf {
		p.open = p.open[:len(p.open)-1]
	}
	return n
}

// same sees that both branches of a condition end in the same place of the
// HTML: or what comes behind would be in another one each time.
func (p *parser) same(begin int, other scanner) {
	if len(p.problems) == 0 && !p.where.plain && p.where.now() != other.now() {
		p.fail(begin, "an element or attribute begins inside this condition and ends outside", "close it before {{/if}}")
	}
}

func (p *parser) check(begin int, name string) {
	switch {
	case name == "":
		p.fail(begin, "the tag names no field", crm.Nearest(name, p.known))
	case !slices.Contains(p.known, name):
		p.fail(begin, fmt.Sprintf("there is no field %q", crm.Clip(name, 40)), crm.Nearest(name, p.known))
	}
}

// fail notes a problem at a byte of the source.
func (p *parser) fail(at int, text, hint string) {
	if len(p.problems) == maxHeard {
		p.given = true
		return
	}
	before := p.source[:at]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	p.problems = append(p.problems, Problem{Line: line + 1, Column: column + 1, Text: text, Hint: hint})
}
