package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is what the build knows about itself: the revision of the source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "devel" {
			v = "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return v
}

func (m *Main) versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		return m.print([]byte(`{"version":"`+version()+`"}`), func() { m.say("threadline %s", version()) })
	}}
}
