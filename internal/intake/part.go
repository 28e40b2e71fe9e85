package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
)

// letters stand for outcomes in a part.
var letters = map[records.Did]string{
	records.DidCreate: "c", records.DidUpdate: "u", records.DidMerge: "m", records.DidSkip: "s", records.DidError: "e",
}

func didOf(letter byte) records.Did {
	for did, l := range letters {
		if l[0] == letter {
			return did
		}
	}
	return records.DidError
}

// Fault is what is wrong with a row, or worth knowing of it.
type Fault struct {
	Row     int64         `json:"row" doc:"As a spreadsheet counts, headings included"`
	Code    crm.ErrorKind `json:"code"`
	Field   string        `json:"field,omitempty"`
	Detail  string        `json:"detail"`
	Hint    string        `json:"hint,omitempty"`
	Warning bool          `json:"warning,omitempty" doc:"The row is brought in all the same"`
}

func faultOf(row int64, e *crm.Error, warning bool) Fault {
	return Fault{Row: row, Code: e.Kind, Field: e.Field, Detail: crm.Clip(e.Msg, 300), Hint: crm.Clip(e.Hint, 300), Warning: warning}
}

// part is the plan of some rows.
type part struct {
	Rows   []int64        `json:"rows"`  // their numbers
	Do     string         `json:"do"`    // a letter each
	Names  []string       `json:"names"` // what each calls its record
	Found  []crm.RecordID `json:"found"` // the record of each that is no creation and no error
	Faults []Fault        `json:"faults,omitempty"`
}

// add notes the outcome of a row.
func (p *part) add(number int64, name string, out records.Outcome) {
	p.Rows = append(p.Rows, number)
	p.Names = append(p.Names, crm.Clip(name, 80))
	p.Do += letters[out.Did]
	if out.Did != records.DidCreate && out.Did != records.DidError {
		p.Found = append(p.Found, out.Record)
	}
	if out.Err != nil {
		p.Faults = append(p.Faults, faultOf(number, out.Err, out.Did != records.DidError))
	}
}

// planned returns what the plan says of the rows, in their order.
func (p *part) planned() []records.Outcome {
	out := make([]records.Outcome, len(p.Rows))
	found := p.Found
	for i := range p.Rows {
		out[i].Did = didOf(p.Do[i])
		if out[i].Did != records.DidCreate && out[i].Did != records.DidError {
			out[i].Record, found = found[0], found[1:]
		}
	}
	return out
}

// refuse turns a row into an error: applying it would not be what was planned.
func (p *part) refuse(i int, e *crm.Error) {
	planned := p.planned()
	p.Do = p.Do[:i] + letters[records.DidError] + p.Do[i+1:]
	p.Found = nil
	for k, o := range planned {
		if o.Did != records.DidCreate && o.Did != records.DidError && k != i {
			p.Found = append(p.Found, o.Record)
		}
	}
	p.Faults = append(p.Faults, faultOf(p.Rows[i], e, false))
}

func (p *part) write(tx *store.Tx, id string, n int) error {
	data, err := json.Marshal(p)
	if err != nil {
		return crm.E(crm.Internal, "intake.part", "the plan cannot be written", err)
	}
	store.JobParts.Put(tx, &crm.JobPart{ID: job.PartID(id, n), Job: id, Data: data})
	return nil
}

func readPart(ctx context.Context, r store.Reader, id string, n int) (part, bool, error) {
	docs, err := store.JobParts.GetMany(ctx, r, []string{job.PartID(id, n)})
	if err != nil || !docs[0].Exists() {
		return part{}, false, err
	}
	var p part
	if err := json.Unmarshal(docs[0].Value.Data, &p); err != nil || len(p.Do) != len(p.Rows) {
		return part{}, false, crm.E(crm.Internal, "intake.part", "the plan cannot be read", err)
	}
	return p, true, nil
}

// position is where an import stands.
type position struct {
	Part   int   // to plan or apply next
	Row    int   // of the part, to apply next
	Offset int64 // of that row in the text
	Number int64 // of the row before it
}

func (p position) String() string {
	return fmt.Sprintf("%d %d %d %d", p.Part, p.Row, p.Offset, p.Number)
}

func positionOf(s string) (p position, err error) {
	if strings.TrimSpace(s) == "" {
		return p, nil
	}
	_, err = fmt.Sscan(s, &p.Part, &p.Row, &p.Offset, &p.Number)
	if err != nil {
		return p, crm.E(crm.Internal, "intake.position", "the job cannot be read", err)
	}
	return p, nil
}
