package api

import (
	"net/http"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// need is what a route asks of its caller, in one word for whoever reads the
// table of routes: a right of a role, a verb on the record that it names, or one
// of those below.
type need string

const (
	needNothing  need = "nothing"  // nobody must be signed in
	needPresence need = "presence" // somebody is signed in; they see what is theirs, or everybody's
	needSelf     need = "self"     // a person, not the operator: it is about themselves
	needFolders  need = "folders"  // a role that reads records of some folder
	needHolding  need = "holding"  // who made it or owns it, and the operator: to others it does not exist
	needMail     need = "mail"     // what the owners of a mail share of it
	needOperator need = "operator" // the command line of the host
)

// needRight is a right of the caller's role.
func needRight(r crm.Right) need { return need("right " + string(r)) }

// needVerb is a verb on a record.
func needVerb(v crm.Verb) need { return need("record " + string(v)) }

// right is the right that is needed, if it is one.
func (n need) right() (crm.Right, bool) {
	r, ok := strings.CutPrefix(string(n), "right ")
	return crm.Right(r), ok
}

// verb is the verb on a record that is needed, if it is one.
func (n need) verb() (crm.Verb, bool) {
	v, ok := strings.CutPrefix(string(n), "record ")
	return crm.Verb(v), ok
}

// meets refuses a caller at the door whose role lacks the right that a route
// needs. What depends on the record, mail or mailbox the rooms decide.
func meets(v access.Viewer, r route) error {
	if right, ok := needOf(r).right(); ok {
		return v.Require(right)
	}
	return nil
}

// byTag is what the routes of a tag need: to read, and to write. A tag that
// stands neither here nor among the nouns fails the walk over all routes.
var byTag = map[string][2]need{
	"session":       {needSelf, needSelf},
	"users":         {needPresence, needOperator},
	"apikeys":       {needHolding, needHolding},
	"access":        {needRight(crm.RightAdmin), needRight(crm.RightAdmin)},
	"workspaces":    {needPresence, needSelf},
	"settings":      {needPresence, needRight(crm.RightAdmin)},
	"privacy":       {needRight(crm.RightAdmin), needRight(crm.RightAdmin)},
	"whole":         {needOperator, needOperator},
	"query":         {needFolders, needFolders},
	"search":        {needFolders, needOperator},
	"live":          {needPresence, needPresence},
	"records":       {needFolders, needFolders},
	"suggestions":   {needFolders, needFolders},
	"folders":       {needFolders, needRight(crm.RightSettings)},
	"pipelines":     {needFolders, needRight(crm.RightSettings)},
	"duplicates":    {needFolders, needFolders},
	"changes":       {needFolders, needHolding},
	"views":         {needHolding, needHolding},
	"segments":      {needHolding, needHolding},
	"templates":     {needHolding, needHolding},
	"notifications": {needSelf, needSelf},
	"messages":      {needMail, needMail},
	"threads":       {needMail, needMail},
	"questions":     {needMail, needMail},
	"rules":         {needHolding, needHolding},
	"mailboxes":     {needHolding, needHolding},
	"outgoing":      {needHolding, needHolding},
	"jobs":          {needHolding, needHolding},
	"imports":       {needHolding, needHolding},
	"exports":       {needHolding, needHolding},
	"bulk":          {needHolding, needHolding},
	"campaigns":     {needRight(crm.RightCampaigns), needRight(crm.RightCampaigns)},
	"sequences":     {needRight(crm.RightCampaigns), needRight(crm.RightCampaigns)},
}

// byRoute is what single routes need otherwise than their tag says.
var byRoute = map[string]need{
	"me":                  needPresence,
	"explain-access":      needFolders,
	"my-access":           needPresence,
	"my-sharing":          needSelf,
	"list-openings":       needSelf,
	"list-requests":       needSelf,
	"sign-out":            needPresence,
	"set-sharing":         needSelf,
	"add-user":            needRight(crm.RightAdmin),
	"make-link":           needHolding,
	"found-workspace":     needRight(crm.RightAdmin),
	"upload-import":       needRight(crm.RightImport),
	"plan-edit":           needRight(crm.RightBulkEdit),
	"begin-export":        needRight(crm.RightExport),
	"set-duplicate-rules": needRight(crm.RightSettings),
	"export-person":       needOperator,
	"trace-mail":          needSelf,
	"grant-request":       needHolding,
	"refuse-request":      needHolding,
	"set-mailing":         needRight(crm.RightSettings),
	"set-calendar":        needRight(crm.RightSettings),
	"new-track-key":       needRight(crm.RightSettings),
}

// needOf is what a route needs.
func needOf(r route) need {
	if r.open {
		return needNothing
	}
	if n, ok := byRoute[r.id]; ok {
		return n
	}
	reads := r.method == http.MethodGet
	if n, ok := byTag[r.tag]; ok && !namesRecord(r) {
		if reads {
			return n[0]
		}
		return n[1]
	}
	return ofRecord(r)
}

// namesRecord tells whether the path of a route names a record.
func namesRecord(r route) bool {
	return strings.HasPrefix(r.path, "/api/v1/records/") || strings.HasPrefix(r.path, "/api/v1/files/{")
}

// ofRecord is what the routes of a folder need.
func ofRecord(r route) need {
	isNoun := slices.ContainsFunc(crm.Nouns(), func(n crm.Noun) bool { return n.Plural == r.tag })
	switch {
	case !isNoun && !namesRecord(r):
		return ""
	case strings.HasSuffix(r.path, "/timeline"):
		return needMail
	case r.method == http.MethodGet:
		return needVerb(crm.Read)
	case r.method == http.MethodDelete:
		return needVerb(crm.Delete)
	case strings.HasSuffix(r.path, "{id}") || strings.Contains(r.path, "{id}/"):
		return needVerb(crm.Update)
	}
	return needVerb(crm.Create)
}
