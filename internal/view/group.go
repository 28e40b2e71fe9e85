package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
)

// maxCounted is how many records are read to count and sum them.
const maxCounted = 10_000

// Groups are the counts and sums of the records of a view.
type Groups struct {
	Groups []Group `json:"groups"`
	Total  Group   `json:"total"`
	Cut    bool    `json:"cut,omitempty" doc:"There are more records than were read: counts and sums are of the first ones"`
	Kept   bool    `json:"kept,omitempty" doc:"From sums that are kept, which may lag by seconds"`
}

// Group is one value of the field by which a view groups.
type Group struct {
	Value string `json:"value" doc:"Empty for records without one"`
	Name  string `json:"name,omitempty" doc:"What people call it"`
	Count int64  `json:"count"`
	Sums  []Sum  `json:"sums,omitempty"`
}

// Sum is a field added up; of money one for each currency.
type Sum struct {
	Field    string       `json:"field"`
	Currency crm.Currency `json:"currency,omitempty"`
	Value    float64      `json:"value" doc:"Of money in minor units"`
}

// GroupsOf counts and sums the records of a view by the field that groups them,
// and all of them.
func (s *Service) GroupsOf(ctx context.Context, v access.Viewer, x *crm.View) (Groups, error) {
	const op = crm.Op("view.Groups")
	q, _, err := s.parse(ctx, v, x.Kind, x.Query)
	if err != nil {
		return Groups{}, err
	}
	n, err := s.records.Noun(ctx, v, x.Kind)
	if err != nil {
		return Groups{}, err
	}
	c := &counting{noun: n, view: x, groups: map[string]*Group{}}
	if c.names, err = s.names(ctx, v, n, x.GroupBy); err != nil {
		return Groups{}, err
	}
	if pipeline := onlyPipeline(q); pipeline != "" && n.Staged && x.GroupBy == "stage" {
		if err := s.stagesAlone(ctx, v, n, pipeline, c); err != nil {
			return Groups{}, err
		}
	}
	if pipeline, ok := byStage(q, n, x); ok {
		list, err := s.records.Tallies(ctx, v, x.Kind, pipeline)
		if err != nil {
			return Groups{}, crm.Wrap(op, "the groups cannot be counted", err)
		}
		for _, t := range list {
			c.tally(t)
		}
		out := c.answer()
		out.Kept = true
		return out, nil
	}
	cut, err := s.read(ctx, v, q, c.computed(), c.add)
	out := c.answer()
	out.Cut = cut
	return out, crm.Wrap(op, "the groups cannot be counted", err)
}

// onlyPipeline is the pipeline in which all records of the query are, "" when it
// does not say so.
func onlyPipeline(q *query.Query) string {
	if q.Where == nil {
		return ""
	}
	for _, e := range append([]query.Expr{*q.Where}, q.Where.And...) {
		if t := e.Test; t != nil && t.Field == "pipeline" && t.Op == query.Eq && len(t.Values) == 1 {
			return t.Values[0]
		}
	}
	return ""
}

// stagesAlone leaves the stages of one pipeline as groups that have names: others
// have no records.
func (s *Service) stagesAlone(ctx context.Context, v access.Viewer, n crm.Noun, pipeline string, c *counting) error {
	list, err := s.records.PipelinesOf(ctx, v, n.Kind)
	for _, p := range list {
		if p.Key == pipeline {
			c.names = nil
			for _, st := range p.Stages {
				c.names = append(c.names, query.Choice{Value: st.Key, Names: []string{st.Name}})
			}
		}
	}
	return err
}

// byStage tells whether kept sums answer: all records of one pipeline by stage,
// their number and amounts.
func byStage(q *query.Query, n crm.Noun, x *crm.View) (pipeline string, ok bool) {
	stage, staged := n.Field("stage")
	if !n.Staged || !staged || x.GroupBy != stage.Key || slices.ContainsFunc(x.Sums, func(key string) bool { return key != "amount" }) {
		return "", false
	}
	if q.Where == nil || q.Where.Test == nil || q.Where.Test.Field != "pipeline" || q.Where.Test.Op != query.Eq || len(q.Where.Test.Values) != 1 {
		return "", false
	}
	return q.Where.Test.Values[0], true
}

// computed tells whether the counting needs what is computed of records.
func (c *counting) computed() bool {
	return slices.ContainsFunc(append([]string{c.view.GroupBy}, c.view.Sums...), func(key string) bool {
		f, _ := c.noun.Field(key)
		return f.Figure
	})
}

