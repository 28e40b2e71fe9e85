package imap

import (
	"context"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// Keep puts a copy of a sent mail into the folder of sent mail, read, unless it
// is there already. It fails with crm.NotFound when there is no such folder.
func (src *Source) Keep(ctx context.Context, raw []byte) error {
	const op = crm.Op("imap.Keep")
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
	for _, f := range folders {
		if f.Role == crm.RoleSent {
			return s.run(ctx, op, func(*watch) error { return s.put(f.Name, raw) })
		}
	}
	return crm.Errorf(crm.NotFound, op, "The mailbox has no folder for sent mail.")
}

func (s *session) put(folder string, raw []byte) error {
	c := s.client.Append(folder, int64(len(raw)), &goimap.AppendOptions{Flags: []goimap.Flag{goimap.FlagSeen}})
	if _, err := c.Write(raw); err != nil {
		return err
	}
	if err := c.Close(); err != nil {
		return err
	}
	_, err := c.Wait()
	return err
}
