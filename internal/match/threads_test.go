package match

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

// note is a node in short: id, day, whom it refers to, who is outside.
func note(id string, at int, refs []string, outside ...string) Node {
	n := Node{ID: crm.MessageID(id), RFCID: crm.RFCID(id), Date: day(at), Class: crm.ClassPerson}
	for _, r := range refs {
		n.Refs = append(n.Refs, crm.RFCID(r))
	}
	for _, o := range outside {
		n.Outside = append(n.Outside, crm.Token("a:"+o))
		n.Near = n.Outside
	}
	return n
}

func (n Node) as(c crm.Class) Node { n.Class = c; return n }

func (n Node) about(subject string) Node {
	rest, answers := strings.CutPrefix(subject, "Re: ")
	rest, forward := strings.CutPrefix(rest, "Fwd: ")
	n.Topic, n.Reply, n.Forward = rest, answers, forward && !answers
	return n
}

func (n Node) split() Node { n.Split = true; return n }

func (n Node) without() Node { n.RFCID = ""; return n }

func refs(ids ...string) []string { return ids }

// TestThreads tells each rule by an example; want lists the conversations.
func TestThreads(t *testing.T) {
	newsletter := note("n", 1, nil, "x", "y").as(crm.ClassBulk)
	for name, c := range map[string]struct {
		nodes []Node
		want  string
	}{
		"a chain of references":             {[]Node{note("a", 1, nil, "x"), note("b", 2, refs("a")), note("c", 3, refs("a", "b"), "y")}, "abc"},
		"a missing link":                    {[]Node{note("a", 1, nil, "x"), note("c", 3, refs("a", "gone"), "x")}, "ac"},
		"two answers to what is not here":   {[]Node{note("a", 1, refs("gone"), "x"), note("b", 2, refs("gone"), "x", "y")}, "ab"},
		"strangers answer what is not here": {[]Node{note("a", 1, refs("gone"), "x"), note("b", 2, refs("gone"), "y")}, "a b"},
		"the missing mail comes":            {[]Node{note("a", 1, refs("m"), "x"), note("b", 2, refs("m"), "y"), note("m", 1, nil, "x", "y")}, "abm"},
		"a ring":                            {[]Node{note("a", 1, refs("b"), "x"), note("b", 2, refs("a"), "x")}, "ab"},

		"subject":                      {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 5, nil, "x").about("Re: Offer")}, "ab"},
		"subject, reference rewritten": {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 5, refs("rewritten"), "x").about("Re: Offer")}, "ab"},
		"subject of strangers":         {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 5, nil, "y").about("Re: Offer")}, "a b"},
		"subject, too late":            {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 40, nil, "x").about("Re: Offer")}, "a b"},
		"subject, before the mail":     {[]Node{note("a", 5, nil, "x").about("Offer"), note("b", 1, nil, "x").about("Re: Offer")}, "a b"},
		"subject without a prefix":     {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 5, nil, "x").about("Offer")}, "a b"},
		"subject, but it has a parent": {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 2, nil, "x").about("Plan"), note("c", 3, refs("b"), "x").about("Re: Offer")}, "a bc"},
		"subject, the latest mail":     {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 4, nil, "x").about("Offer"), note("c", 5, nil, "x").about("Re: Offer")}, "a bc"},
		"no subject":                   {[]Node{note("a", 1, nil, "x").about(""), note("b", 2, nil, "x").about("Re: ")}, "a b"},

		"split":                    {[]Node{note("a", 1, nil, "x"), note("b", 2, refs("a"), "x").split(), note("c", 3, refs("a", "b"), "x"), note("d", 4, refs("a"), "x")}, "ad bc"},
		"split in a split":         {[]Node{note("a", 1, nil, "x"), note("b", 2, refs("a"), "x").split(), note("c", 3, refs("a", "b"), "x").split(), note("d", 4, refs("a", "b", "c"), "x")}, "a b cd"},
		"forward":                  {[]Node{note("a", 1, nil, "x").about("Offer"), note("b", 2, refs("a"), "y").about("Fwd: Offer"), note("c", 3, refs("a", "b"), "y").about("Re: Fwd: Offer"), note("d", 4, refs("a"), "x").about("Re: Offer")}, "ad bc"},
		"what was forwarded to us": {[]Node{note("a", 1, nil, "x").about("Fwd: Offer"), note("b", 2, refs("a"), "x").about("Re: Fwd: Offer")}, "ab"},

		"strangers answer a newsletter":     {[]Node{newsletter, note("a", 2, refs("n"), "x"), note("b", 3, refs("n"), "y")}, "a b n"},
		"one answers a newsletter":          {[]Node{newsletter, note("a", 2, refs("n"), "x"), note("c", 3, refs("n", "a"), "x")}, "acn"},
		"a newsletter cites strangers":      {[]Node{note("a", 1, nil, "x"), note("b", 2, nil, "y"), note("n", 3, refs("a", "b"), "x", "y").as(crm.ClassBulk)}, "a bn"},
		"robots with one reference":         {[]Node{note("a", 1, refs("r"), "bot").as(crm.ClassNotification), note("b", 2, refs("r"), "bot").as(crm.ClassNotification), note("c", 3, refs("r"), "tob").as(crm.ClassNotification)}, "ab c"},
		"a mailing list":                    {[]Node{note("a", 1, nil, "list", "x").as(crm.ClassBulk), note("b", 2, refs("a"), "list", "y").as(crm.ClassBulk), note("c", 3, refs("a", "b"), "list", "z").as(crm.ClassBulk)}, "abc"},
		"a ticket system answers":           {[]Node{note("a", 1, nil, "help"), note("b", 2, refs("a"), "help").as(crm.ClassNotification)}, "ab"},
		"bounce":                            {[]Node{note("a", 1, nil, "x"), note("b", 2, refs("a"), "daemon").as(crm.ClassBounce)}, "ab"},
		"bounce of a newsletter":            {[]Node{newsletter, note("b", 2, refs("n"), "daemon").as(crm.ClassBounce)}, "bn"},
		"bounces of one daemon":             {[]Node{note("a", 1, refs("p"), "daemon").as(crm.ClassBounce), note("b", 2, refs("q"), "daemon").as(crm.ClassBounce)}, "a b"},
		"an automatic answer":               {[]Node{note("a", 1, nil, "x"), note("b", 2, refs("a"), "x").as(crm.ClassAutoReply)}, "ab"},
		"one Message-ID, a list's footer":   {[]Node{note("a", 1, nil, "x"), twin(note("b", 1, nil, "x", "list"), "a")}, "ab"},
		"one Message-ID, forged by another": {[]Node{note("a", 1, nil, "x"), twin(note("b", 1, nil, "y"), "a"), note("c", 2, refs("a"), "x")}, "ac b"},
		"without Message-ID":                {[]Node{note("a", 1, nil, "x").without(), note("b", 2, nil, "x").without()}, "a b"},
		"mail among ourselves":              {[]Node{note("a", 1, refs("gone")), note("b", 2, refs("gone"))}, "ab"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := talksOf(c.nodes); got != c.want {
				t.Errorf("the conversations are %q, want %q", got, c.want)
			}
		})
	}
}

