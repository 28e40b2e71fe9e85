package addon

import (
	"context"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// Act is what somebody does by a click on the card of a message.
type Act struct {
	Op      string // OpDone, OpSplit, OpDeal or OpAccept
	Message crm.MessageID
	Field   timeline.UpdateField // of OpAccept, with Value
	Value   string
}

// Deal is the deal of OpDeal, empty for none; it fails when that is no id.
func (a Act) Deal() (crm.RecordID, error) {
	if a.Value == noDeal {
		return "", nil
	}
	return crm.ParseID[crm.RecordID](crm.Deal().Prefix, a.Value)
}

// Actions of cards that change something.
const (
	OpDone   = "thread.done"   // nobody has to write in the conversation
	OpSplit  = "thread.split"  // another conversation begins with the message
	OpDeal   = "deal.choose"   // the conversation belongs to the deal Value, or to none
	OpAccept = "update.accept" // the record takes over what the signature says
	opHome   = "home.refresh"
)

// Parameters of actions, besides op.
const (
	messageParam = "message"
	fieldParam   = "field"
	valueParam   = "value"
)

// run is the action that calls us with an operation.
func (v View) run(op string, params ...card.Param) card.Click {
	return card.Run(v.action(op, params...))
}

// action is the call of an operation, sealed for the viewer.
func (v View) action(op string, params ...card.Param) card.Action {
	a := card.NewAction(v.Links.Event, append([]card.Param{{Key: opParam, Value: op}}, params...)...)
	if v.stamp == nil || op == opHome || op == opRefresh { // anybody may look at their own cards anew
		return a
	}
	return a.With(v.stamp.seal)
}

func (v View) about(id crm.MessageID) card.Param {
	return card.Param{Key: messageParam, Value: string(id)}
}

// acts tells whether an operation changes something.
func acts(op string) bool { return op == OpDone || op == OpSplit || op == OpDeal || op == OpAccept }

// act carries an action out.
func (h *Handler) act(ctx context.Context, ev Event, user crm.UserID) error {
	id, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, ev.Params[messageParam])
	if err != nil {
		return err
	}
	return h.deps.Act(ctx, user, Act{Op: ev.Params[opParam], Message: id,
		Field: timeline.UpdateField(ev.Params[fieldParam]), Value: ev.Params[valueParam]})
}

// home is the card of the viewer's day.
func (h *Handler) home(ctx context.Context, user crm.UserID, v View) (card.Card, error) {
	day, err := h.deps.Home(ctx, user)
	if err != nil {
		return card.Card{}, err
	}
	if v.Zone == nil {
		v.Zone = h.zones.load(day.Zone, 0)
	}
	return HomeCard(day, v), ctx.Err()
}
