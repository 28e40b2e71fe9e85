package extract

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
	"threadline/internal/table"
)

// bom tells spreadsheets that the text is UTF-8.
const bom = "\uFEFF"

// table is a page of records as CSV, the headings before the first.
func (r *run) table(ctx context.Context, v access.Viewer, at position) (piece, error) {
	p := piece{next: at}
	n, found, err := r.page(ctx, v, r.order.Query, at)
	if err != nil {
		return p, err
	}
	names, err := r.names(ctx, v, n, found.Items)
	if err != nil {
		return p, err
	}
	columns := r.columns(n)
	var out bytes.Buffer
	w := table.NewWriter(&out)
	if !at.Begun {
		out.WriteString(bom)
		if err := w.Write(columns); err != nil {
			return p, err
		}
	}
	for i := range found.Items {
		cells := make([]string, len(columns))
		for k, key := range columns {
			cells[k] = cell(n, &found.Items[i].Value, key, names)
		}
		if err := w.Write(cells); err != nil {
			return p, err
		}
	}
	if err := w.Flush(); err != nil {
		return p, err
	}
	p.data, p.done = out.Bytes(), int64(len(found.Items))
	p.next = position{Begun: true, Cursor: found.Next, end: found.Next == ""}
	return p, nil
}

// columns are the fields of the file: those that were asked for, or all.
func (r *run) columns(n crm.Noun) []string {
	if len(r.order.Columns) > 0 {
		var out []string
		for _, key := range r.order.Columns {
			if _, ok := n.Field(key); ok || computed(key) { // one that was hidden since is left out
				out = append(out, key)
			}
		}
		return out
	}
	out := []string{"id"}
	for _, f := range n.Fields {
		if f.Type != crm.FieldRoles {
			out = append(out, f.Key)
		}
	}
	return append(out, query.CreatedAt)
}

// names are what the records and users are called that a page points to.
func (r *run) names(ctx context.Context, v access.Viewer, n crm.Noun, docs []store.Doc[crm.Record]) (map[string]string, error) {
	var ids []crm.RecordID
	seen := map[crm.RecordID]bool{}
	for _, f := range n.Fields {
		if f.Type != crm.FieldRelation {
			continue
		}
		for i := range docs {
			for _, id := range docs[i].Value.Records(f.Key) {
				if !seen[id] {
					seen[id] = true
					ids = append(ids, id)
				}
			}
		}
	}
	others, err := r.s.Records.GetMany(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for i, d := range others {
		if d.Exists() {
			out[string(ids[i])] = strings.ReplaceAll(d.Value.Name(), ";", ",")
		}
	}
	users, err := store.Users.All(ctx, r.s.Space, store.Query{})
	for _, d := range users {
		out[string(d.Value.ID)] = string(d.Value.Email)
	}
	return out, err
}

// cell is a value as text; relations and users by name, those of which the
// viewer may not know by id.
func cell(n crm.Noun, r *crm.Record, key string, names map[string]string) string {
	switch key {
	case "id":
		return string(r.ID)
	case query.CreatedAt:
		return r.CreatedAt.String()
	}
	f, _ := n.Field(key)
	v := r.Values[key]
	if f.Figure || f.Type.Derived() {
		v = r.Derived[key]
	}
	if f.Type != crm.FieldRelation && f.Type != crm.FieldUser {
		if text := f.Format(v); text != "" || v == nil {
			return text
		}
		return fmt.Sprint(v)
	}
	rec := crm.Record{Values: map[string]any{key: v}}
	list := rec.List(key)
	for i, id := range list {
		if name := names[id]; name != "" {
			list = append(append(append([]string(nil), list[:i]...), name), list[i+1:]...)
		}
	}
	return strings.Join(list, "; ")
}
