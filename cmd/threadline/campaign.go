package main

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/campaign"
	"threadline/internal/crm"
)

// campaignFlags are what the commands about campaigns take.
type campaignFlags struct {
	as, name, template, audience, mailbox, state string
	track, segment, purpose                      string
	pace                                         paceFlags
	days                                         int
	openDeals, anyway, marketing, csv            bool
}

func (m *Main) campaignCommand() *cobra.Command {
	var f campaignFlags
	in := func(run func(context.Context, *client, string) error) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, args []string) error {
			arg := strings.Join(args, "")
			return m.with(cmd.Context(), f.as, func(ctx context.Context, c *client) error { return run(ctx, c, arg) })
		}
	}
	add := &cobra.Command{Use: "add", Short: "Make a campaign; nothing is sent", Args: cobra.NoArgs,
		RunE: in(func(ctx context.Context, c *client, _ string) error { return m.addCampaign(ctx, c, &f) })}
	add.Flags().StringVar(&f.name, "name", "", "name")
	add.Flags().StringVar(&f.template, "template", "", "id of the letter")
	add.Flags().StringVar(&f.audience, "audience", "", "whom it is for: contacts where …")
	add.Flags().StringVar(&f.mailbox, "mailbox", "", "id of the mailbox that sends it")
	add.Flags().IntVar(&f.days, "spare-days", 0, "leave out contacts with whom anybody had mail in as many days")
	add.Flags().BoolVar(&f.openDeals, "spare-open-deals", false, "leave out contacts of open deals")
	add.Flags().StringVar(&f.segment, "segment", "", "in place of an audience: id of a segment of contacts")
	f.pace.on(add.Flags())
	add.Flags().StringVar(&f.purpose, "purpose", "", "key of what it is for, which people may leave by itself")
	add.Flags().StringVar(&f.track, "track", "", "what is found out about reading: aggregate or individual; nothing when left out")
	add.Flags().BoolVar(&f.marketing, "marketing", false, "offers to many: postal address and a link to leave stand under it")
	ledger := &cobra.Command{Use: "recipients ID", Short: "Show the ledger of a campaign", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, id string) error {
			return m.campaignLedger(ctx, c, id, f.state, f.csv)
		})}
	ledger.Flags().BoolVar(&f.csv, "csv", false, "print all of it as CSV")
	ledger.Flags().StringVar(&f.state, "state", "", "excluded, queued, claimed, sent, failed or unknown")
	commands := []*cobra.Command{add, ledger,
		{Use: "list", Short: "List campaigns", Args: cobra.NoArgs, RunE: in(m.campaigns)},
		{Use: "show ID", Short: "Show how far a campaign is", Args: cobra.ExactArgs(1), RunE: in(m.showCampaign)},
		{Use: "results ID", Short: "Show what came of a campaign, and when it will be through", Args: cobra.ExactArgs(1), RunE: in(m.campaignResults)},
		{Use: "check ID", Short: "Say what receivers would say to the first mail, and how to mend it", Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, id string) error { return m.checks(ctx, c, "campaigns", id) })},
		{Use: "prepare ID", Short: "Write every recipient down, with the reason of each who is left out", Args: cobra.ExactArgs(1), RunE: in(m.prepareCampaign)},
	}
	commands = append(commands, m.settleCommand(&f, in))
	for step, short := range map[string]string{"start": "Send to whom the ledger says", "pause": "Stop sending", "cancel": "Stop for good", "retry": "Try those again who failed"} {
		commands = append(commands, &cobra.Command{Use: step + " ID", Short: short, Args: cobra.ExactArgs(1),
			RunE: in(func(ctx context.Context, c *client, id string) error {
				return m.moveCampaign(ctx, c, id, step, f.anyway)
			})})
	}
	for _, cmd := range commands {
		if cmd.Name() == "start" {
			cmd.Flags().BoolVar(&f.anyway, "anyway", false, "although a check refuses it")
		}
		cmd.Flags().StringVar(&f.as, "as", "", "in whose name: address of a user")
	}
	return group("campaign", "One letter to many people, each at most once", commands...)
}

// settleCommand says what holds of those of whom nobody knows.
func (m *Main) settleCommand(f *campaignFlags, in func(func(context.Context, *client, string) error) func(*cobra.Command, []string) error) *cobra.Command {
	var send, sent bool
	var to []string
	cmd := &cobra.Command{Use: "settle ID", Short: "Say of whom nobody knows whether they got it: --send it to them, or count it as --sent", Args: cobra.ExactArgs(1),
		RunE: in(func(ctx context.Context, c *client, id string) error {
			if send == sent {
				return crm.Errorf(crm.Invalid, "settle", "it is not said what becomes of them").WithField("send").
					WithHint("look for them in the log of the mail server, then: --send, or --sent, and --to ADDRESS for some of them")
			}
			return m.settleUnknown(ctx, c, id, map[string]any{"send": send, "addresses": to})
		})}
	cmd.Flags().BoolVar(&send, "send", false, "send them the letter, which they may have already")
	cmd.Flags().BoolVar(&sent, "sent", false, "count it as sent")
	cmd.Flags().StringArrayVar(&to, "to", nil, "address of one of them; may be repeated; left out: all")
	return cmd
}

