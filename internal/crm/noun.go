package crm

import "slices"

// Kind names a noun: what a record is.
type Kind string

const (
	KindContact Kind = "contact"
	KindCompany Kind = "company"
	KindDeal    Kind = "deal"
	KindLead    Kind = "lead"
	KindTicket  Kind = "ticket"
	KindProduct Kind = "product"
	KindTask    Kind = "task"
	KindNote    Kind = "note"
	KindCall    Kind = "call"
	KindMeeting Kind = "meeting"
	KindComment Kind = "comment"
)

// Noun describes a kind of record. Store, API, import, export and generic
// screens follow from the table Nouns, and from the Schema of a workspace,
// which adds its own fields and folders.
type Noun struct {
	Kind     Kind
	Plural   string // path segment of the API and word of the query language
	Prefix   string // of its ids
	Activity bool   // stands on timelines by itself and lies in the activity collection
	Staged   bool   // its records move through the stages of a pipeline
	Title    string // the field that people call it by
	Fields   []Field
	Archived []Field             // of the workspace's own: hidden, with values that are kept
	Check    func(*Record) error // rules across fields; may be nil
}

// nouns is the one table of nouns: a new one is a file and a line here.
var nouns = []Noun{Contact(), Company(), Deal(), Lead(), Ticket(), Product(), Task(), Note(), Call(), Meeting(), Comment()}

// Nouns returns the table; it is not to be changed.
func Nouns() []Noun { return nouns }

// NounOf returns the noun of a kind. Of a folder that a workspace made it knows
// what every such folder has; its Schema knows all.
func NounOf(k Kind) (Noun, bool) {
	for _, n := range nouns {
		if n.Kind == k {
			return n, true
		}
	}
	return bareFolder(string(k))
}

// NounOfID returns the noun that the prefix of an id names, as NounOf does.
func NounOfID(id RecordID) (Noun, bool) {
	prefix := IDPrefix(string(id))
	for _, n := range nouns {
		if n.Prefix == prefix {
			return n, true
		}
	}
	return bareFolder(prefix)
}

// Field returns the field with the key.
func (n Noun) Field(key string) (Field, bool) {
	for _, f := range n.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// with returns the noun with more fields.
func (n Noun) without(key string) Noun {
	n.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return f.Key == key })
	return n
}

func (n Noun) with(fields ...Field) Noun {
	n.Fields = append(n.Fields[:len(n.Fields):len(n.Fields)], fields...)
	return n
}
