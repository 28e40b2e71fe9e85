package imap

import (
	"context"
	"strings"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Find searches. SEARCH looks for a substring (RFC 3501 §6.4.4), so a Message-ID
// is given with its brackets; an id that was written without them is looked for
// only when that finds nothing, and then the answer may hold mails whose longer
// id contains it.
func (s *session) Find(ctx context.Context, folder string, clue source.Clue) (found source.Found, err error) {
	const op = crm.Op("imap.Find")
	if clue, err = clue.Parse(op); err != nil {
		return found, err
	}
	err = s.run(ctx, op, func(w *watch) error {
		box, err := s.examine(op, folder)
		if err != nil {
			return err
		}
		found.Epoch = box.cursor.epoch
		bare := clue.ID
		if bare != "" {
			clue.ID = "<" + bare + ">"
		}
		if found.Keys, err = s.search(criteriaOf(clue)); err != nil || len(found.Keys) > 0 || bare == "" {
			return err
		}
		w.expect(0)
		clue.ID = bare
		found.Keys, err = s.search(criteriaOf(clue))
		return err
	})
	if err != nil {
		return source.Found{}, err
	}
	return found, nil
}

// criteriaOf says a clue in the words of SEARCH. SINCE and BEFORE know days alone
// and not of which zone, so a day more is asked for on either side.
func criteriaOf(c source.Clue) *goimap.SearchCriteria {
	out := &goimap.SearchCriteria{}
	if c.ID != "" {
		out.Header = append(out.Header, goimap.SearchCriteriaHeaderField{Key: "Message-Id", Value: string(c.ID)})
	}
	for _, word := range strings.Fields(c.Subject) {
		out.Header = append(out.Header, goimap.SearchCriteriaHeaderField{Key: "Subject", Value: word})
	}
	if c.With != "" {
		out.Or = [][2]goimap.SearchCriteria{{named("From", c.With), {Or: [][2]goimap.SearchCriteria{{named("To", c.With), named("Cc", c.With)}}}}}
	}
	if c.From > 0 {
		out.Since = c.From.Std().AddDate(0, 0, -1)
	}
	if c.Until > 0 {
		out.Before = c.Until.Std().AddDate(0, 0, 1)
	}
	return out
}

func named(field, who string) goimap.SearchCriteria {
	return goimap.SearchCriteria{Header: []goimap.SearchCriteriaHeaderField{{Key: field, Value: who}}}
}