func twin(n Node, id crm.RFCID) Node { n.RFCID = id; return n }

// talksOf writes the conversations down: ids together, in order.
func talksOf(nodes []Node) string {
	by := map[crm.ThreadID][]string{}
	for i, s := range Threads(nodes) {
		by[s.Talk] = append(by[s.Talk], string(nodes[i].ID))
	}
	var out []string
	for name, ids := range by {
		slices.Sort(ids)
		if ids[0] != string(name) {
			return fmt.Sprintf("%v is called %s", ids, name)
		}
		out = append(out, strings.Join(ids, ""))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestForwardPointsBack: what was passed on knows what it was.
func TestForwardPointsBack(t *testing.T) {
	nodes := []Node{note("a", 1, nil, "x").about("Offer"), note("b", 2, refs("a"), "y").about("Fwd: Offer"), note("c", 3, refs("a", "b"), "y").about("Re: Fwd: Offer")}
	got := Threads(nodes)
	want := []Seat{{Talk: "a"}, {Talk: "b", Parent: "a", Origin: "a"}, {Talk: "b", Parent: "b"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// FuzzThreads makes sets of messages of any bytes: the order in which they are
// given changes nothing, and what is said of them holds together.
func FuzzThreads(f *testing.F) {
	f.Add([]byte("a few messages that mention one another in many ways"), uint64(1))
	f.Add([]byte{1, 2, 0, 3, 3, 1, 7, 9, 200, 201, 5, 0, 0, 1, 2, 8, 8, 8, 1, 0, 255, 3, 99, 1}, uint64(7))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		nodes := anyNodes(data)
		want := map[crm.MessageID]Seat{}
		for i, s := range Threads(nodes) {
			want[nodes[i].ID] = s
			if crm.ThreadID(nodes[i].ID) < s.Talk {
				t.Fatalf("%s is in %s, which has a larger name", nodes[i].ID, s.Talk)
			}
			if s.Origin != "" && s.Origin != s.Parent || s.Parent == nodes[i].ID {
				t.Fatalf("%s has the parent %q and the origin %q", nodes[i].ID, s.Parent, s.Origin)
			}
		}
		for i := range nodes {
			if name := want[nodes[i].ID].Talk; want[crm.MessageID(name)].Talk != name {
				t.Fatalf("%s is in %s, whose name-giver is not", nodes[i].ID, name)
			}
		}
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(nodes), func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
		for i, s := range Threads(nodes) {
			if s != want[nodes[i].ID] {
				t.Fatalf("in another order %s has the seat %+v, before %+v", nodes[i].ID, s, want[nodes[i].ID])
			}
		}
	})
}

// anyNodes reads eight bytes for each of at most 40 messages.
func anyNodes(data []byte) []Node {
	classes := []crm.Class{crm.ClassPerson, crm.ClassPerson, crm.ClassPerson, crm.ClassBulk, crm.ClassNotification, crm.ClassBounce, crm.ClassAutoReply, crm.ClassCalendar}
	topics := []string{"", "Offer", "Plan", "Offer"}
	var out []Node
	for i := 0; len(data) >= 8 && i < 40; i++ {
		b := binary.LittleEndian.Uint64(data)
		data = data[8:]
		bits := func(n int) int { v := int(b & (1<<n - 1)); b >>= n; return v }
		n := Node{ID: crm.MessageID(fmt.Sprintf("m%02d", (i*17)%40)), Date: day(1).Add(time.Duration(bits(6)) * 24 * time.Hour), Class: classes[bits(3)], Topic: topics[bits(2)]}
		if id := bits(5); id > 1 {
			n.RFCID = crm.RFCID(fmt.Sprintf("r%d", id))
		}
		for range bits(2) {
			n.Refs = append(n.Refs, crm.RFCID(fmt.Sprintf("r%d", bits(5))))
		}
		if bits(1) == 1 && len(n.Refs) > 0 {
			n.Direct = n.Refs[:1]
		}
		for range bits(2) {
			n.Outside = append(n.Outside, crm.Token(fmt.Sprintf("a:%d", bits(3))))
			n.Near = n.Outside
		}
		n.Reply, n.Forward, n.Split = bits(1) == 1, bits(2) == 1, bits(3) == 1
		out = append(out, n)
	}
	return out
}
