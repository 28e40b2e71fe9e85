package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // the folder of large bodies

	"threadline/internal/access"
	"threadline/internal/audit"
	"threadline/internal/auth"
	"threadline/internal/away"
	"threadline/internal/bulk"
	"threadline/internal/campaign"
	"threadline/internal/content"
	"threadline/internal/crm"
	"threadline/internal/dial"
	"threadline/internal/dkim"
	"threadline/internal/erase"
	"threadline/internal/extract"
	"threadline/internal/intake"
	"threadline/internal/job"
	"threadline/internal/keys"
	"threadline/internal/ledger"
	"threadline/internal/letter"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/seal"
	"threadline/internal/search"
	"threadline/internal/sequence"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/internal/timeline"
	"threadline/internal/track"
	"threadline/internal/view"
	"threadline/manifests"
	"threadline/sync/engine"
	"threadline/sync/gmail"
	"threadline/sync/imap"
	"threadline/sync/source"
)

// house is the opened data with the rooms that work on it.
type house struct {
	store     *store.Store
	check     func(context.Context) error         // of the engine's own structure; nil when it has none to look at
	copy      func(context.Context, string) error // makes a snapshot; nil when the engine has its own means
	first     crm.WorkspaceID                     // what a first workspace is called; "" for any name
	owner     string                              // names this process in leases
	bucket    *blob.Bucket
	space     *store.Space
	auth      *auth.Service
	seal      *seal.Box
	dialer    *dial.Dialer // to hosts that users name
	bodies    *store.BodyCodec
	blobs     *store.Blobs
	records   *records.Service
	letters   *letter.Service
	campaigns *campaign.Service
	sequences *sequence.Service
	signers   *dkim.Service
	away      *away.Service
	resolver  *net.Resolver
	track     *track.Collector
	idKey     crm.IDKey
	timeline  *timeline.Service
	content   *content.Service
	index     search.Index
	search    *search.Service
	indexer   *search.Indexer
	figures   *records.Projector
	jobs      *job.Service
	intake    *intake.Service
	bulk      *bulk.Service
	extract   *extract.Service
	erase     *erase.Service
	views     *view.Service
	follower  *ledger.Follower
	engine    *engine.Engine
	gmail     *gmail.Project // nil: this installation has no client at Google
	repair    func(crm.MailboxID) string
	outbox    *outbox.Service
	log       *slog.Logger
	data      string
	fresh     bool // the workspace was made just now
}

// open opens the data. With boot set a workspace is made when there is none.
func (m *Main) open(ctx context.Context, log *slog.Logger, boot *auth.BootstrapInput) (_ *house, err error) {
	file := m.databaseFile()
	if boot == nil && m.opt.store == storeSQLite && !exists(file) {
		return nil, crm.Errorf(crm.NotFound, "open", "there is no data in %s", m.opt.data).
			WithField("data").WithHint("make it with: threadline serve, or name another folder with --data")
	}
	if err := os.MkdirAll(m.opt.data, 0o700); err != nil {
		return nil, crm.E(crm.Unavailable, "open", "the data folder cannot be made", err).WithField("data")
	}
	h := &house{log: log, data: m.opt.data, fresh: !exists(file)}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if err := h.openStore(ctx, m, file); err != nil {
		return nil, err
	}
	if err := h.openBlobs(ctx, m); err != nil {
		return nil, err
	}
	ws, err := h.workspace(ctx, boot)
	if err != nil {
		return nil, err
	}
	h.space = h.store.In(ws)
	return h, h.furnish(ctx, m)
}

func (m *Main) databaseFile() string { return filepath.Join(m.opt.data, "threadline.db") }

func (h *house) openStore(ctx context.Context, m *Main, file string) error {
	list, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		return err
	}
	indexes := store.NewIndexes(list)
	driver, err := h.openDriver(ctx, m, file, indexes)
	if err != nil {
		return err
	}
	h.store, err = store.New(driver, store.Options{Indexes: indexes, Now: m.Now, Random: rand.Reader})
	if err != nil {
		return errors.Join(err, driver.Close())
	}
	h.auth = auth.New(h.store, rand.Reader)
	return nil
}

