package intake

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
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
	Encoding  table.Encoding    `json:"encoding,omitempty" enum:"utf-8,utf-16le,utf-16be,windows-1250,windows-1252"`
	Delimiter string            `json:"delimiter,omitempty" enum:"comma,semicolon,tab,bar"`
	Header    *bool             `json:"header,omitempty" doc:"Whether the first row holds headings"`
	Map       []string          `json:"map,omitempty" doc:"The field of each column, empty for a column that is left out"`
	Columns   map[string]string `json:"columns,omitempty" doc:"Corrections of the guess: heading of a column, or its number from 1, to a field; to nothing leaves it out"`
	Match     []string          `json:"match,omitempty" doc:"Fields by which a row finds the record that it is about"`
	Then      records.Did       `json:"then,omitempty" enum:"merge,update,skip,create,error" doc:"What to do with a row whose record is there: merge fills what is empty, update replaces; both add to lists"`
	Make      *bool             `json:"make,omitempty" doc:"Make records that a column names and that are not there; on unless said otherwise"`
}

// over lays what is said now over what was said before.
func (o Options) over(was Options) Options {
	o.Encoding = cmp.Or(o.Encoding, was.Encoding)
	o.Delimiter = cmp.Or(o.Delimiter, was.Delimiter)
	o.Then = cmp.Or(o.Then, was.Then)
	o.Header, o.Make = cmp.Or(o.Header, was.Header), cmp.Or(o.Make, was.Make)
	if o.Match == nil {
		o.Match = was.Match
	}
	if o.Map == nil && o.Columns == nil {
		o.Map, o.Columns = was.Map, was.Columns
	}
	return o
}

// Decision is what a person decides on a single row.
type Decision struct {
	Row    int64        `json:"row" minimum:"1" doc:"As a spreadsheet counts"`
	Do     records.Did  `json:"do,omitempty" enum:"create,update,merge,skip" doc:"Without: as the plan says"`
	Record crm.RecordID `json:"record,omitempty" maxLength:"100" doc:"The record that the row is about"`
}

// maxDecisions bounds the decisions on single rows; more are made in the file.
const maxDecisions = 2000

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
	Said    Options       `json:"said" doc:"What people said; the rest is guessed"`
	Decided []Decision    `json:"decided,omitempty" doc:"On single rows, by their number"`
}

// decisions are the decisions by row.
func (s *Spec) decisions() map[int64]Decision {
	out := make(map[int64]Decision, len(s.Decided))
	for _, d := range s.Decided {
		out[d.Row] = d
	}
	return out
}

// decide lays decisions over the earlier ones.
func (s *Spec) decide(list []Decision) error {
	all := s.decisions()
	for _, d := range list {
		switch {
		case d.Do == "" && d.Record == "":
			delete(all, d.Row)
			continue
		case d.Record != "":
			if n, ok := crm.NounOfID(d.Record); !ok || n.Kind != s.Kind {
				return crm.Errorf(crm.Invalid, "intake.decide", "%q is no %s", crm.Clip(string(d.Record), 60), s.Kind).WithField("record")
			}
			if d.Do == records.DidCreate {
				return crm.Errorf(crm.Invalid, "intake.decide", "row %d cannot become a new record and be about one that there is", d.Row).WithField("do")
			}
		}
		all[d.Row] = d
	}
	if len(all) > maxDecisions {
		return crm.Errorf(crm.TooLarge, "intake.decide", "at most %d rows are decided on one by one", maxDecisions).WithField("rows").
			WithHint("change the file, or the fields by which records are found")
	}
	s.Decided = nil
	for _, row := range slices.Sorted(maps.Keys(all)) {
		s.Decided = append(s.Decided, all[row])
	}
	return nil
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
	if err := s.mapped(n, o); err != nil {
		return err
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

// mapped says which column becomes which field.
func (s *Spec) mapped(n crm.Noun, o Options) error {
	const op = crm.Op("intake.mapped")
	s.Map = guessMap(n, s.Columns)
	if o.Map != nil {
		if len(o.Map) > len(s.Columns) {
			return crm.Errorf(crm.Invalid, op, "the file has %d columns", len(s.Columns)).WithField("map")
		}
		s.Map = append(slices.Clone(o.Map), make([]string, len(s.Columns)-len(o.Map))...)
	}
	said := map[int]string{}
	for _, heading := range slices.Sorted(maps.Keys(o.Columns)) {
		i := slices.IndexFunc(s.Columns, func(c string) bool { return crm.FoldName(c) == crm.FoldName(heading) })
		if number, err := strconv.Atoi(heading); i < 0 && err == nil {
			i = number - 1
		}
		if i < 0 || i >= len(s.Columns) {
			return crm.Errorf(crm.Invalid, op, "the file has no column %q", crm.Clip(heading, 60)).WithField("columns").
				WithHint("its columns: " + crm.Clip(strings.Join(s.Columns, ", "), 500))
		}
		said[i] = o.Columns[heading]
	}
	for k, key := range s.Map { // what people say goes before what was guessed
		f, ok := n.Field(key)
		if _, by := said[k]; ok && !f.Many && !by && slices.Contains(slices.Collect(maps.Values(said)), key) {
			s.Map[k] = ""
		}
	}
	for i, key := range said {
		s.Map[i] = key
	}
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
		if !f.Many && !joins(n, f) && slices.Contains(columns[:i], key) {
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
