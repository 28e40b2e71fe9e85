package crm

import (
	"slices"
	"strconv"
	"strings"
)

// StageKind says what a stage means for the result.
type StageKind string

const (
	StageOpen StageKind = "open"
	StageWon  StageKind = "won"
	StageLost StageKind = "lost"
)

// Stage is one step of a pipeline.
type Stage struct {
	Key         string    `cbor:"key" json:"key"`
	Name        string    `cbor:"name" json:"name"`
	Kind        StageKind `cbor:"kind" json:"kind" enum:"open,won,lost"`
	Probability int       `cbor:"probability" json:"probability"` // percent
	RotDays     int       `cbor:"rot_days,omitempty" json:"rot_days,omitempty" doc:"After so many days here it is stuck; 0 as the pipeline says"`
	Gate        string    `cbor:"gate,omitempty" json:"gate,omitempty" doc:"What must hold of a record that enters, in the query language"`
}

// Pipeline is the sequence of stages of one line of business.
type Pipeline struct {
	Key     string  `cbor:"key" json:"key"`
	Name    string  `cbor:"name" json:"name"`
	Kind    Kind    `cbor:"kind,omitempty" json:"kind,omitempty" doc:"Whose records move through it; empty for deals"`
	RotDays int     `cbor:"rot_days,omitempty" json:"rot_days,omitempty" doc:"After so many days in a stage a record is stuck; 0 for never"`
	Stages  []Stage `cbor:"stages" json:"stages"`
}

const maxStages = 50

// For is the kind whose records move through the pipeline.
func (p Pipeline) For() Kind {
	if p.Kind == "" {
		return KindDeal
	}
	return p.Kind
}

// Rot is how many days a record may be in a stage before it is stuck, 0 for
// ever.
func (p Pipeline) Rot(s Stage) int {
	if s.RotDays > 0 {
		return s.RotDays
	}
	return p.RotDays
}

// Stage returns the stage with the key.
func (p Pipeline) Stage(key string) (Stage, bool) {
	for _, s := range p.Stages {
		if s.Key == key {
			return s, true
		}
	}
	return Stage{}, false
}

// First returns the first stage of a kind.
func (p Pipeline) First(k StageKind) (Stage, bool) {
	i := slices.IndexFunc(p.Stages, func(s Stage) bool { return s.Kind == k })
	if i < 0 {
		return Stage{}, false
	}
	return p.Stages[i], true
}

// Check tells whether a workspace may save the pipeline; one of an earlier time may
// be without an end. Gates are checked by
// package records, which knows the fields.
func (p Pipeline) Check() error {
	const op = Op("crm.Pipeline")
	if !word(p.Key, "_-", 40) {
		return Errorf(Invalid, op, "%q cannot be the key of a pipeline", Clip(p.Key, 40)).WithField("key").
			WithHint("small letters, digits, _ and -, at most 40, a letter first")
	}
	if s, err := textOf(p.Name, maxLine); err != nil || s == "" {
		return Errorf(Invalid, op, "a pipeline needs a name").WithField("name")
	}
	if p.RotDays < 0 || len(p.Stages) > maxStages {
		return Errorf(Invalid, op, "a pipeline has at most %d stages", maxStages).WithField("stages")
	}
	for i, s := range p.Stages {
		if err := s.check(p.Stages[:i]); err != nil {
			return err.WithField("stages[" + strconv.Itoa(i) + "]." + err.Field)
		}
	}
	if _, open := p.First(StageOpen); !open {
		return Errorf(Invalid, op, "a pipeline needs an open stage, where records begin").WithField("stages")
	}
	_, won := p.First(StageWon)
	_, lost := p.First(StageLost)
	if !won || !lost {
		return Errorf(Invalid, op, "a pipeline needs a stage that is won and one that is lost, where records end").WithField("stages").
			WithHint("give one stage the kind won, one the kind lost; they can have any name")
	}
	return nil
}

