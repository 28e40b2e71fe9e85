package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Index is one declared index: fields of equality first, then at most one array
// field, then at most one ordered field; the document id ends every key. It
// serves the order in both directions: an index table is read either way, and
// the index file declares one index of Firestore for each.
type Index struct {
	Collection string
	Equal      []string // compared for equality, in the order of the key
	Array      string   // array field, "" for none
	Order      string   // ordered field, "" orders by id
}

// Name identifies the index by its definition.
func (ix *Index) Name() string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{ix.Collection, ix.Array, ix.Order}, ix.Equal...), "\x00")))
	return ix.Collection + "-" + hex.EncodeToString(sum[:8])
}

// Indexes are all declared indexes, as in manifests/firestore.indexes.json.
type Indexes struct {
	by     map[string][]*collectionIndex
	fields map[string]*collectionFields
}

// collectionIndex is an index with what is needed to compute its entries.
type collectionIndex struct {
	Index
	equal []int // slots of the field tree
	array int   // -1 for none
	order int
}

type collectionFields struct {
	tree  *fieldTree
	paths []string
}

// indexFile is the form of firestore.indexes.json.
type indexFile struct {
	Indexes        []compositeIndex `json:"indexes"`
	FieldOverrides []fieldOverride  `json:"fieldOverrides"`
}

type compositeIndex struct {
	CollectionGroup string       `json:"collectionGroup"`
	QueryScope      string       `json:"queryScope"`
	Fields          []indexField `json:"fields"`
}

type indexField struct {
	FieldPath   string `json:"fieldPath"`
	Order       string `json:"order,omitempty"`
	ArrayConfig string `json:"arrayConfig,omitempty"`
}

type fieldOverride struct {
	CollectionGroup string          `json:"collectionGroup"`
	FieldPath       string          `json:"fieldPath"`
	Indexes         []overrideIndex `json:"indexes"`
}

type overrideIndex struct {
	Order       string `json:"order,omitempty"`
	ArrayConfig string `json:"arrayConfig,omitempty"`
	QueryScope  string `json:"queryScope"`
}

// ParseIndexes reads an index file.
func ParseIndexes(file []byte) ([]Index, error) {
	var f indexFile
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, crm.E(crm.Invalid, "store.ParseIndexes", "the index file cannot be read", err)
	}
	var out []Index
	add := func(ix Index) {
		if !slices.ContainsFunc(out, func(x Index) bool { return x.sortKey() == ix.sortKey() }) {
			out = append(out, ix)
		}
	}
	for _, c := range f.Indexes {
		add(c.index())
	}
	for _, o := range f.FieldOverrides {
		for _, i := range o.Indexes {
			ix := Index{Collection: o.CollectionGroup}
			if i.ArrayConfig != "" {
				ix.Array = o.FieldPath
			} else {
				ix.Order = o.FieldPath
			}
			add(ix)
		}
	}
	return out, nil
}

// index reads a composite: its last field is the ordered one unless it is an
// array; a trailing __name__ orders by id and leaves all others to equality.
func (c compositeIndex) index() Index {
	ix := Index{Collection: c.CollectionGroup}
	last := len(c.Fields) - 1
	for i, f := range c.Fields {
		switch {
		case f.ArrayConfig != "":
			ix.Array = f.FieldPath
		case f.FieldPath == "__name__":
		case i == last:
			ix.Order = f.FieldPath
		default:
			ix.Equal = append(ix.Equal, f.FieldPath)
		}
	}
	return ix
}

// FormatIndexes writes the index file of a list of indexes, sorted, with the
// automatic single-field indexes of each collection switched off.
func FormatIndexes(list []Index, collections []string) ([]byte, error) {
	f := indexFile{Indexes: []compositeIndex{}}
	for _, name := range collections {
		f.FieldOverrides = append(f.FieldOverrides, fieldOverride{CollectionGroup: name, FieldPath: "*", Indexes: []overrideIndex{}})
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Index) int { return strings.Compare(a.sortKey(), b.sortKey()) })
	for _, ix := range list {
		if o, single := ix.override(); single {
			f.FieldOverrides = append(f.FieldOverrides, o)
			continue
		}
		f.Indexes = append(f.Indexes, ix.composite("ASCENDING"))
		if ix.Order != "" {
			f.Indexes = append(f.Indexes, ix.composite("DESCENDING"))
		}
	}
	out, err := json.MarshalIndent(f, "", "  ")
	return append(out, '\n'), err
}

func (ix Index) sortKey() string {
	return strings.Join(append([]string{ix.Collection}, append(slices.Clone(ix.Equal), ix.Array, ix.Order)...), "\x00")
}

func (ix Index) override() (fieldOverride, bool) {
	o := fieldOverride{CollectionGroup: ix.Collection}
	switch {
	case len(ix.Equal) == 0 && ix.Array != "" && ix.Order == "":
		o.FieldPath = ix.Array
		o.Indexes = []overrideIndex{{ArrayConfig: "CONTAINS", QueryScope: "COLLECTION"}}
	case len(ix.Equal) == 0 && ix.Array == "" && ix.Order != "":
		o.FieldPath = ix.Order
		o.Indexes = []overrideIndex{{Order: "ASCENDING", QueryScope: "COLLECTION"}, {Order: "DESCENDING", QueryScope: "COLLECTION"}}
	default:
		return o, false
	}
	return o, true
}

// composite writes the index with its last field in a direction, which
// Firestore reads one way only.
func (ix Index) composite(direction string) compositeIndex {
	c := compositeIndex{CollectionGroup: ix.Collection, QueryScope: "COLLECTION"}
	for _, f := range ix.Equal {
		c.Fields = append(c.Fields, indexField{FieldPath: f, Order: "ASCENDING"})
	}
	if ix.Array != "" {
		c.Fields = append(c.Fields, indexField{FieldPath: ix.Array, ArrayConfig: "CONTAINS"})
	}
	order := ix.Order
	if order == "" {
		order = "__name__"
	}
	c.Fields = append(c.Fields, indexField{FieldPath: order, Order: direction})
	return c
}
