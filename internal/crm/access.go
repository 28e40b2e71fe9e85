package crm

import (
	"slices"
	"strings"
)

// Verb is what somebody does with a record.
type Verb string

const (
	Create Verb = "create"
	Read   Verb = "read"
	Update Verb = "update"
	Delete Verb = "delete"
)

// Verbs lists them.
func Verbs() []Verb { return []Verb{Create, Read, Update, Delete} }

// Reach says on which records of a folder a role may do something. Each holds
// what those before it hold.
type Reach string

const (
	ReachNone    Reach = "none"
	ReachOwn     Reach = "own"     // records that the person holds, see Record.Holder
	ReachTeam    Reach = "team"    // and those of everybody in a team of theirs, or in a territory of theirs
	ReachSubtree Reach = "subtree" // and those of everybody in a team below
	ReachAll     Reach = "all"
)

// Reaches lists them, the narrowest first.
func Reaches() []Reach { return []Reach{ReachNone, ReachOwn, ReachTeam, ReachSubtree, ReachAll} }

// Holds tells whether a reach holds another one.
func (r Reach) Holds(other Reach) bool {
	return slices.Index(Reaches(), r) >= slices.Index(Reaches(), other)
}

// FolderRights are the reaches of a role in one folder; empty is none. Creating
// within own means a record that one holds oneself.
type FolderRights struct {
	Create Reach `cbor:"create,omitempty" json:"create,omitempty" enum:"none,own,team,subtree,all"`
	Read   Reach `cbor:"read,omitempty" json:"read,omitempty" enum:"none,own,team,subtree,all"`
	Update Reach `cbor:"update,omitempty" json:"update,omitempty" enum:"none,own,team,subtree,all"`
	Delete Reach `cbor:"delete,omitempty" json:"delete,omitempty" enum:"none,own,team,subtree,all"`
}

// AllRights is everything in a folder.
func AllRights() FolderRights { return FolderRights{ReachAll, ReachAll, ReachAll, ReachAll} }

// Reach is the reach of a verb.
func (f FolderRights) Reach(v Verb) Reach {
	out := map[Verb]Reach{Create: f.Create, Read: f.Read, Update: f.Update, Delete: f.Delete}[v]
	if out == "" {
		return ReachNone
	}
	return out
}

// Right is something that a role may do beyond single records.
type Right string

const (
	RightImport    Right = "import"
	RightExport    Right = "export"
	RightBulkEdit  Right = "bulk_edit"
	RightCampaigns Right = "campaigns"
	RightReports   Right = "reports"
	RightWorkflows Right = "workflows"
	RightSettings  Right = "settings"     // folders, fields, pipelines, rules of duplicates, exclusions for all
	RightAdmin     Right = "admin"        // people, roles, teams, territories; no mail of others
	RightTasks     Right = "others_tasks" // tasks that are assigned to others
	RightBilling   Right = "billing_only" // nothing but the bill: takes all else away
)

// Rights lists them.
func Rights() []Right {
	return []Right{RightImport, RightExport, RightBulkEdit, RightCampaigns, RightReports, RightWorkflows, RightSettings, RightAdmin, RightTasks, RightBilling}
}

// FieldEffect is what a FieldRule takes away.
type FieldEffect string

const (
	FieldHidden   FieldEffect = "hidden"    // to the role the field does not exist
	FieldReadOnly FieldEffect = "read_only" // the role sees and does not change it
)

// FieldRule takes a field of a folder away from a role.
type FieldRule struct {
	Kind   Kind        `cbor:"kind" json:"kind"`
	Field  string      `cbor:"field" json:"field"`
	Effect FieldEffect `cbor:"effect" json:"effect" enum:"hidden,read_only"`
}

// MemberRole says what its members may do. A person has exactly one.
type MemberRole struct {
	Key     string                `cbor:"key" json:"key"`
	Name    string                `cbor:"name" json:"name"`
	Folders map[Kind]FolderRights `cbor:"folders,omitempty" json:"folders,omitempty" doc:"By kind"`
	Others  FolderRights          `cbor:"others" json:"others" doc:"In folders that are not named"`
	Rights  []Right               `cbor:"rights,omitempty" json:"rights,omitempty" enum:"import,export,bulk_edit,campaigns,reports,workflows,settings,admin,others_tasks,billing_only"`
	Fields  []FieldRule           `cbor:"fields,omitempty" json:"fields,omitempty"`
}

// In returns the rights in a folder.
func (r *MemberRole) In(k Kind) FolderRights {
	if f, ok := r.Folders[k]; ok {
		return f
	}
	return r.Others
}

// Keys of the roles that every workspace has. A workspace may set them
// otherwise; deleting that gives the built one back.
const (
	RoleMember  = "member"
	RoleAdmin   = "admin"
	RoleBilling = "billing"
)

// BuiltRoles are the roles of a workspace that set none. The member is the
// role of everybody of whom nothing else was said.
func BuiltRoles() []MemberRole {
	work := []Right{RightImport, RightExport, RightBulkEdit, RightCampaigns, RightReports, RightWorkflows, RightSettings, RightTasks}
	return []MemberRole{
		{Key: RoleAdmin, Name: "Admin", Others: AllRights(), Rights: append(slices.Clone(work), RightAdmin)},
		{Key: RoleMember, Name: "Member", Others: AllRights(), Rights: work},
		{Key: RoleBilling, Name: "Billing", Rights: []Right{RightBilling}},
	}
}

