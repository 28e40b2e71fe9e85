package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/search"
)

func (m *Main) searchCommand() *cobra.Command {
	var as string
	var kinds []string
	var limit int
	var rebuild bool
	cmd := &cobra.Command{Use: "search WORDS", Short: "Find records and mail by the beginnings of words", Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if rebuild {
				return m.rebuildSearch(cmd.Context())
			}
			return m.search(cmd.Context(), as, strings.Join(args, " "), kinds, limit)
		}}
	f := cmd.Flags()
	f.StringVar(&as, "as", "", "in whose name mail is found")
	f.StringSliceVar(&kinds, "in", nil, "only in these folders, or in messages")
	f.IntVar(&limit, "limit", search.DefaultLimit, "how many hits at most")
	f.BoolVar(&rebuild, "rebuild", false, "make the index anew from what is stored")
	return cmd
}

func (m *Main) search(ctx context.Context, as, text string, kinds []string, limit int) error {
	return m.with(ctx, as, func(ctx context.Context, c *client) error {
		ask := url.Values{"q": {text}, "limit": {number(int64(limit))}}
		if len(kinds) > 0 {
			ask.Set("kind", strings.Join(kinds, ","))
		}
		var out list[search.Hit]
		raw, err := c.send(ctx, "GET", "/search?"+ask.Encode(), nil, &out)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			var rows [][]string
			for _, h := range out.Items {
				title := h.Title
				if title == "" {
					title = "(not for you to read)"
				}
				rows = append(rows, []string{string(h.Kind), cell(title), cell(h.About), moment(h.At), h.ID})
			}
			m.table([]string{"kind", "what", "about", "at", "id"}, rows)
		})
	})
}

func (m *Main) rebuildSearch(ctx context.Context) error {
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		raw, err := c.send(ctx, "POST", "/search/rebuild", nil, nil)
		if err != nil {
			return err
		}
		return m.print(raw, func() { m.say("the search index was emptied and is made anew from what is stored") })
	})
}
