package imap

import (
	"context"
	"fmt"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// List asks for every UID of the folder, and for those since a day. The day is
// that of the server's date in the server's zone (RFC 3501 §6.4.4, SINCE).
func (s *session) List(ctx context.Context, folder string, since crm.Time) (l source.Listing, err error) {
	const op = crm.Op("imap.List")
	err = s.run(ctx, op, func(w *watch) error {
		box, err := s.examine(op, folder)
		if err != nil {
			return err
		}
		all, err := s.search(&goimap.SearchCriteria{})
		if err != nil {
			return err
		}
		if len(all) == 0 && box.count > 0 && !s.news.left() { // believed, it would take all mail off the folder
			return crm.E(crm.Internal, op, fmt.Sprintf("The mail server counts %d mails in the folder %q and lists none.", box.count, folder), source.ErrClosed).
				WithHint("its mail is left out and it is tried again by itself; on the server, its index may have to be made anew")
		}
		// A search may bring news; the listing is of the moment of opening.
		l = source.Listing{Epoch: box.epoch, All: all.Intersect(box.all())}
		l.Recent = l.All
		if since.IsZero() {
			return nil
		}
		w.expect(0)
		recent, err := s.search(&goimap.SearchCriteria{Since: since.Std()})
		l.Recent = l.All.Intersect(recent)
		return err
	})
	if err != nil {
		return source.Listing{}, err
	}
	return l, nil
}

// search returns the UIDs that match, as a set (ESEARCH, RFC 4731) where the
// server can.
func (s *session) search(criteria *goimap.SearchCriteria) (crm.KeySet, error) {
	var opts *goimap.SearchOptions
	if s.has(goimap.CapESearch) {
		opts = &goimap.SearchOptions{ReturnAll: true}
	}
	data, err := s.client.UIDSearch(criteria, opts).Wait()
	if opts != nil && s.notMeant(err, goimap.CapESearch) {
		data, err = s.client.UIDSearch(criteria, nil).Wait()
	}
	if err != nil {
		return nil, err
	}
	uids, _ := data.All.(goimap.UIDSet)
	keys := make(crm.KeySet, 0, len(uids))
	for _, r := range uids {
		lo, hi := min(r.Start, r.Stop), max(r.Start, r.Stop)
		keys = append(keys, crm.KeyRange{From: crm.Key(lo), To: crm.Key(hi)})
	}
	return crm.KeySet(nil).Union(keys), nil
}
