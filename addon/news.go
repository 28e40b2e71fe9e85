package addon

import (
	"context"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// opNewsRead marks all that the viewer was told as read.
const opNewsRead = "news.read"

// notices are what the viewer was told and has not read.
func (v View) notices(h *timeline.Home) card.Section {
	var rows []card.Widget
	for _, n := range h.Notices {
		click := v.Links.record(n.About)
		if n.About == "" {
			click = v.Links.message(n.Message)
		}
		if noun, ok := crm.NounOfID(n.About); ok && noun.Kind == crm.KindTask {
			click = v.task(n.About, "")
		}
		title := card.Plain(n.Title)
		if key := i18n.Key("notice." + string(n.Kind)); i18n.Has(key) {
			title = v.t(key, n.Title)
		}
		rows = append(rows, card.Row(title, card.Details{Icon: card.IconStar, Top: card.Plain(v.moment(n.At, h.AsOf)), Wrap: true, Click: click}))
	}
	if len(rows) > 0 && v.Books {
		rows = append(rows, v.button(i18n.NoticesRead, v.run(opNewsRead)))
	}
	return v.listed(i18n.NoticesTitle, rows, false)
}

func newsRead(ctx context.Context, c *click) (card.Response, error) {
	if err := c.book.ReadNews(ctx, c.viewer); err != nil {
		return card.Response{}, err
	}
	return c.back(ctx)
}
