package query

import "threadline/internal/crm"

// any reads conditions joined by or, which binds weaker than and.
func (p *parser) any() (Expr, error) {
	parts, err := p.joined("or", p.every)
	if err != nil || len(parts) == 1 {
		return first(parts), err
	}
	return Expr{Or: flat(parts, func(e Expr) []Expr { return e.Or })}, nil
}

// every reads conditions joined by and.
func (p *parser) every() (Expr, error) {
	parts, err := p.joined("and", p.one)
	if err != nil || len(parts) == 1 {
		return first(parts), err
	}
	return Expr{And: flat(parts, func(e Expr) []Expr { return e.And })}, nil
}

func first(parts []Expr) Expr {
	if len(parts) == 0 {
		return Expr{}
	}
	return parts[0]
}

func (p *parser) joined(word string, read func() (Expr, error)) ([]Expr, error) {
	var parts []Expr
	for more := true; more; more = p.skip(word) {
		e, err := read()
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
	}
	return parts, nil
}

// flat takes the members of groups within a group of the same sort into it.
func flat(parts []Expr, members func(Expr) []Expr) []Expr {
	var out []Expr
	for _, e := range parts {
		if m := members(e); m != nil {
			out = append(out, m...)
		} else {
			out = append(out, e)
		}
	}
	return out
}

// one reads a condition, a group in brackets, or the opposite of either.
func (p *parser) one() (Expr, error) {
	t := p.peek()
	if p.depth++; p.depth > maxDepth {
		return Expr{}, fail(t.at, "brackets stand at most %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	p.offer("not", "(")
	switch {
	case p.skip("not"):
		e, err := p.one()
		if err == nil && e.Not != nil { // not not
			return *e.Not, nil
		}
		return Expr{Not: &e}, err
	case p.skip("("):
		e, err := p.any()
		if err != nil {
			return Expr{}, err
		}
		return e, p.want(")")
	}
	if p.tests++; p.tests > maxTests {
		return Expr{}, fail(t.at, "a query has at most %d conditions", maxTests)
	}
	c, err := p.condition()
	return Expr{Test: &c}, err
}

func (p *parser) condition() (Condition, error) {
	f, err := p.field()
	if err != nil {
		return Condition{}, err
	}
	at := p.peek().at
	c := Condition{Field: f.key()}
	if c.Op, err = p.op(f); err != nil {
		return c, err
	}
	var raw []literal
	switch c.Op {
	case In, NotIn:
		raw, err = p.list(f)
	case Has:
		if p.peek().is("(") {
			raw, err = p.list(f)
		} else {
			raw, err = p.values(f, 1)
		}
	case Between:
		raw, err = p.between(f)
	case Empty, NotEmpty:
	default:
		raw, err = p.values(f, 1)
	}
	if err != nil {
		return c, err
	}
	return p.schema.settle(f, c, raw, at)
}

// op reads a comparison that the field allows.
func (p *parser) op(f target) (Op, error) {
	p.offer(allowed(f.field)...)
	t := p.take()
	op, ok := Op(""), true
	switch {
	case t.is("contains"):
		op = Like
	case t.is("is"):
		op = Empty
		if p.skip("not") {
			op = NotEmpty
		}
		return op, p.want("empty")
	case t.is("not"):
		op = NotIn
		if err := p.want("in"); err != nil {
			return "", err
		}
	default:
		op, ok = plainOp(t)
	}
	if !ok {
		return "", fail(t.at, "expected a comparison%s", instead(t)).WithHint("one of " + list(allowed(f.field)))
	}
	return op, refuseOp(f, op, t.at)
}

func plainOp(t token) (Op, bool) {
	for _, op := range []Op{Eq, Ne, Lt, Le, Gt, Ge, Like, In, Has, Between} {
		if t.is(string(op)) {
			return op, true
		}
	}
	return "", false
}

// Ops lists the comparisons that make sense with a field.
func Ops(f crm.Field) []Op {
	var out []Op
	for _, op := range []Op{Eq, Ne, Lt, Le, Gt, Ge, In, NotIn, Between, Has, Like, Empty, NotEmpty} {
		if fits(f, op) {
			out = append(out, op)
		}
	}
	return out
}

// allowed lists the same as words.
func allowed(f crm.Field) []string {
	var out []string
	for _, op := range Ops(f) {
		out = append(out, string(op))
	}
	return out
}

// fits tells whether a comparison makes sense with a field.
func fits(f crm.Field, op Op) bool {
	switch {
	case op == Empty || op == NotEmpty:
		return true
	case opaque(f.Type):
		return false
	}
	switch op {
	case Like:
		return textual(f.Type)
	case Has:
		return f.List()
	case Lt, Le, Gt, Ge, Between:
		return !f.List() && ordered(f.Type)
	}
	return !f.List()
}

// refuseOp says why a comparison makes no sense with a field.
func refuseOp(t target, op Op, at int) error {
	f := t.field
	switch {
	case fits(f, op):
		return nil
	case opaque(f.Type):
		return fail(at, "values of %s cannot be compared", t.key()).WithHint("use: is empty")
	case op == Like && f.Type == crm.FieldRelation && f.To != "" && t.via == nil:
		return fail(at, "%s holds no text to look into", t.key()).WithHint("ask for a field of it: " + f.Key + ".name ~ …")
	case op == Like:
		return fail(at, "%s holds no text to look into", t.key()).WithHint("one of " + list(allowed(f)))
	case f.List():
		return fail(at, "%s is a list", t.key()).WithHint("ask for one of its values: " + t.key() + " has …")
	case op == Has:
		return fail(at, "%s is not a list", t.key()).WithHint("use = or in")
	}
	return fail(at, "%s has no order", t.key()).WithHint("use = or in")
}

// opaque tells whether values of a type have parts that only they know.
func opaque(t crm.FieldType) bool {
	return t == crm.FieldPostal || t == crm.FieldRoles || t == crm.FieldFile
}

// textual tells whether one can look for text in values of a type.
func textual(t crm.FieldType) bool {
	switch t {
	case crm.FieldText, crm.FieldLongText, crm.FieldEmail, crm.FieldDomain, crm.FieldPhone, crm.FieldURL, crm.FieldChoice,
		crm.FieldMultiSelect, crm.FieldTags:
		return true
	}
	return false
}

// ordered tells whether values of a type come before and after each other.
func ordered(t crm.FieldType) bool {
	switch t {
	case crm.FieldRelation, crm.FieldUser, crm.FieldChoice, crm.FieldCheckbox, crm.FieldMultiSelect, crm.FieldTags:
		return false
	}
	return true
}