// Check refuses a role that says what cannot be. kinds tells whether a folder
// has a field; an empty field asks for the folder.
func (r *MemberRole) Check(known func(k Kind, field string) bool) error {
	const op = Op("crm.MemberRole")
	if err := checkKey("role", r.Key, r.Name); err != nil {
		return err
	}
	for k, f := range r.Folders {
		if !known(k, "") {
			return Errorf(Invalid, op, "there is no folder %q", Clip(string(k), 40)).WithField("folders")
		}
		if err := f.check(); err != nil {
			return err.WithField("folders." + string(k))
		}
	}
	if err := r.Others.check(); err != nil {
		return err.WithField("others")
	}
	for _, right := range r.Rights {
		if !slices.Contains(Rights(), right) {
			return Errorf(Invalid, op, "there is no right %q", Clip(string(right), 40)).WithField("rights")
		}
	}
	for _, rule := range r.Fields {
		switch {
		case !known(rule.Kind, rule.Field):
			return Errorf(Invalid, op, "%s has no field %q", Clip(string(rule.Kind), 40), Clip(rule.Field, 40)).WithField("fields")
		case rule.Effect != FieldHidden && rule.Effect != FieldReadOnly:
			return Errorf(Invalid, op, "there is no effect %q", Clip(string(rule.Effect), 40)).WithField("fields").WithHint("hidden or read_only")
		}
	}
	return nil
}

// check refuses a right to change what one may not read.
func (f FolderRights) check() *Error {
	const op = Op("crm.FolderRights")
	for _, v := range Verbs() {
		if !slices.Contains(Reaches(), f.Reach(v)) {
			return Errorf(Invalid, op, "there is no reach %q", Clip(string(f.Reach(v)), 40)).WithHint("none, own, team, subtree or all")
		}
		if v != Create && !f.Reach(Read).Holds(f.Reach(v)) {
			return Errorf(Invalid, op, "the reach to %s is wider than the reach to read", v).WithHint("widen read, or narrow " + string(v))
		}
	}
	return nil
}

// Team is a group of people. Teams form a tree.
type Team struct {
	Key    string `cbor:"key" json:"key"`
	Name   string `cbor:"name" json:"name"`
	Parent string `cbor:"parent,omitempty" json:"parent,omitempty" doc:"Key of the team above"`
	Lead   UserID `cbor:"lead,omitempty" json:"lead,omitempty" doc:"Belongs to the team; a reach of team goes for them down to the teams below"`
}

// Territory is a part of the market: the records that any of its rules holds.
// Territories form a tree; who belongs to one belongs to those below.
type Territory struct {
	Key     string   `cbor:"key" json:"key"`
	Name    string   `cbor:"name" json:"name"`
	Parent  string   `cbor:"parent,omitempty" json:"parent,omitempty" doc:"Key of the territory above"`
	Rules   []string `cbor:"rules,omitempty" json:"rules,omitempty" doc:"Queries over single records, one for each folder: companies where country = \"PL\""`
	Manager UserID   `cbor:"manager,omitempty" json:"manager,omitempty"`
	Members []UserID `cbor:"members,omitempty" json:"members,omitempty"`
}

// Membership is a person's role and teams. Of whom there is none has the role
// of a member and no team.
type Membership struct {
	User  UserID   `cbor:"user" json:"user"`
	Role  string   `cbor:"role,omitempty" json:"role,omitempty" doc:"Key of a role; empty for member"`
	Teams []string `cbor:"teams,omitempty" json:"teams,omitempty" doc:"Keys of teams"`
}

// Settings that hold who may what; their ids follow from the keys.

// RoleSetting is the setting that holds a role.
func RoleSetting(r MemberRole) Setting { return Setting{ID: "role_" + r.Key, Role: &r} }

// TeamSetting is the setting that holds a team.
func TeamSetting(t Team) Setting { return Setting{ID: "team_" + t.Key, Team: &t} }

// TerritorySetting is the setting that holds a territory.
func TerritorySetting(t Territory) Setting { return Setting{ID: "territory_" + t.Key, Territory: &t} }

// MembershipSetting is the setting that holds a membership.
func MembershipSetting(m Membership) Setting {
	return Setting{ID: "membership_" + string(m.User), Membership: &m}
}

// Check refuses a team that cannot be.
func (t Team) Check() error { return checkKey("team", t.Key, t.Name) }

// Check refuses a territory that cannot be; rules are checked by package
// records, which knows the fields.
func (t Territory) Check() error {
	if len(t.Rules) > 20 {
		return Errorf(TooLarge, "crm.Territory", "a territory has at most 20 rules").WithField("rules")
	}
	return checkKey("territory", t.Key, t.Name)
}

func checkKey(what, key, name string) error {
	if !word(key, "_-", 40) {
		return Errorf(Invalid, "crm.checkKey", "%q cannot be the key of a %s", Clip(key, 40), what).WithField("key").
			WithHint("small letters, digits, _ and -, at most 40, a letter first")
	}
	if t, err := textOf(name, maxLine); err != nil || t == "" {
		return Errorf(Invalid, "crm.checkKey", "the %s needs a name", what).WithField("name")
	}
	return nil
}

// Holder is the person whose record it is: its owner, of a task the assignee;
// of a record without either whoever made it.
func (r *Record) Holder() UserID {
	for _, key := range []string{"owner", "assignee"} {
		if u := r.Text(key); strings.HasPrefix(u, PrefixUser+"_") {
			return UserID(u)
		}
	}
	return r.CreatedBy
}
