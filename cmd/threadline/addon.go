package main

import (
	"bytes"
	"strings"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/manifests"
)

func (m *Main) addonCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "addon", Short: "The sidebar in Gmail"}
	cmd.AddCommand(&cobra.Command{Use: "manifest", Short: "Print the deployment of the add-on for --public-url", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return m.addonManifest() }})
	return cmd
}

// addonManifest prints what "gcloud workspace-add-ons deployments create" takes.
func (m *Main) addonManifest() error {
	const op = crm.Op("addonManifest")
	if m.opt.public == "" {
		return crm.Errorf(crm.Invalid, op, "Google has to reach the server: its public address is not known").
			WithField("public-url").WithHint("threadline addon manifest --public-url https://crm.company.example > deployment.json")
	}
	base, err := m.base()
	if err != nil {
		return err
	}
	if base.Scheme != "https" {
		return crm.Errorf(crm.Invalid, op, "Google calls https addresses only").WithField("public-url").WithHint("put the server behind a proxy with a certificate")
	}
	_, err = m.Out.Write(bytes.ReplaceAll(manifests.Addon, []byte(manifests.AddonBase), []byte(strings.TrimSuffix(base.String(), "/"))))
	return crm.Wrap(op, "the manifest cannot be printed", err)
}
