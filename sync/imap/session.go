package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Source opens sessions on one account.
type Source struct{ cfg Config }

var _ source.Source = (*Source)(nil)

// New makes a source; nothing is sent before Open.
func New(cfg Config) *Source { return &Source{cfg: cfg.withDefaults()} }

// session is one signed-in connection.
type session struct {
	cfg     Config
	conn    *guarded
	names   *mender
	client  *imapclient.Client
	caps    goimap.CapSet
	auth    sasl.Client       // nil: by password
	news    *news             // what the server said unasked
	box     *snapshot         // the folder that is open, nil when none is
	told    map[string]string // folder to the cursor that the caller last saw here
	closing sync.Once
}

var _ source.Session = (*session)(nil)

// Close ends the connection at once and waits for the reader to be gone.
func (s *session) Close() error {
	s.closing.Do(func() {
		_ = s.conn.Close()   // first: a farewell over TLS could wait
		_ = s.client.Close() // says only that the connection was cut, which is the point
	})
	return nil
}

// run sends commands and waits for their answers under the watchdog.
func (s *session) run(ctx context.Context, op crm.Op, f func(*watch) error) error {
	if err := ctx.Err(); err != nil {
		return stopped(op, context.Cause(ctx))
	}
	w := s.watch(ctx)
	defer w.end()
	return s.explain(op, f(w))
}

func (s *session) has(c goimap.Cap) bool { return s.caps.Has(c) }

// snapshot is what the server said when a folder was opened: one moment.
type snapshot struct {
	folder string
	cursor
}

// examine opens the folder anew, read-only, and returns its present state.
func (s *session) examine(op crm.Op, folder string) (*snapshot, error) {
	s.box = nil
	s.news.forget() // it is older than the snapshot to come
	data, err := s.selected(folder)
	if err != nil {
		return nil, s.refusedFolder(op, folder, err)
	}
	if data.UIDValidity == 0 || data.UIDNext == 0 {
		return nil, crm.Errorf(crm.Internal, op, "The mail server does not number the mails of the folder %q.", folder)
	}
	s.box = &snapshot{folder: folder, cursor: cursor{
		epoch: uint64(data.UIDValidity), next: uint64(data.UIDNext),
		modseq: data.HighestModSeq, count: uint64(data.NumMessages)}}
	return s.box, nil
}

// selected opens a folder read-only. A name that had to be mended is known to this
// connection once folders were listed on it.
func (s *session) selected(folder string) (*goimap.SelectData, error) {
	opts := &goimap.SelectOptions{ReadOnly: true, CondStore: s.has(goimap.CapCondStore)}
	data, err := s.client.Select(folder, opts).Wait()
	if opts.CondStore && s.notMeant(err, goimap.CapCondStore) {
		opts.CondStore = false
		data, err = s.client.Select(folder, opts).Wait()
	}
	if refusal(err) == nil || !mendable(folder) || s.names.any() {
		return data, err
	}
	if _, err := s.list(); err != nil {
		return nil, err
	}
	if !s.names.any() {
		return nil, err
	}
	return s.client.Select(folder, opts).Wait()
}

// closed is a folder that cannot be opened now, unless it is all of the account that
// has to wait.
func closed(op crm.Op, folder string, no *goimap.Error) error {
	kind := crm.KindOf(refused(op, no))
	if kind == crm.Throttled {
		return no
	}
	return crm.E(kind, op, fmt.Sprintf("The mail server does not open the folder %q.", folder), errors.Join(source.ErrClosed, clipped(no))).
		WithHint("its mail is left out and it is tried again by itself; the account may lack the right to read it, or choose which folders are synced")
}

// refusedFolder tells a folder that is gone from one that cannot be opened now.
func (s *session) refusedFolder(op crm.Op, folder string, err error) error {
	no := refusal(err)
	if no == nil || no.Type != goimap.StatusResponseTypeNo {
		return err
	}
	gone := no.Code == goimap.ResponseCodeNonExistent || no.Code == goimap.ResponseCodeTryCreate
	if !gone && no.Code == "" {
		list, listErr := s.list()
		if listErr != nil {
			return listErr
		}
		gone = !slices.ContainsFunc(list, func(d *goimap.ListData) bool { return d.Mailbox == folder })
	}
	if !gone {
		return closed(op, folder, no)
	}
	return crm.E(crm.NotFound, op, "The folder "+folder+" is no longer on the mail server.", err)
}
