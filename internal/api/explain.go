package api

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
	"threadline/internal/store"
)

// accessRoutes say who sees what and why, and let people say who sees their mail.
func (s *Server) accessRoutes() {
	const tag = "access"
	add(s, get("/api/v1/access/explain", "explain-access", "Why somebody sees a message or a record, or why not", tag), s.explainAccess)
	add(s, get("/api/v1/sharing", "my-sharing", "What the caller says of who sees their mail", tag), s.mySharing)
	add(s, route{method: "PUT", path: "/api/v1/sharing", id: "set-sharing", summary: "Say who sees one's mail", tag: tag}, s.setSharing)
}

type explainedAccess struct {
	User     crm.UserID    `json:"user"`
	Role     string        `json:"role"`
	Sees     bool          `json:"sees"`
	Level    crm.MailLevel `json:"level,omitempty" doc:"Of a message"`
	Why      access.Cause  `json:"why"`
	Sentence string        `json:"sentence"`
}

// explainAccess answers about what the caller may know of themselves; about
// others only to those who administer.
func (s *Server) explainAccess(ctx context.Context, in *struct {
	What string `query:"what" required:"true" maxLength:"100" doc:"Id of a message or a record"`
	User string `query:"user" maxLength:"254" doc:"Id or address of a user; without: the caller"`
}) (*body[explainedAccess], error) {
	who := callerOf(ctx).user
	if in.User != "" {
		u, err := s.user(ctx, in.User)
		if err != nil {
			return nil, err
		}
		if who = u; u.ID != callerOf(ctx).user.ID {
			if err := admin(ctx); err != nil {
				return nil, err
			}
		}
	}
	if who.ID == "" {
		return nil, crm.Errorf(crm.Invalid, "api.explainAccess", "say who looks").WithField("user")
	}
	v, err := s.deps.Records.Viewer(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	if crm.IDPrefix(in.What) == crm.PrefixMessage {
		out, err := s.explainMail(ctx, v, &who, in.What)
		return answer(out), err
	}
	out, err := s.explainRecord(ctx, v, &who, crm.RecordID(in.What))
	return answer(out), err
}

func nothingCalled(what string) error {
	return crm.Errorf(crm.NotFound, "api.explainAccess", "there is no message or record %q", crm.Clip(what, 60)).WithField("what")
}

func (s *Server) explainMail(ctx context.Context, v access.Viewer, who *crm.User, id string) (explainedAccess, error) {
	docs, err := store.Messages.GetMany(ctx, s.deps.Space, []string{id})
	if err != nil {
		return explainedAccess{}, err
	}
	asks := viewerOf(ctx)
	if !docs[0].Exists() || !asks.Operator && access.Message(asks, &docs[0].Value) == access.None {
		return explainedAccess{}, nothingCalled(id)
	}
	d := access.Decide(v, &docs[0].Value)
	about := ""
	if d.About != "" {
		about = string(d.About)
		if r, err := s.deps.Records.Get(ctx, asks, d.About); err == nil {
			about = r.Value.Name()
		}
	}
	out := explainedAccess{User: who.ID, Role: v.Role(), Sees: d.Level != access.None, Level: d.Level, Why: d.Why}
	owner := s.called(ctx, d.Owner)
	out.Sentence = lang(ctx).T(i18n.Key("access."+string(d.Why)), name(who), owner, lang(ctx).T(i18n.Key("level."+string(d.Level))), about)
	return out, nil
}

func (s *Server) explainRecord(ctx context.Context, v access.Viewer, who *crm.User, id crm.RecordID) (explainedAccess, error) {
	if _, err := s.deps.Records.Get(ctx, viewerOf(ctx), id); err != nil {
		return explainedAccess{}, nothingCalled(string(id))
	}
	r, err := records.Stored(ctx, s.deps.Space, id)
	if err != nil {
		return explainedAccess{}, err
	}
	out := explainedAccess{User: who.ID, Role: v.Role(), Sees: v.Reads(&r), Why: access.WhyRecord(v, &r)}
	out.Sentence = lang(ctx).T(i18n.Key("access."+string(out.Why)), name(who), v.Role())
	return out, nil
}

// name is what people call a user.
func name(u *crm.User) string {
	if u.Name != "" {
		return u.Name
	}
	return string(u.Email)
}

// called is the name of a user by id.
func (s *Server) called(ctx context.Context, id crm.UserID) string {
	if id == "" {
		return ""
	}
	u, err := s.user(ctx, string(id))
	if err != nil {
		return string(id)
	}
	return name(&u)
}

func (s *Server) mySharing(ctx context.Context, _ *none) (*body[crm.Sharing], error) {
	out, err := s.deps.Records.Sharing(ctx, viewerOf(ctx))
	return answer(out), err
}

func (s *Server) setSharing(ctx context.Context, in *struct {
	Body struct {
		Mailboxes  map[crm.MailboxID]crm.MailLevel `json:"mailboxes,omitempty" doc:"What colleagues see of the mail in a mailbox: none, metadata, subject or full"`
		Exceptions []crm.Exception                 `json:"exceptions,omitempty"`
	}
}) (*body[batched], error) {
	batch, err := s.deps.Records.Share(ctx, by(ctx, ""), crm.Sharing{Mailboxes: in.Body.Mailboxes, Exceptions: in.Body.Exceptions})
	return answer(batched{batch}), err
}
