package crm

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Statistic declares a figure over the timeline of a record, or over the records
// that point to it.
type Statistic struct {
	Do     StatisticOp `cbor:"do" json:"do" enum:"count,sum,first,last,min,max"`
	Over   string      `cbor:"over" json:"over" doc:"mail, inbound, outbound, the plural of an activity, or <plural>.<relation>: records that point here"`
	Value  string      `cbor:"value,omitempty" json:"value,omitempty" doc:"Field of those records; without: their time"`
	Within int         `cbor:"within,omitempty" json:"within,omitempty" doc:"Days back from now; 0 for all"`
}

// StatisticOp is what a statistic does with the values.
type StatisticOp string

const (
	StatCount StatisticOp = "count"
	StatSum   StatisticOp = "sum"
	StatFirst StatisticOp = "first"
	StatLast  StatisticOp = "last"
	StatMin   StatisticOp = "min"
	StatMax   StatisticOp = "max"
)

// Item is one thing that a statistic looks at: when it was, and its value.
type Item struct {
	At    Time
	Value any // nil: nothing is said
}

// statisticType is a figure over other records, computed when it is read.
func statisticType() fieldType {
	return fieldType{widget: "statistic", derived: true, parse: refuseDerived, format: plainText, check: checkStatistic}
}

func checkStatistic(f Field) error {
	ops := []StatisticOp{StatCount, StatSum, StatFirst, StatLast, StatMin, StatMax}
	switch {
	case f.Stat == nil:
		return Errorf(Invalid, "crm.Field", "a statistic says what it does over what").WithField("stat")
	case !slices.Contains(ops, f.Stat.Do):
		return Errorf(Invalid, "crm.Field", "%q is nothing that a statistic does", Clip(string(f.Stat.Do), 20)).WithField("stat.do").
			WithHint("one of count, sum, first, last, min, max")
	case f.Stat.Within < 0 || f.Stat.Within > 36500:
		return Errorf(Invalid, "crm.Field", "a window is 0 to 36500 days").WithField("stat.within")
	case f.Stat.Do == StatSum && f.Stat.Value == "":
		return Errorf(Invalid, "crm.Field", "a sum needs a field of numbers").WithField("stat.value")
	}
	return nil
}

// Relation returns the plural and the relation of a statistic over records that
// point here; ok is false for one over the timeline.
func (s Statistic) Relation() (plural, relation string, ok bool) { return strings.Cut(s.Over, ".") }

// Since is the beginning of the window, 0 when there is none.
func (s Statistic) Since(now Time) Time {
	if s.Within == 0 {
		return 0
	}
	return now.Add(-time.Duration(s.Within) * 24 * time.Hour)
}

// Of computes the figure: a count is an int64, a sum too unless a value is
// broken; the others are a value or, without a field, a Time. nil when nothing
// is there to tell. The order of the items decides nothing.
func (s Statistic) Of(items []Item, now Time) any {
	since := s.Since(now)
	kept := make([]Item, 0, len(items))
	for _, it := range items {
		if s.Value == "" {
			it.Value = it.At
		}
		if it.At >= since && it.At <= now && (s.Do == StatCount || it.Value != nil) {
			kept = append(kept, it)
		}
	}
	switch s.Do {
	case StatCount:
		return int64(len(kept))
	case StatSum:
		return sum(kept)
	}
	if len(kept) == 0 {
		return nil
	}
	byTime := func(a, b Item) int { return cmp.Or(cmp.Compare(a.At, b.At), compareAny(a.Value, b.Value)) }
	byValue := func(a, b Item) int { return compareAny(a.Value, b.Value) }
	switch s.Do {
	case StatFirst:
		return slices.MinFunc(kept, byTime).Value
	case StatLast:
		return slices.MaxFunc(kept, byTime).Value
	case StatMin:
		return slices.MinFunc(kept, byValue).Value
	}
	return slices.MaxFunc(kept, byValue).Value
}

// sum adds whole numbers as such; broken ones in order of size, so that the
// order of the items does not show in the last digits.
func sum(items []Item) any {
	var whole int64
	var broken []float64
	for _, it := range items {
		switch n := it.Value.(type) {
		case int64:
			whole += n
		case float64:
			broken = append(broken, n)
		case map[string]any:
			whole += MoneyOf(n).Minor
		}
	}
	if broken == nil {
		return whole
	}
	slices.Sort(broken)
	total := float64(whole)
	for _, n := range broken {
		total += n
	}
	return total
}

// compareAny orders values of one field.
func compareAny(a, b any) int {
	switch a.(type) {
	case int64, float64:
		return compareNumbers(a, b)
	case Time:
		return comparing[Time](a, b)
	case map[string]any:
		return cmp.Compare(MoneyOf(a).Minor, MoneyOf(b).Minor)
	}
	return strings.Compare(plainText(Field{}, a), plainText(Field{}, b))
}
