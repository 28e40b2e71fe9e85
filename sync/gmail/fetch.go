package gmail

import (
	"context"
	"encoding/base64"
	"iter"

	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/googleapi"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// fetched is one message that is on its way.
type fetched struct {
	item source.Item
	ok   bool // it exists, in the folder
	err  error
}

// Fetch gets messages, several at once, and yields them in order of their keys.
func (s *session) Fetch(ctx context.Context, folder string, ep uint64, keys crm.KeySet, want source.Want) iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		if err := s.fetchable(folder, ep); err != nil {
			yield(source.Item{}, err)
			return
		}
		within, done, err := s.begin(ctx)
		if err != nil {
			yield(source.Item{}, err)
			return
		}
		defer done()
		for f := range s.flight(within, keys, want) {
			switch {
			case f.err != nil && ctx.Err() != nil:
				yield(source.Item{}, ctx.Err())
				return
			case f.err != nil && s.ctx.Err() != nil:
				yield(source.Item{}, errClosed())
				return
			case f.err != nil:
				yield(source.Item{}, f.err)
				return
			case f.ok && !yield(f.item, nil):
				return
			}
		}
	}
}

func (s *session) fetchable(folder string, ep uint64) error {
	if _, ok := labelOf(folder); !ok {
		return noFolder(folder)
	}
	if ep != epoch {
		return crm.Errorf(crm.Conflict, "gmail.Fetch", "message ids of Gmail have one epoch, and it is not %d", ep)
	}
	return nil
}

// flight yields the results in order of the keys, with a bounded number of gets
// ahead. Leaving it early ends them and waits for them.
func (s *session) flight(ctx context.Context, keys crm.KeySet, want source.Want) iter.Seq[fetched] {
	return func(yield func(fetched) bool) {
		ctx, cancel := context.WithCancel(ctx)
		queue := make(chan chan fetched, s.cfg.Flight)
		defer func() {
			cancel()
			for c := range queue {
				<-c
			}
		}()
		go func() {
			defer close(queue)
			for k := range keys.All() {
				c := make(chan fetched, 1)
				select {
				case queue <- c:
				case <-ctx.Done():
					return
				}
				go func() { c <- s.one(ctx, k, want) }()
			}
		}()
		for c := range queue {
			if !yield(<-c) {
				return
			}
		}
		if ctx.Err() != nil {
			yield(fetched{err: ctx.Err()})
		}
	}
}

const metaFields = "id,threadId,labelIds,sizeEstimate,internalDate"

// one gets a message. What has gone, or left All Mail, is not there.
func (s *session) one(ctx context.Context, k crm.Key, want source.Want) fetched {
	m, err := s.get(ctx, k, format(want))
	if crm.IsKind(err, crm.NotFound) || err == nil && !member(m.LabelIds) {
		return fetched{}
	}
	if err != nil {
		return fetched{err: err}
	}
	it := source.Item{Key: k, Flags: flagsOf(m.LabelIds), Size: m.SizeEstimate, Internal: crm.Time(m.InternalDate * 1000)}
	if m.Payload == nil {
		return fetched{err: crm.Errorf(crm.Internal, "gmail.Fetch", "Gmail hands over a message without its content.")}
	}
	it.Headers = headersOf(m.Payload)
	if want.HeadersOnly {
		it.Part = crm.MarkHeadersOnly
		return fetched{item: it, ok: true}
	}
	return s.whole(ctx, m, it, want)
}

func format(want source.Want) string {
	if want.HeadersOnly {
		return "metadata"
	}
	return "full"
}

// whole gives the item its tree, or its bytes when the tree cannot be trusted.
// The size gate looks at what has to be transferred: texts, and not what is
// attached to them.
func (s *session) whole(ctx context.Context, m *gmail.Message, it source.Item, want source.Want) fetched {
	if (want.Raw || doubtful(m.Payload)) && (want.MaxSize == 0 || m.SizeEstimate <= want.MaxSize) {
		raw, err := s.raw(ctx, it.Key)
		if crm.IsKind(err, crm.NotFound) {
			return fetched{}
		}
		it.Raw, it.Headers = raw, nil
		it.Size = int64(len(raw))
		return fetched{item: it, ok: true, err: err}
	}
	if want.MaxSize > 0 && textSize(m.Payload) > want.MaxSize {
		it.Part = crm.MarkTooLarge
		return fetched{item: it, ok: true}
	}
	texts, err := s.texts(ctx, m)
	if err != nil {
		return fetched{err: err}
	}
	it.Root = tree(m.Payload, texts)
	return fetched{item: it, ok: true}
}

func (s *session) get(ctx context.Context, k crm.Key, format string) (m *gmail.Message, err error) {
	fields := googleapi.Field(metaFields + ",payload")
	if format == "raw" {
		fields = metaFields + ",raw"
	}
	err = s.call(ctx, MessagesGet, func(ctx context.Context) error {
		m, err = s.api.Messages.Get("me", idOf(k)).Format(format).Fields(fields).Context(ctx).Do()
		return err
	})
	return m, err
}

func (s *session) raw(ctx context.Context, k crm.Key) ([]byte, error) {
	m, err := s.get(ctx, k, "raw")
	if err != nil {
		return nil, err
	}
	return unbase64(m.Raw)
}

// unbase64 reads base64url, with or without padding.
func unbase64(s string) ([]byte, error) {
	for len(s) > 0 && s[len(s)-1] == '=' {
		s = s[:len(s)-1]
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, crm.E(crm.Internal, "gmail.Fetch", "Gmail hands over what is no base64.", err)
	}
	return b, nil
}

// texts gets the texts that are too long to come with their message, by part.
func (s *session) texts(ctx context.Context, m *gmail.Message) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, p := range longTexts(m.Payload, nil) {
		var body *gmail.MessagePartBody
		err := s.call(ctx, AttachmentGet, func(ctx context.Context) (err error) {
			body, err = s.api.Messages.Attachments.Get("me", m.Id, p.Body.AttachmentId).Context(ctx).Do()
			return err
		})
		if err != nil {
			return nil, err
		}
		data, err := unbase64(body.Data)
		if err != nil {
			return nil, err
		}
		out[p.PartId] = data
	}
	return out, nil
}
