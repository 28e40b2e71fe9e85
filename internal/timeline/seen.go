package timeline

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// seen is what tracking knows of mails that went out, by message: of those that
// were sent through an outbox, whose Message-ID says so, and of those that a
// follower of package track has found. Only who sees a mail in full is told who
// read it.
func (s *Service) seen(ctx context.Context, v access.Viewer, list ...crm.Message) (map[crm.MessageID]*crm.Seen, error) {
	of := map[string]crm.MessageID{} // whose reading is counted under an id
	var ids []string
	for i := range list {
		m := &list[i]
		if m.Direction != crm.Outbound || access.Message(v, m) != access.Full {
			continue
		}
		id := string(m.ID)
		if sent, ok := crm.SentID(m.RFCID); ok {
			id = sent
		}
		if of[id] = m.ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	out := map[crm.MessageID]*crm.Seen{}
	for range 2 { // a message that was found leads to what it is counted under
		docs, err := store.Sightings.GetMany(ctx, s.sp, ids)
		if err != nil {
			return nil, err
		}
		var next []string
		for i := range docs {
			switch d := &docs[i].Value; {
			case !docs[i].Exists():
			case d.Of != "":
				of[d.Of], next = of[d.ID], append(next, d.Of)
			default:
				out[of[d.ID]] = d
			}
		}
		if ids = next; len(ids) == 0 {
			break
		}
	}
	return out, nil
}
