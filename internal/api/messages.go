package api

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/timeline"
)

func (s *Server) messageRoutes() {
	add(s, get("/api/v1/messages", "list-messages", "Mail that the caller may know of, newest first", "messages"), s.listMessages)
	add(s, get("/api/v1/messages/{id}", "get-message", "One message whole", "messages"), s.getMessage)
	why := get("/api/v1/messages/{id}/why", "why", "What became of a message, and why it is where it is; id is ours or a Message-ID", "messages")
	why.limit, why.outside = slowLimit, true
	add(s, get("/api/v1/messages/{id}/updates", "list-updates", "What the signature of a message says that the records of its writer do not know", "messages"), s.listUpdates)
	add(s, post("/api/v1/messages/{id}/updates", "accept-update", "Put what the signature says into the record", "messages"), s.acceptUpdate)
	add(s, why, s.why)
	s.correctionRoutes()
}

type messageQuery struct {
	PageQuery
	Record  string `query:"record" doc:"Only mail of this record"`
	Mailbox string `query:"mailbox" doc:"Only mail of this mailbox"`
}

func (s *Server) listMessages(ctx context.Context, in *messageQuery) (*body[timeline.List], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	f := timeline.Filter{}
	if in.Record != "" {
		if f.Record, err = recordID(in.Record, "record"); err != nil {
			return nil, err
		}
	}
	if in.Mailbox != "" {
		if f.Mailbox, err = crm.ParseID[crm.MailboxID](crm.PrefixMailbox, in.Mailbox); err != nil {
			return nil, blame(err, "mailbox")
		}
	}
	list, err := s.deps.Timeline.In(lang(ctx)).Messages(ctx, v, f, in.Cursor, in.Limit)
	return answer(list), err
}

// recordID reads the id of a record of any kind.
func recordID(s, field string) (crm.RecordID, error) {
	n, ok := crm.NounOfID(crm.RecordID(s))
	if !ok {
		return "", crm.Errorf(crm.Invalid, "api.recordID", "%q is not the id of a record", crm.Clip(s, 40)).WithField(field)
	}
	id, err := crm.ParseID[crm.RecordID](n.Prefix, s)
	return id, blame(err, field)
}

// blame names the field of a request that an error is about.
func blame(err error, field string) error {
	if e, ok := asError(err); ok && e.Field == "" {
		return e.WithField(field)
	}
	return err
}

// MessageRef is the id of a message in an address. Like every part of an input
// it is exported, because huma looks into those alone.
type MessageRef struct {
	ID string `path:"id" maxLength:"1000"`
}

// parse reads our id of a message. What has another form exists no more than an
// id of another workspace.
func (m MessageRef) parse() (crm.MessageID, error) {
	id, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, m.ID)
	if err != nil {
		return "", crm.Errorf(crm.NotFound, "api.messageID", "there is no message %q", crm.Clip(m.ID, 60)).
			WithField("id").WithHint("ids of messages begin with msg_; a Message-ID can be asked for with /why")
	}
	return id, nil
}

// read is the message and who reads it.
func (m MessageRef) read(ctx context.Context) (access.Viewer, crm.MessageID, error) {
	id, err := m.parse()
	if err != nil {
		return access.Viewer{}, "", err
	}
	v, err := reader(ctx)
	return v, id, err
}

func (s *Server) getMessage(ctx context.Context, in *MessageRef) (*body[timeline.Message], error) {
	v, id, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.deps.Timeline.In(lang(ctx)).Message(ctx, v, id)
	return answer(m), blameNotFound(err, "id")
}

// blameNotFound names the field whose id does not exist.
func blameNotFound(err error, field string) error {
	if crm.IsKind(err, crm.NotFound) {
		return blame(err, field)
	}
	return err
}
