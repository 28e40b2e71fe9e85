package engine

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"threadline/internal/crm"
)

// copiesOfOne draws copies of one message that differ in whatever the copies
// of one message can differ in.
func copiesOfOne() *rapid.Generator[[]crm.Message] {
	return rapid.Custom(func(t *rapid.T) []crm.Message {
		var out []crm.Message
		for i := range rapid.IntRange(1, 5).Draw(t, "copies") {
			out = append(out, oneCopy(t, i))
		}
		return out
	})
}

func oneCopy(t *rapid.T, i int) crm.Message {
	pick := func(name string, list ...string) string { return rapid.SampledFrom(list).Draw(t, name) }
	people := []crm.Participant{
		{Role: crm.RoleFrom, Address: "anna@acme.example"}, {Role: crm.RoleTo, Address: "rep@ours.example"},
		{Role: crm.RoleBcc, Address: "boss@ours.example"}, {Role: crm.RoleTo, Address: "rep@ours.example", Name: "Rep"}}
	files := []crm.Attachment{{Name: "a.pdf", Size: 1}, {Name: "b.pdf", Size: 2}, {Name: "b.pdf", Size: 2}}
	flags := [][]crm.Flag{nil, {crm.FlagSeen}, {crm.FlagAnswered, crm.FlagSeen}}[rapid.IntRange(0, 2).Draw(t, "flags")]
	ids := []crm.RFCID{"one@x.example", "two@x.example", "three@x.example"}
	m := crm.Message{
		ID: "msg_x", RFCID: "one@x.example", Subject: "Order",
		Date: crm.Time(rapid.IntRange(1, 3).Draw(t, "date")), Size: int64(rapid.IntRange(1, 3).Draw(t, "size")),
		Class: crm.Class(pick("class", classRank...)), Snippet: pick("snippet", "", "a text", "a  text"),
		Participants: people[:rapid.IntRange(1, 4).Draw(t, "people")], Attachments: files[:rapid.IntRange(0, 3).Draw(t, "files")],
		References: ids[:rapid.IntRange(0, 3).Draw(t, "refs")], Mentions: ids[:rapid.IntRange(1, 3).Draw(t, "mentions")],
		Marks: [][]crm.Mark{nil, {crm.MarkCharset}}[rapid.IntRange(0, 1).Draw(t, "marks")], Flags: flags,
		Owners: []crm.UserID{crm.UserID(pick("owner", "usr_a", "usr_b"))},
		Copies: []crm.CopyRef{{Copy: crm.CopyID(rune('a' + i)), Flags: flags}},
	}
	m.Omitted = rapid.IntRange(0, 2).Draw(t, "omitted")
	return m
}

// fold merges copies one after the other.
func fold(list []crm.Message) crm.Message {
	out := list[0]
	for _, m := range list[1:] {
		merge(&out, &m)
	}
	return out
}

// TestMergeForgetsTheOrder: any order, any grouping and any repeat of the same
// copies gives the same message, and the copies themselves stay as they are.
func TestMergeForgetsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := copiesOfOne().Draw(t, "list")
		before := slices.Clone(list)
		want := fold(list)
		same := func(what string, got crm.Message) {
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", what, diff)
			}
		}
		same("another order", fold(rapid.Permutation(list).Draw(t, "order")))
		same("each twice", fold(append(slices.Clone(list), list...)))
		cut := rapid.IntRange(0, len(list)-1).Draw(t, "cut")
		if cut > 0 {
			right := fold(list[cut:])
			same("in two groups", fold([]crm.Message{fold(list[:cut]), right}))
		}
		if diff := cmp.Diff(before, list); diff != "" {
			t.Fatalf("merging changed a copy:\n%s", diff)
		}
	})
}

// TestMergeTakesTheBest names what wins.
func TestMergeTakesTheBest(t *testing.T) {
	have := crm.Message{Date: 5, Size: 9, Class: crm.ClassBulk, Attachments: []crm.Attachment{{Name: "a"}}, Snippet: "text"}
	merge(&have, &crm.Message{Date: 3, Size: 10, Class: crm.ClassPerson, Attachments: []crm.Attachment{{Name: "a"}, {Name: "b"}}})
	if have.Date != 3 || have.Size != 9 || have.Class != crm.ClassPerson || len(have.Attachments) != 2 || have.Snippet != "text" {
		t.Errorf("merged into %+v", have)
	}
}
