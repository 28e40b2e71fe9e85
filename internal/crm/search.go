package crm

// Search is what can be found, by the beginnings of its words: the search index
// of engines without full text. It is a projection, see package search.
type Search struct {
	ID     string   `cbor:"-" json:"id"` // of the record or the message
	Kind   Kind     `cbor:"kind" json:"kind"`
	At     Time     `cbor:"at" json:"at"`
	Tokens []string `cbor:"tokens,omitempty" json:"-"`
}
