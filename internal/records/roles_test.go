package records

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"

	"crypto/rand"
)

// company is a workspace with teams: north (lead bea) below sales (lead ann),
// south beside it; cid and dan in north, eve in south. Ola administers.
type company struct {
	*world
	ids map[string]crm.UserID
}

func newCompany(t testing.TB) *company {
	t.Helper()
	c := &company{world: newWorld(t), ids: map[string]crm.UserID{}}
	people := auth.New(c.sp.Store(), rand.Reader)
	for _, name := range []string{"ann", "bea", "cid", "dan", "eve"} {
		u, _, err := people.AddUser(t.Context(), c.sp, crm.Address(name+"@us.example"), name, "en")
		must(t, err)
		c.ids[name] = u.ID
	}
	op := By{Cause: crm.CauseCLI}
	for _, team := range []crm.Team{{Key: "sales", Name: "Sales", Lead: c.ids["ann"]}, {Key: "north", Name: "North", Parent: "sales", Lead: c.ids["bea"]}, {Key: "south", Name: "South", Parent: "sales"}} {
		_, err := c.SetTeam(t.Context(), op, team)
		must(t, err)
	}
	for name, teams := range map[string][]string{"cid": {"north"}, "dan": {"north"}, "eve": {"south"}} {
		_, err := c.SetMembership(t.Context(), op, crm.Membership{User: c.ids[name], Teams: teams})
		must(t, err)
	}
	_, err := c.SetMembership(t.Context(), op, crm.Membership{User: c.user.ID, Role: crm.RoleAdmin})
	must(t, err)
	return c
}

// give gives people a role of one reach for everything in all folders.
func (c *company) give(reach crm.Reach, names ...string) {
	c.t.Helper()
	op := By{Cause: crm.CauseCLI}
	all := crm.FolderRights{Create: reach, Read: reach, Update: reach, Delete: reach}
	_, err := c.SetRole(c.t.Context(), op, crm.MemberRole{Key: "r-" + string(reach), Name: "R", Others: all, Rights: []crm.Right{crm.RightTasks}})
	must(c.t, err)
	for _, name := range names {
		m := crm.Membership{User: c.ids[name], Role: "r-" + string(reach)}
		for _, x := range c.members() {
			if x.User == m.User {
				m.Teams = x.Teams
			}
		}
		_, err := c.SetMembership(c.t.Context(), op, m)
		must(c.t, err)
	}
}

func (c *company) members() []crm.Membership {
	sch, err := store.ReadSchema(c.t.Context(), c.sp)
	must(c.t, err)
	return memberships(sch)
}

func (c *company) eyes(name string) access.Viewer {
	c.t.Helper()
	v, err := c.Viewer(c.t.Context(), c.ids[name])
	must(c.t, err)
	return v
}

