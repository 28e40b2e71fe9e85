package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// chapter is a part of the list of commands.
type chapter struct {
	title    string
	commands []*cobra.Command
}

// chapters are all commands, in the order in which people come to need them.
func (m *Main) chapters() []chapter {
	return []chapter{
		{"Run it", []*cobra.Command{m.serveCommand(), m.demoCommand(), m.doctorCommand(), m.versionCommand()}},
		{"Mail", []*cobra.Command{m.mailboxCommand(), m.whyCommand(), m.correctCommand(), m.excludeCommand(), m.suggestCommand(), m.rematchCommand(),
			m.sendCommand(), m.sentCommand(), m.draftCommand(), m.awayCommand()}},
		{"Records", []*cobra.Command{m.queryCommand(), m.searchCommand(), m.viewCommand(), m.segmentCommand(), m.groupsCommand(), m.editCommand(),
			m.importCommand(), m.importsCommand(), m.exportCommand(), m.duplicatesCommand(), m.mergeCommand(), m.changesCommand(), m.undoCommand(), m.jobCommand()}},
		{"Mail to many", []*cobra.Command{m.templateCommand(), m.campaignCommand(), m.sequenceCommand(), m.mailingCommand(), m.suppressionCommand(), m.calendarCommand(), m.dkimCommand()}},
		{"People and what they may do", append([]*cobra.Command{m.userCommand(), m.keyCommand(), m.accessCommand(), m.noticesCommand(), m.workspaceCommand(), m.addonCommand()}, m.roleCommands()...)},
		{"Keep it safe", []*cobra.Command{m.backupCommand(), m.restoreCommand(), m.verifyCommand(), m.auditCommand(), m.keysCommand(), m.personCommand(), m.retentionCommand()}},
	}
}

// serving are the commands whose help tells how a server is set up. All others
// take the same flags, for when no server runs, and seldom need them.
var serving = []string{"serve", "demo", "doctor", "restore", "keys", "addon"}

// everywhere are the flags of every command that help tells always.
var everywhere = []string{"data", "workspace", "json"}

// brief has the help of commands leave out how a server is set up, and say where
// that stands.
func brief(root *cobra.Command) {
	help, seldom := root.HelpFunc(), root.PersistentFlags()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		top := cmd
		for top.HasParent() && top.Parent() != root {
			top = top.Parent()
		}
		full := slices.Contains(serving, top.Name())
		seldom.VisitAll(func(f *pflag.Flag) { f.Hidden = !full && !slices.Contains(everywhere, f.Name) })
		help(cmd, args)
		if !full {
			cmd.Println("\nHow a server is set up: threadline serve --help. Each flag may stand in the environment, as THREADLINE_DATA.")
		}
	})
}