// openDriver opens the engine that --store names.
func (h *house) openDriver(ctx context.Context, m *Main, file string, indexes *store.Indexes) (store.Driver, error) {
	if m.opt.store == storeFirestore {
		return h.openFirestore(ctx, m, indexes)
	}
	d, err := sqlite.Open(ctx, file, indexes, sqlite.Options{Now: m.Now})
	if err != nil {
		return nil, err
	}
	// The lock on the database lets one process work at a time, so that a lease
	// left by a killed one is ours: its mailboxes go on at once.
	h.check, h.copy, h.owner = d.Check, d.Snapshot, "the process that holds "+filepath.Base(h.data)
	return d, nil
}

// openBlobs opens the place of large bodies. Temporary files lie beside the
// final ones, because a rename between file systems is none.
func (h *house) openBlobs(ctx context.Context, m *Main) error {
	address := m.opt.blob
	if address == "" {
		u := url.URL{Scheme: "file", Path: filepath.Join(h.data, "blobs"),
			RawQuery: "metadata=skip&create_dir=true&no_tmp_dir=true&dir_file_mode=448"} // 0700
		address = u.String()
	}
	var err error
	if h.bucket, err = blob.OpenBucket(ctx, address); err != nil {
		return crm.E(crm.Unavailable, "openBlobs", "the place for large bodies cannot be opened", err).
			WithField("blob").WithHint("name a folder as --blob file:///path?metadata=skip")
	}
	h.blobs = store.NewBlobs(h.bucket)
	return nil
}

// workspace returns the workspace, or makes it.
func (h *house) workspace(ctx context.Context, boot *auth.BootstrapInput) (crm.WorkspaceID, error) {
	have, err := h.store.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	h.fresh = len(have) == 0
	if boot == nil {
		if len(have) == 0 {
			return "", crm.Errorf(crm.NotFound, "workspace", "there is no workspace in %s", h.data).WithHint("make it with: threadline serve")
		}
		boot = &auth.BootstrapInput{}
	}
	first := *boot
	first.ID = h.first
	return h.auth.Bootstrap(ctx, first)
}

// furnish makes the rooms above the store.
func (h *house) furnish(ctx context.Context, m *Main) error {
	sealed, err := keys.Any(ctx, h.space)
	if err != nil {
		return err
	}
	if h.seal, err = seal.Open(m.opt.keyFile, !sealed, rand.Reader); err != nil {
		return err
	}
	if err := keys.Open(ctx, h.space, h.seal, rand.Reader); err != nil {
		return err
	}
	if h.bodies, err = store.NewBodyCodec(); err != nil {
		return err
	}
	h.auth = h.auth.Sealing(h.seal)
	allowed, err := dial.ParseRanges(m.opt.allowNet)
	if err != nil {
		return err
	}
	h.dialer = dial.New(allowed, m.Resolver)
	if h.resolver = m.Resolver; h.resolver == nil {
		h.resolver = net.DefaultResolver
	}
	h.signers = dkim.New(h.space, h.seal, rand.Reader, h.resolver.LookupTXT)
	h.records = records.New(h.space)
	h.letters = letter.New(h.space, h.records)
	h.views = view.New(h.space, h.records)
	h.campaigns = campaign.New(h.space, h.records, h.letters, h.views)
	h.sequences = sequence.New(h.space, h.records, h.letters, h.campaigns)
	ws, err := store.Workspaces.Get(ctx, h.space, string(h.space.Workspace()))
	if err != nil {
		return err
	}
	h.track, h.idKey = track.NewCollector(h.space), ws.Value.IDKey
	h.content = content.New(h.space, h.bodies, h.blobs, h.whole, h.dialer.Dial)
	h.timeline = timeline.New(h.space, h.bodies, h.blobs).Telling(func(ctx context.Context, v access.Viewer, m *crm.Message) error {
		return h.content.Opened(ctx, v, m, crm.OpenedBody)
	})
	rooms := extract.Rooms{Space: h.space, Blobs: h.blobs, Bodies: h.bodies, Records: h.records, Views: h.views, Timeline: h.timeline}
	h.erase = erase.New(h.space, h.bodies, h.blobs, h.records, audit.NewSealer(h.space, rand.Reader, h.log).CatchUp)
	h.jobs = job.New(h.space, job.Config{Owner: h.owner, Log: h.log}, append(bulk.Kinds(h.space, h.records), extract.Kind(rooms), intake.Kind(h.space, h.blobs, h.records), h.campaigns.Kind(), h.sequences.Kind(), h.erase.Kind())...)
	h.erase.With(h.jobs)
	h.intake = intake.New(h.space, h.blobs, h.records, h.jobs)
	h.extract = extract.New(rooms, h.jobs)
	h.bulk = bulk.New(h.space, h.records, h.jobs)
	h.figures = records.NewProjector(h.records, h.log)
	if err := h.openSearch(ctx, m); err != nil {
		return err
	}
	h.follower = ledger.NewFollower(h.space, h.log)
	if err := h.openGmail(m); err != nil {
		return err
	}
	h.outbox = outbox.New(h.space, outbox.Config{Open: h.sender, Log: h.log, Alone: h.copy != nil})
	h.away = away.New(h.space, h.records, h.outbox, h.log)
	h.engine = engine.New(h.space, engine.Config{Open: h.source, Bodies: h.bodies, Blobs: h.blobs, Log: h.log,
		Owner: h.owner, Pace: h.pace, Lease: m.opt.lease, Jitter: mathrand.Float64})
	return nil
}

