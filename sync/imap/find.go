package imap

import (
	"context"
	"strings"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// Find searches the Message-ID header. SEARCH looks for a substring (RFC 3501
// §6.4.4), so the id is given with its brackets; an id that was written
// without them is looked for only when that finds nothing, and then the answer
// may hold mails whose longer id contains it.
func (s *session) Find(ctx context.Context, folder string, id crm.RFCID) (keys crm.KeySet, err error) {
	const op = crm.Op("imap.Find")
	bare := strings.Trim(string(id), "<>")
	if bare == "" || strings.ContainsAny(bare, "\r\n\x00") {
		return nil, crm.Errorf(crm.Invalid, op, "This is not a Message-ID.").WithField("message_id")
	}
	err = s.run(ctx, op, func(w *watch) error {
		if _, err := s.examine(op, folder); err != nil {
			return err
		}
		if keys, err = s.searchID("<" + bare + ">"); err != nil || len(keys) > 0 {
			return err
		}
		w.expect(0)
		keys, err = s.searchID(bare)
		return err
	})
	if err != nil {
		return nil, err
	}
	return keys, nil
}

func (s *session) searchID(value string) (crm.KeySet, error) {
	return s.search(&goimap.SearchCriteria{Header: []goimap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: value}}})
}
