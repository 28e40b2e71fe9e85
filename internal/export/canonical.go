package export

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// leftOut are fields that no export holds: secrets, times of the machine, the
// state of connections, and what only says how the state came about.
var leftOut = map[string][]string{
	store.Workspaces.Name: {"data_key"},
	store.Mailboxes.Name:  {"password", "state", "fails", "next_at", "last_ok", "trouble"},
	store.Messages.Name:   {"answered"},
}

// onlyFull are fields that only a full export holds. The detail of a dead
// letter is what a server said that day.
var onlyFull = map[string][]string{
	store.Workspaces.Name: {"id_key"},
	store.Copies.Name:     {"detail"},
}

// canonical turns stored fields into those of the export.
func (e *exporter) canonical(ctx context.Context, collection, id string, fields map[string]any) error {
	for _, key := range leftOut[collection] {
		delete(fields, key)
	}
	if !e.o.Full {
		for _, key := range onlyFull[collection] {
			delete(fields, key)
		}
	}
	switch collection {
	case store.Messages.Name:
		if id, ok := fields["thread"].(string); ok {
			fields["thread"] = string(e.threads.root(crm.ThreadID(id)))
		}
		// Whether a conversation is a part depends on what else was ever mentioned.
		if part, ok := fields["part"].(string); ok && !e.o.Full {
			fields["thread"] = part
			delete(fields, "part")
		}
	case store.Bodies.Name:
		return e.body(ctx, id, fields)
	case store.Files.Name:
		return e.file(ctx, id, fields)
	}
	return nil
}

// body puts the content in the place of its packed form: the packed bytes
// depend on the program that packed them, and nobody else could read them. A
// body that cannot be read is said to be so; the rest is exported all the same.
func (e *exporter) body(ctx context.Context, id string, fields map[string]any) error {
	data, _ := fields["data"].([]byte)
	ref, _ := fields["blob"].(string)
	delete(fields, "data")
	delete(fields, "blob")
	if err := e.raw(ctx, id, fields); err != nil {
		return err
	}
	if ref != "" {
		var err error
		data, err = e.blobs.Get(ctx, e.sp.Workspace(), ref)
		if crm.IsKind(err, crm.NotFound) {
			fields["missing"] = "blob"
			if e.o.Full {
				fields["blob"] = ref // so that the new house misses it by name too
			}
			e.lack(store.Bodies.Name, id, "the text of a mail")
			return nil
		}
		if err != nil {
			return err
		}
	}
	content, err := e.bodies.Unpack(data)
	if err != nil {
		fields["missing"] = "content"
		e.lack(store.Bodies.Name, id, "the text of a mail, which cannot be unpacked")
		return nil
	}
	fields["content"] = contentFields(content)
	return nil
}

// contentFields names the parts of a body as answers name them.
func contentFields(c *crm.BodyContent) map[string]any {
	out := map[string]any{}
	put := func(m map[string]any, key, value string) {
		if value != "" {
			m[key] = value
		}
	}
	put(out, "text", c.Text)
	put(out, "html", c.HTML)
	if c.Quoted != 0 {
		out["quoted"] = int64(c.Quoted)
	}
	var people, headers []any
	for _, p := range c.Participants {
		m := map[string]any{"role": string(p.Role)}
		put(m, "address", string(p.Address))
		put(m, "name", p.Name)
		put(m, "raw", p.Raw)
		people = append(people, m)
	}
	for _, h := range c.Headers {
		headers = append(headers, map[string]any{"name": h.Name, "value": h.Value})
	}
	out["participants"], out["headers"] = people, headers
	var reports []any
	for _, r := range c.Reports {
		m := map[string]any{"kind": string(r.Kind)}
		put(m, "of", string(r.Of))
		put(m, "recipient", string(r.Recipient))
		put(m, "status", r.Status)
		put(m, "text", r.Text)
		reports = append(reports, m)
	}
	if reports != nil {
		out["reports"] = reports
	}
	return out
}

// aliases are the names that threads have lost, and what they are called now.
type aliases map[crm.ThreadID]crm.ThreadID

func loadAliases(ctx context.Context, sp *store.Space) (aliases, error) {
	out := aliases{}
	err := store.Threads.Each(ctx, sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Thread]) error {
		out[d.Value.ID] = d.Value.Into
		return nil
	})
	return out, err
}

// root returns the present name. A ring, which is a fault that Verify reports,
// ends at its smallest name.
func (a aliases) root(id crm.ThreadID) crm.ThreadID {
	least := id
	for range len(a) {
		next, ok := a[id]
		if !ok {
			return id
		}
		id = next
		least = min(least, id)
	}
	if _, ok := a[id]; ok {
		return least
	}
	return id
}
