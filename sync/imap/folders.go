package imap

import (
	"context"
	"errors"
	"slices"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Folders lists the folders that can hold mail. With LIST-STATUS (RFC 5819)
// this is one command, else one more per folder, sent ahead of the answers.
// A folder whose state the server does not tell has an empty cursor.
func (s *session) Folders(ctx context.Context) (out []source.Folder, err error) {
	const op = crm.Op("imap.Folders")
	err = s.run(ctx, op, func(w *watch) error {
		if err := s.unselect(); err != nil {
			return err
		}
		list, err := s.list()
		if err != nil {
			return err
		}
		if !s.has(goimap.CapListStatus) {
			err = s.names.during(func() error { return s.statusEach(w, list) })
		}
		out = s.folders(list)
		return err
	})
	return out, err
}

// unselect closes the open folder: of that one servers tell the state as this
// session sees it, which is old. CLOSE deletes nothing in a folder that was
// opened read-only (RFC 3501 §6.4.2).
func (s *session) unselect() error {
	if s.box == nil {
		return nil
	}
	s.box = nil
	if s.has(goimap.CapUnselect) {
		return s.client.Unselect().Wait()
	}
	return s.client.UnselectAndExpunge().Wait()
}

// list asks for all folders that can hold mail. Of two with one name the first
// counts: no command could tell them apart.
func (s *session) list() (list []*goimap.ListData, err error) {
	opts := s.listOptions()
	list, err = s.listed(opts)
	if opts != nil && s.notMeant(err, goimap.CapListStatus, goimap.CapListExtended, goimap.CapSpecialUse) {
		return s.listed(nil)
	}
	return list, err
}

func (s *session) listOptions() *goimap.ListOptions {
	switch {
	case s.has(goimap.CapListStatus):
		return &goimap.ListOptions{ReturnStatus: s.statusItems(), ReturnSpecialUse: s.has(goimap.CapSpecialUse)}
	case s.has(goimap.CapListExtended) && s.has(goimap.CapSpecialUse):
		return &goimap.ListOptions{ReturnSpecialUse: true}
	}
	return nil
}

// notMeant tells whether a server that announced something does not understand it
// (BAD), and forgets then that it announced it.
func (s *session) notMeant(err error, announced ...goimap.Cap) bool {
	if no := refusal(err); no == nil || no.Type != goimap.StatusResponseTypeBad {
		return false
	}
	for _, c := range announced {
		delete(s.caps, c)
	}
	return true
}

func (s *session) listed(opts *goimap.ListOptions) (list []*goimap.ListData, err error) {
	seen := map[string]bool{}
	err = s.names.during(func() error {
		cmd := s.client.List("", "*", opts)
		for d := cmd.Next(); d != nil; d = cmd.Next() {
			if selectable(d) && !seen[d.Mailbox] {
				list = append(list, d)
			}
			seen[d.Mailbox] = seen[d.Mailbox] || selectable(d)
			if len(list) > maxFolders {
				s.conn.abort(errFolders) // what is still to come has no reader
			}
		}
		return cmd.Close()
	})
	return list, err
}

// maxFolders is how many folders an account may have.
const maxFolders = 20_000

// errFolders is the reason of a connection on which more folders were listed.
var errFolders = errors.New("too many folders")

func selectable(d *goimap.ListData) bool {
	return !slices.Contains(d.Attrs, goimap.MailboxAttrNoSelect) && !slices.Contains(d.Attrs, goimap.MailboxAttrNonExistent)
}

// statusItems are those that make a cursor.
func (s *session) statusItems() *goimap.StatusOptions {
	return &goimap.StatusOptions{NumMessages: true, UIDNext: true, UIDValidity: true,
		HighestModSeq: s.has(goimap.CapCondStore)}
}

// statusWindow is how many STATUS commands may be on their way: enough to hide
// the distance, few enough for servers that count.
const statusWindow = 16

func (s *session) statusEach(w *watch, list []*goimap.ListData) error {
	for part := range slices.Chunk(list, statusWindow) {
		w.expect(0)
		cmds := make([]*imapclient.StatusCommand, len(part))
		for i, d := range part {
			cmds[i] = s.client.Status(d.Mailbox, s.statusItems())
		}
		for i, cmd := range cmds {
			data, err := cmd.Wait()
			if err != nil && refusal(err) == nil {
				return err
			}
			if err == nil {
				part[i].Status = data
			}
		}
	}
	return nil
}

func (s *session) folders(list []*goimap.ListData) []source.Folder {
	role := roles(list)
	out := make([]source.Folder, len(list))
	for i, d := range list {
		out[i] = source.Folder{Name: d.Mailbox, Role: role[d.Mailbox], Count: -1}
		if st := d.Status; st != nil && st.NumMessages != nil && st.UIDValidity != 0 && st.UIDNext != 0 {
			c := cursor{epoch: uint64(st.UIDValidity), next: uint64(st.UIDNext), modseq: st.HighestModSeq, count: uint64(*st.NumMessages)}
			out[i].Cursor, out[i].Count = c.String(), int64(c.count)
		}
	}
	if s.has(capGmail) {
		within(out)
	}
	return out
}

// capGmail is what Gmail announces
// (https://developers.google.com/workspace/gmail/imap/imap-extensions).
const capGmail goimap.Cap = "X-GM-EXT-1"

// within marks the folders of Gmail that are labels: what lies in them lies in
// All Mail, but for spam and trash.
func within(folders []source.Folder) {
	i := slices.IndexFunc(folders, func(f source.Folder) bool { return f.Role == crm.RoleAll })
	if i < 0 { // its owner hides All Mail from IMAP
		return
	}
	for j := range folders {
		if f := &folders[j]; j != i && !f.Role.OffTimeline() {
			f.Within = folders[i].Name
		}
	}
}
