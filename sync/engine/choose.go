package engine

import (
	"cmp"
	"slices"
	"time"

	"threadline/internal/crm"
)

// Sizes of a piece of work.
const (
	groupMails = 800
	groupBytes = 8 << 20

	writesPerMail = 4 // message, body, copy, and a message of its thread
	liveMails     = 50
	firstMails    = 100             // so that the newest mail is there at once
	firstOfQuota  = 25              // where a quota hands mail over slowly
	pieceTime     = 3 * time.Second // a piece that takes longer is too large
)

// work is one piece to fetch from one folder.
type work struct {
	box    crm.BoxID
	folder string
	epoch  uint64
	keys   crm.KeySet
	lane   crm.Lane
	queued map[crm.Key]crm.Queued // of the repair lane
}

// choose picks the next piece: live mail first, then exceptions that are due,
// then the backfill of the folder that is least far, newest keys first. flying
// are keys that are being fetched already. size bounds a backfill piece; it
// shrinks while the server has trouble. Pure.
func choose(boxes []crm.Box, due []crm.Queued, flying map[crm.BoxID]crm.KeySet, size int64) (work, bool) {
	boxes = slices.Clone(boxes)
	slices.SortStableFunc(boxes, func(a, b crm.Box) int {
		return cmp.Or(cmp.Compare(urgency(a.Role), urgency(b.Role)), cmp.Compare(a.Name, b.Name))
	})
	for _, b := range boxes {
		if live := b.Live.Minus(flying[b.ID]); live.Size() > 0 && !b.Gone {
			return piece(b, live.Top(min(size, liveMails)), crm.LaneLive), true
		}
	}
	if w, ok := repair(boxes, due, flying); ok {
		return w, true
	}
	var best *crm.Box
	var bestLeft crm.KeySet
	for i := range boxes {
		left := boxes[i].Pending.Minus(flying[boxes[i].ID])
		if boxes[i].Gone || left.Size() == 0 {
			continue
		}
		// Folders advance together, so that the newest mail of all of them
		// comes first.
		if best == nil || boxes[i].Counts.Stored < best.Counts.Stored {
			best, bestLeft = &boxes[i], left
		}
	}
	if best == nil {
		return work{}, false
	}
	return piece(*best, bestLeft.Top(size), crm.LaneBackfill), true
}

func piece(b crm.Box, keys crm.KeySet, lane crm.Lane) work {
	return work{box: b.ID, folder: b.Name, epoch: b.Epoch, keys: keys, lane: lane}
}

func urgency(r crm.BoxRole) int {
	switch r {
	case crm.RoleInbox:
		return 0
	case crm.RoleSent:
		return 1
	}
	return 2
}

// repair gathers the due exceptions of the first folder that has any, one at a
// time so that a poisonous one hurts nobody else.
func repair(boxes []crm.Box, due []crm.Queued, flying map[crm.BoxID]crm.KeySet) (work, bool) {
	for _, q := range due {
		i := slices.IndexFunc(boxes, func(b crm.Box) bool { return b.ID == q.Box && b.Epoch == q.Epoch && !b.Gone })
		if i < 0 || flying[q.Box].Has(q.Key) {
			continue
		}
		w := piece(boxes[i], crm.Keys(q.Key), crm.LaneRepair)
		w.queued = map[crm.Key]crm.Queued{q.Key: q}
		return w, true
	}
	return work{}, false
}

// firstPiece is how large the first piece of a backfill is; later ones are as large
// as the server is quick.
func firstPiece(m *crm.Mailbox) int64 {
	if m.Kind == crm.KindGmail {
		return firstOfQuota
	}
	return firstMails
}
