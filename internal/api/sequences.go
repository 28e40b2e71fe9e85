package api

import (
	"context"
	"net/http"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/preflight"
	"threadline/internal/sequence"
	"threadline/internal/store"
)

// sequenceRoutes serve letters that follow one another until somebody answers.
func (s *Server) sequenceRoutes() {
	const all, one = "/api/v1/sequences", "/api/v1/sequences/{id}"
	const people, person = one + "/enrolments", "/api/v1/enrolments/{id}"
	add(s, get(all, "list-sequences", "Sequences, newest first", "sequences"), s.listSequences)
	add(s, made(post(all, "create-sequence", "Make a sequence; nothing is sent", "sequences")), s.makeSequence)
	add(s, get(one, "get-sequence", "A sequence with its letters", "sequences"), s.getSequence)
	add(s, route{method: http.MethodPut, path: one, id: "replace-sequence", summary: "Change a sequence, and take its letters over from their templates anew", tag: "sequences"}, s.replaceSequence)
	add(s, post(one+"/start", "start-sequence", "Let a sequence send", "sequences"), s.startSequence)
	add(s, slow(get(one+"/checks", "check-sequence", "What receivers would say to the first mail, and how to mend it", "sequences")), s.checkSequence)
	add(s, post(one+"/pause", "pause-sequence", "Stop a sequence for everybody, within the group that is under way", "sequences"), s.movingSequence(s.deps.Sequences.Pause, "pause a sequence"))
	add(s, get(one+"/results", "sequence-results", "People by state, letters by step, and what came back", "sequences"), s.sequenceResults)
	add(s, get(people, "list-enrolments", "Who is or was in a sequence, the last one that something happened to first", "sequences"), s.listEnrolments)
	add(s, made(post(people, "enrol", "Put one contact into a sequence", "sequences")), s.enrolOne)
	add(s, post(one+"/enrol", "enrol-all", "Put the contacts of a query or a segment into a sequence, as a job", "sequences"), s.enrolAll)
	add(s, get(person, "get-enrolment", "One person in a sequence, with their letters", "sequences"), s.getEnrolment)
	add(s, post(person+"/pause", "pause-enrolment", "Let nothing go to somebody until they are let go on", "sequences"), s.movingPerson(s.deps.Sequences.Hold, "pause somebody in a sequence"))
	add(s, post(person+"/resume", "resume-enrolment", "Let somebody go on where they stand", "sequences"), s.movingPerson(s.deps.Sequences.Resume, "let somebody go on in a sequence"))
	add(s, post(person+"/leave", "leave-sequence", "Take somebody out of a sequence", "sequences"), s.movingPerson(s.deps.Sequences.Leave, "take somebody out of a sequence"))
	add(s, get("/api/v1/enrolments", "enrolments-of-contact", "The sequences that a contact is or was in", "sequences"), s.enrolmentsOfContact)
}

// SequenceRef names a sequence.
type SequenceRef struct {
	ID string `path:"id" maxLength:"60"`
}

// EnrolmentRef names one person in a sequence.
type EnrolmentRef struct {
	ID string `path:"id" maxLength:"60"`
}

// StepBody is what a person writes of a step.
type StepBody struct {
	Template string `json:"template" maxLength:"60"`
	Wait     int    `json:"wait,omitempty" minimum:"0" maximum:"250" doc:"Working days after the step before, or after somebody was put in"`
	New      bool   `json:"new,omitempty" doc:"Begins a conversation of its own; else it continues that of the step before"`
	If       string `json:"if,omitempty" maxLength:"10000" doc:"Sent to those alone who fit: contacts where …, or deals where … of one of their deals"`
}

