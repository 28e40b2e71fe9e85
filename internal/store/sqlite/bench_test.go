package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

const benchGroup = 500

// benchMail makes one mail as the engine stores it: a message of some 1.5 KB
// with eight index entries, a body of 3 KB and a small copy.
type benchMail struct {
	m crm.Message
	b crm.Body
	c crm.Copy
}

func (x *benchMail) fill(n int, r *rand.Rand) {
	id := fmt.Sprintf("msg_%013d%013d", r.Uint32(), n)
	person := r.IntN(2000)
	date := crm.Time(1_790_000_000_000_000 - int64(n)*1_000_000)
	text := make([]byte, 3000)
	for i := range text {
		text[i] = byte(r.Uint32())
	}
	rfc := crm.RFCID(fmt.Sprintf("%d.%d@mail.example.org", n, r.Uint32()))
	addr := crm.Address(fmt.Sprintf("person%d@company%d.example", person, person/10))
	x.m = crm.Message{
		ID: crm.MessageID(id), RFCID: rfc, Mentions: []crm.RFCID{rfc, crm.RFCID(fmt.Sprintf("%d@other.example", r.Uint32()))},
		Date: date, Subject: "Offer for the next quarter", Snippet: string(benchWords(r, 180)),
		Participants: []crm.Participant{
			{Role: crm.RoleFrom, Address: addr, Name: "Somebody Important"},
			{Role: crm.RoleTo, Address: "anna@own.example", Name: "Anna"},
		},
		Class: crm.ClassPerson, Direction: crm.Inbound, Size: 5000, Thread: crm.ThreadID(id), RuleSet: 1,
		Copies: []crm.CopyRef{{Copy: crm.CopyID("cpy" + id[3:]), Mailbox: "mbx_1", Box: "box_1"}}, Owners: []crm.UserID{"usr_1"},
		Seek: []crm.Token{crm.Token("a:" + string(addr)), crm.Token(fmt.Sprintf("d:company%d.example", person/10))},
		Feed: []crm.FeedToken{
			crm.FeedToken(fmt.Sprintf("con_%026d/usr_1", person)), crm.FeedToken(fmt.Sprintf("com_%026d/usr_1", person/10)), "/usr_1",
		},
	}
	x.b = crm.Body{ID: x.m.ID, Data: text}
	x.c = crm.Copy{ID: x.m.Copies[0].Copy, Box: "box_1", State: crm.CopyStored, Key: crm.Key(n)}
}

func benchWords(r *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = "abcdefghij klmnopqrst uvwxyz"[r.IntN(28)]
	}
	return out
}

// benchStore opens a store that holds n mails already.
func benchStore(b *testing.B, n int) (*store.Space, []string) {
	b.Helper()
	x := store.NewIndexes(store.Shapes())
	d, err := Open(b.Context(), filepath.Join(b.TempDir(), "data.db"), x, Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.New(d, store.Options{Indexes: x, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	sp := s.In("wsp_bench")
	r := rand.New(rand.NewPCG(1, 2))
	var ids []string
	for done := 0; done < n; done += benchGroup {
		mails := benchMails(done, r)
		for i := range mails {
			ids = append(ids, string(mails[i].m.ID))
		}
		benchCommit(b, sp, mails)
	}
	return sp, ids
}

func benchMails(from int, r *rand.Rand) []benchMail {
	mails := make([]benchMail, benchGroup)
	for i := range mails {
		mails[i].fill(from+i, r)
	}
	return mails
}

// benchCommit stores a group as the engine does: a fenced transaction that
// first reads what may be there.
func benchCommit(b *testing.B, sp *store.Space, mails []benchMail) {
	b.Helper()
	ids := make([]string, len(mails))
	for i := range mails {
		ids[i] = string(mails[i].m.ID)
	}
	err := sp.Transact(b.Context(), func(ctx context.Context, tx *store.Tx) error {
		have, err := store.Messages.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i := range mails {
			if have[i].Exists() {
				continue
			}
			store.Messages.Create(tx, &mails[i].m)
			store.Bodies.Create(tx, &mails[i].b)
			store.Copies.Create(tx, &mails[i].c)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkGroup500 is the store's part of a first sync, from 0 to 20,000
// mails.
func BenchmarkGroup500(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		sp, _ := benchStore(b, 0)
		r := rand.New(rand.NewPCG(3, 4))
		groups := make([][]benchMail, 40)
		for g := range groups {
			groups[g] = benchMails(g*benchGroup, r)
		}
		b.StartTimer()
		for _, mails := range groups {
			benchCommit(b, sp, mails)
		}
	}
	b.ReportMetric(float64(40*benchGroup*b.N)/b.Elapsed().Seconds(), "mails/s")
}

func BenchmarkGet(b *testing.B) {
	sp, ids := benchStore(b, 20*benchGroup)
	r := rand.New(rand.NewPCG(5, 6))
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.Messages.Get(b.Context(), sp, ids[r.IntN(len(ids))]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("many500", func(b *testing.B) {
		for b.Loop() {
			some := make([]string, 500)
			for i := range some {
				some[i] = ids[r.IntN(len(ids))]
			}
			if _, err := store.Messages.GetMany(b.Context(), sp, some); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkTimelinePage(b *testing.B) {
	sp, _ := benchStore(b, 40*benchGroup)
	for _, audiences := range []int{1, 3, 30} {
		b.Run(fmt.Sprintf("audiences%d", audiences), func(b *testing.B) {
			tokens := make([]string, audiences)
			for i := 0; b.Loop(); i++ {
				for k := range tokens {
					tokens[k] = fmt.Sprintf("com_%026d/usr_%d", i%200, k+1)
				}
				page, err := store.Messages.Query(b.Context(), sp, store.Query{
					Where: []store.Filter{store.HasAny("feed", tokens)}, Order: "date", Desc: true, Limit: 20,
				})
				if err != nil || len(page.Items) != 20 {
					b.Fatal(len(page.Items), err)
				}
			}
		})
	}
}