func (s Stage) check(before []Stage) *Error {
	const op = Op("crm.Stage")
	name, err := textOf(s.Name, maxLine)
	switch {
	case !word(s.Key, "_-", 40):
		return Errorf(Invalid, op, "%q cannot be the key of a stage", Clip(s.Key, 40)).WithField("key").
			WithHint("small letters, digits, _ and -, at most 40, a letter first")
	case slices.ContainsFunc(before, func(o Stage) bool { return o.Key == s.Key }):
		return Errorf(Invalid, op, "two stages are called %s", s.Key).WithField("key")
	case err != nil || name == "":
		return Errorf(Invalid, op, "a stage needs a name").WithField("name")
	case s.Kind != StageOpen && s.Kind != StageWon && s.Kind != StageLost:
		return Errorf(Invalid, op, "%q is no kind of stage", Clip(string(s.Kind), 20)).WithField("kind").WithHint("one of open, won, lost")
	case s.Probability < 0 || s.Probability > 100:
		return Errorf(Invalid, op, "a probability is 0 to 100 percent").WithField("probability")
	case s.RotDays < 0:
		return Errorf(Invalid, op, "days cannot be negative").WithField("rot_days")
	case len(s.Gate) > maxExpr:
		return Errorf(TooLarge, op, "a gate has at most %d bytes", maxExpr).WithField("gate")
	}
	return nil
}

// PipelineSetting is the setting that holds a pipeline; its id follows from the
// pipeline's key.
func PipelineSetting(p Pipeline) Setting {
	return Setting{ID: "pipeline_" + p.Key, Pipeline: &p}
}

// DefaultPipeline is what a new workspace starts with for deals.
func DefaultPipeline() Pipeline {
	return Pipeline{Key: "sales", Name: "Sales", Stages: []Stage{
		{Key: "qualified", Name: "Qualified", Kind: StageOpen, Probability: 20},
		{Key: "proposal", Name: "Proposal", Kind: StageOpen, Probability: 50},
		{Key: "negotiation", Name: "Negotiation", Kind: StageOpen, Probability: 75},
		{Key: "won", Name: "Won", Kind: StageWon, Probability: 100},
		{Key: "lost", Name: "Lost", Kind: StageLost, Probability: 0},
	}}
}

// BuiltPipeline is the pipeline of a kind that has none of its own.
func BuiltPipeline(k Kind) Pipeline {
	switch k {
	case KindDeal:
		return DefaultPipeline()
	case KindTicket:
		return Pipeline{Key: "support", Name: "Support", Kind: k, Stages: []Stage{
			{Key: "new", Name: "New", Kind: StageOpen},
			{Key: "open", Name: "Open", Kind: StageOpen},
			{Key: "waiting", Name: "Waiting for the customer", Kind: StageOpen},
			{Key: "resolved", Name: "Resolved", Kind: StageWon, Probability: 100},
			{Key: "rejected", Name: "Rejected", Kind: StageLost},
		}}
	}
	key := k.base()
	return Pipeline{Key: key, Name: key, Kind: k, Stages: []Stage{
		{Key: "open", Name: "Open", Kind: StageOpen},
		{Key: "done", Name: "Done", Kind: StageWon, Probability: 100},
		{Key: "dropped", Name: "Dropped", Kind: StageLost},
	}}
}

// StageMove is one entry of stage_history, written "time stage by pipeline";
// by is "-" for the operator.
type StageMove struct {
	At       Time
	Stage    string
	By       UserID
	Pipeline string
}

// String is how the move is stored.
func (m StageMove) String() string {
	by := string(m.By)
	if by == "" {
		by = "-"
	}
	return m.At.String() + " " + m.Stage + " " + by + " " + m.Pipeline
}

// StageMoves reads the moves of a record, the oldest first.
func (r *Record) StageMoves() []StageMove {
	var out []StageMove
	for _, s := range r.List("stage_history") {
		w := strings.Fields(s)
		if len(w) < 2 {
			continue
		}
		at, err := ParseTime(w[0])
		if err != nil {
			continue
		}
		m := StageMove{At: at, Stage: w[1]}
		if len(w) > 2 && w[2] != "-" {
			m.By = UserID(w[2])
		}
		if len(w) > 3 {
			m.Pipeline = w[3]
		}
		out = append(out, m)
	}
	return out
}
