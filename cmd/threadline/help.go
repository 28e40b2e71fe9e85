package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"threadline/internal/crm"
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
		{"Records", []*cobra.Command{m.recordCommand(), m.queryCommand(), m.searchCommand(), m.viewCommand(), m.segmentCommand(), m.groupsCommand(), m.editCommand(),
			m.importCommand(), m.importsCommand(), m.exportCommand(), m.duplicatesCommand(), m.mergeCommand(), m.changesCommand(), m.undoCommand(), m.jobCommand(), m.folderCommand(), m.fieldCommand(), m.pipelineCommand()}},
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

// guide has each mistake in a command line answered with what to write instead.
func guide(root *cobra.Command) {
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return crm.Errorf(crm.Invalid, "flags", "%s", err.Error()).WithHint("see: " + cmd.CommandPath() + " --help")
	})
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() } // so that its arguments are looked at
	root.SetHelpCommand(helpCommand(root))
	for todo := []*cobra.Command{root}; len(todo) > 0; todo = todo[1:] {
		cmd := todo[0]
		todo = append(todo, cmd.Commands()...)
		check := cmd.Args
		if check == nil && cmd.HasSubCommands() {
			check = cobra.NoArgs
		}
		if check == nil {
			continue
		}
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			if err != nil && cmd.HasSubCommands() && len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			if err != nil {
				return crm.Errorf(crm.Invalid, "arguments", "%s: %s", cmd.CommandPath(), err.Error()).
					WithHint("write: " + cmd.UseLine() + "; see: " + cmd.CommandPath() + " --help")
			}
			return nil
		}
	}
}

func unknownCommand(cmd *cobra.Command, word string) error {
	hint := "see: " + cmd.CommandPath() + " --help"
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		hint = "did you mean " + cmd.CommandPath() + " " + near[0] + "?"
	}
	return crm.Errorf(crm.Invalid, "command", "there is no command %q", cmd.CommandPath()+" "+crm.Clip(word, 40)).WithHint(hint)
}

// helpCommand shows the help of a command, and refuses one that there is not.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{Use: "help [COMMAND …]", Short: "Help about any command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 && cmd.HasSubCommands() {
				return unknownCommand(cmd, rest[0])
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		}}
}
