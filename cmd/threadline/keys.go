package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"threadline/internal/keys"
)

func (m *Main) keysCommand() *cobra.Command {
	rotate := &cobra.Command{Use: "rotate", Short: "Seal every secret under a new key and remove the old one; safe to repeat when it was cut", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.with(cmd.Context(), "", m.rotateKeys) }}
	return group("keys", "The key that seals passwords", rotate)
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
