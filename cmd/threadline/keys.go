package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/keys"
)

func (m *Main) keysCommand() *cobra.Command {
	rotate := &cobra.Command{Use: "rotate", Short: "Seal every secret under a new key and remove the old one; safe to repeat when it was cut", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.with(cmd.Context(), "", m.rotateKeys) }}
	sure := false
	lost := &cobra.Command{Use: "lost", Short: "Give up every secret, when the key file is lost for good", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.lostKeys(cmd.Context(), sure) }}
	lost.Flags().BoolVar(&sure, "yes", false, "passwords and second factors will be entered again")
	return group("keys", "The key that seals passwords", rotate, lost)
}

func (m *Main) rotateKeys(ctx context.Context, c *client) error {
	var out keys.Rotated
	raw, err := c.send(ctx, "POST", "/keys/rotate", nil, &out)
	if err != nil {
		return err
	}
	return m.print(raw, func() {
		m.say("%d secrets were sealed anew with %s; %d old keys removed from %s", out.Sealed, out.Primary, out.Removed, m.opt.keyFile)
		m.say("keep a copy of the new key file; backups made before need the old copy")
	})
}

// sealKeys looks at the keys in use.
func (m *Main) sealKeys(ctx context.Context, c *client) ([]finding, error) {
	var list list[keys.Key]
	if _, err := c.send(ctx, "GET", "/keys", nil, &list); err != nil {
		return nil, err
	}
	var out []finding
	for _, k := range list.Items {
		f := finding{What: "key " + k.ID, OK: k.Primary, Told: fmt.Sprintf("seals %d secrets", k.Secrets)}
		switch {
		case !k.Known:
			f.Told, f.Hint = f.Told+", and is not in the key file", "put back the key file that belongs to this data, or enter those passwords again"
		case !k.Primary:
			f.Told, f.Hint = f.Told+"; a newer key has taken its place", "finish with: threadline keys rotate"
		}
		out = append(out, f)
	}
	return out, nil
}

// lostKeys gives up what a lost key file sealed. No server may run: it would
// hold the data.
func (m *Main) lostKeys(ctx context.Context, sure bool) (err error) {
	if !sure {
		return crm.Errorf(crm.Invalid, "lostKeys", "every stored password and second factor would have to be entered again").
			WithField("yes").WithHint("if the key file is lost for good: threadline keys lost --yes")
	}
	log, err := m.logger()
	if err != nil {
		return err
	}
	h := &house{log: log, data: m.opt.data}
	defer func() { err = errors.Join(err, h.Close()) }()
	if m.opt.store == storeSQLite && !exists(m.databaseFile()) {
		return crm.Errorf(crm.NotFound, "lostKeys", "there is no data in %s", m.opt.data).WithField("data")
	}
	if err := h.openStore(ctx, m, m.databaseFile()); err != nil {
		return err
	}
	spaces, err := h.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	gone := 0
	for _, ws := range spaces {
		n, err := keys.Lost(ctx, h.store.In(ws))
		if err != nil {
			return err
		}
		gone += n
	}
	m.say("%d secrets were given up; the next start uses the key file %s, or makes one", gone, m.opt.keyFile)
	return nil
}
