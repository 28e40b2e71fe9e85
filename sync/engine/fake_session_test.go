package engine

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/source"
	"threadline/sync/source/sourcetest"
)

// fakeSource signs in to a fakeServer.
type fakeSource struct {
	server *fakeServer
	wrong  bool // the password
}

// fakeSession is one connection to a fakeServer.
type fakeSession struct {
	server *fakeServer
	told   map[string]string
	closed chan struct{}
}

func (f fakeSource) Open(ctx context.Context) (source.Session, error) {
	s := &fakeSession{server: f.server, told: map[string]string{}, closed: make(chan struct{})}
	if err := s.pass(ctx); err != nil {
		return nil, err
	}
	f.server.mu.Lock()
	defer f.server.mu.Unlock()
	f.server.opened++
	if f.wrong || spend(&f.server.refuse) {
		return nil, crm.Errorf(crm.Unauthorized, "fake.Open", "The mail server refused login or password.").WithHint("enter the password again")
	}
	return s, nil
}

func spend(n *int) bool {
	if *n <= 0 {
		return false
	}
	*n--
	return true
}

func (s *fakeSession) Close() error {
	if s.open() {
		close(s.closed)
	}
	return nil
}

func (s *fakeSession) open() bool {
	select {
	case <-s.closed:
		return false
	default:
		return true
	}
}

// cutOff ends the connection from the server's side.
func (s *fakeSession) cutOff() error {
	_ = s.Close()
	return crm.Errorf(crm.Unavailable, "fake", "The connection to the mail server was cut.")
}

