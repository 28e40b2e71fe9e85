package query

import (
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// MaxLimit is the largest page that a query may ask for.
const MaxLimit = 1000

// Parse reads
//
//	<plural of a noun> [where <field> <op> <value> {and …}] [order by <field> [asc|desc]] [limit <n>]
//
// with the operators = < <= > >= in (a, b) has. Keywords are read in any case;
// a value with spaces or signs stands in double quotes. Values get the type of
// their field. Errors are crm.Invalid with the position in the text and, for a
// misspelt name, the nearest names.
func Parse(text string, nouns []crm.Noun) (*Query, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens}
	if err := p.query(nouns); err != nil {
		return nil, err
	}
	return &p.q, nil
}

type parser struct {
	tokens []token
	noun   crm.Noun
	q      Query
}

func (p *parser) peek() token { return p.tokens[0] }

// take returns the next token; the one behind the text is never used up.
func (p *parser) take() token {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t
}

// skip takes the word if it comes next.
func (p *parser) skip(word string) bool {
	if !p.peek().is(word) {
		return false
	}
	p.take()
	return true
}

func (p *parser) want(word string) error {
	if t := p.peek(); !p.skip(word) {
		return fail(t.at, "expected %s%s", word, instead(t))
	}
	return nil
}

func instead(t token) string {
	if t.text == "" && !t.quoted {
		return ", but the text ends"
	}
	return ", not " + strconv.Quote(crm.Clip(t.text, 40))
}

func (p *parser) query(nouns []crm.Noun) error {
	if err := p.kind(nouns); err != nil {
		return err
	}
	if p.skip("where") {
		for more := true; more; more = p.skip("and") {
			if err := p.condition(); err != nil {
				return err
			}
		}
	}
	if p.skip("order") {
		if err := p.order(); err != nil {
			return err
		}
	}
	if p.skip("limit") {
		if err := p.limit(); err != nil {
			return err
		}
	}
	if t := p.peek(); t.text != "" || t.quoted {
		return fail(t.at, "%s is not understood here", strconv.Quote(crm.Clip(t.text, 40))).
			WithHint("after the noun come: where …, order by …, limit …, in this order")
	}
	return nil
}

func (p *parser) kind(nouns []crm.Noun) error {
	t := p.take()
	var names []string
	for _, n := range nouns {
		if t.is(n.Plural) {
			p.noun, p.q.Kind = n, n.Kind
			return nil
		}
		names = append(names, n.Plural)
	}
	if t.text == "" {
		return fail(t.at, "a query starts with what it looks for").WithHint("one of " + strings.Join(names, ", "))
	}
	return fail(t.at, "there are no %s", strconv.Quote(crm.Clip(t.text, 40))).WithHint(suggest(t.text, names))
}

// field reads the name of a field.
func (p *parser) field() (crm.Field, error) {
	t := p.take()
	if t.text == "" || t.quoted || t.sign {
		return crm.Field{}, fail(t.at, "expected the name of a field%s", instead(t))
	}
	name := strings.ToLower(t.text)
	if name == CreatedAt {
		return crm.Field{Key: CreatedAt, Type: crm.FieldTime}, nil
	}
	if f, ok := p.noun.Field(name); ok {
		return f, nil
	}
	names := []string{CreatedAt}
	for _, f := range p.noun.Fields {
		names = append(names, f.Key)
	}
	return crm.Field{}, fail(t.at, "%s have no field %s", p.noun.Plural, strconv.Quote(crm.Clip(t.text, 40))).
		WithHint(suggest(name, names))
}

func (p *parser) condition() error {
	f, err := p.field()
	if err != nil {
		return err
	}
	at := p.peek().at
	op, err := p.op(f)
	if err != nil {
		return err
	}
	c := Condition{Field: f.Key, Op: op}
	if op == In {
		c.Value, err = p.list(f)
	} else {
		c.Value, err = p.value(f)
	}
	if err != nil {
		return err
	}
	if slices.ContainsFunc(p.q.Where, func(o Condition) bool { return o.Field == c.Field && o.Op == c.Op }) {
		return fail(at, "%s is compared twice with %s", f.Key, op)
	}
	p.q.Where = append(p.q.Where, c)
	return nil
}

func (p *parser) op(f crm.Field) (Op, error) {
	t := p.take()
	for _, op := range []Op{Eq, Lt, Le, Gt, Ge, In, Has} {
		if !t.is(string(op)) {
			continue
		}
		if f.Many != (op == Has) {
			if f.Many {
				return "", fail(t.at, "%s is a list", f.Key).WithHint("ask for one of its values: " + f.Key + " has …")
			}
			return "", fail(t.at, "%s is not a list", f.Key).WithHint("use = or in")
		}
		return op, nil
	}
	return "", fail(t.at, "expected a comparison%s", instead(t)).WithHint("one of = < <= > >= in has")
}

func (p *parser) list(f crm.Field) (any, error) {
	if err := p.want("("); err != nil {
		return nil, err
	}
	var out []any
	for more := true; more; more = p.skip(",") {
		v, err := p.value(f)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out, p.want(")")
}

// value reads one value in the type of the field.
func (p *parser) value(f crm.Field) (any, error) {
	t := p.take()
	if t.sign || t.text == "" {
		return nil, fail(t.at, "expected a value for %s%s", f.Key, instead(t))
	}
	f.Many = false
	v, err := f.Parse(t.text)
	if err != nil {
		e := fail(t.at, "this is no value of %s", f.Key)
		e.Err = err
		return nil, e
	}
	if v == nil {
		return nil, fail(t.at, "a value cannot be empty")
	}
	return v, nil
}

func (p *parser) order() error {
	if err := p.want("by"); err != nil {
		return err
	}
	at := p.peek().at
	f, err := p.field()
	if err != nil {
		return err
	}
	if f.Many {
		return fail(at, "%s is a list and gives no order", f.Key)
	}
	p.q.Order = f.Key
	if !p.skip("asc") {
		p.q.Desc = p.skip("desc")
	}
	return nil
}

func (p *parser) limit() error {
	t := p.take()
	n, err := strconv.Atoi(t.text)
	if err != nil || t.quoted || n < 1 || n > MaxLimit {
		return fail(t.at, "the limit is a number from 1 to %d%s", MaxLimit, instead(t))
	}
	p.q.Limit = n
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
