package imap

import (
	"context"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// KeepDraft puts a draft into the folder of drafts, and then takes away what had
// its Message-ID there before. It fails with crm.NotFound when there is no such
// folder.
func (src *Source) KeepDraft(ctx context.Context, id crm.RFCID, raw []byte) error {
	return src.inDrafts(ctx, "imap.KeepDraft", func(s *session, folder string) error {
		old, err := s.draftsOf(folder, id)
		if err != nil {
			return err
		}
		if err := s.put(folder, raw, goimap.FlagSeen, goimap.FlagDraft); err != nil {
			return err
		}
		return s.expunge(folder, old)
	})
}

// DropDraft takes a draft away; none is no failure.
func (src *Source) DropDraft(ctx context.Context, id crm.RFCID) error {
	return src.inDrafts(ctx, "imap.DropDraft", func(s *session, folder string) error {
		old, err := s.draftsOf(folder, id)
		if err != nil {
			return err
		}
		return s.expunge(folder, old)
	})
}

// inDrafts works in the folder of drafts.
func (src *Source) inDrafts(ctx context.Context, op crm.Op, f func(s *session, folder string) error) error {
	return src.inRole(ctx, op, crm.RoleDrafts, "The mailbox has no folder for drafts.", f)
}

func (s *session) draftsOf(folder string, id crm.RFCID) (goimap.UIDSet, error) {
	var out goimap.UIDSet
	if _, err := s.client.Select(folder, nil).Wait(); err != nil {
		return out, err
	}
	found, err := s.client.UIDSearch(&goimap.SearchCriteria{NotFlag: []goimap.Flag{goimap.FlagDeleted},
		Header: []goimap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: "<" + string(id) + ">"}}}, nil).Wait()
	if err != nil {
		return out, err
	}
	// Taken as the ranges that were said: a server may name all numbers there are.
	uids, _ := found.All.(goimap.UIDSet)
	return append(out, uids...), nil
}

// expunge removes mails of the folder that is selected, and no other that somebody
// marked: where the server cannot do that they are only marked (RFC 4315).
func (s *session) expunge(folder string, uids goimap.UIDSet) error {
	if len(uids) == 0 {
		return nil
	}
	mark := &goimap.StoreFlags{Op: goimap.StoreFlagsAdd, Silent: true, Flags: []goimap.Flag{goimap.FlagDeleted}}
	if err := s.client.Store(uids, mark, nil).Close(); err != nil || !s.has(goimap.CapUIDPlus) {
		return err
	}
	return s.client.UIDExpunge(uids).Close()
}
