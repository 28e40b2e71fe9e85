package api

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
)

var update = flag.Bool("update", false, "write ROUTES.md anew")

// asker is one column of the table: somebody with a role, or nobody.
type asker struct {
	name   string // of the column, and of the key in the walk
	role   crm.MemberRole
	nobody bool
	viewer access.Viewer
}

// askers are the columns: the built roles, one for each reach, the operator.
func askers() []*asker {
	same := func(r crm.Reach) crm.FolderRights { return crm.FolderRights{Create: r, Read: r, Update: r, Delete: r} }
	out := []*asker{{name: "nobody", nobody: true}}
	for _, r := range crm.BuiltRoles() {
		out = append(out, &asker{name: r.Key, role: r})
	}
	for _, reach := range crm.Reaches()[:len(crm.Reaches())-1] {
		r := crm.MemberRole{Key: "r_" + string(reach), Name: string(reach), Others: same(reach), Rights: []crm.Right{crm.RightTasks}}
		out = append(out, &asker{name: string(reach), role: r})
	}
	var settings []crm.Setting
	for _, a := range out[1:] {
		settings = append(settings, crm.RoleSetting(a.role), crm.MembershipSetting(crm.Membership{User: crm.UserID(a.name), Role: a.role.Key}))
	}
	p := access.NewPolicy(crm.NewSchema(settings))
	for _, a := range out[1:] {
		a.viewer = p.Member(crm.UserID(a.name))
	}
	return append(out, &asker{name: "operator", viewer: access.Operator()})
}

// cell says what a route answers somebody: "-" is a refusal.
func (a *asker) cell(r route) string {
	n := needOf(r)
	if n == needNothing {
		return "yes"
	}
	if a.nobody {
		return "-"
	}
	yes := func(ok bool, word string) string {
		if ok {
			return word
		}
		return "-"
	}
	v := a.viewer
	if right, ok := n.right(); ok {
		return yes(v.May(right), "yes")
	}
	if verb, ok := n.verb(); ok {
		reach := v.Reach(verb, crm.KindContact)
		return yes(reach != crm.ReachNone, string(reach))
	}
	switch n {
	case needOperator:
		return yes(v.Operator, "yes")
	case needSelf:
		return yes(!v.Operator, "own")
	case needFolders:
		return yes(v.Records(), "yes")
	case needHolding:
		return yes(true, map[bool]string{true: "all", false: "own"}[v.Operator])
	case needMail:
		switch {
		case v.Operator || v.May(crm.RightBilling):
			return "-"
		case v.Records():
			return "shared"
		}
		return "own"
	}
	return "yes"
}

// routes are the routes of the table: those of one folder stand for all, as one
// handler serves them.
func (w *world) routes() []route {
	var out []route
	for _, r := range w.table {
		tag := slices.ContainsFunc(crm.Nouns(), func(n crm.Noun) bool { return n.Plural == r.tag && n.Kind != crm.KindDeal })
		if !tag || r.id == "convert-lead" {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.path+" "+a.method, b.path+" "+b.method) })
	return out
}

