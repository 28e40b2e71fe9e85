package addon

import (
	"context"
	"net/http"
	"slices"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// Entry points: triggers stand in the query of the address, actions in the
// parameter op, because an event does not say what it is for.
const (
	triggerParam   = "t"
	triggerHome    = "home"
	triggerMessage = "message"
	triggerCompose = "compose"
	triggerSet     = "settings" // a universal action: answered like a trigger
	opParam        = "op"
	opRefresh      = "message.refresh"
)

const scopePrefix = "https://www.googleapis.com/auth/"

// Scopes that an event must come with.
const (
	scopeEmail    = scopePrefix + "userinfo.email"                        // for the user token
	scopeMetadata = scopePrefix + "gmail.addons.current.message.metadata" // for the reference of the open message
	scopeCompose  = scopePrefix + "gmail.addons.current.action.compose"   // to insert into the open draft
)

// signed answers an event of Google: scopes, then the person, then the card.
// Apps Script has asked for the scopes itself, and its caller is the person.
func (h *Handler) signed(ctx context.Context, r *http.Request, ev Event, caller Claims) card.Response {
	trigger := r.URL.Query().Get(triggerParam)
	v := h.view(ev, "")
	show := shape(trigger)
	c := caller
	if !h.scripted(caller) {
		if missing := missingScopes(ev, trigger); len(missing) > 0 {
			return card.RequestScopes(missing...)
		}
		var err error
		if c, err = h.deps.Verifier.Verify(ctx, string(ev.UserIDToken), h.cfg.ClientID); err != nil {
			return h.fail(ctx, err, v, show)
		}
	}
	user, locale, err := h.deps.UserBySubject(ctx, c.Subject, c.Email)
	if crm.IsKind(err, crm.NotFound) {
		return card.Authorize(UnknownUserCard(c.Email, v))
	}
	if err != nil {
		return h.fail(ctx, err, v, show)
	}
	return h.answer(ctx, trigger, ev, user, locale)
}

// missingScopes lists what the user has to grant before the event is of use.
func missingScopes(ev Event, trigger string) []string {
	var out []string
	if ev.UserIDToken == "" || ev.Scopes != nil && !slices.Contains(ev.Scopes, scopeEmail) {
		out = append(out, scopeEmail)
	}
	if trigger == triggerMessage && ev.Message == "" && !slices.Contains(ev.Scopes, scopeMetadata) {
		out = append(out, scopeMetadata)
	}
	if trigger == triggerCompose && ev.Scopes != nil && !slices.Contains(ev.Scopes, scopeCompose) {
		out = append(out, scopeCompose)
	}
	return out
}

// answer finds the card of a known user. The contract with the host decides
// its wrapping: triggers push a card, actions replace the one on top.
func (h *Handler) answer(ctx context.Context, trigger string, ev Event, user crm.UserID, locale string) card.Response {
	v, show := h.view(ev, locale), shape(trigger)
	v.stamp = h.stamp(user)
	if trigger == "" {
		r, err := h.action(ctx, ev, user, v)
		if err != nil {
			return h.fail(ctx, err, v, raised)
		}
		return r
	}
	c, err := h.trigger(ctx, trigger, ev, user, v)
	if err != nil {
		return h.fail(ctx, err, v, show)
	}
	return show(c)
}

// trigger draws the card of an entry point.
func (h *Handler) trigger(ctx context.Context, trigger string, ev Event, user crm.UserID, v View) (card.Card, error) {
	switch {
	case trigger == triggerHome:
		return h.home(ctx, user, v)
	case trigger == triggerMessage:
		return h.message(ctx, ev, user, v)
	case trigger == triggerSet && h.deps.Book != nil:
		return h.settings(ctx, user, v)
	case trigger == triggerCompose && h.deps.Book != nil:
		return h.compose(ctx, ev, user, v)
	}
	return card.Card{}, crm.Errorf(crm.Invalid, "addon.trigger", "the add-on has no such entry point")
}

// action does what a click asks for. Nothing is done before it is sure that the
// click comes from a card that was drawn for the same person.
func (h *Handler) action(ctx context.Context, ev Event, user crm.UserID, v View) (card.Response, error) {
	op := ev.Params[opParam]
	switch op {
	case opHome:
		return asAction(h.home(ctx, user, v))
	case opRefresh:
		return asAction(h.message(ctx, ev, user, v))
	}
	nonce, err := h.unseal(user, ev.Params)
	if crm.IsKind(err, crm.Denied) {
		if other := h.drewElsewhere(ctx, user, ev.Params); other != "" {
			return h.elsewhere(ctx, other, ev, user, v)
		}
	}
	if err != nil {
		return card.Response{}, err
	}
	if run := h.ops[op]; run != nil && h.deps.Book != nil {
		return h.run(ctx, run, ev, user, v, nonce)
	}
	return card.Response{}, crm.Errorf(crm.Invalid, "addon.action", "the add-on has no such action")
}

func asAction(c card.Card, err error) (card.Response, error) {
	if err != nil {
		return card.Response{}, err
	}
	return actionCard(c), nil
}

func triggerCard(c card.Card) card.Response { return card.Push(c) }

func actionCard(c card.Card) card.Response { return card.Do(card.Update(c)) }

// raised puts a card on top of the one whose action failed.
func raised(c card.Card) card.Response { return card.Do(card.Show(c)) }

func shape(trigger string) func(card.Card) card.Response {
	if trigger == "" {
		return actionCard
	}
	return triggerCard
}

func (h *Handler) message(ctx context.Context, ev Event, user crm.UserID, v View) (card.Card, error) {
	s, err := h.opened(ctx, ev, user)
	if err != nil {
		return card.Card{}, err
	}
	if v.Zone == nil {
		v.Zone = h.zones.load(s.Zone, 0)
	}
	return MessageCard(s, v), nil
}

// opened is the message that is open in the host. Of one that is not stored
// Gmail is asked once.
func (h *Handler) opened(ctx context.Context, ev Event, user crm.UserID) (*timeline.Sheet, error) {
	ref, err := ParseRef(ev.Message)
	if err != nil {
		return nil, err
	}
	s := &timeline.Sheet{Missing: timeline.MissingUnseen}
	if ref.Own == "" {
		if s, err = h.lookup(ctx, user, ref); err != nil {
			return nil, err
		}
	}
	if s.Missing != "" && ref.ID == "" && h.deps.Header != nil {
		return h.byHeader(ctx, ev, user, s)
	}
	return s, nil
}

func (h *Handler) lookup(ctx context.Context, user crm.UserID, ref Ref) (*timeline.Sheet, error) {
	s, err := h.deps.Lookup(ctx, user, ref)
	if crm.IsKind(err, crm.NotFound) {
		return &timeline.Sheet{Missing: timeline.MissingUnseen}, nil
	}
	if err == nil && s == nil {
		err = crm.Errorf(crm.Internal, "addon.lookup", "the timeline has no sheet and no error")
	}
	if err != nil {
		return nil, err
	}
	return s, ctx.Err()
}

// sheet is a message that the viewer knows of.
func (h *Handler) sheet(ctx context.Context, user crm.UserID, id crm.MessageID) (*timeline.Sheet, error) {
	s, err := h.lookup(ctx, user, Ref{ID: id})
	if err == nil && s.Missing != "" {
		err = crm.Errorf(crm.NotFound, "addon.sheet", "there is no such message")
	}
	return s, err
}

// byHeader finds the message of a mailbox that is read by another way than
// Gmail's by its Message-ID; of one that is stored nowhere it shows what is known
// of the people in it. When Gmail tells nothing, nothing is known.
func (h *Handler) byHeader(ctx context.Context, ev Event, user crm.UserID, missing *timeline.Sheet) (*timeline.Sheet, error) {
	if ev.Scopes != nil && !slices.Contains(ev.Scopes, scopeMetadata) {
		return nil, &lacking{scopeMetadata}
	}
	header, err := h.deps.Header(ctx, ev)
	if err != nil {
		h.deps.Log.WarnContext(ctx, "Gmail did not tell the header of a message", "error", err)
		return missing, ctx.Err()
	}
	if missing.Missing == timeline.MissingUnseen && header.RFCID != "" {
		s, err := h.lookup(ctx, user, Ref{RFC: header.RFCID})
		if err != nil || s.Missing == "" {
			return s, err
		}
		missing = s
	}
	if h.deps.Book == nil {
		return missing, nil
	}
	viewer, err := h.deps.Book.Records.Viewer(ctx, user)
	if err != nil {
		return nil, err
	}
	return h.deps.Book.Timeline.Foreseen(ctx, viewer, header, missing.Missing, missing.Skip)
}

// lacking says that an answer needs a scope which the person has not granted.
type lacking struct{ scope string }

func (e *lacking) Error() string { return "the scope " + e.scope + " is not granted" }

// view is how the viewer of an event wants to see cards. The host's locale goes
// before the one in their settings: it is what the rest of the screen is in.
func (h *Handler) view(ev Event, locale string) View {
	lang, ok := i18n.ParseLang(ev.Locale)
	if !ok {
		lang, _ = i18n.ParseLang(locale)
	}
	return View{Lang: lang, Zone: h.zones.load(ev.Zone, ev.Offset), Links: h.cfg.Links, Books: h.deps.Book != nil}
}
