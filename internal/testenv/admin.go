package testenv

import (
	"fmt"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
)

// Admin changes a mailbox on any IMAP server, as another mail program of its
// owner would. Every call is a connection of its own.
type Admin struct {
	Addr, User, Password string
}

// Admin returns the other mail program of a user.
func (s *Server) Admin(user string) Admin {
	return Admin{Addr: s.Addr, User: user, Password: Password}
}

func (a Admin) with(f func(*imapclient.Client) error) error {
	c, err := imapclient.DialInsecure(a.Addr, nil)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.Login(a.User, a.Password).Wait(); err != nil {
		return err
	}
	if err := f(c); err != nil {
		return err
	}
	return c.Logout().Wait()
}

// Append stores mails in a folder and returns their UIDs.
func (a Admin) Append(folder string, mails ...Mail) (keys []crm.Key, err error) {
	err = a.with(func(c *imapclient.Client) error {
		for _, m := range mails {
			cmd := c.Append(folder, int64(len(m.Raw)), &goimap.AppendOptions{Flags: wireFlags(m.Flags), Time: m.Internal})
			if _, err := cmd.Write(m.Raw); err != nil {
				return err
			}
			if err := cmd.Close(); err != nil {
				return err
			}
			data, err := cmd.Wait()
			if err != nil {
				return err
			}
			keys = append(keys, crm.Key(data.UID))
		}
		return nil
	})
	return keys, err
}

// Delete removes mails for good.
func (a Admin) Delete(folder string, keys ...crm.Key) error {
	return a.onMails(folder, keys, func(c *imapclient.Client, uids goimap.UIDSet) error {
		store := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{goimap.FlagDeleted}}
		if err := c.Store(uids, store, nil).Close(); err != nil {
			return err
		}
		return c.UIDExpunge(uids).Close()
	})
}

// SetFlags replaces the flags of mails.
func (a Admin) SetFlags(folder string, flags []crm.Flag, keys ...crm.Key) error {
	return a.onMails(folder, keys, func(c *imapclient.Client, uids goimap.UIDSet) error {
		store := &goimap.StoreFlags{Op: goimap.StoreFlagsSet, Silent: true, Flags: wireFlags(flags)}
		return c.Store(uids, store, nil).Close()
	})
}

// Move moves mails to another folder.
func (a Admin) Move(from, to string, keys ...crm.Key) error {
	return a.onMails(from, keys, func(c *imapclient.Client, uids goimap.UIDSet) error {
		_, err := c.Move(uids, to).Wait()
		return err
	})
}

func (a Admin) onMails(folder string, keys []crm.Key, f func(*imapclient.Client, goimap.UIDSet) error) error {
	if len(keys) == 0 {
		return fmt.Errorf("testenv: no mails named in %s", folder)
	}
	var uids goimap.UIDSet
	for _, k := range keys {
		uids.AddNum(goimap.UID(k))
	}
	return a.with(func(c *imapclient.Client) error {
		if _, err := c.Select(folder, nil).Wait(); err != nil {
			return err
		}
		return f(c, uids)
	})
}

// CreateFolder makes a folder.
func (a Admin) CreateFolder(name string) error {
	return a.with(func(c *imapclient.Client) error { return c.Create(name, nil).Wait() })
}

// DeleteFolder removes a folder with its mail.
func (a Admin) DeleteFolder(name string) error {
	return a.with(func(c *imapclient.Client) error { return c.Delete(name).Wait() })
}

// RenameFolder renames a folder.
func (a Admin) RenameFolder(from, to string) error {
	return a.with(func(c *imapclient.Client) error { return c.Rename(from, to, nil).Wait() })
}

func wireFlags(flags []crm.Flag) []goimap.Flag {
	names := map[crm.Flag]goimap.Flag{crm.FlagSeen: goimap.FlagSeen, crm.FlagAnswered: goimap.FlagAnswered,
		crm.FlagFlagged: goimap.FlagFlagged, crm.FlagDraft: goimap.FlagDraft, crm.FlagDeleted: goimap.FlagDeleted}
	var out []goimap.Flag
	for _, f := range flags {
		if k := f.Keyword(); k != "" {
			out = append(out, goimap.Flag(k))
		} else {
			out = append(out, names[f])
		}
	}
	return out
}
