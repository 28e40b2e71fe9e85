package main

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/table"
)

func (m *Main) campaignResults(ctx context.Context, c *client, id string) error {
	var out campaign.Results
	raw, err := c.send(ctx, "GET", path("campaigns", id, "results"), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		m.table([]string{"result", "", ""}, [][]string{
			{"sent", n(out.Recipients[crm.RecipientSent]), n(out.PerMinute) + " in the last minute"},
			{"delivered", n(out.Delivered), ""},
			{"replied", n(out.Replied), n(out.Away) + " away"},
			{"bounced", n(out.Bounced[crm.BounceHard] + out.Bounced[crm.BounceSoft] + out.Bounced[crm.BouncePolicy]), n(out.Bounced[crm.BounceHard]) + " hard, " + n(out.Bounced[crm.BounceSoft]) + " soft, " + n(out.Bounced[crm.BouncePolicy]) + " by policy"},
			{"complained", n(out.Complained), ""},
			{"unsubscribed", n(out.Unsubscribed), ""},
			{"opened", n(out.Openers), n(out.Opens.Human) + " times by people, " + n(out.Opens.Machine) + " by programs, " + n(out.Opens.Unknown) + " unknown"},
			{"clicked", n(out.Clickers), n(out.Clicks.Human) + " times by people, " + n(out.Clicks.Machine) + " by programs, " + n(out.Clicks.Unknown) + " unknown"},
			{"failed", n(out.Recipients[crm.RecipientFailed]), ""},
			{"unknown", n(out.Recipients[crm.RecipientUnknown]), ""},
			{"on their way", n(out.Recipients[crm.RecipientClaimed]), ""},
			{"waiting", n(out.Recipients[crm.RecipientQueued]), ""},
		})
		for _, w := range out.Won {
			m.say("won: %d deals, %s", w.Deals, i18n.English.Money(w.Amount, string(w.Currency), w.Currency.Digits()))
		}
		m.waits(out.Trouble)
		if out.Finish > 0 {
			m.say("the last one is written to at about %s", moment(out.Finish))
		}
	})
}

// waits says why letters that could be due wait, and until when.
func (m *Main) waits(t *campaign.Trouble) {
	switch {
	case t == nil:
	case t.Spent:
		m.say("letters go on at %s: %s", moment(t.Next), plain(t.Reason))
	default:
		m.say("letters are tried again, next at %s: %s", moment(t.Next), plain(t.Reason))
	}
}

// ledgerCSV prints all lines of a ledger.
func (m *Main) ledgerCSV(ctx context.Context, c *client, address string) error {
	w := table.NewWriter(m.Out)
	rows := [][]string{{"address", "contact", "state", "reason", "message_id", "sent", "replied", "bounced", "bounce", "said", "complained", "left", "opens", "machine_opens", "clicks", "machine_clicks"}}
	at := func(t crm.Time) string {
		if t == 0 {
			return ""
		}
		return t.String()
	}
	for cursor := ""; ; {
		var out list[campaign.Watched]
		if _, err := c.send(ctx, "GET", address+"&cursor="+url.QueryEscape(cursor), nil, &out); err != nil {
			return err
		}
		for _, r := range out.Items {
			var seen crm.Seen
			if r.Seen != nil {
				seen = *r.Seen
			}
			n := func(v int64) string { return strconv.FormatInt(v, 10) }
			rows = append(rows, []string{string(r.Address), string(r.Contact), string(r.State), r.Reason, string(r.RFCID), at(r.Sent), at(r.Replied), at(r.Bounced), string(r.Bounce), r.Said,
				at(r.Complained), at(r.Left), n(seen.Opens.Human), n(seen.Opens.Machine), n(seen.Clicks.Human), n(seen.Clicks.Machine)})
		}
		for _, row := range rows {
			if err := w.Write(row); err != nil {
				return err
			}
		}
		if rows, cursor = nil, out.Next; cursor == "" {
			return w.Flush()
		}
	}
}

// mailingCommand says what holds of mail to many people.
func (m *Main) mailingCommand() *cobra.Command {
	var as, postal, consent, single string
	var purposes []string
	var rotate bool
	cmd := &cobra.Command{Use: "mailing", Short: "Show or say what holds of mail to many: postal address, consent to tracking", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.with(cmd.Context(), as, func(ctx context.Context, c *client) error {
				var out crm.Mailing
				raw, err := c.send(ctx, "GET", "/mailing", nil, &out)
				if err != nil {
					return err
				}
				if rotate {
					if raw, err = c.send(ctx, "POST", "/mailing/track-key", nil, nil); err != nil {
						return err
					}
				}
				if cmd.Flags().Changed("postal") || cmd.Flags().Changed("consent") || cmd.Flags().Changed("purpose") || cmd.Flags().Changed("single") {
					if cmd.Flags().Changed("single") {
						if out.Single = crm.TrackMode(single); single == "off" {
							out.Single = crm.TrackOff
						}
					}
					if cmd.Flags().Changed("purpose") {
						out.Purposes = nil
						for _, p := range purposes {
							key, name, _ := strings.Cut(p, "=")
							out.Purposes = append(out.Purposes, crm.Purpose{Key: key, Name: name})
						}
					}
					if cmd.Flags().Changed("postal") {
						out.Postal = postal
					}
					if cmd.Flags().Changed("consent") {
						if consent != "needed" && consent != "free" {
							return crm.Errorf(crm.Invalid, "mailing", "consent is needed or free, not %q", crm.Clip(consent, 40)).WithField("consent")
						}
						out.Consent = consent == "needed"
					}
					if raw, err = c.send(ctx, "PUT", "/mailing", out, nil); err != nil {
						return err
					}
				}
				return m.print(raw, func() {
					m.say("postal address: %s\nconsent to tracking by name needed: %t\ntracking of single mails: %s", out.Postal, out.Consent, cmp.Or(out.Single, "off"))
				})
			})
		}}
	cmd.Flags().StringVar(&as, "as", "", "in whose name: address of a user")
	cmd.Flags().StringVar(&postal, "postal", "", "address that stands under marketing mails")
	cmd.Flags().StringArrayVar(&purposes, "purpose", nil, "what mails are for, as KEY=NAME; people may leave each by itself; may be repeated")
	cmd.Flags().BoolVar(&rotate, "new-track-key", false, "sign addresses of tracking with a new key from now on; sent ones still hold")
	cmd.Flags().StringVar(&single, "single", "", "off, aggregate or individual: the most that may be found out about the reading of single mails")
	cmd.Flags().StringVar(&consent, "consent", "", "needed or free: whether people have to agree before they are tracked by name")
	return cmd
}