// openSearch opens the search index: a file of its own beside the database, or
// documents where there is none.
func (h *house) openSearch(ctx context.Context, m *Main) error {
	if m.opt.store == storeSQLite {
		f, err := search.OpenFTS(ctx, filepath.Join(h.data, "search.db"))
		if err != nil {
			return err
		}
		h.index = f
	} else {
		h.index = search.NewTokens(h.space)
	}
	h.search = search.New(h.space, h.index, h.records)
	h.indexer = search.NewIndexer(h.space, h.index, h.log)
	return nil
}

// whole fetches a mail once more, with what is attached to it.
func (h *house) whole(ctx context.Context, c *crm.Copy, limit int64) (*mail.Parsed, error) {
	return h.engine.Whole(ctx, c, limit)
}

// source opens a stored mailbox with its sealed password.
func (h *house) source(mb crm.Mailbox) (source.Source, error) {
	password, err := h.seal.Unseal(mb.Password, string(mb.ID), "password")
	if err != nil { // no patience mends it: somebody has to do something
		return nil, crm.Errorf(crm.Unauthorized, "source", "the stored password of this mailbox cannot be opened.").
			WithHint("enter it again with: threadline mailbox password " + string(mb.ID) + "; or connect the Gmail account again")
	}
	return h.newSource(mb, password)
}

// newSource is the source of a mailbox with a password.
func (h *house) newSource(mb crm.Mailbox, password seal.Secret) (source.Source, error) {
	if mb.Kind == crm.KindGmail {
		return h.gmailSource(mb, password)
	}
	d := h.dialer
	if mb.Local {
		d = d.Local()
	}
	auth, err := h.saslOf(mb, password)
	if err != nil {
		return nil, err
	}
	return imap.New(imap.Config{Server: mb.Server, TLS: mb.TLS, Login: mb.Login, Password: imap.Secret(password.Reveal()), Auth: auth, Dial: d.Dial}), nil
}

// size is how many bytes the database takes.
func (h *house) size() int64 {
	var n int64
	for _, name := range []string{"threadline.db", "threadline.db-wal"} {
		if info, err := os.Stat(filepath.Join(h.data, name)); err == nil {
			n += info.Size()
		} else if !errors.Is(err, fs.ErrNotExist) {
			return 0
		}
	}
	return n
}

// Close closes the data; nothing may be running.
func (h *house) Close() error {
	var errs []error
	if h.index != nil {
		errs = append(errs, h.index.Close())
	}
	if h.bucket != nil {
		errs = append(errs, h.bucket.Close())
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	return errors.Join(errs...)
}