func (w *world) routeTable() string {
	var b strings.Builder
	b.WriteString("# What each route asks, and what each role gets\n\nMade by `go test ./internal/api -run TestNeeds -update` from the table of routes and the rules of roles; the test\n" +
		"asks every route as everybody here, with records of their own, of their team, of a team below and of others.\n\n" +
		"- `-`: refused, nothing is written. `yes`: whatever it names. `own`: what they made, own or hold; the rest does not exist to them (404).\n" +
		"- `own`, `team`, `subtree`, `all` at records: how far their reach goes, see [ROLES.md](../access/ROLES.md); what lies beyond is 404.\n" +
		"- `shared`: of a mail what its owners share, of their own everything.\n" +
		"- none, own, team, subtree are roles that may so much in all folders and have no other right.\n" +
		"- The routes of deals stand for those of every folder. A key of somebody needs the scope too; `*` no key may do.\n\n")
	columns := askers()
	b.WriteString("| route | needs | key |")
	for _, a := range columns {
		b.WriteString(" " + a.name + " |")
	}
	b.WriteString("\n|---|---|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, r := range w.routes() {
		key := string(grantOf(r.tag, r.method, r.path))
		if refusedToKeys(r.tag, r.method) {
			key = "*"
		}
		if r.open {
			key = ""
		}
		fmt.Fprintf(&b, "| %s %s | %s | %s |", r.method, strings.TrimPrefix(r.path, "/api/v1"), needOf(r), key)
		for _, a := range columns {
			fmt.Fprintf(&b, " %s |", a.cell(r))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// asks is the walk of the table: its people are in a team that has one below,
// and records belong to them, to a colleague, to somebody below, to somebody else.
type asks struct {
	*walk
	whose map[string]crm.UserID
	made  map[string]string // records that nobody has changed yet, by folder and owner
	mine  map[string]bool   // ids of all records that were made to be asked about
}

// holders are the owners of records, and the narrowest reach that holds theirs.
var holders = []struct {
	name  string
	reach crm.Reach
}{{"mine", crm.ReachOwn}, {"mate", crm.ReachTeam}, {"below", crm.ReachSubtree}, {"else", crm.ReachAll}}

func newAsks(t *testing.T) *asks {
	w := &asks{walk: newWalk(t), whose: map[string]crm.UserID{}, made: map[string]string{}, mine: map[string]bool{}}
	op := records.By{Cause: crm.CauseCLI}
	for _, team := range []crm.Team{{Key: "top", Name: "Top"}, {Key: "low", Name: "Low", Parent: "top"}} {
		_, err := w.deps.Records.SetTeam(t.Context(), op, team)
		must(t, err)
	}
	join := func(name, role string, teams ...string) {
		u := w.user("ask-"+name, "ask-"+name+"@brightwell.example")
		w.whose[name] = u.ID
		_, err := w.deps.Records.SetMembership(t.Context(), op, crm.Membership{User: u.ID, Role: role, Teams: teams})
		must(t, err)
	}
	join("mate", crm.RoleMember, "top")
	join("below", crm.RoleMember, "low")
	join("else", crm.RoleMember)
	for _, a := range askers() {
		if a.role.Key == "" {
			continue
		}
		if strings.HasPrefix(a.role.Key, "r_") {
			_, err := w.deps.Records.SetRole(t.Context(), op, a.role)
			must(t, err)
		}
		join(a.name, a.role.Key, "top")
	}
	return w
}

// record makes a record of somebody.
func (w *asks) record(n crm.Noun, owner crm.UserID) string {
	w.t.Helper()
	by := records.By{Actor: owner, Cause: crm.CauseUI}
	made, err := w.deps.Records.Create(w.t.Context(), by, records.Draft{Kind: n.Kind, Values: w.values(n, owner)})
	must(w.t, err)
	return string(made.Record.ID)
}

// values are what a record of somebody needs.
func (w *asks) values(n crm.Noun, owner crm.UserID) map[string]any {
	out := map[string]any{}
	for _, f := range n.Fields {
		switch {
		case f.Key == "owner" || f.Key == "assignee":
			out[f.Key] = string(owner)
		case f.System || f.Type.Derived() || f.Choices != nil:
		case f.Key == "started":
			out[f.Key] = "2026-11-20T10:00:00Z"
		case f.Key == n.Title || f.Required && f.Type == crm.FieldLongText:
			out[f.Key] = "x"
		}
	}
	return out
}

// TestNeeds holds the printed table against the routes, and asks every route as
// everybody in it.
func TestNeeds(t *testing.T) {
	w := newAsks(t)
	got := w.routeTable()
	if *update {
		must(t, os.WriteFile("ROUTES.md", []byte(got), 0o644))
	}
	if have, err := os.ReadFile("ROUTES.md"); err != nil || string(have) != got {
		t.Errorf("ROUTES.md is not what the routes ask (go test ./internal/api -run TestNeeds -update): %v", err)
	}
	before := w.picture()
	for _, r := range w.table {
		if needOf(r) == "" {
			t.Errorf("%s %s: say in needs.go what it needs", r.method, r.path)
		}
	}
	for _, op := range w.operations() {
		r := w.table[op.method+" "+ginPath(op.path)]
		if _, ok := needOf(r).verb(); ok && r.tag != "records" {
			before = w.askRecord(op, r, before)
		} else {
			before = w.askRoute(op, r, before)
		}
	}
}

// as is the name of an asker in the walk.
func (a *asker) as() string {
	switch {
	case a.nobody:
		return ""
	case a.viewer.Operator:
		return "operator"
	}
	return "ask-" + a.name
}

// askRoute asks a route that names no record: those first who are refused, which
// changes nothing.
func (w *asks) askRoute(op operation, r route, before map[string]uint64) map[string]uint64 {
	w.t.Helper()
	var may []*asker
	for _, a := range askers() {
		switch {
		case a.name == "team" || a.name == "subtree": // own stands for them
		case a.cell(r) == "-":
			if res := w.askAs(op, a); res.Code < 400 {
				w.t.Errorf("%s %s answers %s with %d, the table says no", op.method, op.path, a.name, res.Code)
			}
		default:
			may = append(may, a)
		}
	}
	if op.method != http.MethodGet {
		w.unchanged("the refusals of "+op.method+" "+op.path, before)
	}
	wrote := false
	for _, a := range may {
		if a.viewer.Operator && op.method != http.MethodGet || r.limit >= longLimit && op.method == http.MethodGet {
			continue // the operator's word is law: it would end the walk; and whole exports are walked elsewhere
		}
		res := w.askAs(op, a)
		refused := res.Code == http.StatusForbidden || res.Code == http.StatusUnauthorized
		if a.cell(r) == "yes" && refused && !refusedToKeys(r.tag, r.method) && !r.open {
			w.t.Errorf("%s %s refuses %s with %d, the table says yes: %s", op.method, op.path, a.name, res.Code, crm.Clip(res.Body.String(), 200))
		}
		wrote = wrote || res.Code < 400
	}
	if wrote && op.method != http.MethodGet {
		return w.picture()
	}
	return before
}

func (w *asks) askAs(op operation, a *asker) *httptest.ResponseRecorder {
	path, _ := w.fillPath(op.path, w.hidden)
	body, kind := w.body(op, w.hidden, "")
	return w.ask(call{method: op.method, path: path + "?" + w.queries(op, w.hidden)[0], as: a.as(), body: body}, kind)
}

// askRecord asks a route that names a record, of everybody's, in the same order.
// Of most folders one role is asked: one handler serves them all.
func (w *asks) askRecord(op operation, r route, before map[string]uint64) map[string]uint64 {
	w.t.Helper()
	n, _ := nounOf(op)
	verb, _ := needOf(r).verb()
	for _, turn := range []bool{false, true} {
		for _, a := range askers() {
			if a.nobody || a.name != "team" && !slices.Contains([]crm.Kind{crm.KindDeal, crm.KindTask, crm.KindNote}, n.Kind) {
				continue
			}
			for _, h := range holders {
				q := question{op: op, noun: n, a: a, name: h.name, owner: w.whose[h.name], reach: a.viewer.Reach(verb, n.Kind)}
				if h.name == "mine" {
					q.owner = w.whose[a.name]
				}
				if q.within = q.reach.Holds(h.reach); q.asked() && q.within == turn {
					w.askOne(q)
				}
			}
		}
		if op.method != http.MethodGet && !turn {
			delete(before, "counter/ticket_number")
			w.unchanged("the refusals of "+op.method+" "+op.path, w.known(before))
		}
	}
	return w.picture()
}

// known takes in the records that were made to be asked about.
func (w *asks) known(before map[string]uint64) map[string]uint64 {
	for key, sum := range w.picture() {
		_, id, _ := strings.Cut(key, "/")
		if _, had := before[key]; !had && (w.mine[id] || strings.HasPrefix(key, "change/")) {
			before[key] = sum
		}
	}
	return before
}

// question is a route that is asked by somebody of somebody's record.
type question struct {
	op     operation
	noun   crm.Noun
	a      *asker
	name   string // whose the record is
	owner  crm.UserID
	reach  crm.Reach
	within bool
}

// asked tells whether there is such a record, and no question says the same.
func (q *question) asked() bool {
	_, assigned := q.noun.Field("assignee")
	_, owned := q.noun.Field("owner")
	named := strings.Contains(q.op.path, "{id}")
	switch {
	case q.owner == "", q.name == "mine" && q.a.viewer.Reach(crm.Create, q.noun.Kind) == crm.ReachNone:
		return false // they can have none
	case q.reach == crm.ReachAll:
		return q.name == "else"
	case !named && q.op.method == http.MethodGet:
		return false // a list holds what one reaches, see TestWalkReads
	case !named:
		return owned || assigned
	}
	return true
}

func (w *asks) askOne(q question) {
	w.t.Helper()
	c := call{method: q.op.method, path: q.op.path, as: q.a.as()}
	if strings.Contains(q.op.path, "{id}") {
		c.path, c.body = strings.Replace(q.op.path, "{id}", w.target(q), 1), w.recordBody(q.op)
	} else if c.method == http.MethodPost {
		body, err := json.Marshal(map[string]any{"values": w.values(q.noun, q.owner)})
		must(w.t, err)
		c.body = string(body)
	}
	kind := ""
	if c.body != "" {
		kind = "application/json"
	}
	res := w.ask(c, kind)
	refused := res.Code == http.StatusNotFound || res.Code == http.StatusForbidden
	if refused == q.within || res.Code == http.StatusUnauthorized {
		w.t.Errorf("%s %s of %s to %s: %d, the table says %v: %s", c.method, q.op.path, q.name, q.a.name, res.Code, q.within, crm.Clip(res.Body.String(), 200))
	}
}

// target is a record of somebody; one that is about to change is used once.
func (w *asks) target(q question) string {
	key := string(q.noun.Kind) + " " + string(q.owner)
	id := w.made[key]
	if id == "" {
		id = w.record(q.noun, q.owner)
		w.made[key], w.mine[id] = id, true
	}
	if q.within && q.op.method != http.MethodGet {
		delete(w.made, key)
	}
	return id
}

// recordBody is a body that a route of one record takes.
func (w *asks) recordBody(op operation) string {
	switch {
	case op.RequestBody == nil:
		return ""
	case op.method == http.MethodPatch:
		return `{"values":{}}`
	case strings.HasSuffix(op.path, "/lose"):
		return `{"reason":"x"}`
	}
	return `{}`
}
