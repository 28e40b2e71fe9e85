package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/crm"
)

func TestChooseOrder(t *testing.T) {
	inbox := crm.Box{ID: "box_inbox", Name: "INBOX", Role: crm.RoleInbox, Epoch: 1, Pending: crm.Span(1, 100)}
	work := crm.Box{ID: "box_work", Name: "Work", Epoch: 2, Pending: crm.Span(1, 50), Live: crm.Span(51, 120)}
	gone := crm.Box{ID: "box_gone", Name: "Gone", Epoch: 3, Gone: true, Live: crm.Span(1, 5), Pending: crm.Span(1, 5)}
	due := []crm.Queued{{Box: "box_gone", Epoch: 3, Key: 1}, {Box: "box_work", Epoch: 1, Key: 7}, {Box: "box_work", Epoch: 2, Key: 9}}
	done := work
	done.Live = nil
	flying := map[crm.BoxID]crm.KeySet{"box_work": crm.Keys(9)}
	for _, c := range []struct {
		name   string
		boxes  []crm.Box
		due    []crm.Queued
		flying map[crm.BoxID]crm.KeySet
		size   int64
		want   chosen
	}{
		{"nothing", []crm.Box{gone}, nil, nil, 10, chosen{}},
		{"live mail first, newest first, in small pieces", []crm.Box{inbox, work}, due, nil, 500, chosen{"box_work", crm.LaneLive, crm.Span(71, 120)}},
		{"then what is due, in its epoch", []crm.Box{inbox, done}, due, nil, 10, chosen{"box_work", crm.LaneRepair, crm.Keys(9)}},
		{"not what is being fetched", []crm.Box{inbox, done}, due, flying, 10, chosen{"box_inbox", crm.LaneBackfill, crm.Span(91, 100)}},
		{"then the backfill, the inbox first", []crm.Box{done, inbox}, nil, nil, 10, chosen{"box_inbox", crm.LaneBackfill, crm.Span(91, 100)}},
	} {
		w, ok := choose(c.boxes, c.due, c.flying, c.size)
		got := chosen{w.box, w.lane, w.keys}
		if diff := cmp.Diff(c.want, got); diff != "" || ok != (c.want.Box != "") {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// chosen is what matters of a piece.
type chosen struct {
	Box  crm.BoxID
	Lane crm.Lane
	Keys crm.KeySet
}

// TestChooseIsFair: until one of them is through, folders differ by one piece
// at most, and every key is chosen exactly once, the newest of a folder first.
func TestChooseIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var boxes []crm.Box
		left := map[crm.BoxID]crm.KeySet{}
		for i := range rapid.IntRange(1, 4).Draw(t, "folders") {
			b := crm.Box{ID: crm.BoxID(rune('a' + i)), Name: string(rune('a' + i)), Pending: crm.Span(1, crm.Key(rapid.IntRange(1, 60).Draw(t, "mails")))}
			boxes, left[b.ID] = append(boxes, b), b.Pending
		}
		size := int64(rapid.IntRange(1, 20).Draw(t, "size"))
		var due []crm.Queued
		for {
			w, ok := choose(boxes, due, nil, size)
			if !ok {
				break
			}
			rest := left[w.box]
			if len(rest.Intersect(w.keys)) != len(w.keys) || w.keys.Size() == 0 || w.keys.Size() > size || rest[len(rest)-1].To != w.keys[len(w.keys)-1].To {
				t.Fatalf("chose %v of %v", w.keys, rest)
			}
			left[w.box] = rest.Minus(w.keys)
			take(boxes, &due, w)
			for _, a := range boxes {
				for _, b := range boxes {
					if len(a.Pending) > 0 && b.Counts.Stored > a.Counts.Stored+size {
						t.Fatalf("%s is %d ahead of %s", b.ID, b.Counts.Stored-a.Counts.Stored, a.ID)
					}
				}
			}
		}
		for id, rest := range left {
			if len(rest) > 0 {
				t.Fatalf("%v of %s were never chosen", rest, id)
			}
		}
	})
}
