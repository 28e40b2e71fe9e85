package access

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
)

var update = flag.Bool("update", false, "write ROLES.md anew")

const (
	eve = crm.UserID("usr_eve")
	dan = crm.UserID("usr_dan")
	bob = crm.UserID("usr_bob")
)

// tree is a workspace in which jan and eve are in north, dan in fjord below it,
// bob nowhere; ola has the role that is asked about, is in north and manages a
// territory.
func tree(role crm.MemberRole, lead crm.UserID) (Viewer, *Policy) {
	p := NewPolicy(crm.NewSchema([]crm.Setting{
		crm.RoleSetting(role),
		crm.TeamSetting(crm.Team{Key: "north", Name: "North", Lead: lead}),
		crm.TeamSetting(crm.Team{Key: "fjord", Name: "Fjord", Parent: "north"}),
		crm.TerritorySetting(crm.Territory{Key: "steel", Name: "Steel", Manager: ola}),
		crm.MembershipSetting(crm.Membership{User: ola, Role: role.Key, Teams: []string{"north"}}),
		crm.MembershipSetting(crm.Membership{User: jan, Teams: []string{"north"}}),
		crm.MembershipSetting(crm.Membership{User: dan, Teams: []string{"fjord"}}),
	}))
	return p.Member(ola), p
}

func rights(r crm.Reach) crm.FolderRights {
	return crm.FolderRights{Create: r, Read: r, Update: r, Delete: r}
}

// whose are the records of the table by whose they are.
var whose = []struct {
	name      string
	holder    crm.UserID
	territory bool
}{{"one's own", ola, false}, {"a colleague's of the team", jan, false}, {"of a team below", dan, false},
	{"of somebody else", bob, false}, {"of somebody else, in one's territory", bob, true}}

