package crm

// Kind names a noun: what a record is.
type Kind string

const (
	KindContact Kind = "contact"
	KindCompany Kind = "company"
	KindDeal    Kind = "deal"
	KindTask    Kind = "task"
	KindNote    Kind = "note"
	KindCall    Kind = "call"
)

// Noun describes a kind of record. Store, API, import, export and generic
// screens follow from the table Nouns.
type Noun struct {
	Kind     Kind
	Plural   string // path segment of the API and word of the query language
	Prefix   string // of its ids
	Activity bool   // stands on timelines by itself and lies in the activity collection
	Title    string // the field that people call it by
	Fields   []Field
	Check    func(*Record) error // rules across fields; may be nil
}

// Field is one field of a noun.
type Field struct {
	Key      string
	Type     FieldType
	Required bool
	Many     bool // a list of values
	To       Kind // of a relation: the kind it points to; empty for any
	Choices  []string
	System   bool // set by the program, refused from outside
}

// nouns is the one table of nouns: a new one is a file and a line here.
var nouns = []Noun{Contact(), Company(), Deal(), Task(), Note(), Call()}

// Nouns returns the table; it is not to be changed.
func Nouns() []Noun { return nouns }

// NounOf returns the noun of a kind.
func NounOf(k Kind) (Noun, bool) {
	for _, n := range nouns {
		if n.Kind == k {
			return n, true
		}
	}
	return Noun{}, false
}

// NounOfID returns the noun that the prefix of an id names.
func NounOfID(id RecordID) (Noun, bool) {
	prefix := IDPrefix(string(id))
	for _, n := range nouns {
		if n.Prefix == prefix {
			return n, true
		}
	}
	return Noun{}, false
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
