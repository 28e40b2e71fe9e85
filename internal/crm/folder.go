package crm

import (
	"slices"
	"strings"
)

// folderPrefix begins the kind and the id prefix of every folder that a
// workspace made, so that they meet no noun of the table, now or later.
const folderPrefix = "x-"

// Folder is a kind of record that a workspace made for itself.
type Folder struct {
	Key    string            `cbor:"key" json:"key"`       // never changes; its records' kind is x-<key>
	Plural string            `cbor:"plural" json:"plural"` // path of the API and word of the query language
	Labels map[string]string `cbor:"labels,omitempty" json:"labels,omitempty" doc:"Language to the name of one"`
	Staged bool              `cbor:"staged,omitempty" json:"staged,omitempty" doc:"Its records move through a pipeline"`
}

// Kind is the kind of the folder's records.
func (f Folder) Kind() Kind { return Kind(folderPrefix + f.Key) }

// Custom tells whether a workspace made the kind.
func (k Kind) Custom() bool { return strings.HasPrefix(string(k), folderPrefix) }

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
	key, ok := strings.CutPrefix(kind, folderPrefix)
	if !ok || !word(key, "", 20) {
		return Noun{}, false
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
