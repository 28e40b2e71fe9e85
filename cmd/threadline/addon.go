package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"threadline/appsscript"
	"threadline/internal/crm"
	"threadline/manifests"
)

func (m *Main) addonCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "addon", Short: "The sidebar in Gmail"}
	var script string
	manifest := &cobra.Command{Use: "manifest", Short: "Print the deployment of the add-on for --public-url", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return m.addonManifest(script) }}
	manifest.Flags().StringVar(&script, "script", "", "write the Apps Script project into this new folder instead")
	cmd.AddCommand(manifest)
	return cmd
}

// addonManifest prints what "gcloud workspace-add-ons deployments create" takes,
// or writes what "clasp push" takes.
func (m *Main) addonManifest(script string) error {
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
	address := []byte(strings.TrimSuffix(base.String(), "/"))
	if script != "" {
		return crm.Wrap(op, "the script cannot be written", writeScript(script, address))
	}
	_, err = m.Out.Write(bytes.ReplaceAll(manifests.Addon, []byte(manifests.AddonBase), address))
	return crm.Wrap(op, "the manifest cannot be printed", err)
}

// writeScript writes the Apps Script project for a server. A folder that exists
// is left as it is: somebody may have changed the script.
func writeScript(dir string, address []byte) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	return fs.WalkDir(appsscript.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := appsscript.Files.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, path), bytes.ReplaceAll(b, []byte(appsscript.Base), address), 0o644)
	})
}
