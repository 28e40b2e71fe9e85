package imap

import (
	"context"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// Keep puts a copy of a sent mail into the folder of sent mail, read, unless it
// is there already. It fails with crm.NotFound when there is no such folder.
func (src *Source) Keep(ctx context.Context, raw []byte) error {
	return src.inRole(ctx, "imap.Keep", crm.RoleSent, "The mailbox has no folder for sent mail.",
		func(s *session, folder string) error { return s.put(folder, raw, goimap.FlagSeen) })
}

// inRole opens the account and works in its folder of a role.
func (src *Source) inRole(ctx context.Context, op crm.Op, role crm.BoxRole, none string, f func(s *session, folder string) error) error {
	opened, err := src.Open(ctx)
	if err != nil {
		return err
	}
	defer opened.Close()
	folders, err := opened.Folders(ctx)
	if err != nil {
		return err
	}
	s, ok := opened.(*session)
	if !ok {
		return crm.Errorf(crm.Internal, op, "the session is of another kind")
	}
	for _, folder := range folders {
		if folder.Role == role {
			return s.run(ctx, op, func(*watch) error { return f(s, folder.Name) })
		}
	}
	return crm.Errorf(crm.NotFound, op, "%s", none)
}

func (s *session) put(folder string, raw []byte, flags ...goimap.Flag) error {
	c := s.client.Append(folder, int64(len(raw)), &goimap.AppendOptions{Flags: flags})
	if _, err := c.Write(raw); err != nil {
		return err
	}
	if err := c.Close(); err != nil {
		return err
	}
	_, err := c.Wait()
	return err
}
