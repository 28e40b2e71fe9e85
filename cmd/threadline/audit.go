package main

import (
	"context"

	"github.com/spf13/cobra"

	"threadline/internal/audit"
	"threadline/internal/crm"
)

func (m *Main) auditCommand() *cobra.Command {
	verify := &cobra.Command{Use: "verify", Short: "Check the chain of the audit log; names the first broken entry", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.with(cmd.Context(), "", m.verifyAudit) }}
	return group("audit", "The log of every change, chained by hashes", verify)
}

func (m *Main) verifyAudit(ctx context.Context, c *client) error {
	var r audit.Report
	raw, err := c.send(ctx, "GET", "/audit/verify", nil, &r)
	if err != nil {
		return err
	}
	err = m.print(raw, func() {
		m.say("%d entries are right; %d changes are not sealed yet", r.Entries, r.Unsealed)
		m.say("head: %s", r.Head)
	})
	if err == nil && r.Broken != nil {
		err = crm.Errorf(crm.Invalid, "audit", "entry %d (%s) is broken: %s", r.Broken.Seq, r.Broken.Change, r.Broken.What).
			WithHint("compare with the last backup: restore it beside this one and look at the same change")
	}
	return err
}
