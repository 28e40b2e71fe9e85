package formula

import (
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// node is a part of an expression with its type.
type node struct {
	typ  Type
	at   int
	eval func(Env) any
}

type parser struct {
	sch    crm.Schema
	noun   crm.Noun
	tokens []token
	path   []string // formulas that led here
	depth  int
	budget *int // parts that the whole may still have
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) want(s string) error {
	if t := p.take(); t.kind != sign || t.text != s {
		return fail(t.at, "expected %q", s)
	}
	return nil
}

// strength of the operators that stand between two operands.
var strength = [][]string{{"or"}, {"and"}, {"=", "!=", "<", "<=", ">", ">="}, {"+", "-"}, {"*", "/"}}

// expr reads operators of at least the given strength.
func (p *parser) expr(level int) (node, error) {
	if p.depth++; p.depth > maxDepth*len(strength) {
		return node{}, fail(p.peek().at, "this is nested too deeply")
	}
	defer func() { p.depth-- }()
	if level == len(strength) {
		return p.unary()
	}
	if level == 2 && p.peek().kind == name && strings.EqualFold(p.peek().text, "not") {
		return p.not(level)
	}
	left, err := p.expr(level + 1)
	for err == nil {
		t := p.peek()
		op := strings.ToLower(t.text)
		if t.kind != sign && t.kind != name || !slices.Contains(strength[level], op) {
			return left, nil
		}
		p.take()
		var right node
		if right, err = p.expr(level + 1); err == nil {
			left, err = binary(op, t.at, left, right)
		}
	}
	return node{}, err
}

func (p *parser) not(level int) (node, error) {
	at := p.take().at
	x, err := p.expr(level)
	if err != nil {
		return node{}, err
	}
	if x.typ != Bool {
		return node{}, fail(at, "not takes a yes/no, this is a %s", x.typ)
	}
	return node{Bool, at, func(e Env) any {
		b, ok := x.eval(e).(bool)
		if !ok {
			return nil
		}
		return !b
	}}, nil
}

func (p *parser) unary() (node, error) {
	if t := p.peek(); t.kind == sign && t.text == "-" {
		p.take()
		x, err := p.unary()
		if err != nil {
			return node{}, err
		}
		return binary("-", t.at, node{Number, t.at, func(Env) any { return 0.0 }}, x)
	}
	return p.atom()
}

func (p *parser) atom() (node, error) {
	t := p.take()
	if *p.budget--; *p.budget < 0 {
		return node{}, fail(t.at, "the expression, with the formulas that it reads, is too long")
	}
	switch {
	case t.kind == number:
		v, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return node{}, fail(t.at, "%q is no number", t.text)
		}
		return node{Number, t.at, func(Env) any { return v }}, nil
	case t.kind == text:
		return node{Text, t.at, func(Env) any { return t.text }}, nil
	case t.kind == sign && t.text == "(":
		p.depth++
		x, err := p.expr(0)
		p.depth--
		if err != nil {
			return node{}, err
		}
		return x, p.want(")")
	case t.kind == name && p.peek().kind == sign && p.peek().text == "(":
		return p.call(t)
	case t.kind == name:
		return p.named(t)
	case t.kind == end:
		return node{}, fail(t.at, "the expression ends too early")
	}
	return node{}, fail(t.at, "%q is not understood here", t.text)
}

func (p *parser) call(t token) (node, error) {
	p.take()
	var args []node
	for p.peek().kind != sign || p.peek().text != ")" {
		x, err := p.expr(0)
		if err != nil {
			return node{}, err
		}
		args = append(args, x)
		if p.peek().text != "," {
			break
		}
		p.take()
	}
	if err := p.want(")"); err != nil {
		return node{}, err
	}
	return function(t, args)
}
