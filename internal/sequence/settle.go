package sequence

import (
	"context"
	"strconv"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// desk is what planning needs to know of the workspace, read outside of any
// transaction: it changes seldom.
type desk struct {
	key      crm.IDKey
	calendar crm.Calendar
	zone     *time.Location
}

func (s *Service) desk(ctx context.Context) (desk, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return desk{}, err
	}
	calendar, err := s.campaigns.Calendar(ctx)
	zone, e := time.LoadLocation(ws.Value.Zone)
	if e != nil {
		zone = time.UTC
	}
	return desk{key: ws.Value.IDKey, calendar: calendar, zone: zone}, err
}

// zoneFor is the zone in which days are counted for somebody.
func (d desk) zoneFor(e *crm.Enrolment) *time.Location {
	if z, err := time.LoadLocation(e.Zone); err == nil && e.Zone != "" {
		return z
	}
	return d.zone
}

// lineID derives the line of a step.
func (d desk) lineID(e *crm.Enrolment, step int) string {
	about := e.Sequence + "." + strconv.Itoa(step)
	if e.Round > 0 {
		about += "." + strconv.Itoa(e.Round)
	}
	return crm.RecipientID(d.key, about, e.Address)
}

func (d desk) lineIDs(seq *crm.Sequence, e *crm.Enrolment) []string {
	out := make([]string, len(seq.Steps))
	for i := range out {
		out[i] = d.lineID(e, i)
	}
	return out
}

// lines reads the lines of people, by step.
func (d desk) lines(ctx context.Context, r store.Reader, seq *crm.Sequence, list []crm.Enrolment) ([][]crm.Recipient, error) {
	var ids []string
	for i := range list {
		ids = append(ids, d.lineIDs(seq, &list[i])...)
	}
	docs, err := store.Recipients.GetMany(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	out := make([][]crm.Recipient, len(list))
	for i := range list {
		out[i] = make([]crm.Recipient, len(seq.Steps))
		for k := range seq.Steps {
			if doc := docs[i*len(seq.Steps)+k]; doc.Exists() {
				out[i][k] = doc.Value
			}
		}
	}
	return out, nil
}

// dueFresh is when a new line is due. One that would have been due before a restore
// may have been written down, and sent, in a past that is lost: it stays so, and
// that puts it in doubt.
func dueFresh(seq *crm.Sequence, due, now crm.Time) crm.Time {
	if due < seq.Restored {
		return due
	}
	return max(due, now)
}

// settle plans for people and writes what comes of it. It reads before it
// writes; known are lines that are about to be written and count as they are.
func (s *Service) settle(ctx context.Context, tx *store.Tx, d desk, seq *crm.Sequence, box *crm.Mailbox, list []crm.Enrolment, known ...crm.Recipient) error {
	lines, err := d.lines(ctx, tx, seq, list)
	if err != nil {
		return err
	}
	s.write(tx, d, seq, box, list, lines, known)
	return nil
}

// write is settle when the lines are read.
func (s *Service) write(tx *store.Tx, d desk, seq *crm.Sequence, box *crm.Mailbox, list []crm.Enrolment, lines [][]crm.Recipient, known []crm.Recipient) {
	now := s.sp.Store().Now()
	for i := range list {
		e := list[i]
		for _, k := range known {
			if k.Enrolment == e.ID && k.Step > 0 && k.Step <= len(seq.Steps) && k.ID == d.lineID(&e, k.Step-1) {
				lines[i][k.Step-1] = k
			}
		}
		fresh := func(step int, due crm.Time) crm.Recipient {
			id := d.lineID(&e, step)
			return crm.Recipient{ID: id, Campaign: seq.ID, Mailbox: seq.Mailbox, Address: e.Address, Contact: e.Contact, State: crm.RecipientQueued, Zone: e.Zone,
				RFCID: crm.RFCID(id + "@" + string(box.Address.Domain())), Due: dueFresh(seq, due, now), At: now, Step: step + 1, Enrolment: e.ID}
		}
		p := plan(here{seq: seq, enr: e, lines: lines[i], now: now}, fresh, d.calendar, d.zoneFor(&e))
		if p.changed {
			store.Enrolments.Put(tx, &p.enr)
		}
		if p.line != nil {
			store.Recipients.Put(tx, p.line)
		}
	}
}