// SequenceBody is what a person writes of a sequence.
type SequenceBody struct {
	Name       string        `json:"name" maxLength:"800"`
	Mailbox    crm.MailboxID `json:"mailbox" maxLength:"60" doc:"One of your own, by which it is sent"`
	Steps      []StepBody    `json:"steps" maxItems:"20"`
	Pace       crm.Pace      `json:"pace"`
	Track      crm.TrackMode `json:"track,omitempty" enum:",aggregate,individual"`
	Marketing  bool          `json:"marketing,omitempty" doc:"Offers to many: needs the postal address and a way to leave"`
	Purpose    string        `json:"purpose,omitempty" maxLength:"40" doc:"Key of what it is for, which people may leave by itself"`
	StopOnDeal bool          `json:"stop_on_deal,omitempty" doc:"Ends for a person when a deal of theirs moves to another stage"`
}

func (b *SequenceBody) draft() sequence.Draft {
	d := sequence.Draft{Name: b.Name, Mailbox: b.Mailbox, Pace: b.Pace, Track: b.Track, Marketing: b.Marketing, Purpose: b.Purpose, StopOnDeal: b.StopOnDeal}
	for _, x := range b.Steps {
		d.Steps = append(d.Steps, crm.SequenceStep{Template: x.Template, Wait: x.Wait, New: x.New, If: x.If})
	}
	return d
}

type sequenceView struct {
	crm.Sequence
	Version string `json:"version,omitempty" doc:"For If-Match"`
	Batch   string `json:"batch,omitempty" doc:"Of the write just made, to undo it"`
}

func showSequence(x sequence.Saved) *body[sequenceView] {
	return answer(sequenceView{Sequence: x.Sequence, Version: versionText(x.Version), Batch: x.Batch})
}

func (s *Server) listSequences(ctx context.Context, in *PageQuery) (*body[items[crm.Sequence]], error) {
	page, err := s.deps.Sequences.List(ctx, viewerOf(ctx), in.Limit, in.Cursor)
	return pageOf(page), err
}

func (s *Server) makeSequence(ctx context.Context, in *struct{ Body SequenceBody }) (*body[sequenceView], error) {
	done, err := s.deps.Sequences.Save(ctx, viewerOf(ctx), changed(ctx, "make the sequence "+crm.Clip(in.Body.Name, 60)), "", in.Body.draft(), 0)
	return showSequence(done), err
}

type sequenceEdit struct {
	SequenceRef
	Matched
	Body SequenceBody
}

