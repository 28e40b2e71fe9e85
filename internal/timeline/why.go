package timeline

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/store"
)

// maxRef is the longest Message-ID by which mail is found.
const maxRef = 500

// Why explains the stored messages of a reference: our id or a Message-ID, with
// or without angle brackets. It fails with crm.NotFound when none is stored:
// then the server may know more; and with crm.Denied for the operator.
func (s *Service) Why(ctx context.Context, v access.Viewer, ref string) (Explanation, error) {
	const op = crm.Op("timeline.Why")
	if err := mayReadMail(v); err != nil {
		return Explanation{}, err
	}
	found, err := s.find(ctx, s.sp, v, ref)
	if err != nil {
		return Explanation{}, crm.Wrap(op, "the message cannot be looked up", err)
	}
	look, not := newLookup(s.sp, v), &notLogged{sp: s.sp}
	out := Explanation{Ref: ref, RuleSet: crm.RuleSet}
	for i := range found {
		e, err := s.explain(ctx, v, look, not, &found[i])
		if err != nil {
			return Explanation{}, crm.Wrap(op, "the message cannot be explained", err)
		}
		out.Stored = append(out.Stored, e)
	}
	return out, nil
}

// find returns the stored messages of a reference of which the viewer may know,
// oldest first, at least one.
func (s *Service) find(ctx context.Context, r store.Reader, v access.Viewer, ref string) ([]crm.Message, error) {
	var out []crm.Message
	id := crm.RFCID(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(ref), "<"), ">"))
	add := func(d store.Doc[crm.Message], is bool) {
		if is && access.Message(v, &d.Value) != access.None {
			out = append(out, d.Value)
		}
	}
	if _, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, ref); err == nil {
		docs, err := store.Messages.GetMany(ctx, r, []string{ref})
		if err != nil {
			return nil, err
		}
		add(docs[0], docs[0].Exists())
	} else if id != "" && len(id) <= maxRef && !gmailID(string(id)) {
		q := store.Query{Where: []store.Filter{store.Has("mentions", id)}, Limit: 100}
		err := store.Messages.Each(ctx, r, q, func(d store.Doc[crm.Message]) error {
			add(d, d.Value.RFCID == id)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, crm.Errorf(crm.NotFound, "timeline", "no stored message is called %q", crm.Clip(string(id), 80)).
			WithHint("use the Message-ID of the mail's header or an id that starts with msg_")
	}
	slices.SortFunc(out, func(a, b crm.Message) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// gmailID tells whether a reference is one of Gmail's numbers. No mail may be
// found by it that merely calls itself so.
func gmailID(s string) bool {
	return len(s) >= 15 && len(s) <= 20 && strings.Trim(s, "0123456789abcdef") == ""
}

func (s *Service) explain(ctx context.Context, v access.Viewer, look *lookup, not *notLogged, stored *crm.Message) (Explained, error) {
	if err := look.links(ctx, stored.Links, stored.Asked); err != nil {
		return Explained{}, err
	}
	why, err := not.why(ctx, stored)
	if err != nil {
		return Explained{}, err
	}
	root, err := threads(ctx, s.sp, stored.Thread)
	if err != nil {
		return Explained{}, err
	}
	level := access.Message(v, stored)
	m := access.Redact(*stored, level)
	copies, err := s.copies(ctx, m.Copies)
	e := Explained{ID: m.ID, RFCID: m.RFCID, Date: m.Date, Subject: m.Subject, Level: level, Class: m.Class,
		Thread: m.Talk(root), RuleSet: m.RuleSet, Links: []Reason{}, Not: why, Copies: copies, Marks: some(m.Marks)}
	if why != "" {
		e.NotText = s.lang.T(i18n.Key("not_logged." + string(why)))
	}
	for _, k := range look.open(m.Links) {
		b := look.because(k)
		e.Links = append(e.Links, Reason{Logged: b.logged(s.lang), Evidence: k.Evidence, Via: b.Via, User: b.User})
	}
	e.Asked = s.logged(look, m.Asked)
	return e, err
}
