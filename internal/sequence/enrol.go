package sequence

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Enrolled is one person in a sequence as people see them.
type Enrolled struct {
	crm.Enrolment
	Name  string              `json:"name,omitempty" doc:"Of the sequence"`
	Step  int                 `json:"step" doc:"Steps behind them, sent or passed over"`
	Steps int                 `json:"steps"`
	Due   crm.Time            `json:"due,omitempty" doc:"When the next letter goes, hours of sending apart"`
	Away  crm.Time            `json:"away,omitempty" doc:"Until when they are out of office"`
	Lines []crm.Recipient     `json:"lines,omitempty" doc:"The letters, of which the last one may be still to come"`
	Last  crm.RecipientState  `json:"last,omitempty" doc:"State of the last letter"`
	Seen  map[string]crm.Seen `json:"seen,omitempty" doc:"What tracking knows of the letters, by line"`
	Batch string              `json:"batch,omitempty" doc:"Of the write just made, to undo it; what was sent cannot be undone"`
}

// One is what a person says who puts somebody into a sequence.
type One struct {
	Contact crm.RecordID
	Deal    crm.RecordID
	Again   bool // although they were in it before
}

// Enrol puts one contact into a sequence. It fails with crm.Conflict, saying why,
// for who must not be written to and who is or was in it.
func (s *Service) Enrol(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, one One) (Enrolled, error) {
	seq, box, err := s.open(ctx, v, id)
	if err != nil {
		return Enrolled{}, err
	}
	list, err := s.readers(ctx, v, one)
	if err != nil {
		return Enrolled{}, err
	}
	d, err := s.desk(ctx)
	if err != nil {
		return Enrolled{}, err
	}
	made, err := s.judge(ctx, v, d, &seq, list)
	if err != nil {
		return Enrolled{}, err
	}
	e := made[0]
	if e.State == crm.EnrolmentExcluded {
		return Enrolled{}, crm.Errorf(crm.Conflict, "sequence.Enrol", "they cannot be written to: %s", e.Reason).WithField("contact")
	}
	e.Deal = one.Deal
	e.By = info.Actor
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		have, err := store.Enrolments.GetMany(ctx, tx, []string{e.ID})
		if err != nil {
			return err
		}
		if old := have[0].Value; have[0].Exists() {
			if old.Goes() || !one.Again && old.State != crm.EnrolmentExcluded {
				return crm.Errorf(crm.Conflict, "sequence.Enrol", "they are in it: %s", said(&old)).WithField("contact").WithHint(hintFor(&old))
			}
			if old.State != crm.EnrolmentExcluded {
				e.Round = old.Round + 1
			}
		}
		lines, err := d.lines(ctx, tx, &seq, []crm.Enrolment{e})
		if err != nil {
			return err
		}
		store.Enrolments.Put(tx, &e)
		s.write(tx, d, &seq, &box, []crm.Enrolment{e}, lines, nil)
		return nil
	})
	if err != nil {
		return Enrolled{}, err
	}
	out, err := s.Enrolment(ctx, v, e.ID)
	out.Batch = batch
	return out, err
}

func said(e *crm.Enrolment) string {
	if e.Reason != "" {
		return string(e.State) + ", " + e.Reason
	}
	return string(e.State)
}

func hintFor(e *crm.Enrolment) string {
	if e.Goes() {
		return ""
	}
	return "let them go on where they stand, or put them in again from the first step on"
}

// open reads a sequence and its mailbox.
func (s *Service) open(ctx context.Context, v access.Viewer, id string) (crm.Sequence, crm.Mailbox, error) {
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return crm.Sequence{}, crm.Mailbox{}, err
	}
	box, err := store.Mailboxes.Get(ctx, s.sp, string(doc.Value.Mailbox))
	return doc.Value, box.Value, err
}

// readers reads the contact, and sees that the deal is there.
func (s *Service) readers(ctx context.Context, v access.Viewer, one One) ([]crm.Record, error) {
	docs, err := s.records.GetMany(ctx, v, []crm.RecordID{one.Contact})
	if err != nil {
		return nil, err
	}
	if !docs[0].Exists() || docs[0].Value.Kind != crm.KindContact {
		return nil, crm.Errorf(crm.NotFound, "sequence.Enrol", "there is no contact %s", crm.Clip(string(one.Contact), 60)).WithField("contact")
	}
	if one.Deal != "" {
		deals, err := s.records.GetMany(ctx, v, []crm.RecordID{one.Deal})
		if err != nil {
			return nil, err
		}
		if !deals[0].Exists() || deals[0].Value.Kind != crm.KindDeal {
			return nil, crm.Errorf(crm.NotFound, "sequence.Enrol", "there is no deal %s", crm.Clip(string(one.Deal), 60)).WithField("deal")
		}
	}
	return []crm.Record{docs[0].Value}, nil
}