func (s *Server) replaceSequence(ctx context.Context, in *sequenceEdit) (*body[sequenceView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	if _, err := s.deps.Sequences.Get(ctx, viewerOf(ctx), in.ID); err != nil {
		return nil, blameNotFound(err, "id")
	}
	done, err := s.deps.Sequences.Save(ctx, viewerOf(ctx), changed(ctx, "change the sequence "+crm.Clip(in.Body.Name, 60)), in.ID, in.Body.draft(), version)
	return showSequence(done), err
}

func (s *Server) getSequence(ctx context.Context, in *SequenceRef) (*body[sequenceView], error) {
	doc, err := s.deps.Sequences.Get(ctx, viewerOf(ctx), in.ID)
	return showSequence(sequence.Saved{Sequence: doc.Value, Version: doc.Version}), blameNotFound(err, "id")
}

func (s *Server) sequenceResults(ctx context.Context, in *SequenceRef) (*body[sequence.Results], error) {
	out, err := s.deps.Sequences.Results(ctx, viewerOf(ctx), in.ID)
	return answer(out), blameNotFound(err, "id")
}

// sequenceStep is what a person does with a whole sequence.
type sequenceStep func(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (sequence.Saved, error)

type sequenceStart struct {
	SequenceRef
	Anyway bool `query:"anyway" doc:"Although a check refuses it"`
}

func (s *Server) startSequence(ctx context.Context, in *sequenceStart) (*body[sequenceView], error) {
	step := s.deps.Sequences.Begin
	if in.Anyway {
		step = s.deps.Sequences.Start
	}
	return s.movingSequence(step, "start a sequence")(ctx, &in.SequenceRef)
}

func (s *Server) checkSequence(ctx context.Context, in *SequenceRef) (*body[items[preflight.Finding]], error) {
	found, err := s.deps.Sequences.Checks(ctx, viewerOf(ctx), in.ID)
	return listed(found), blameNotFound(err, "id")
}

func (s *Server) movingSequence(step sequenceStep, title string) func(context.Context, *SequenceRef) (*body[sequenceView], error) {
	return func(ctx context.Context, in *SequenceRef) (*body[sequenceView], error) {
		done, err := step(ctx, viewerOf(ctx), changed(ctx, title), in.ID)
		return showSequence(done), blameNotFound(err, "id")
	}
}

type enrolmentQuery struct {
	SequenceRef
	PageQuery
	State crm.EnrolmentState `query:"state" enum:"active,paused,finished,stopped,left,excluded"`
}

func (s *Server) listEnrolments(ctx context.Context, in *enrolmentQuery) (*body[items[sequence.Enrolled]], error) {
	list, next, err := s.deps.Sequences.Enrolments(ctx, viewerOf(ctx), in.ID, in.State, in.Limit, in.Cursor)
	out := listed(list)
	out.Body.Next = next
	return out, blameNotFound(err, "id")
}

type enrolInput struct {
	SequenceRef
	Body struct {
		Contact crm.RecordID `json:"contact" maxLength:"60"`
		Deal    crm.RecordID `json:"deal,omitempty" maxLength:"60" doc:"That the letters are about"`
		Again   bool         `json:"again,omitempty" doc:"From the first step on, although they were in it before"`
	}
}

func (s *Server) enrolOne(ctx context.Context, in *enrolInput) (*body[sequence.Enrolled], error) {
	if _, err := s.deps.Sequences.Get(ctx, viewerOf(ctx), in.ID); err != nil {
		return nil, blameNotFound(err, "id")
	}
	one := sequence.One{Contact: in.Body.Contact, Deal: in.Body.Deal, Again: in.Body.Again}
	out, err := s.deps.Sequences.Enrol(ctx, viewerOf(ctx), changed(ctx, "put somebody into a sequence"), in.ID, one)
	return answer(out), err
}

type crowdInput struct {
	SequenceRef
	Body struct {
		Audience string `json:"audience,omitempty" maxLength:"10000" doc:"Contacts, in the query language"`
		Segment  string `json:"segment,omitempty" maxLength:"60" doc:"In place of it: id of a segment of contacts"`
	}
}

func (s *Server) enrolAll(ctx context.Context, in *crowdInput) (*body[job.Progress], error) {
	if _, err := s.deps.Sequences.Get(ctx, viewerOf(ctx), in.ID); err != nil {
		return nil, blameNotFound(err, "id")
	}
	p, err := s.deps.Sequences.EnrolAll(ctx, viewerOf(ctx), changed(ctx, "put people into a sequence"), s.deps.Jobs, in.ID, in.Body.Audience, in.Body.Segment)
	return answer(p), err
}

func (s *Server) getEnrolment(ctx context.Context, in *EnrolmentRef) (*body[sequence.Enrolled], error) {
	out, err := s.deps.Sequences.Enrolment(ctx, viewerOf(ctx), in.ID)
	return answer(out), err
}

// personStep is what a person does with somebody in a sequence.
type personStep func(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (sequence.Enrolled, error)

func (s *Server) movingPerson(step personStep, title string) func(context.Context, *EnrolmentRef) (*body[sequence.Enrolled], error) {
	return func(ctx context.Context, in *EnrolmentRef) (*body[sequence.Enrolled], error) {
		out, err := step(ctx, viewerOf(ctx), changed(ctx, title), in.ID)
		return answer(out), err
	}
}

type contactQuery struct {
	Contact crm.RecordID `query:"contact" required:"true" maxLength:"60"`
}

func (s *Server) enrolmentsOfContact(ctx context.Context, in *contactQuery) (*body[items[sequence.Enrolled]], error) {
	list, err := s.deps.Sequences.OfContact(ctx, viewerOf(ctx), in.Contact)
	return listed(list), err
}
