package addon

import (
	"context"

	"threadline/addon/card"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// opPlace chooses which of the person's workspaces the sidebar shows.
const opPlace = "place.show"

const placeInput = "place"

// place are the workspaces of somebody who has several.
type place struct {
	here crm.WorkspaceID // whose card it is
	list []auth.Place
}

// name is what the workspace of the card is called; "" where there is no other.
func (p place) name() string {
	for _, x := range p.list {
		if x.ID == p.here {
			return x.Name
		}
	}
	return ""
}

// placed looks which workspaces there are to choose among.
func (h *Handler) placed(ctx context.Context, user crm.UserID, v View) (View, error) {
	if h.deps.Book == nil || h.deps.Book.Places == nil {
		return v, nil
	}
	list, err := h.deps.Book.Places(ctx, user)
	v.place = place{h.deps.Book.Space.Workspace(), list}
	return v, err
}

// places is the choice among them.
func (v View) places() card.Section {
	if len(v.place.list) == 0 {
		return card.Section{}
	}
	var items []card.Item
	for _, p := range v.place.list {
		items = append(items, card.Item{Text: p.Name, Value: string(p.ID), Selected: p.Shown})
	}
	return card.NewSection(v.t(i18n.SectionPlace), card.Choice(placeInput, v.Lang.T(i18n.PlaceShown), card.Dropdown, items, v.action(opPlace)))
}

// placeShow keeps the choice. What the other workspace shows its own door draws:
// the answer leads there.
func placeShow(ctx context.Context, c *click) (card.Response, error) {
	ws, err := crm.ParseID[crm.WorkspaceID](crm.PrefixWorkspace, c.text(placeInput))
	if err == nil && c.book.Show == nil {
		err = crm.Errorf(crm.NotFound, "addon.placeShow", "there is no such workspace")
	}
	if err == nil {
		err = c.book.Show(ctx, c.user, ws)
	}
	if err != nil {
		return card.Response{}, err
	}
	v, err := c.h.placed(ctx, c.user, c.v)
	if err != nil {
		return card.Response{}, err
	}
	said := ""
	for _, p := range v.place.list {
		if p.Shown {
			said = c.v.Lang.T(i18n.PlaceDone, p.Name)
		}
	}
	next := card.New("place", card.Header{Title: c.v.Lang.T(i18n.SectionPlace), Subtitle: said}, nil,
		card.NewSection(card.Text{}, card.Buttons(card.NewButton(c.v.Lang.T(i18n.HomeTitle), c.v.run(opHome)))))
	return card.Do(card.BackToRoot(), card.Update(next), card.Notify(said)), nil
}

// drewElsewhere is the person's other workspace whose door drew the card of an
// action; "" when none of them did.
func (h *Handler) drewElsewhere(ctx context.Context, user crm.UserID, params map[string]string) string {
	if h.deps.Book == nil || h.deps.Book.Others == nil {
		return ""
	}
	others, err := h.deps.Book.Others(ctx, user)
	if err != nil {
		h.deps.Log.WarnContext(ctx, "the other workspaces of somebody cannot be looked up", "error", err)
	}
	for _, o := range others {
		if _, ok := unsealed(o.StateKey, o.User, params); ok {
			return o.Name
		}
	}
	return ""
}

// elsewhere says of which workspace the card of an action is, and leads to that
// of this one. Nothing is done.
func (h *Handler) elsewhere(ctx context.Context, other string, ev Event, user crm.UserID, v View) (card.Response, error) {
	v, err := h.placed(ctx, user, v)
	if err != nil {
		return card.Response{}, err
	}
	anew := v.run(opHome)
	if ev.Message != "" {
		anew = v.refresh()
	}
	next := v.notice(i18n.SectionPlace, card.Paragraph(v.t(i18n.PlaceElsewhere, other, v.place.name())), v.button(i18n.ActionRefresh, anew))
	return card.Do(card.BackToRoot(), card.Update(next)), nil
}