// table prints what roles reach.
func table() string {
	var b strings.Builder
	b.WriteString("# What roles reach\n\nMade by `go test ./internal/access -update` from the rules themselves.\n\n")
	b.WriteString("A role gives each folder a reach for creating, reading, updating and deleting. A record that may not be read\n" +
		"does not exist for its viewer: it is not found, not counted, not summed and not named.\n\n| record | ")
	for _, r := range crm.Reaches() {
		fmt.Fprintf(&b, "%s | ", r)
	}
	b.WriteString("team, of who leads it |\n|---|" + strings.Repeat("---|", len(crm.Reaches())+1) + "\n")
	for _, w := range whose {
		fmt.Fprintf(&b, "| %s |", w.name)
		for _, r := range crm.Reaches() {
			fmt.Fprintf(&b, " %s |", mark(r, "", w.holder, w.territory))
		}
		fmt.Fprintf(&b, " %s |\n", mark(crm.ReachTeam, ola, w.holder, w.territory))
	}
	b.WriteString("\n| built role | folders | rights |\n|---|---|---|\n")
	for _, r := range crm.BuiltRoles() {
		var list []string
		for _, x := range r.Rights {
			list = append(list, string(x))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.Key, r.Others.Reach(crm.Read), strings.Join(list, ", "))
	}
	b.WriteString("\nWhat one sees of mail follows from whose mailboxes hold it and what these people share, from no role: an admin\n" +
		"sees no more of it than any member.\n\n| message | its owner | a colleague | an admin | a role that reads no records | billing | the operator |\n|---|---|---|---|---|---|---|\n")
	for _, m := range mails {
		fmt.Fprintf(&b, "| %s |", m.name)
		for _, v := range lookers() {
			msg := m.message
			fmt.Fprintf(&b, " %s |", Message(v, &msg))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func mark(reach crm.Reach, lead, holder crm.UserID, territory bool) string {
	v, p := tree(crm.MemberRole{Key: "r", Name: "R", Others: rights(reach), Rights: []crm.Right{crm.RightTasks}}, lead)
	r := crm.Record{Kind: crm.KindDeal, Values: map[string]any{"owner": string(holder)}}
	var in []string
	if territory {
		in = []string{"steel"}
	}
	r.Audience = p.Audience(&r, in)
	if v.Reads(&r) {
		return "yes"
	}
	return "no"
}

var mails = []struct {
	name    string
	message crm.Message
}{
	{"nobody said anything", crm.Message{Owners: []crm.UserID{jan}, Direction: crm.Inbound}},
	{"private", crm.Message{Owners: []crm.UserID{jan}, Private: true}},
	{"among colleagues", crm.Message{Owners: []crm.UserID{jan}, Direction: crm.Within}},
	{"mailbox shared in full", crm.Message{Owners: []crm.UserID{jan}, Copies: []crm.CopyRef{{Mailbox: "mbx_full"}}}},
	{"mailbox shared with the subject", crm.Message{Owners: []crm.UserID{jan}, Copies: []crm.CopyRef{{Mailbox: "mbx_subject"}}}},
	{"mailbox not shared", crm.Message{Owners: []crm.UserID{jan}, Copies: []crm.CopyRef{{Mailbox: "mbx_none"}}}},
	{"mailbox not shared, this message in full", crm.Message{ID: "msg_shown", Owners: []crm.UserID{jan}, Copies: []crm.CopyRef{{Mailbox: "mbx_none"}}}},
	{"shared in full, metadata only by an exclusion", crm.Message{Owners: []crm.UserID{jan}, Excluded: crm.MetadataOnly, Copies: []crm.CopyRef{{Mailbox: "mbx_full"}}}},
}

func lookers() []Viewer {
	p := NewPolicy(crm.NewSchema([]crm.Setting{
		crm.SharingSetting(crm.Sharing{Owner: jan, Mailboxes: map[crm.MailboxID]crm.MailLevel{"mbx_full": Full, "mbx_subject": Subject, "mbx_none": None},
			Exceptions: []crm.Exception{{Message: "msg_shown", Level: Full}}}),
		crm.RoleSetting(crm.MemberRole{Key: "none", Name: "None"}),
		crm.MembershipSetting(crm.Membership{User: dan, Role: crm.RoleAdmin}),
		crm.MembershipSetting(crm.Membership{User: eve, Role: "none"}),
		crm.MembershipSetting(crm.Membership{User: bob, Role: crm.RoleBilling}),
	}))
	return []Viewer{p.Member(jan), p.Member(ola), p.Member(dan), p.Member(eve), p.Member(bob), Operator()}
}

// TestTable holds the printed table against the rules.
func TestTable(t *testing.T) {
	got := table()
	if *update {
		if err := os.WriteFile("ROLES.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("ROLES.md")
	if err != nil || string(have) != got {
		t.Errorf("ROLES.md is not what the rules say (go test ./internal/access -update): %v", err)
	}
}

// TestIndexAgrees holds the index against the decision: what a filter holds is
// what may be read, for every reach, owner and verb.
func TestIndexAgrees(t *testing.T) {
	for _, reach := range crm.Reaches() {
		for _, lead := range []crm.UserID{"", ola} {
			v, p := tree(crm.MemberRole{Key: "r", Name: "R", Others: rights(reach), Rights: []crm.Right{crm.RightTasks}}, lead)
			for _, w := range whose {
				r := crm.Record{Kind: crm.KindDeal, Values: map[string]any{"owner": string(w.holder)}}
				var in []string
				if w.territory {
					in = []string{"steel"}
				}
				r.Audience = p.Audience(&r, in)
				f := v.Filter(crm.KindDeal)
				if f.Holds(r.Audience) != v.Reads(&r) {
					t.Errorf("reach %s, lead %q: of a record %s the index says %v, the decision %v", reach, lead, w.name, f.Holds(r.Audience), v.Reads(&r))
				}
				for _, do := range crm.Verbs() {
					if v.Can(do, &r) != v.Reads(&r) {
						t.Errorf("reach %s: %s of a record %s", reach, do, w.name)
					}
				}
				if len(f.Tokens) > maxTokens {
					t.Errorf("%d tokens", len(f.Tokens))
				}
			}
		}
	}
}

// TestExactest finds the exception that counts.
func TestExactest(t *testing.T) {
	m := &crm.Message{ID: "msg_a", Owners: []crm.UserID{jan}, Copies: []crm.CopyRef{{Mailbox: "mbx_a"}}, Links: []crm.Link{{Record: "dea_a"}}}
	rules := []crm.Exception{{Message: "msg_a", To: ola, Level: Full}, {Message: "msg_a", Level: None}, {Record: "dea_a", To: ola, Level: Subject},
		{Record: "dea_a", Level: Metadata}, {To: ola, Level: None}}
	want := []Level{Full, None, Subject, Metadata, None, Full}
	for i := range want {
		p := NewPolicy(crm.NewSchema([]crm.Setting{crm.SharingSetting(crm.Sharing{Owner: jan, Mailboxes: map[crm.MailboxID]crm.MailLevel{"mbx_a": Full}, Exceptions: rules[i:]})}))
		if d := Decide(p.Member(ola), m); d.Level != want[i] {
			t.Errorf("without the first %d exceptions ola sees %s by %s, want %s", i, d.Level, d.Why, want[i])
		}
		turned := slices.Clone(rules[i:])
		slices.Reverse(turned)
		p = NewPolicy(crm.NewSchema([]crm.Setting{crm.SharingSetting(crm.Sharing{Owner: jan, Mailboxes: map[crm.MailboxID]crm.MailLevel{"mbx_a": Full}, Exceptions: turned})}))
		if d := Decide(p.Member(ola), m); d.Level != want[i] {
			t.Errorf("in another order ola sees %s, want %s", d.Level, want[i])
		}
	}
}

// BenchmarkDecide is the cost of access in a card: the viewer of a request and
// the decisions over the mail and the records that one card shows.
func BenchmarkDecide(b *testing.B) {
	_, p := tree(crm.MemberRole{Key: "r", Name: "R", Others: rights(crm.ReachTeam), Rights: []crm.Right{crm.RightTasks}}, "")
	m := crm.Message{Owners: []crm.UserID{jan}, Direction: crm.Inbound, Subject: "s"}
	r := crm.Record{Kind: crm.KindDeal, Values: map[string]any{"owner": string(jan)}}
	for b.Loop() {
		v := p.Member(ola)
		for range 10 {
			_ = Redact(m, Message(v, &m))
		}
		for range 20 {
			if v.Reads(&r) {
				_ = v.Show(r)
			}
		}
	}
}
