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
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // the folder of large bodies

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/dial"
	"threadline/internal/keys"
	"threadline/internal/rooms"
	"threadline/internal/seal"
	"threadline/internal/search"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
	"threadline/sync/engine"
	"threadline/sync/gmail"
	"threadline/sync/imap"
	"threadline/sync/source"
)

// house is the opened data with the rooms that work on it.
type house struct {
	*rooms.Rooms // nil until the workspace is there
	store        *store.Store
	check        func(context.Context) error         // of the engine's own structure; nil when it has none to look at
	copy         func(context.Context, string) error // makes a snapshot; nil when the engine has its own means
	first        crm.WorkspaceID                     // what a first workspace is called; "" for any name
	owner        string                              // names this process in leases
	thrift       *engine.Thrift                      // of all houses of the process
	bucket       *blob.Bucket
	index        search.Index
	auth         *auth.Service
	seal         *seal.Box
	dialer       *dial.Dialer // to hosts that users name
	resolver     *net.Resolver
	idKey        crm.IDKey
	gmail        *gmail.Project // nil: this installation has no client at Google
	repair       func(crm.MailboxID) string
	log          *slog.Logger
	data         string
	fresh        bool          // the workspace was made just now
	beside       bool          // another house has opened the store
	lease        time.Duration // of campaigns; 0 is what groups says
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
	h := &house{log: log, data: m.opt.data, lease: m.opt.lease, thrift: new(engine.Thrift), fresh: !exists(file)}
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
	return h, h.furnish(ctx, m, h.store.In(ws))
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
	return nil
}

// workspace returns the workspace, or makes it.
func (h *house) workspace(ctx context.Context, boot *auth.BootstrapInput) (crm.WorkspaceID, error) {
	have, err := h.auth.Workspaces(ctx)
	if err != nil {
		return "", err
	}
	if h.fresh = len(have) == 0; h.fresh {
		if err := h.halfMoved(ctx); err != nil {
			return "", err
		}
		if boot == nil {
			return "", crm.Errorf(crm.NotFound, "workspace", "there is no workspace in %s", h.data).WithHint("make it with: threadline serve")
		}
	}
	if boot == nil {
		boot = &auth.BootstrapInput{}
	}
	first := *boot
	first.ID = h.first
	return h.auth.Bootstrap(ctx, first)
}

// halfMoved refuses documents without a workspace: a move was cut, and a new
// workspace beside them would keep it from being repeated.
func (h *house) halfMoved(ctx context.Context) error {
	parts, err := h.store.Workspaces(ctx)
	if err != nil || len(parts) == 0 {
		return err
	}
	return crm.Errorf(crm.Conflict, "workspace", "a workspace was being moved in here, and the move was cut").
		WithHint("repeat it from the start with: threadline import --full FILE")
}

// next is the house of another workspace in the same store: what lies below the
// rooms they share.
func (h *house) next(ctx context.Context, m *Main, ws crm.WorkspaceID) (*house, error) {
	n := &house{store: h.store, check: h.check, copy: h.copy, owner: h.owner, thrift: h.thrift, bucket: h.bucket, auth: h.auth, seal: h.seal.Another(),
		gmail: h.gmail, log: h.log.With("workspace", ws), data: h.data, lease: h.lease, beside: true}
	if err := n.furnish(ctx, m, h.store.In(ws)); err != nil {
		return nil, errors.Join(err, n.leave())
	}
	return n, nil
}

// leave closes what a house has for itself.
func (h *house) leave() error {
	if h.index == nil {
		return nil
	}
	return h.index.Close()
}

// furnish makes the rooms above the store.
func (h *house) furnish(ctx context.Context, m *Main, sp *store.Space) error {
	if err := h.openKeys(ctx, m, sp); err != nil {
		return err
	}
	allowed, err := dial.ParseRanges(m.opt.allowNet)
	if err != nil {
		return err
	}
	h.dialer = dial.New(allowed, m.Resolver)
	if h.resolver = m.Resolver; h.resolver == nil {
		h.resolver = net.DefaultResolver
	}
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return err
	}
	h.idKey = ws.Value.IDKey
	bodies, err := store.NewBodyCodec()
	if err != nil {
		return err
	}
	if err := h.openSearch(ctx, m, sp); err != nil {
		return err
	}
	if err := h.openGmail(m); err != nil {
		return err
	}
	h.Rooms = rooms.Open(rooms.Means{Space: sp, Uploads: m.opt.dayOfUploads(), Bodies: bodies, Blobs: store.NewBlobs(h.bucket), Index: h.index, Seal: h.seal,
		Source: h.source, Sender: h.sender, Pace: h.pace, Dial: h.dialer.Dial, TXT: h.resolver.LookupTXT,
		Owner: h.owner, Lease: m.opt.lease, Alone: h.copy != nil, Thrift: h.thrift, Random: rand.Reader, Jitter: mathrand.Float64, Log: h.log})
	return nil
}

// openKeys opens the key file, and by it the keys of the workspace.
func (h *house) openKeys(ctx context.Context, m *Main, sp *store.Space) error {
	if !h.beside {
		sealed, err := h.sealed(ctx)
		if err != nil {
			return err
		}
		if h.seal, err = seal.Open(m.opt.keyFile, !sealed, rand.Reader); err != nil {
			return err
		}
	}
	if err := keys.Open(ctx, sp, h.seal, rand.Reader); err != nil {
		return err
	}
	h.auth = h.auth.Sealing(h.seal)
	return nil
}

// sealed tells whether any workspace holds what a key file sealed.
func (h *house) sealed(ctx context.Context) (bool, error) {
	all, err := h.store.Workspaces(ctx)
	for _, ws := range all {
		if some, err := keys.Any(ctx, h.store.In(ws)); some || err != nil {
			return some, err
		}
	}
	return false, err
}

// searchFile is the file of the search index.
func searchFile(data string) string { return filepath.Join(data, "search.db") }

// openSearch opens the search index: a file of its own beside the database, or
// documents where there is none.
func (h *house) openSearch(ctx context.Context, m *Main, sp *store.Space) error {
	if m.opt.store != storeSQLite {
		h.index = search.NewTokens(sp)
		return nil
	}
	path := searchFile(h.data)
	if h.beside {
		path = filepath.Join(h.data, "search-"+string(sp.Workspace())+".db")
	}
	f, err := search.OpenFTS(ctx, path)
	if err != nil {
		return err
	}
	if why := f.Remade(); why != nil {
		h.log.Error("the search index could not be used and is made anew", "file", path, "kept_as", search.AsideOf(path), "why", why)
	}
	h.index = f
	return nil
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
	errs := []error{h.leave()}
	if h.bucket != nil {
		errs = append(errs, h.bucket.Close())
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	return errors.Join(errs...)
}