// listed is the names of the companies that somebody finds, sorted.
func (c *company) listed(name, q string) string {
	c.t.Helper()
	v := c.eyes(name)
	parsed := &query.Query{Kind: crm.KindCompany}
	if q != "" {
		var err error
		if parsed, err = c.Parse(c.t.Context(), v, q); !v.Records() {
			return ""
		}
		must(c.t, err)
	}
	found, err := c.Run(c.t.Context(), v, parsed, "")
	if !v.Records() {
		return ""
	}
	must(c.t, err)
	var out []string
	for _, d := range found.Items {
		out = append(out, d.Value.Text("name"))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestReaches is the table of reaches against owners: reading, listing, changing
// and deleting agree, and a refusal writes nothing.
func TestReaches(t *testing.T) {
	c := newCompany(t)
	made := map[string]crm.RecordID{}
	for name, id := range c.ids {
		made[name] = c.create(crm.KindCompany, map[string]any{"name": name, "owner": string(id)}).Record.ID
	}
	want := map[crm.Reach]map[string]string{
		crm.ReachNone:    {"ann": "", "bea": "", "cid": ""},
		crm.ReachOwn:     {"ann": "ann", "bea": "bea", "cid": "cid"},
		crm.ReachTeam:    {"ann": "ann bea cid dan eve", "bea": "bea cid dan", "cid": "bea cid dan", "eve": "eve"},
		crm.ReachSubtree: {"ann": "ann bea cid dan eve", "bea": "bea cid dan", "cid": "bea cid dan", "eve": "eve"},
		crm.ReachAll:     {"ann": "ann bea cid dan eve", "bea": "ann bea cid dan eve", "cid": "ann bea cid dan eve"},
	}
	for _, reach := range crm.Reaches() {
		for who, expect := range want[reach] {
			c.give(reach, who)
			t.Run(fmt.Sprintf("%s/%s", reach, who), func(t *testing.T) {
				if got := c.listed(who, ""); got != expect {
					t.Errorf("listed %q, want %q", got, expect)
				}
				if got := c.listed(who, "companies order by name"); got != expect {
					t.Errorf("listed in order %q, want %q", got, expect)
				}
				for owner, id := range made {
					c.tries(t, who, id, slices.Contains(strings.Fields(expect), owner))
				}
			})
			c.give(crm.ReachAll, who)
		}
	}
}

// tries reads, changes and deletes a record; a record beyond reach does not
// exist.
func (c *company) tries(t *testing.T, who string, id crm.RecordID, may bool) {
	t.Helper()
	before := c.state(t)
	by := By{Actor: c.ids[who], Cause: crm.CauseAPI}
	_, err := c.Get(t.Context(), c.eyes(who), id)
	if (err == nil) != may || !may && !crm.IsKind(err, crm.NotFound) && c.eyes(who).Records() {
		t.Errorf("reads %s: %v", id, err)
	}
	_, err = c.Update(t.Context(), by, id, Patch{Values: map[string]any{"website": "https://x.example"}, IfMatch: 99})
	if want := crm.Conflict; !may {
		want = crm.NotFound
		if !crm.IsKind(err, want) {
			t.Errorf("a change of %s with a wrong version tells %v", id, err)
		}
	} else if !crm.IsKind(err, want) {
		t.Errorf("a wrong version: %v", err)
	}
	saved, err := c.Update(t.Context(), by, id, Patch{Values: map[string]any{"website": "https://x.example"}})
	if (err == nil) != may || !may && !crm.IsKind(err, crm.NotFound) {
		t.Errorf("changes %s: %v", id, err)
	}
	if err == nil {
		_, err = c.Undo(t.Context(), by, saved.Batch)
		must(t, err)
	}
	batch, err := c.Delete(t.Context(), by, id, 0)
	if (err == nil) != may || !may && !crm.IsKind(err, crm.NotFound) {
		t.Errorf("deletes %s: %v", id, err)
	}
	if err == nil {
		_, err = c.Undo(t.Context(), by, batch)
		must(t, err)
	}
	c.wantState(t, before)
}

// TestLosesAtOnce takes a role, a team and a territory away.
func TestLosesAtOnce(t *testing.T) {
	c := newCompany(t)
	op := By{Cause: crm.CauseCLI}
	c.give(crm.ReachTeam, "cid")
	c.create(crm.KindCompany, map[string]any{"name": "dans", "owner": string(c.ids["dan"])})
	c.create(crm.KindCompany, map[string]any{"name": "polish", "owner": string(c.ids["eve"]), "about": "steel"})
	_, err := c.SetTerritory(t.Context(), op, crm.Territory{Key: "steel", Name: "Steel", Rules: []string{`companies where about ~ "steel"`}, Manager: c.ids["cid"]})
	must(t, err)
	if got := c.listed("cid", ""); got != "dans polish" {
		t.Fatalf("cid lists %q", got)
	}
	batch, err := c.SetMembership(t.Context(), op, crm.Membership{User: c.ids["cid"], Role: "r-team"})
	must(t, err)
	if got := c.listed("cid", ""); got != "polish" {
		t.Fatalf("without the team cid lists %q", got)
	}
	_, err = c.Undo(t.Context(), op, batch)
	must(t, err)
	if got := c.listed("cid", ""); got != "dans polish" {
		t.Fatalf("back in the team cid lists %q", got)
	}
	_, err = c.SetTerritory(t.Context(), op, crm.Territory{Key: "steel", Name: "Steel", Rules: []string{`companies where about ~ "wood"`}, Manager: c.ids["cid"]})
	must(t, err)
	if got := c.listed("cid", ""); got != "dans" {
		t.Fatalf("with another rule cid lists %q", got)
	}
	_, err = c.SetRole(t.Context(), op, crm.MemberRole{Key: "r-team", Name: "None"})
	must(t, err)
	if v := c.eyes("cid"); v.Records() {
		t.Error("a role that lost everything still reads")
	}
	for _, rules := range [][]string{{"companies where owner = me"}, {"deals where company.name = \"x\""}, {"companies where created_at > 7d ago"}, {"companies order by name"}, {"nothing where"}} {
		if _, err := c.SetTerritory(t.Context(), op, crm.Territory{Key: "bad", Name: "Bad", Rules: rules}); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("the rule %q: %v", rules, err)
		}
	}
}

// TestHiddenField names a hidden field in every way there is: the answer is that
// of a field that does not exist.
func TestHiddenField(t *testing.T) {
	c := newCompany(t)
	op := By{Cause: crm.CauseCLI}
	made := c.create(crm.KindCompany, map[string]any{"name": "Acme", "about": "secret", "website": "https://acme.example"})
	_, err := c.SetRole(t.Context(), op, crm.MemberRole{Key: "blind", Name: "Blind", Others: crm.AllRights(), Rights: []crm.Right{crm.RightTasks},
		Fields: []crm.FieldRule{{Kind: crm.KindCompany, Field: "about", Effect: crm.FieldHidden}, {Kind: crm.KindCompany, Field: "website", Effect: crm.FieldReadOnly}}})
	must(t, err)
	_, err = c.SetMembership(t.Context(), op, crm.Membership{User: c.ids["eve"], Role: "blind"})
	must(t, err)
	v, by := c.eyes("eve"), By{Actor: c.ids["eve"], Cause: crm.CauseAPI}
	doc, err := c.Get(t.Context(), v, made.Record.ID)
	must(t, err)
	if doc.Value.Values["about"] != nil || doc.Value.Text("website") == "" {
		t.Errorf("eve sees %v", doc.Value.Values)
	}
	for _, q := range []string{`companies where about = "secret"`, "companies order by about", `deals where company.about = "secret"`} {
		if _, err := c.Parse(t.Context(), v, q); !crm.IsKind(err, crm.Invalid) || strings.Contains(fmt.Sprint(err), "secret\" is") {
			t.Errorf("%s: %v", q, err)
		}
	}
	_, err = c.Update(t.Context(), by, made.Record.ID, Patch{Values: map[string]any{"about": "x"}})
	c.wantError(err, crm.Invalid, "about")
	if e, ok := err.(*crm.Error); ok && strings.Contains(e.Hint, "about") {
		t.Errorf("the hint names the hidden field: %s", e.Hint)
	}
	_, err = c.Update(t.Context(), by, made.Record.ID, Patch{Values: map[string]any{"website": "https://other.example"}})
	c.wantError(err, crm.Denied, "website")
	page, err := c.History(t.Context(), v, string(made.Record.ID), Page{})
	must(t, err)
	if got := fmt.Sprint(page); strings.Contains(got, "secret") {
		t.Errorf("the history tells %s", got)
	}
	if _, err := c.Undo(t.Context(), by, made.Batch); err != nil {
		t.Errorf("who may delete the company may undo its making: %v", err)
	}
}
