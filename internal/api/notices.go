package api

import (
	"context"
	"net/http"

	"threadline/internal/crm"
	"threadline/internal/notify"
)

func (s *Server) noticeRoutes() {
	const all = "/api/v1/notifications"
	add(s, get(all, "list-notifications", "What the caller is told, newest first", "notifications"), s.listNotices)
	add(s, post(all+"/read", "read-notifications", "Mark notifications as read", "notifications"), s.readNotices)
	add(s, get(all+"/choices", "notification-choices", "What the caller wants to be told, and how", "notifications"), s.noticeChoices)
	add(s, route{method: http.MethodPut, path: all + "/choices", id: "choose-notifications", summary: "Choose what to be told, and how", tag: "notifications"}, s.chooseNotices)
}

func (s *Server) listNotices(ctx context.Context, in *struct {
	PageQuery
	Unread bool `query:"unread" doc:"Only those that are unread"`
}) (*body[notify.Page], error) {
	p, err := s.deps.Notify.List(ctx, viewerOf(ctx), in.Unread, in.Cursor, in.Limit)
	return answer(p), err
}

func (s *Server) readNotices(ctx context.Context, in *struct {
	Body struct {
		IDs []string `json:"ids,omitempty" maxItems:"500"`
		All bool     `json:"all,omitempty"`
	}
}) (*empty, error) {
	return &empty{}, s.deps.Notify.Read(ctx, viewerOf(ctx), in.Body.IDs, in.Body.All)
}

func (s *Server) noticeChoices(ctx context.Context, _ *none) (*body[crm.NoticeChoices], error) {
	c, err := s.deps.Notify.Choices(ctx, viewerOf(ctx))
	return answer(c), err
}

func (s *Server) chooseNotices(ctx context.Context, in *struct {
	Body struct {
		Mail  map[crm.NoticeKind]crm.MailChoice `json:"mail,omitempty" doc:"By kind: never, now or digest"`
		Muted []crm.NoticeKind                  `json:"muted,omitempty" doc:"Kinds that are not told at all"`
		Hour  int                               `json:"hour,omitempty" doc:"At which a digest is sent"`
	}
}) (*body[batched], error) {
	batch, err := s.deps.Notify.Choose(ctx, viewerOf(ctx), by(ctx, ""), crm.NoticeChoices{Mail: in.Body.Mail, Muted: in.Body.Muted, Hour: in.Body.Hour})
	return answer(batched{batch}), err
}
