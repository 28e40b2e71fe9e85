package crm

import "time"

// Keys of what the program derives of every record.
const (
	FirstTouch   = "first_touch"
	LastTouch    = "last_touch"
	LastInbound  = "last_inbound"
	LastOutbound = "last_outbound"
	Mails30      = "mails_30d"
	DaysInStage  = "days_in_stage"
	Rotting      = "rotting"
	NextTask     = "next_task"
	WhoseTurn    = "turn"
)

// Happened is one thing on the timeline of a record, as far as touches go.
type Happened struct {
	At        Time
	Direction Direction // of mail
	Person    bool      // a person wrote it, or it is a call
	Turn      Turn      // of mail that decides a conversation
}

// Touches computes what the timeline of a record says by now. It depends on
// nothing else, and not on the order.
func Touches(list []Happened, now Time) map[string]any {
	out := map[string]any{}
	var mails int64
	var turned Time
	since := now.Add(-30 * 24 * time.Hour)
	for _, h := range list {
		if h.At > now {
			continue
		}
		if h.Turn != "" && (h.At > turned || h.At == turned && out[WhoseTurn].(string) < string(h.Turn)) {
			turned, out[WhoseTurn] = h.At, string(h.Turn)
		}
		if !h.Person || h.Direction == Within {
			continue
		}
		earliest(out, FirstTouch, h.At)
		latest(out, LastTouch, h.At)
		switch h.Direction {
		case Inbound:
			latest(out, LastInbound, h.At)
		case Outbound:
			latest(out, LastOutbound, h.At)
		}
		if h.Direction != "" && h.At >= since {
			mails++
		}
	}
	out[Mails30] = mails
	return out
}

func earliest(out map[string]any, key string, t Time) {
	if was, ok := out[key].(Time); !ok || t < was {
		out[key] = t
	}
}

func latest(out map[string]any, key string, t Time) {
	if was, ok := out[key].(Time); !ok || t > was {
		out[key] = t
	}
}

// InStage computes how many whole days the record has been in its stage, and
// whether that is too long; nothing for a record that is closed or moves
// through none.
func InStage(r *Record, p Pipeline, now Time) map[string]any {
	moves := r.StageMoves()
	stage, ok := p.Stage(r.Text("stage"))
	if !ok || len(moves) == 0 || r.Text("stage_kind") != string(StageOpen) {
		return nil
	}
	days := int64(now.Sub(moves[len(moves)-1].At) / (24 * time.Hour))
	rot := int64(p.Rot(stage))
	return map[string]any{DaysInStage: days, Rotting: rot > 0 && days >= rot}
}
