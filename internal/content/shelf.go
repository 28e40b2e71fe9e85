package content

import (
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

const (
	shelfLife  = 2 * time.Minute
	shelfRoom  = 64 << 20 // bytes of mail
	shelfPlace = 16       // mails
)

// shelf keeps whole mails for a moment: a page has several pictures.
type shelf struct {
	mu    sync.Mutex
	kept  []shelved
	bytes int64
}

type shelved struct {
	id    crm.MessageID
	mail  *mail.Parsed
	bytes int64
	until crm.Time
}

func (s *shelf) get(id crm.MessageID, now crm.Time) *mail.Parsed {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tidy(now)
	for _, k := range s.kept {
		if k.id == id {
			return k.mail
		}
	}
	return nil
}

func (s *shelf) put(id crm.MessageID, p *mail.Parsed, bytes int64, now crm.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, shelved{id, p, bytes, now.Add(shelfLife)})
	s.bytes += bytes
	s.tidy(now)
}

// tidy drops what is old, and the oldest of what is too much.
func (s *shelf) tidy(now crm.Time) {
	for len(s.kept) > 0 && (s.kept[0].until <= now || s.bytes > shelfRoom || len(s.kept) > shelfPlace) {
		s.bytes -= s.kept[0].bytes
		s.kept[0] = shelved{}
		s.kept = s.kept[1:]
	}
}
