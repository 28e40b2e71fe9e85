package firestore

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pb "cloud.google.com/go/firestore/apiv1/firestorepb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// refusing answers every request with one status, and counts commits.
type refusing struct {
	pb.UnimplementedFirestoreServer
	status  *status.Status
	commits atomic.Int64
}

func (r *refusing) BatchGetDocuments(*pb.BatchGetDocumentsRequest, pb.Firestore_BatchGetDocumentsServer) error {
	return r.status.Err()
}

func (r *refusing) RunQuery(*pb.RunQueryRequest, pb.Firestore_RunQueryServer) error {
	return r.status.Err()
}

func (r *refusing) Commit(context.Context, *pb.CommitRequest) (*pb.CommitResponse, error) {
	r.commits.Add(1)
	return nil, r.status.Err()
}

// serve puts a server on a free port until the test ends.
func serve(t *testing.T, srv pb.FirestoreServer) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer()
	pb.RegisterFirestoreServer(s, srv)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// TestRefusals: what Google says becomes one sentence that says what to do, and
// nothing is written.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		code codes.Code
		says string
		kind crm.ErrorKind
		want []string
	}{
		{codes.Unauthenticated, "Request had invalid authentication credentials.", crm.Unauthorized, []string{"credentials", "gcloud auth application-default login"}},
		{codes.PermissionDenied, "Missing or insufficient permissions.", crm.Denied, []string{"may not use", "roles/datastore.user"}},
		{codes.PermissionDenied, "Cloud Firestore API has not been used in project 7 before or it is disabled.", crm.Denied, []string{"switched off", "firestore.googleapis.com"}},
		{codes.NotFound, "The database (default) does not exist for project wrong.", crm.NotFound, []string{"no such Firestore database", "--firestore-project"}},
		{codes.NotFound, "Project wrong was not found", crm.NotFound, []string{"no such project", "--firestore-project"}},
		{codes.FailedPrecondition, "The Cloud Firestore API is not available for Firestore in Datastore Mode database.", crm.Invalid, []string{"Datastore mode", "native mode"}},
	} {
		srv := &refusing{status: status.New(c.code, c.says)}
		o := Options{Project: "wrong", Emulator: serve(t, srv), Jitter: func() float64 { return 0 }, Now: time.Now, Random: strings.NewReader("")}
		_, err := Open(t.Context(), store.NewIndexes(nil), o)
		told(t, err, c.kind, c.want...)
		if n := srv.commits.Load(); n != 0 {
			t.Errorf("%s: %d commits", c.says, n)
		}
	}
}

// told checks kind and words of an error.
func told(t *testing.T, err error, kind crm.ErrorKind, words ...string) {
	t.Helper()
	if !crm.IsKind(err, kind) {
		t.Errorf("error %v is %s, want %s", err, crm.KindOf(err), kind)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%v does not say %q", err, w)
		}
	}
}

// TestNoCredentials names what to do when the environment holds none.
func TestNoCredentials(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", filepath.Join(t.TempDir(), "none.json"))
	_, err := Open(t.Context(), store.NewIndexes(nil), Options{Project: "brightwell", Now: time.Now, Jitter: func() float64 { return 0 }})
	told(t, err, crm.Unauthorized, "no credentials", "gcloud auth application-default login")
}

// TestMissingIndex: an index that is declared and not deployed is told apart
// from one that is not declared.
func TestMissingIndex(t *testing.T) {
	for _, says := range []string{
		"The query requires an index. You can create it here: https://console.firebase.google.com/x",
		"The query requires an index. That index is currently building and cannot be used yet.",
	} {
		srv := &refusing{status: status.New(codes.FailedPrecondition, says)}
		d := &Driver{o: Options{Emulator: serve(t, srv), Now: time.Now, Jitter: func() float64 { return 0 }}, root: "projects/p/databases/d", indexes: store.NewIndexes(nil)}
		if err := d.dial(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := d.Query(t.Context(), &store.Plan{Workspace: "wsp_1", Collection: "message", Limit: 1})
		told(t, err, crm.MissingIndex, "firestore.indexes.json")
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// put writes one document as another program would.
func foreignDocument(t *testing.T, o Options, path string, fields map[string]*pb.Value) {
	t.Helper()
	d := &Driver{o: o, root: "projects/" + o.Project + "/databases/" + DefaultDatabase, ramp: newRamp(startRate, time.Now)}
	if err := d.dial(t.Context()); err != nil {
		t.Fatal(err)
	}
	req := &pb.CommitRequest{Database: d.root, Writes: []*pb.Write{{Operation: &pb.Write_Update{Update: &pb.Document{Name: d.documents() + "/" + path, Fields: fields}}}}}
	if err := d.commit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// TestForeignDatabase: nothing is written to the database of another program or
// of a newer version.
func TestForeignDatabase(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		fields map[string]*pb.Value
		words  []string
	}{
		"another application": {"orders/17", map[string]*pb.Value{"total": value(int64(5))}, []string{"another application", "--firestore-database"}},
		"a marker of others":  {"threadline/schema", map[string]*pb.Value{"name": value("x")}, []string{"another application"}},
		"a newer version":     {"threadline/schema", map[string]*pb.Value{"schema": value(int64(2)), "workspace": value("wsp_1")}, []string{"newer version", "nothing was written"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			foreignDocument(t, o, c.path, c.fields)
			var commits atomic.Int64
			o.dial = []grpc.DialOption{grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
				if strings.HasSuffix(method, "/Commit") {
					commits.Add(1)
				}
				return invoke(ctx, method, req, reply, cc, opts...)
			})}
			_, err := Open(t.Context(), store.NewIndexes(nil), o)
			told(t, err, crm.Invalid, append(c.words, "firestore-database")...)
			if commits.Load() != 0 {
				t.Error("something was written")
			}
		})
	}
}

// TestClockOff: a machine whose clock is ten minutes off is not let in, and one
// whose clock goes wrong later writes no more until it is right again.
func TestClockOff(t *testing.T) {
	o := options(t)
	var offset atomic.Int64
	o.Now = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	for _, by := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		offset.Store(int64(by))
		_, err := Open(t.Context(), store.NewIndexes(nil), o)
		told(t, err, crm.Unavailable, "clock", "10m0s")
	}
	offset.Store(0)
	d, err := Open(t.Context(), store.NewIndexes(nil), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	write := func(id string) error {
		return d.Commit(t.Context(), []store.Write{{Key: store.Key{Workspace: "wsp_1", Collection: "job", ID: id}, Data: []byte{0xa0}}})
	}
	if err := write("before"); err != nil {
		t.Fatal(err)
	}
	offset.Store(int64(10 * time.Minute))
	if _, err := d.Get(t.Context(), []store.Key{{Workspace: "wsp_1", Collection: "job", ID: "before"}}); err != nil {
		t.Fatal(err)
	}
	told(t, write("meanwhile"), crm.Unavailable, "10m0s ahead of")
	offset.Store(0)
	if err := write("after"); err != nil {
		t.Error(err)
	}
}

// TestSkewOfASlowAnswer: an answer that was long on its way says nothing about
// the clock.
func TestSkewOfASlowAnswer(t *testing.T) {
	var s skew
	now := time.Unix(1_790_000_000, 0)
	s.sample(now, now.Add(time.Minute), timestamppb.New(now))
	if err := s.check(); err != nil {
		t.Error(err)
	}
	s.sample(now, now.Add(time.Second), timestamppb.New(now.Add(-time.Minute)))
	if s.check() == nil {
		t.Error("a clock that is a minute ahead was accepted")
	}
}
