package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/match"
	"threadline/internal/store"
)

// longTalk is a thread of n mails in which people write, robots answer and some is
// passed on.
func longTalk(n int, r *rand.Rand) []crm.Message {
	var mail []crm.Message
	for i := range n {
		id := crm.RFCID(fmt.Sprintf("l%d", i))
		refs := []crm.RFCID{"l0"}
		if i == 0 {
			refs = nil
		} else if at := i - 1 - r.IntN(min(i, 40)); at > 0 {
			refs = append(refs, crm.RFCID(fmt.Sprintf("l%d", at)))
		}
		from, to := crm.Address("a@acme.example"), olaMail
		if r.IntN(2) == 0 {
			from, to = to, from
		}
		m := letter(id, refs, day(1).Add(time.Duration(i)*time.Minute), from, to)
		if len(refs) > 0 {
			m.InReplyTo = refs[len(refs)-1:]
		}
		m.Subject, m.Owners = "Re: racks", []crm.UserID{ola}
		switch r.IntN(8) {
		case 0:
			m.Subject = "Fwd: racks"
		case 1:
			m.Class = crm.ClassAutoReply
		case 2:
			m.Class = crm.ClassNotification
		}
		mail = append(mail, m)
	}
	return mail
}

// wantNewest compares whose turn it is, and what is passed on, with what the rules
// say of the newest messages alone.
func (w *world) wantNewest(n int, done map[crm.RFCID]bool) {
	w.t.Helper()
	all := w.dump()
	slices.SortFunc(all, func(a, b crm.Message) int { return int(b.Date - a.Date) })
	var by *crm.Message
	at := map[crm.RFCID]int{}
	for i := range all {
		m := &all[i]
		at[m.RFCID] = i
		if i < n && by == nil && m.Class == crm.ClassPerson {
			by = m
		}
	}
	for i := range all {
		m := &all[i]
		want := crm.Turn("")
		switch {
		case m != by:
		case slices.ContainsFunc(all[:at[m.RFCID]+1], func(o crm.Message) bool { return done[o.RFCID] }):
			want = crm.TurnDone
		case m.Direction == crm.Outbound:
			want = crm.TurnTheirs
		default:
			want = crm.TurnOurs
		}
		if m.Turn != want || (want == "" || want == crm.TurnDone) != (len(m.Wait) == 0) {
			w.t.Fatalf("%s decides %q and waits on %v, want %q", m.RFCID, m.Turn, m.Wait, want)
		}
		origin := ""
		if p, here := at[m.RFCID], m.Subject == "Fwd: racks" && len(m.InReplyTo) == 1; here && p < n && m.Class == crm.ClassPerson {
			if o := at[m.InReplyTo[0]]; o < n && all[o].Class != crm.ClassNotification {
				origin = string(all[o].ID)
			}
		}
		if string(m.Origin) != origin {
			w.t.Fatalf("%s, number %d of the newest, passes on %q, want %q", m.RFCID, at[m.RFCID], m.Origin, origin)
		}
	}
}

// TestTurnOfLongThread lets mails of one thread arrive in any order until it is long
// past what makes a conversation, in two ways: both end alike, as a recompute says
// it, with whose turn it is and what the newest pass on.
func TestTurnOfLongThread(t *testing.T) {
	h := newHouse(t)
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 3))
		mail := longTalk(match.MaxThread+200, r)
		var dumps [][]crm.Message
		for range 2 {
			w := h.world(t.Context(), t)
			order := slices.Clone(mail)
			r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			for len(order) > 0 {
				n := min(1+r.IntN(200), len(order))
				w.arrive(true, order[:n]...)
				if order = order[n:]; len(order) < 150 {
					w.audit()
				}
			}
			w.catchUp()
			w.audit()
			w.wantNewest(match.MaxThread, nil)
			dumps = append(dumps, w.dump())
		}
		if d := cmp.Diff(dumps[0], dumps[1]); d != "" {
			t.Fatalf("another order ends otherwise:\n%s", d)
		}
	}
}

// TestLongThreadGoesOn follows a thread that is too long for a conversation: a
// person closes it, mail comes after that, robots push what decided out of sight,
// and with what is erased it becomes a conversation again.
func TestLongThreadGoesOn(t *testing.T) {
	w := newWorld(t)
	r := rand.New(rand.NewPCG(7, 3))
	mail := longTalk(match.MaxThread+100, r)
	last := len(mail) - 1
	mail[last].Class, mail[last].Subject = crm.ClassPerson, "Re: racks"
	for group := range slices.Chunk(mail, 250) {
		w.arrive(true, group...)
	}
	w.wantNewest(match.MaxThread, nil)
	batch, err := ledger.Done(w.ctx, w.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI}, mail[last].ID)
	must(t, err)
	w.catchUp()
	w.audit()
	w.wantNewest(match.MaxThread, map[crm.RFCID]bool{mail[last].RFCID: true})
	w.undo(batch)
	w.catchUp()
	w.audit()
	w.wantNewest(match.MaxThread, nil)

	var robots []crm.Message
	for i := range match.MaxThread {
		m := letter(crm.RFCID(fmt.Sprintf("r%d", i)), []crm.RFCID{"l0"}, day(3).Add(time.Duration(i)*time.Minute), "a@acme.example", olaMail)
		m.Class, m.Subject = crm.ClassNotification, "racks"
		robots = append(robots, m)
	}
	w.arrive(true, robots[:match.MaxThread-1]...)
	w.audit()
	w.wantNewest(match.MaxThread, nil)
	w.arrive(true, robots[match.MaxThread-1])
	w.audit()
	w.wantNewest(match.MaxThread, nil) // nobody is seen any more who has to write
	w.erase(robots[10:]...)
	w.audit()
	w.wantNewest(match.MaxThread, nil)
	w.erase(append(robots[:10], mail[:150]...)...)
	w.audit()
}

// erase takes messages out as a mailbox that is erased does.
func (w *world) erase(mails ...crm.Message) {
	w.t.Helper()
	for chunk := range slices.Chunk(mails, 200) {
		must(w.t, w.sp.Transact(w.ctx, func(ctx context.Context, tx *store.Tx) error {
			var ids []string
			for _, m := range chunk {
				ids = append(ids, string(m.ID))
			}
			docs, err := store.Messages.GetMany(ctx, tx, ids)
			if err != nil {
				return err
			}
			var gone []crm.Message
			for _, d := range docs {
				gone = append(gone, d.Value)
			}
			out, err := ledger.Erase(ctx, tx, w.sp.Workspace(), gone, nil)
			if err != nil {
				return err
			}
			for _, id := range ids {
				store.Messages.Delete(tx, id)
			}
			out.Write(tx, "mbx_a")
			return nil
		}))
	}
}
