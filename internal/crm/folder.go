package crm

import (
	"slices"
	"strings"
)

// folderPrefix begins the kind and the id prefix of every folder that a
// workspace made, so that they meet no noun of the table, now or later.
const folderPrefix = "x-"

// activityPrefix begins those of the kinds of activities that it made.
const activityPrefix = "a-"

// Folder is a kind of record that a workspace made for itself.
type Folder struct {
	Key      string            `cbor:"key" json:"key"`       // never changes; its records' kind is x-<key> or a-<key>
	Plural   string            `cbor:"plural" json:"plural"` // path of the API and word of the query language
	Labels   map[string]string `cbor:"labels,omitempty" json:"labels,omitempty" doc:"Language to the name of one"`
	Staged   bool              `cbor:"staged,omitempty" json:"staged,omitempty" doc:"Its records move through a pipeline"`
	Activity bool              `cbor:"activity,omitempty" json:"activity,omitempty" doc:"What happens with records, such as a visit: it stands on their timelines"`
}

// Kind is the kind of the folder's records.
func (f Folder) Kind() Kind {
	if f.Activity {
		return Kind(activityPrefix + f.Key)
	}
	return Kind(folderPrefix + f.Key)
}

// Custom tells whether a workspace made the kind.
func (k Kind) Custom() bool { return k.base() != string(k) }

// base is the key of a kind that a workspace made, and any other kind itself.
func (k Kind) base() string {
	return strings.TrimPrefix(strings.TrimPrefix(string(k), folderPrefix), activityPrefix)
}

// Check tells whether the folder can be made.
func (f Folder) Check() error {
	const op = Op("crm.Folder")
	if !word(f.Key, "", 20) {
		return Errorf(Invalid, op, "%q cannot be the key of a folder", Clip(f.Key, 40)).WithField("key").
			WithHint("small letters and digits, at most 20, a letter first")
	}
	if !word(f.Plural, "_-", 40) {
		return Errorf(Invalid, op, "%q cannot be the plural of a folder", Clip(f.Plural, 40)).WithField("plural").
			WithHint("small letters, digits, _ and -, at most 40, a letter first")
	}
	if f.Activity && f.Staged {
		return Errorf(Invalid, op, "what happens moves through no pipeline").WithField("staged")
	}
	for _, n := range nouns {
		if n.Plural == f.Plural || string(n.Kind) == f.Key {
			return Errorf(Exists, op, "%s is built in", f.Plural).WithField("plural")
		}
	}
	return checkLabels(f.Labels)
}

// noun is what the records of the folder are, before its own fields.
func (f Folder) noun() Noun {
	n, _ := bareFolder(string(f.Kind()))
	n.Plural = f.Plural
	if n.Staged = f.Staged; f.Staged {
		n = n.with(staged()...)
	}
	return n
}

// bareFolder is the noun of a folder of which only the kind is known: the
// fields that all folders have.
func bareFolder(kind string) (Noun, bool) {
	key := Kind(kind).base()
	if key == kind || !word(key, "", 20) {
		return Noun{}, false
	}
	if strings.HasPrefix(kind, activityPrefix) {
		return bareActivity(kind, key), true
	}
	return Noun{
		Kind: Kind(kind), Prefix: kind, Plural: key, Title: "name",
		Fields: []Field{
			{Key: "name", Type: FieldText, Required: true},
			{Key: "emails", Type: FieldEmail, Many: true, Personal: true},
			{Key: "phones", Type: FieldPhone, Many: true, Personal: true},
			{Key: "company", Type: FieldRelation, To: KindCompany},
			{Key: "contacts", Type: FieldRelation, To: KindContact, Many: true},
			{Key: "owner", Type: FieldUser},
			{Key: "about", Type: FieldLongText},
			{Key: "former", Type: FieldText, Many: true, System: true}, // tokens held in the past
		},
	}, true
}

// bareActivity is the noun of a kind of activity that a workspace made.
func bareActivity(kind, key string) Noun {
	return Noun{
		Kind: Kind(kind), Prefix: kind, Plural: key, Title: "title", Activity: true,
		Fields: []Field{
			{Key: "title", Type: FieldText, Required: true},
			{Key: "started", Type: FieldTime},
			{Key: "outcome", Type: FieldText},
			{Key: "about", Type: FieldLongText},
			{Key: "records", Type: FieldRelation, Many: true},
		},
	}
}

// word tells whether s begins with a small letter and has only such, digits and
// the signs in more.
func word(s, more string, limit int) bool {
	if s == "" || len(s) > limit || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789"+more) == ""
}

// checkLabels tells whether the names that people read are fit.
func checkLabels(labels map[string]string) error {
	for lang, s := range labels {
		if t, err := textOf(s, maxLine); err != nil || t == "" || len(lang) > 10 || !word(lang, "-", 10) {
			return Errorf(Invalid, "crm.Labels", "a label is a language and a text").WithField("labels." + Clip(lang, 10))
		}
	}
	return nil
}

// reserved are keys that no field of a workspace may take.
func reserved(key string) bool {
	return strings.HasSuffix(key, "_roles") || slices.Contains([]string{"id", "kind", "created_at", "created_by", "values", "version", "feed",
		"first_touch", "last_touch", "last_inbound", "last_outbound", "mails_30d", "days_in_stage", "rotting", "next_task", "next_task_due", "turn"}, key)
}
