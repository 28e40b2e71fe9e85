package store

import "threadline/internal/crm"

// The closed list of collections. Logged ones are written through Change only.
var (
	Workspaces  = collection("workspace", false, func(v *crm.Workspace) *crm.WorkspaceID { return &v.ID })
	Users       = collection("user", false, func(v *crm.User) *crm.UserID { return &v.ID })
	Sessions    = collection("session", false, func(v *crm.Session) *string { return &v.ID })
	Credentials = collection("credential", false, func(v *crm.Credential) *crm.UserID { return &v.ID })
	APIKeys     = collection("apikey", false, func(v *crm.APIKey) *string { return &v.ID })
	Settings    = collection("setting", true, func(v *crm.Setting) *string { return &v.ID })
	Mailboxes   = collection("mailbox", false, func(v *crm.Mailbox) *crm.MailboxID { return &v.ID })
	Boxes       = collection("box", false, func(v *crm.Box) *crm.BoxID { return &v.ID })
	Copies      = collection("copy", false, func(v *crm.Copy) *crm.CopyID { return &v.ID })
	Queue       = collection("queue", false, func(v *crm.Queued) *string { return &v.ID })
	Messages    = collection("message", false, func(v *crm.Message) *crm.MessageID { return &v.ID })
	Bodies      = collection("body", false, func(v *crm.Body) *crm.MessageID { return &v.ID })
	Threads     = collection("thread", false, func(v *crm.Thread) *crm.ThreadID { return &v.ID })
	Identities  = collection("identity", true, func(v *crm.Identity) *string { return &v.ID })
	Records     = collection("record", true, func(v *crm.Record) *crm.RecordID { return &v.ID })
	Activities  = collection("activity", true, func(v *crm.Record) *crm.RecordID { return &v.ID })
	Rules       = collection("rule", true, func(v *crm.Rule) *string { return &v.ID })
	Exclusions  = collection("exclusion", true, func(v *crm.Exclusion) *string { return &v.ID })
	Answers     = collection("answer", true, func(v *crm.Answer) *string { return &v.ID })
	Suggestions = collection("suggestion", true, func(v *crm.Suggestion) *string { return &v.ID })
	Templates   = collection("template", true, func(v *crm.Template) *string { return &v.ID })
	Claims      = collection("claim", true, func(v *crm.Claim) *string { return &v.ID })
	Counters    = collection("counter", false, func(v *crm.Counter) *string { return &v.ID })
	ChangeLog   = collection("change", false, func(v *crm.Change) *string { return &v.ID })
	Audit       = collection("audit", false, func(v *crm.AuditEntry) *string { return &v.ID })
	Arrivals    = collection("arrival", false, func(v *crm.Arrival) *string { return &v.ID })
	Jobs        = collection("job", false, func(v *crm.Job) *string { return &v.ID })
	JobParts    = collection("jobpart", false, func(v *crm.JobPart) *string { return &v.ID })
	Figures     = collection("figure", false, func(v *crm.Figures) *crm.RecordID { return &v.ID })
	Tallies     = collection("tally", false, func(v *crm.Tally) *string { return &v.ID })
	Searches    = collection("search", false, func(v *crm.Search) *string { return &v.ID })
	Outgoing    = collection("outgoing", false, func(v *crm.Outgoing) *string { return &v.ID })
	Draftings   = collection("drafting", false, func(v *crm.Drafting) *crm.UserID { return &v.ID })
	Openings    = collection("opening", false, func(v *crm.Opening) *string { return &v.ID })
	Requests    = collection("mailrequest", false, func(v *crm.MailRequest) *string { return &v.ID })
	Files       = collection("file", false, func(v *crm.StoredFile) *string { return &v.ID })
	Uploads     = collection("upload", false, func(v *crm.Uploads) *crm.UserID { return &v.ID })
	Leases      = collection("lease", false, func(v *crm.Lease) *string { return &v.ID })
)

// Collections of campaigns.
var (
	Campaigns    = collection("campaign", true, func(v *crm.Campaign) *string { return &v.ID })
	Recipients   = collection("recipient", false, func(v *crm.Recipient) *string { return &v.ID })
	Suppressions = collection("suppression", true, func(v *crm.Suppression) *string { return &v.ID })
	Sequences    = collection("sequence", true, func(v *crm.Sequence) *string { return &v.ID })
	Enrolments   = collection("enrolment", true, func(v *crm.Enrolment) *string { return &v.ID })
	Signers      = collection("signer", false, func(v *crm.Signer) *string { return &v.ID })
	Consents     = collection("consent", true, func(v *crm.Consent) *string { return &v.ID })
	Sightings    = collection("seen", false, func(v *crm.Seen) *string { return &v.ID })
	HitChunks    = collection("hit", false, func(v *crm.HitChunk) *string { return &v.ID })
)

