package firestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync/atomic"
	"time"

	gapi "cloud.google.com/go/firestore/apiv1"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// DefaultDatabase is the database that a project has unless it names others.
const DefaultDatabase = "(default)"

// Limits of one commit, which callers plan by.
const (
	MaxWrites = 499
	MaxBytes  = 3_000_000
)

// Options say which database to open, and are the values that come in from
// outside.
type Options struct {
	Project  string
	Database string // "" is DefaultDatabase
	// Emulator is the host:port of Google's emulator; empty is Google's
	// service with the credentials of the environment.
	Emulator string
	Jitter   func() float64 // in [0,1), required: spreads what is tried again
	Random   io.Reader
	Now      func() time.Time
	// Rate is how many writes a second the first five minutes allow; 0 is the
	// 500 that Google names.
	Rate float64
	// Patience is how long a commit or a transaction is tried; 0 is a minute.
	Patience time.Duration
	// Rerun, when set, is asked after each run of a transaction's function
	// whether to discard its writes and run it once more: for tests.
	Rerun func() bool

	dial   []grpc.DialOption     // of the emulator's connection: for tests
	client []option.ClientOption // of Google's: for tests
}

// Driver is an open database. It is safe for concurrent use.
type Driver struct {
	client  *gapi.Client
	conn    *grpc.ClientConn // of the emulator
	root    string           // projects/P/databases/D
	indexes *store.Indexes
	codec   *store.Codec
	o       Options
	ramp    *ramp
	lanes   lanes
	skew    skew
	meter   meter
	first   crm.WorkspaceID
	closed  atomic.Bool
}

var _ store.Driver = (*Driver)(nil)

// Open connects to a database and checks that it is ours, marking an empty one.
func Open(ctx context.Context, indexes *store.Indexes, o Options) (_ *Driver, err error) {
	if o.Project == "" {
		return nil, crm.Errorf(crm.Invalid, "firestore.Open", "no project was named").
			WithField("firestore-project").WithHint("name the Google Cloud project that holds the database")
	}
	if o.Database == "" {
		o.Database = DefaultDatabase
	}
	if strings.ContainsAny(o.Project+o.Database, "/ \n") {
		return nil, crm.Errorf(crm.Invalid, "firestore.Open", "this is no name of a project or a database").WithField("firestore-project").
			WithHint("name the project by its id, such as acme-crm, with --firestore-project, and the database with --firestore-database")
	}
	if o.Rate == 0 {
		o.Rate = startRate
	}
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	codec, err := store.NewCodec()
	if err != nil {
		return nil, err
	}
	d := &Driver{root: "projects/" + o.Project + "/databases/" + o.Database, indexes: indexes, codec: codec, o: o, ramp: newRamp(o.Rate, o.Now)}
	if err := d.dial(ctx); err != nil {
		return nil, err
	}
	if err := d.settleSchema(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// dial connects. Our own retries replace those of the client, which would hide
// that a commit stayed without an answer.
func (d *Driver) dial(ctx context.Context) error {
	sizes := grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32))
	opts := append([]option.ClientOption{option.WithGRPCDialOption(sizes)}, d.o.client...)
	if d.o.Emulator != "" {
		dial := append([]grpc.DialOption{sizes, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithPerRPCCredentials(emulatorOwner{})}, d.o.dial...)
		conn, err := grpc.NewClient(d.o.Emulator, dial...)
		if err != nil {
			return crm.E(crm.Invalid, "firestore.Open", "the address of the emulator cannot be used", err)
		}
		d.conn = conn
		opts = []option.ClientOption{option.WithGRPCConn(conn)}
	}
	client, err := gapi.NewClient(ctx, opts...)
	if err != nil {
		return errors.Join(dialFailure(err), d.closeConn())
	}
	client.CallOptions = &gapi.CallOptions{}
	d.client = client
	return nil
}

// emulatorOwner makes the emulator skip its rules.
type emulatorOwner struct{}

func (emulatorOwner) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer owner"}, nil
}

func (emulatorOwner) RequireTransportSecurity() bool { return false }

// call prepares the context of one request: its deadline and the database that
// it is routed to.
func (d *Driver) call(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	return metadata.AppendToOutgoingContext(ctx, "google-cloud-resource-prefix", d.root), cancel
}

// String names the database, for logs and refusals.
func (d *Driver) String() string {
	where := "Cloud Firestore"
	if d.o.Emulator != "" {
		where = "the Firestore emulator at " + d.o.Emulator
	}
	return fmt.Sprintf("database %s of project %s on %s", d.o.Database, d.o.Project, where)
}

// FirstWorkspace is the id that the workspace of an empty database gets: the
// same for all instances that start at once, so that they make one.
func (d *Driver) FirstWorkspace() crm.WorkspaceID { return d.first }

// Room implements store.Driver.
func (d *Driver) Room() store.Room {
	return store.Room{Writes: MaxWrites, Bytes: MaxBytes, Width: namesPerQuery, AtOnce: readsAtOnce}
}

// Alone implements store.Driver.
func (d *Driver) Alone() bool { return false }

// Close implements store.Driver.
func (d *Driver) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	if d.client != nil && d.conn == nil {
		if err := d.client.Close(); err != nil {
			return crm.E(crm.Internal, "firestore.Close", "the connection cannot be closed", err)
		}
	}
	return d.closeConn()
}

func (d *Driver) closeConn() error {
	if d.conn == nil {
		return nil
	}
	if err := d.conn.Close(); err != nil {
		return crm.E(crm.Internal, "firestore.Close", "the connection cannot be closed", err)
	}
	return nil
}