// pass is what every command goes through.
func (s *fakeSession) pass(ctx context.Context) error {
	s.server.mu.Lock()
	delay := s.server.delay
	s.server.mu.Unlock()
	if delay > 0 {
		sleep(ctx, delay)
	}
	if ctx.Err() != nil {
		_ = s.Close()
		return crm.E(crm.Unavailable, "fake", "The work with the mail server was stopped.", ctx.Err())
	}
	if !s.open() {
		return crm.Errorf(crm.Unavailable, "fake", "The connection is closed.")
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.passed++
	switch {
	case spend(&s.server.down):
		_ = s.Close()
		return crm.Errorf(crm.Unavailable, "fake", "The mail server is down.")
	case spend(&s.server.busy):
		return crm.Errorf(crm.Throttled, "fake", "The mail server wants fewer requests.").WithAfter(s.server.after)
	}
	return nil
}

// on runs f on a folder.
func (s *fakeSession) on(ctx context.Context, folder string, f func(*fakeFolder)) error {
	if err := s.pass(ctx); err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	box := s.server.folders[folder]
	if box == nil {
		return crm.Errorf(crm.NotFound, "fake", "There is no folder %s.", folder)
	}
	if box.closed {
		return crm.E(crm.Denied, "fake", "The folder "+folder+" is not opened.", source.ErrClosed)
	}
	f(box)
	return nil
}

func (s *fakeSession) Folders(ctx context.Context) (out []source.Folder, err error) {
	if err := s.pass(ctx); err != nil {
		return nil, err
	}
	for _, name := range s.server.names() {
		s.server.mu.Lock()
		if f := s.server.folders[name]; f != nil {
			out = append(out, source.Folder{Name: name, Role: f.role, Cursor: f.cursor(), Count: int64(len(f.mails))})
		}
		s.server.mu.Unlock()
	}
	return out, nil
}

func (s *fakeSession) Delta(ctx context.Context, folder, cursor string) (d source.Delta, err error) {
	err = s.on(ctx, folder, func(f *fakeFolder) {
		d = f.delta(cursor)
		s.told[folder] = d.Cursor
	})
	return d, err
}

func (s *fakeSession) List(ctx context.Context, folder string, since crm.Time) (l source.Listing, err error) {
	err = s.on(ctx, folder, func(f *fakeFolder) { l = f.listing(since) })
	return l, err
}

func (s *fakeSession) Flags(ctx context.Context, folder string) iter.Seq2[source.FlagChange, error] {
	return func(yield func(source.FlagChange, error) bool) {
		var all []source.FlagChange
		err := s.on(ctx, folder, func(f *fakeFolder) {
			for _, m := range f.mails {
				all = append(all, source.FlagChange{Key: m.key, Flags: m.Flags})
			}
		})
		if err != nil {
			yield(source.FlagChange{}, err)
		}
		for _, c := range all {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (s *fakeSession) Find(ctx context.Context, folder string, clue source.Clue) (source.Found, error) {
	clue, err := clue.Parse("fake.Find")
	if err != nil {
		return source.Found{}, err
	}
	var epoch uint64
	var keys []crm.Key
	err = s.on(ctx, folder, func(f *fakeFolder) {
		epoch = f.epoch
		for _, m := range f.mails {
			if m.fits(clue) {
				keys = append(keys, m.key)
			}
		}
	})
	return source.Found{Epoch: epoch, Keys: crm.Keys(keys...)}, err
}

func (s *fakeSession) Fetch(ctx context.Context, folder string, epoch uint64, keys crm.KeySet, want source.Want) iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		mails, cut, err := s.wanted(ctx, folder, epoch, keys)
		if err != nil {
			yield(source.Item{}, err)
			return
		}
		for i, m := range mails {
			err := s.pass(ctx)
			if m.poison || cut && i >= len(mails)/2 {
				err = s.cutOff()
			}
			if err != nil {
				yield(source.Item{}, err)
				return
			}
			if !yield(m.item(want), nil) {
				return
			}
		}
	}
}

// wanted are the mails of a fetch in the order in which they come, and whether
// the connection is cut in the middle.
func (s *fakeSession) wanted(ctx context.Context, folder string, epoch uint64, keys crm.KeySet) (mails []fakeMail, cut bool, err error) {
	var now uint64
	err = s.on(ctx, folder, func(f *fakeFolder) {
		now = f.epoch
		for _, m := range f.mails {
			if keys.Has(m.key) {
				mails = append(mails, m)
			}
		}
		if s.server.mess {
			mails = messy(mails)
		}
		cut = len(mails) > 0 && spend(&s.server.cut)
	})
	if err == nil && now != epoch {
		err = crm.Errorf(crm.Conflict, "fake.Fetch", "The folder %s was made anew.", folder)
	}
	return mails, cut, err
}

// messy turns the order around in the middle and doubles every third.
func messy(mails []fakeMail) []fakeMail {
	half := len(mails) / 2
	out := slices.Concat(mails[half:], mails[:half])
	for i := 0; i < len(mails); i += 3 {
		out = append(out, mails[i])
	}
	return out
}

func (s *fakeSession) Wait(ctx context.Context, folder string) error {
	if err := s.pass(ctx); err != nil {
		return err
	}
	idle := time.NewTimer(10 * time.Minute)
	defer idle.Stop()
	for {
		s.server.mu.Lock()
		news, now, box, hangUp := s.server.news, "", s.server.folders[folder], s.server.hangUp
		if box != nil {
			now = box.cursor()
		}
		s.server.mu.Unlock()
		if box == nil {
			return crm.Errorf(crm.NotFound, "fake", "There is no folder %s.", folder)
		}
		if known := s.told[folder]; known != now {
			s.told[folder] = now
			return nil
		}
		if hangUp {
			return s.cutOff()
		}
		select {
		case <-news:
		case <-idle.C:
			return nil
		case <-s.closed:
			return crm.Errorf(crm.Unavailable, "fake", "The connection is closed.")
		case <-ctx.Done():
			_ = s.Close()
			return crm.E(crm.Unavailable, "fake", "The work with the mail server was stopped.", ctx.Err())
		}
	}
}

// TestFakeKeepsTheContract holds the fake to what real sources are held to.
func TestFakeKeepsTheContract(t *testing.T) {
	sourcetest.Run(t, func(*testing.T) sourcetest.Harness {
		s := newFakeServer()
		done := func(f func()) error { f(); return nil }
		return sourcetest.Harness{
			Source: fakeSource{server: s}, WrongPassword: fakeSource{server: s, wrong: true}, TellsFlags: true,
			Append: func(folder string, mails ...testenv.Mail) ([]crm.Key, error) { return s.append(folder, mails...), nil },
			Delete: func(folder string, keys ...crm.Key) error { return done(func() { s.delete(folder, keys...) }) },
			SetFlags: func(folder string, flags []crm.Flag, keys ...crm.Key) error {
				return done(func() { s.setFlags(folder, flags, keys...) })
			},
			CreateFolder: func(name string) error { return done(func() { s.create(name, crm.RoleOther) }) },
			DeleteFolder: func(name string) error { return done(func() { s.drop(name) }) },
			Renumber:     func(folder string) error { return done(func() { s.renumber(folder) }) },
		}
	})
}
