package engine

import (
	"context"
	"strconv"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// samples is how many mails of a folder must be the same ones before it counts
// as one that we know under another name.
const samples = 8

// renamed finds among the folders that vanished the one that has this name now:
// it keeps its keys, and nothing of it is read again. nil when there is none.
//
// The numbering alone proves nothing, because servers may give two folders the
// same one; so some mails are compared too. What exclusions make of the new name is
// decided by the follower, which sees that a folder is called otherwise; only
// where one kept mail of the folder from being stored, it is read anew.
func (r *run) renamed(ctx context.Context, s source.Session, f source.Folder, lost []*crm.Box) (*crm.Box, error) {
	if len(lost) == 0 || skipReason(r.mailbox, f) != "" {
		return nil, nil
	}
	x, err := exclusions(ctx, r.sp)
	if err != nil {
		return nil, err
	}
	for _, b := range lost {
		if b.Role != f.Role || b.Cursor == "" || b.Relist || b.Counts.Stored == 0 || !complete(b) ||
			x.Labels() && b.Counts.Skipped[crm.SkipNeverStore] > 0 {
			continue
		}
		same, err := r.sameFolder(ctx, s, f.Name, b)
		if err != nil && !crm.IsKind(err, crm.NotFound) && !crm.IsKind(err, crm.Conflict) {
			return nil, err
		}
		if !same || err != nil {
			continue
		}
		next := *b
		next.Name = f.Name
		r.log.Info("a folder has another name now", "mailbox", r.mailbox.ID, "box", b.ID)
		return &next, r.putBox(ctx, &next)
	}
	return nil, nil
}

// sameFolder tells whether a folder on the server has the numbering and mails of
// one that we know.
func (r *run) sameFolder(ctx context.Context, s source.Session, name string, b *crm.Box) (bool, error) {
	d, err := s.Delta(ctx, name, b.Cursor)
	if err != nil || d.Void || d.Epoch != b.Epoch {
		return false, err
	}
	known, err := r.sample(ctx, b)
	if err != nil {
		return false, err
	}
	found := 0
	var keys []crm.Key
	for k := range known {
		keys = append(keys, k)
	}
	for it, err := range s.Fetch(ctx, name, b.Epoch, crm.Keys(keys...), source.Want{HeadersOnly: true}) {
		if err != nil {
			return false, err
		}
		p, m := it.Parse(), known[it.Key]
		if m == nil || p.RFCID != m.RFCID || p.Subject != m.Subject {
			return false, nil
		}
		found++
	}
	return found > 0, nil
}

// sample reads stored messages of a folder from all over its keys.
func (r *run) sample(ctx context.Context, b *crm.Box) (map[crm.Key]*crm.Message, error) {
	var ids []string
	step, n := max(b.Known.Size()/samples, 1), int64(0)
	for k := range b.Known.All() {
		if n%step == 0 {
			ids = append(ids, string(copyID(r.build.key, b.ID, b.Epoch, k)))
		}
		n++
	}
	copies, err := store.Copies.GetMany(ctx, r.sp, ids)
	if err != nil {
		return nil, err
	}
	keys := map[crm.MessageID]crm.Key{}
	var want []string
	for _, c := range copies {
		if c.Exists() && c.Value.Message != "" && keys[c.Value.Message] == 0 {
			keys[c.Value.Message] = c.Value.Key
			want = append(want, string(c.Value.Message))
		}
	}
	messages, err := store.Messages.GetMany(ctx, r.sp, want)
	out := map[crm.Key]*crm.Message{}
	for i := range messages {
		if messages[i].Exists() {
			out[keys[messages[i].Value.ID]] = &messages[i].Value
		}
	}
	return out, err
}

// lostOf are the folders that are synced and not on the server any more.
func lostOf(boxes map[string]*crm.Box, folders []source.Folder) []*crm.Box {
	on := map[string]bool{}
	for _, f := range folders {
		on[f.Name] = true
	}
	var out []*crm.Box
	for name, b := range boxes {
		if !on[name] && !b.Gone && b.Skip == "" && b.Epoch != 0 {
			out = append(out, b)
		}
	}
	return out
}

// freeBoxID names the document of a folder that is new to us. A folder that was
// renamed keeps the document that its first name gave it.
func (r *run) freeBoxID(name string, boxes map[string]*crm.Box) crm.BoxID {
	taken := map[crm.BoxID]bool{}
	for _, b := range boxes {
		taken[b.ID] = true
	}
	id := boxID(r.build.key, r.mailbox.ID, name)
	for n := 2; taken[id]; n++ {
		id = crm.BoxID(crm.DerivedID(crm.PrefixBox, r.build.key, string(r.mailbox.ID), name, strconv.Itoa(n)))
	}
	return id
}