func (m *Main) settleUnknown(ctx context.Context, c *client, id string, body map[string]any) error {
	var out struct {
		Status crm.CampaignStatus
		Again  int
	}
	raw, err := c.send(ctx, "POST", path("campaigns", id, "unknown"), body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.say("settled: %d; the campaign is %s", out.Again, string(out.Status)) })
}

// campaigns is what the sending of campaigns needs to know.
func (w *workers) campaigns() campaign.Config {
	h, out := w.house, groups()
	out.Owner, out.PublicURL, out.Open, out.Log, out.More = h.owner, w.base.String(), h.sender, h.log, h.Sequences.Errands
	if h.lease != 0 {
		out.Lease = h.lease
	}
	out.Budget = func(ctx context.Context, mb *crm.Mailbox) (int, error) {
		b, err := h.Outbox.Beside(ctx, mb)
		return b.Left(), err
	}
	return out
}

// groups is how campaigns are worked on: how long one stays with a process that
// says nothing, and how many lines are claimed and handed over at once.
func groups() campaign.Config {
	return campaign.Config{Lease: time.Minute, Group: 5, Most: 200, Lanes: 3, Parallel: 8}
}

func (m *Main) addCampaign(ctx context.Context, c *client, f *campaignFlags) error {
	pace, err := f.pace.body()
	if err != nil {
		return err
	}
	body := map[string]any{"name": f.name, "template": f.template, "audience": f.audience, "segment": f.segment, "mailbox": f.mailbox,
		"track": f.track, "marketing": f.marketing, "purpose": f.purpose,
		"spare": map[string]any{"days": f.days, "open_deals": f.openDeals},
		"pace":  pace}
	var out struct{ ID string }
	raw, err := c.send(ctx, "POST", "/campaigns", body, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s is made; write its recipients down with: threadline campaign prepare %s", out.ID, out.ID)
	})
}

func (m *Main) campaigns(ctx context.Context, c *client, _ string) error {
	var out list[crm.Campaign]
	raw, err := c.send(ctx, "GET", "/campaigns", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, x := range out.Items {
			rows = append(rows, []string{x.ID, string(x.Status), x.Name, x.Audience})
		}
		m.table([]string{"id", "status", "name", "audience"}, rows)
	})
}

// states are those of recipients, in the order of their life.
var states = [...]crm.RecipientState{crm.RecipientExcluded, crm.RecipientQueued, crm.RecipientClaimed, crm.RecipientSent, crm.RecipientFailed, crm.RecipientUnknown}

func (m *Main) showCampaign(ctx context.Context, c *client, id string) error {
	var out struct {
		crm.Campaign
		Recipients map[crm.RecipientState]int64
	}
	raw, err := c.send(ctx, "GET", path("campaigns", id), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%s: %s", out.Name, string(out.Status))
		if out.Why != "" {
			m.say("%s", out.Why)
		}
		for _, s := range states {
			m.say("%10d %s", out.Recipients[s], string(s))
		}
	})
}

func (m *Main) prepareCampaign(ctx context.Context, c *client, id string) error {
	err := m.untilDone(ctx, c, path("campaigns", id, "prepare"), nil)
	if err == nil && !m.json {
		m.say("see who gets it with: threadline campaign recipients %s, and send it with: threadline campaign start %s", id, id)
	}
	return err
}

func (m *Main) campaignLedger(ctx context.Context, c *client, id, state string, csv bool) error {
	address := path("campaigns", id, "recipients") + "?limit=200"
	if state != "" {
		address += "&state=" + state
	}
	if csv {
		return m.ledgerCSV(ctx, c, address)
	}
	var out list[crm.Recipient]
	raw, err := c.send(ctx, "GET", address, nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		rows := make([][]string, 0, len(out.Items))
		for _, r := range out.Items {
			rows = append(rows, []string{cmp.Or(string(r.Address), string(r.Contact)), string(r.State), r.Reason, strconv.Itoa(r.Tries)})
		}
		m.table([]string{"address", "state", "reason", "tries"}, rows)
		if out.Next != "" {
			m.say("and more: GET /api/v1/campaigns/%s/recipients goes on page by page", id)
		}
	})
}

func (m *Main) moveCampaign(ctx context.Context, c *client, id, step string, anyway bool) error {
	var out struct {
		Status crm.CampaignStatus
		Again  int
	}
	raw, err := c.send(ctx, "POST", path("campaigns", id, step)+insisting(step, anyway), nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		if out.Again > 0 {
			m.say("tried again: %d who failed", out.Again)
		}
		m.say("the campaign is %s", string(out.Status))
	})
}

// insisting is how a start says that it is wanted although a check refuses it.
func insisting(step string, anyway bool) string {
	if step == "start" && anyway {
		return "?anyway=true"
	}
	return ""
}