// judge makes an enrolment of each contact: active, or excluded with the reason.
func (s *Service) judge(ctx context.Context, v access.Viewer, d desk, seq *crm.Sequence, contacts []crm.Record) ([]crm.Enrolment, error) {
	bench, err := s.campaigns.Bench(ctx, v, seq.Owner)
	if err != nil {
		return nil, err
	}
	verdicts, err := s.campaigns.Judge(ctx, &bench, seq.Steps[0].Letter, contacts, seq.Purpose)
	if err != nil {
		return nil, err
	}
	now := s.sp.Store().Now()
	out := make([]crm.Enrolment, len(contacts))
	for i := range contacts {
		e := crm.Enrolment{Sequence: seq.ID, Contact: contacts[i].ID, State: crm.EnrolmentActive, Reason: verdicts[i].Reason, Began: now, Since: now, At: now, Zone: verdicts[i].Zone}
		if e.Reason != "" {
			e.State = crm.EnrolmentExcluded
		}
		about := crm.Address(contacts[i].ID) // who has none is known by their record
		if list := contacts[i].List("emails"); len(list) > 0 {
			e.Address = crm.Address(list[0])
			about = e.Address
		}
		e.ID = crm.EnrolmentID(d.key, seq.ID, about)
		out[i] = e
	}
	return out, nil
}

// Hold lets nothing go to somebody until they are let go on.
func (s *Service) Hold(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Enrolled, error) {
	return s.change(ctx, v, info, id, func(e *crm.Enrolment) error {
		if e.State != crm.EnrolmentActive {
			return not(e)
		}
		e.State, e.Reason = crm.EnrolmentPaused, ""
		return nil
	})
}

// Leave takes somebody out.
func (s *Service) Leave(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Enrolled, error) {
	return s.change(ctx, v, info, id, func(e *crm.Enrolment) error {
		if !e.Goes() && e.State != crm.EnrolmentStopped {
			return not(e)
		}
		e.State, e.Reason = crm.EnrolmentLeft, ""
		return nil
	})
}

// Resume lets somebody go on where they stand, whatever stopped them. A letter of
// which nobody knows whether it went out is left behind.
func (s *Service) Resume(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (Enrolled, error) {
	return s.change(ctx, v, info, id, func(e *crm.Enrolment) error {
		switch e.State {
		case crm.EnrolmentPaused, crm.EnrolmentStopped, crm.EnrolmentLeft:
		default:
			return not(e)
		}
		unknown := e.Reason == crm.StopUnknown
		e.State, e.Reason, e.Since = crm.EnrolmentActive, "", s.sp.Store().Now()
		if unknown {
			e.Past = -1 // the line that stands there, see change
		}
		return nil
	})
}

func not(e *crm.Enrolment) error {
	return crm.Errorf(crm.Conflict, "sequence.change", "they are %s", said(e)).WithField("state")
}

// change is a person's word on somebody in a sequence, and what follows from it.
func (s *Service) change(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, edit func(*crm.Enrolment) error) (Enrolled, error) {
	have, err := s.enrolment(ctx, s.sp, v, id)
	if err != nil {
		return Enrolled{}, err
	}
	seq, box, err := s.open(ctx, v, have.Sequence)
	if err != nil {
		return Enrolled{}, err
	}
	d, err := s.desk(ctx)
	if err != nil {
		return Enrolled{}, err
	}
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		e, err := s.enrolment(ctx, tx, v, id)
		if err != nil {
			return err
		}
		lines, err := d.lines(ctx, tx, &seq, []crm.Enrolment{e})
		if err != nil {
			return err
		}
		past := e.Past
		if err := edit(&e); err != nil {
			return err
		}
		if e.Past < 0 {
			e.Past = max(past, behind(lines[0])+1)
		}
		e.At = s.sp.Store().Now()
		store.Enrolments.Put(tx, &e)
		s.write(tx, d, &seq, &box, []crm.Enrolment{e}, lines, nil)
		return nil
	})
	if err != nil {
		return Enrolled{}, err
	}
	out, err := s.Enrolment(ctx, v, id)
	out.Batch = batch
	return out, err
}

// behind counts the steps that are over: sent, or passed over.
func behind(lines []crm.Recipient) int {
	n := 0
	for _, l := range lines {
		if l.State != crm.RecipientSent && (l.State != crm.RecipientExcluded || l.Reason != reasonCondition) {
			break
		}
		n++
	}
	return n
}

func (s *Service) enrolment(ctx context.Context, r store.Reader, v access.Viewer, id string) (crm.Enrolment, error) {
	none := crm.Errorf(crm.NotFound, "sequence.enrolment", "there is nobody %s in a sequence", crm.Clip(id, 60)).WithField("enrolment")
	if err := v.Require(crm.RightCampaigns); err != nil {
		return crm.Enrolment{}, err
	}
	if _, err := crm.ParseID[string](crm.PrefixEnrolment, id); err != nil {
		return crm.Enrolment{}, none
	}
	docs, err := store.Enrolments.GetMany(ctx, r, []string{id})
	if err == nil && !docs[0].Exists() {
		err = none
	}
	if err != nil {
		return crm.Enrolment{}, err
	}
	return docs[0].Value, nil
}