// read calls f with the records of a query, up to a bound.
func (s *Service) read(ctx context.Context, v access.Viewer, q *query.Query, figures bool, f func(*crm.Record)) (cut bool, err error) {
	ask := *q
	ask.Order, ask.Desc, ask.Limit = "", false, 500
	read := 0
	for cursor := ""; ; {
		found, err := s.records.Run(ctx, v, &ask, cursor)
		if err != nil {
			return false, err
		}
		if figures {
			if err := s.records.Figures(ctx, v, found.Items); err != nil {
				return false, err
			}
		}
		for i := range found.Items {
			f(&found.Items[i].Value)
		}
		read += max(found.Plan.Scanned, len(found.Items))
		if cursor = found.Next; cursor == "" {
			return false, nil
		}
		if read >= maxCounted {
			return true, nil
		}
	}
}

// counting adds up.
type counting struct {
	noun   crm.Noun
	view   *crm.View
	names  []query.Choice // in their order
	groups map[string]*Group
	total  Group
}

func (c *counting) group(value string) *Group {
	g := c.groups[value]
	if g == nil {
		g = &Group{Value: value}
		c.groups[value] = g
	}
	return g
}

func (c *counting) tally(t crm.Tally) {
	for _, g := range []*Group{c.group(t.Stage), &c.total} {
		g.Count += t.Count
		if slices.Contains(c.view.Sums, "amount") {
			g.sum("amount", t.Currency, float64(t.Sum))
		}
	}
}

func (c *counting) add(r *crm.Record) {
	c.total.add(c, r)
	if c.view.GroupBy == "" {
		return
	}
	values := c.values(r)
	if len(values) == 0 {
		values = []string{""}
	}
	for _, value := range values {
		c.group(value).add(c, r)
	}
}

// values are the groups that a record belongs to.
func (c *counting) values(r *crm.Record) []string {
	f, _ := c.noun.Field(c.view.GroupBy)
	if f.List() {
		return r.List(f.Key)
	}
	v := r.Values[f.Key]
	if f.Figure {
		v = r.Derived[f.Key]
	}
	if v == nil {
		return nil
	}
	return []string{fmt.Sprint(v)}
}

func (g *Group) add(c *counting, r *crm.Record) {
	g.Count++
	for _, key := range c.view.Sums {
		f, _ := c.noun.Field(key)
		v := r.Values[key]
		if f.Figure {
			v = r.Derived[key]
		}
		switch x := v.(type) {
		case int64:
			g.sum(key, crm.Currency(r.Text(f.Money)), float64(x))
		case float64:
			g.sum(key, "", x)
		case map[string]any:
			minor, _ := x["minor"].(int64)
			currency, _ := x["currency"].(string)
			g.sum(key, crm.Currency(currency), float64(minor))
		}
	}
}

func (g *Group) sum(field string, currency crm.Currency, n float64) {
	i := slices.IndexFunc(g.Sums, func(s Sum) bool { return s.Field == field && s.Currency == currency })
	if i < 0 {
		g.Sums = append(g.Sums, Sum{Field: field, Currency: currency})
		i = len(g.Sums) - 1
	}
	g.Sums[i].Value += n
}

// answer puts groups in their order: that of their field where it has one, else
// the largest first.
func (c *counting) answer() Groups {
	out := Groups{Groups: []Group{}, Total: c.total}
	place := map[string]int{}
	for i, n := range c.names {
		place[n.Value] = i
		if c.view.Type == crm.ViewBoard { // empty columns are columns
			c.group(n.Value)
		}
	}
	for _, g := range c.groups {
		if i, ok := place[g.Value]; ok && len(c.names[i].Names) > 0 {
			g.Name = c.names[i].Names[0]
		}
		out.Groups = append(out.Groups, *g)
	}
	slices.SortFunc(out.Groups, func(a, b Group) int {
		x, known := place[a.Value]
		y, also := place[b.Value]
		switch {
		case known && also:
			return cmp.Compare(x, y)
		case known != also:
			return cmp.Compare(btoi(also), btoi(known))
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	for i := range out.Groups {
		out.Groups[i].Sums = tidy(out.Groups[i].Sums)
	}
	out.Total.Sums = tidy(out.Total.Sums)
	return out
}

// tidy sorts sums and leaves out those that came to nothing.
func tidy(list []Sum) []Sum {
	list = slices.DeleteFunc(list, func(s Sum) bool { return s.Value == 0 })
	slices.SortFunc(list, func(a, b Sum) int {
		return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(string(a.Currency), string(b.Currency)))
	})
	return list
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// names are the values of a field that people gave names, in their order.
func (s *Service) names(ctx context.Context, v access.Viewer, n crm.Noun, key string) ([]query.Choice, error) {
	words, err := s.records.Words(ctx, v)
	if err != nil {
		return nil, err
	}
	f, _ := n.Field(key)
	if list := words.Choices[string(n.Kind)+"."+key]; list != nil {
		return list, nil
	}
	if f.Type == crm.FieldUser {
		return words.Users, nil
	}
	var out []query.Choice
	for _, c := range f.Choices {
		out = append(out, query.Choice{Value: c})
	}
	return out, nil
}
