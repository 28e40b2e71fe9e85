package crm

// Workspace is one team's world: nothing in it refers to another workspace.
type Workspace struct {
	ID         WorkspaceID `cbor:"-" json:"id"`
	Name       string      `cbor:"name" json:"name"`
	OwnDomains []Domain    `cbor:"own_domains,omitempty" json:"own_domains,omitempty"` // mail among these is internal
	FreeMail   []Domain    `cbor:"free_mail,omitempty" json:"free_mail,omitempty"`     // never a company, beyond the built-in list
	Currency   Currency    `cbor:"currency" json:"currency"`
	Zone       string      `cbor:"zone" json:"zone"` // IANA
	Locale     string      `cbor:"locale" json:"locale"`
	IDKey      IDKey       `cbor:"id_key" json:"-"`             // see IDKey; only in the full export
	DataKey    string      `cbor:"data_key,omitempty" json:"-"` // by which its secrets are sealed, itself sealed with the key file; in no export
	CreatedAt  Time        `cbor:"created_at" json:"created_at"`
	TrackKeys  []TrackKey  `cbor:"track_keys,omitempty" json:"-"` // beside the one that follows from IDKey; the last one signs
}

// Setting is one named piece of configuration of the workspace: pipelines,
// fields, views. Exactly one of its parts is set.
type Setting struct {
	ID         string          `cbor:"-" json:"id"`
	Pipeline   *Pipeline       `cbor:"pipeline,omitempty" json:"pipeline,omitempty"`
	Folder     *Folder         `cbor:"folder,omitempty" json:"folder,omitempty"`
	Field      *FieldDef       `cbor:"field,omitempty" json:"field,omitempty"`
	Duplicates *DuplicateRules `cbor:"duplicates,omitempty" json:"duplicates,omitempty"`
	Role       *MemberRole     `cbor:"role,omitempty" json:"role,omitempty"`
	Team       *Team           `cbor:"team,omitempty" json:"team,omitempty"`
	Territory  *Territory      `cbor:"territory,omitempty" json:"territory,omitempty"`
	Sharing    *Sharing        `cbor:"sharing,omitempty" json:"-"`
	Membership *Membership     `cbor:"membership,omitempty" json:"membership,omitempty"`
	Mailing    *Mailing        `cbor:"mailing,omitempty" json:"mailing,omitempty"`
	Retention  *Retention      `cbor:"retention,omitempty" json:"retention,omitempty"`
	Calendar   *Calendar       `cbor:"calendar,omitempty" json:"calendar,omitempty"`
	Away       *Away           `cbor:"away,omitempty" json:"away,omitempty"`
	Clock      *Clock          `cbor:"clock,omitempty" json:"clock,omitempty"`
	Home       *Home           `cbor:"home,omitempty" json:"home,omitempty"`
	Signature  *Signature      `cbor:"signature,omitempty" json:"signature,omitempty"`
}
