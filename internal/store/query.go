package store

// Query asks for documents of one collection: any number of equalities, at most
// one In or one array test, at most one ranged field, and an explicit order by
// the ranged field (or by id alone). There is no offset, no "not equal" and no
// free OR, because not every engine can keep them.
type Query struct {
	Where []Filter
	Order string // path of the ordered field; "" orders by id
	Desc  bool   // needs an Order: Firestore does not scan ids backwards
	Limit int    // 1..MaxLimit; 0 means DefaultLimit
	After string // Page.Next of the page before

	// Without names documents that the caller has: they count for the limit, and
	// are left out.
	Without func(id string) bool

	bare bool // ids alone
}

// Limits of a query.
const (
	DefaultLimit = 50
	MaxLimit     = 1000
	maxIn        = 10
	maxAny       = 30
)

// Filter is one condition.
type Filter struct {
	Field string // path, steps joined by a dot
	Op    FilterOp
	Value any  // one value, or []any for In and ContainsAny
	wide  bool // of AmongAll and HasAmong
}

// FilterOp is the kind of a filter.
type FilterOp string

const (
	Eq          FilterOp = "=="
	In          FilterOp = "in"
	Contains    FilterOp = "contains"
	ContainsAny FilterOp = "contains_any"
	Lt          FilterOp = "<"
	Le          FilterOp = "<="
	Gt          FilterOp = ">"
	Ge          FilterOp = ">="
)

// Is makes an equality.
func Is(field string, v any) Filter { return Filter{Field: field, Op: Eq, Value: v} }

// Has makes an array test for one value.
func Has(field string, v any) Filter { return Filter{Field: field, Op: Contains, Value: v} }

// OneOf makes a filter for any of at most 10 values.
func OneOf[T any](field string, vs []T) Filter {
	return Filter{Field: field, Op: In, Value: anys(vs)}
}

// HasAny makes an array test for any of at most 30 values.
func HasAny[T any](field string, vs []T) Filter {
	return Filter{Field: field, Op: ContainsAny, Value: anys(vs)}
}

func anys[T any](vs []T) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = v
	}
	return out
}