// What people keep to look at records, and what they are told.
var (
	Views         = collection("view", true, func(v *crm.View) *string { return &v.ID })
	Segments      = collection("segment", true, func(v *crm.Segment) *string { return &v.ID })
	Picks         = collection("pick", true, func(v *crm.Pick) *string { return &v.ID })
	Notices       = collection("notice", false, func(v *crm.Notice) *string { return &v.ID })
	NoticeChoices = collection("noticechoice", true, func(v *crm.NoticeChoices) *crm.UserID { return &v.ID })
)

// Of a collection's documents, what the canonical export holds.
type exported string

const (
	exportAlways exported = "always"
	exportFull   exported = "full" // change log, cursors and id key: for moving house
	exportNever  exported = "never"
)

// CollectionInfo describes a collection to exports, engines and checks.
type CollectionInfo struct {
	Name   string
	Logged bool
	Export exported
	Feed   bool // its documents form the feed of Changes
}

// CollectionInfos is the closed list, in the order of the export.
func CollectionInfos() []CollectionInfo {
	return []CollectionInfo{
		{Name: Activities.Name, Logged: true, Export: exportAlways},
		{Name: Answers.Name, Logged: true, Export: exportAlways},
		{Name: APIKeys.Name, Export: exportNever},
		{Name: Arrivals.Name, Export: exportNever, Feed: true},
		{Name: Audit.Name, Export: exportNever},
		{Name: Bodies.Name, Export: exportAlways},
		{Name: Boxes.Name, Export: exportFull},
		{Name: Campaigns.Name, Logged: true, Export: exportAlways},
		{Name: ChangeLog.Name, Export: exportFull, Feed: true},
		{Name: Claims.Name, Logged: true, Export: exportAlways},
		{Name: Consents.Name, Logged: true, Export: exportAlways},
		{Name: Copies.Name, Export: exportAlways},
		{Name: Counters.Name, Export: exportFull},
		{Name: Credentials.Name, Export: exportNever},
		{Name: Draftings.Name, Export: exportNever},
		{Name: Enrolments.Name, Logged: true, Export: exportAlways},
		{Name: Exclusions.Name, Logged: true, Export: exportAlways},
		{Name: Files.Name, Export: exportFull},
		{Name: Figures.Name, Export: exportNever},
		{Name: HitChunks.Name, Export: exportFull},
		{Name: Identities.Name, Logged: true, Export: exportAlways},
		{Name: Jobs.Name, Export: exportNever},
		{Name: JobParts.Name, Export: exportNever},
		{Name: Leases.Name, Export: exportNever},
		{Name: Mailboxes.Name, Export: exportAlways},
		{Name: Messages.Name, Export: exportAlways},
		{Name: Openings.Name, Export: exportFull},
		{Name: Outgoing.Name, Export: exportFull},
		{Name: Notices.Name, Export: exportNever},
		{Name: NoticeChoices.Name, Logged: true, Export: exportAlways},
		{Name: Picks.Name, Logged: true, Export: exportAlways},
		{Name: Queue.Name, Export: exportFull},
		{Name: Recipients.Name, Export: exportAlways},
		{Name: Records.Name, Logged: true, Export: exportAlways},
		{Name: Requests.Name, Export: exportFull},
		{Name: Rules.Name, Logged: true, Export: exportAlways},
		{Name: Searches.Name, Export: exportNever},
		{Name: Sightings.Name, Export: exportAlways},
		{Name: Segments.Name, Logged: true, Export: exportAlways},
		{Name: Sequences.Name, Logged: true, Export: exportAlways},
		{Name: Sessions.Name, Export: exportNever},
		{Name: Settings.Name, Logged: true, Export: exportAlways},
		{Name: Signers.Name, Export: exportFull},
		{Name: Suggestions.Name, Logged: true, Export: exportAlways},
		{Name: Suppressions.Name, Logged: true, Export: exportAlways},
		{Name: Templates.Name, Logged: true, Export: exportAlways},
		{Name: Tallies.Name, Export: exportNever},
		{Name: Threads.Name, Export: exportFull},
		{Name: Uploads.Name, Export: exportNever},
		{Name: Users.Name, Export: exportAlways},
		{Name: Views.Name, Logged: true, Export: exportAlways},
		{Name: Workspaces.Name, Export: exportAlways},
	}
}

// collectionNames lists the names.
func collectionNames() []string {
	var out []string
	for _, c := range CollectionInfos() {
		out = append(out, c.Name)
	}
	return out
}
