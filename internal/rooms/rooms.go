// Package rooms puts the services of one workspace together: what the server,
// the commands and the tests of the doors all work with.
//
// A new service is made here, once, and is then at hand in all doors; work that
// it does in the background is a line of Workers. What comes from outside (the
// data, secrets, time and randomness, the network) is handed in as Means. The
// package stores nothing and starts nothing.
package rooms

import (
	"context"
	"io"
	"log/slog"
	"time"

	"threadline/internal/access"
	"threadline/internal/audit"
	"threadline/internal/away"
	"threadline/internal/bulk"
	"threadline/internal/campaign"
	"threadline/internal/content"
	"threadline/internal/crm"
	"threadline/internal/dkim"
	"threadline/internal/erase"
	"threadline/internal/extract"
	"threadline/internal/file"
	"threadline/internal/intake"
	"threadline/internal/job"
	"threadline/internal/ledger"
	"threadline/internal/letter"
	"threadline/internal/notify"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/seal"
	"threadline/internal/search"
	"threadline/internal/sequence"
	"threadline/internal/store"
	"threadline/internal/timeline"
	"threadline/internal/track"
	"threadline/internal/view"
	"threadline/sync/engine"
	"threadline/sync/source"
)

// Means are what the services of a workspace need from outside.
type Means struct {
	Space  *store.Space
	Bodies *store.BodyCodec
	Blobs  *store.Blobs
	Index  search.Index
	Seal   *seal.Box

	Source func(crm.Mailbox) (source.Source, error)                           // the mail of a mailbox, with its secret unsealed
	Sender func(context.Context, crm.Mailbox) (outbox.Sender, error)          // what sends for it
	Pace   func(m *crm.Mailbox, mails int64) time.Duration                    // what its server permits; nil for no limit
	Dial   content.Dial                                                       // connects to hosts that mails name
	TXT    func(ctx context.Context, name string) (records []string, _ error) // looks them up in the DNS

	Uploads int64 // bytes that a person uploads in a day; 0 is the usual, -1 no bound

	Owner  string        // names this process in leases
	Lease  time.Duration // of a mailbox; 0 is the engine's own
	Alone  bool          // no other process works on this store
	Thrift *engine.Thrift
	Random io.Reader
	Jitter func() float64 // [0,1)
	Log    *slog.Logger
}

// Rooms are the services of one workspace. All are safe for concurrent use.
type Rooms struct {
	Space  *store.Space
	Bodies *store.BodyCodec
	Blobs  *store.Blobs
	log    *slog.Logger

	Records   *records.Service
	Figures   *records.Projector
	Views     *view.Service
	Files     *file.Service
	Uploads   *file.Allowance
	Letters   *letter.Service
	Campaigns *campaign.Service
	Sequences *sequence.Service
	Signers   *dkim.Service
	Away      *away.Service
	Outbox    *outbox.Service
	Track     *track.Collector
	Timeline  *timeline.Service
	Content   *content.Service
	Finder    *search.Service
	Indexer   *search.Indexer
	Notify    *notify.Service
	Follower  *ledger.Follower
	Sealer    *audit.Sealer
	Engine    *engine.Engine

	Jobs    *job.Service
	Intake  *intake.Service
	Bulk    *bulk.Service
	Extract *extract.Service
	Erase   *erase.Service
}

// Open makes the services of a workspace. Nothing runs yet.
func Open(m Means) *Rooms {
	r := &Rooms{Space: m.Space, Bodies: m.Bodies, Blobs: m.Blobs, log: m.Log}
	r.Records = records.New(m.Space)
	r.Figures = records.NewProjector(r.Records, m.Log)
	r.Views = view.New(m.Space, r.Records)
	r.Uploads = file.NewAllowance(m.Space, m.Uploads)
	r.Files = file.New(m.Space, r.Records, m.Blobs, r.Uploads)
	r.Notify = notify.New(m.Space, r.Records)
	r.Finder = search.New(m.Space, m.Index, r.Records)
	r.Indexer = search.NewIndexer(m.Space, m.Index, m.Log)
	r.Follower = ledger.NewFollower(m.Space, m.Log)
	r.Sealer = audit.NewSealer(m.Space, m.Random, m.Log)
	r.Engine = engine.New(m.Space, engine.Config{Open: m.Source, Bodies: m.Bodies, Blobs: m.Blobs, Log: m.Log,
		Owner: m.Owner, Pace: m.Pace, Lease: m.Lease, Jitter: m.Jitter, Thrift: m.Thrift})
	r.Content = content.New(m.Space, m.Bodies, m.Blobs, r.Engine.Whole, m.Dial)
	r.Timeline = timeline.New(m.Space, m.Bodies, m.Blobs).Telling(r.opened)
	r.send(&m)
	r.work(&m)
	return r
}

// send makes what sends mail.
func (r *Rooms) send(m *Means) {
	r.Signers = dkim.New(m.Space, m.Seal, m.Random, m.TXT)
	r.Letters = letter.New(m.Space, r.Records)
	r.Campaigns = campaign.New(m.Space, r.Records, r.Letters, r.Views)
	r.Sequences = sequence.New(m.Space, r.Records, r.Letters, r.Campaigns)
	r.Track = track.NewCollector(m.Space)
	r.Outbox = outbox.New(m.Space, outbox.Config{Open: m.Sender, Log: m.Log, Alone: m.Alone, Undress: r.undress,
		Files: func(ctx context.Context, ref string) ([]byte, error) {
			return m.Blobs.Get(ctx, m.Space.Workspace(), ref)
		},
		Body: func(ctx context.Context, id crm.MessageID) (*crm.BodyContent, error) {
			return m.Bodies.LoadBody(ctx, m.Space, m.Blobs, id)
		}})
	r.Campaigns.Counting(r.Outbox.Beside)
	r.Away = away.New(m.Space, r.Records, r.Outbox, m.Log)
}

// work makes what takes long; the kinds of work are registered here.
func (r *Rooms) work(m *Means) {
	out := extract.Rooms{Space: m.Space, Blobs: m.Blobs, Bodies: m.Bodies, Records: r.Records, Views: r.Views, Timeline: r.Timeline}
	r.Erase = erase.New(m.Space, m.Bodies, m.Blobs, r.Records, r.Sealer.CatchUp)
	kinds := append(bulk.Kinds(m.Space, r.Records), extract.Kind(out), intake.Kind(m.Space, m.Blobs, r.Records),
		r.Campaigns.Kind(), r.Sequences.Kind(), r.Erase.Kind())
	r.Jobs = job.New(m.Space, job.Config{Owner: m.Owner, Log: m.Log}, kinds...)
	r.Erase.With(r.Jobs)
	r.Intake = intake.New(m.Space, m.Blobs, r.Records, r.Jobs, r.Uploads.Take)
	r.Extract = extract.New(out, r.Jobs)
	r.Bulk = bulk.New(m.Space, r.Records, r.Jobs)
}

// opened notes who read the body of a mail.
func (r *Rooms) opened(ctx context.Context, v access.Viewer, m *crm.Message) error {
	return r.Content.Opened(ctx, v, m, crm.OpenedBody)
}
