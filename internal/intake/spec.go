package intake

import (
	"encoding/json"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/table"
)

// KindName is what jobs that bring files in are called.
const KindName = "import"

// Stages of an import.
const (
	StageUploaded = "uploaded"
	StagePlan     = "plan"
	StagePlanned  = "planned"
	StageApply    = "apply"
	StageApplied  = "applied"
)

// Options are what people say of a file; what they leave empty is guessed.
type Options struct {
	Dialect *table.Dialect `json:"dialect,omitempty" doc:"How the file is written"`
	Map     []string       `json:"map,omitempty" doc:"The field of each column, empty for a column that is left out"`
	Match   []string       `json:"match,omitempty" doc:"Fields by which a row finds the record that it is about"`
	Then    records.Did    `json:"then,omitempty" enum:"merge,update,skip,create,error" doc:"What to do with a row whose record is there: merge fills what is empty, update replaces; both add to lists"`
	Make    *bool          `json:"make,omitempty" doc:"Make records that a column names and that are not there; on unless said otherwise"`
}

// Spec is what is to be done with a file.
type Spec struct {
	Kind    crm.Kind      `json:"kind"`
	File    string        `json:"file,omitempty"` // its name, for people
	Size    int64         `json:"size"`
	Columns []string      `json:"columns"`
	Dialect table.Dialect `json:"dialect"`
	Map     []string      `json:"map"`
	Match   []string      `json:"match"`
	Then    records.Did   `json:"then" enum:"merge,update,skip,create,error"`
	Make    bool          `json:"make"`
	Sample  [][]string    `json:"sample" doc:"The first rows as they are read"`
}

func specOf(j *crm.Job) (Spec, error) {
	var s Spec
	if err := json.Unmarshal(j.Spec, &s); err != nil {
		return s, crm.E(crm.Internal, "intake.specOf", "the job cannot be read", err)
	}
	return s, nil
}

// complete guesses what nobody said. head are the headings, or the first row.
func (s *Spec) complete(n crm.Noun, o Options) error {
	s.Map = guessMap(n, s.Columns)
	if o.Map != nil {
		if len(o.Map) > len(s.Columns) {
			return crm.Errorf(crm.Invalid, "intake.complete", "the file has %d columns", len(s.Columns)).WithField("map")
		}
		s.Map = append(slices.Clone(o.Map), make([]string, len(s.Columns)-len(o.Map))...)
	}
	if err := checkMap(n, s.Map); err != nil {
		return err
	}
	s.Match = o.Match
	if o.Match == nil {
		s.Match = guessMatch(n, s.Map)
	}
	for _, key := range s.Match {
		if !slices.Contains(n.Distinguishing(), key) {
			return crm.Errorf(crm.Invalid, "intake.complete", "records are not found by %q", crm.Clip(key, 40)).WithField("match").
				WithHint("one of " + strings.Join(n.Distinguishing(), ", "))
		}
	}
	s.Then = o.Then
	if s.Then == "" {
		s.Then = records.DidMerge
	}
	if !slices.Contains([]records.Did{records.DidMerge, records.DidUpdate, records.DidSkip, records.DidCreate, records.DidError}, s.Then) {
		return crm.Errorf(crm.Invalid, "intake.complete", "nothing is called %q", crm.Clip(string(s.Then), 40)).WithField("then").
			WithHint("one of merge, update, skip, create, error")
	}
	s.Make = o.Make == nil || *o.Make
	return nil
}

// checkMap refuses columns that become nothing a person may write.
func checkMap(n crm.Noun, columns []string) error {
	mapped := 0
	for i, key := range columns {
		if key == "" {
			continue
		}
		mapped++
		f, ok := n.Field(key)
		if !ok || f.System {
			return crm.Errorf(crm.Invalid, "intake.checkMap", "a %s has no field %q that a file may set", n.Kind, crm.Clip(key, 40)).
				WithField("map").WithHint("known fields: " + strings.Join(fieldsOf(n), ", "))
		}
		if !f.Many && slices.Contains(columns[:i], key) {
			return crm.Errorf(crm.Invalid, "intake.checkMap", "two columns become %s, which takes one value", key).WithField("map")
		}
	}
	if mapped == 0 {
		return crm.Errorf(crm.Invalid, "intake.checkMap", "no column becomes a field of a %s", n.Kind).WithField("map").
			WithHint("say which is which, as in --map 'E-mail=emails,Firm=company'; fields: " + strings.Join(fieldsOf(n), ", "))
	}
	return nil
}

func fieldsOf(n crm.Noun) []string {
	var out []string
	for _, f := range n.Fields {
		if !f.System {
			out = append(out, f.Key)
		}
	}
	return out
}

// guessMatch are the identities among the mapped fields; without any, the title.
func guessMatch(n crm.Noun, columns []string) []string {
	var out []string
	for _, key := range n.Distinguishing() {
		if key != n.Title && slices.Contains(columns, key) {
			out = append(out, key)
		}
	}
	if len(out) == 0 && slices.Contains(columns, n.Title) {
		out = append(out, n.Title)
	}
	return out
}
