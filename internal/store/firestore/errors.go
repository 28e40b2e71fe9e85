package firestore

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"threadline/internal/crm"
)

// failure puts an error of Firestore into words and says what to do; errors
// that have some already pass through.
func failure(op crm.Op, err error) error {
	var known *crm.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return crm.E(crm.Unavailable, op, "the operation was cut short", err)
	}
	s, _ := status.FromError(err)
	for _, w := range wordings() {
		if w.code == s.Code() && strings.Contains(strings.ToLower(s.Message()), w.says) {
			return crm.E(w.kind, op, w.msg, err).WithHint(w.hint)
		}
	}
	return crm.E(crm.Internal, op, "Firestore failed", err)
}

// wording is what we say about a status whose message holds certain words.
type wording struct {
	code codes.Code
	says string // in lower case; "" for any
	kind crm.ErrorKind
	msg  string
	hint string
}

func wordings() []wording {
	const again = "nothing that was confirmed is lost; try again"
	return []wording{
		{codes.Unauthenticated, "", crm.Unauthorized, "Google does not accept the credentials", noCredentials},
		{codes.PermissionDenied, "has not been used", crm.Denied, "the Firestore API is switched off in this project", "enable firestore.googleapis.com in the project that --firestore-project names"},
		{codes.PermissionDenied, "", crm.Denied, "the credentials may not use this database", "check --firestore-project, and give the service account the role roles/datastore.user there"},
		{codes.NotFound, "database", crm.NotFound, "the project has no such Firestore database", "create one in native mode, or name another with --firestore-project and --firestore-database"},
		{codes.NotFound, "project", crm.NotFound, "there is no such project", "check --firestore-project"},
		{codes.NotFound, "", crm.NotFound, "the document does not exist", ""},
		{codes.FailedPrecondition, "requires an index", crm.MissingIndex, "Firestore lacks an index that this version declares", "deploy manifests/firestore.indexes.json and wait until its indexes are built"},
		{codes.FailedPrecondition, "index", crm.MissingIndex, "an index of this version is still being built", "wait until Firestore has built the indexes of manifests/firestore.indexes.json"},
		{codes.FailedPrecondition, "datastore mode", crm.Invalid, "the database is in Datastore mode", "create a database in native mode and name it with --firestore-database"},
		{codes.FailedPrecondition, "", crm.Conflict, "a document changed in the meantime", "read it again and repeat the change"},
		{codes.AlreadyExists, "", crm.Exists, "a document exists already", ""},
		{codes.InvalidArgument, "exceeds the maximum", crm.TooLarge, "a document or a commit is larger than Firestore takes", "keep large contents in the blob store"},
		{codes.InvalidArgument, "too large", crm.TooLarge, "a document or a commit is larger than Firestore takes", "keep large contents in the blob store"},
		{codes.ResourceExhausted, "", crm.Throttled, "Firestore refuses more work for now", "look at the quotas of the project; " + again},
		{codes.Unavailable, "", crm.Unavailable, "Firestore cannot be reached", again},
		{codes.DeadlineExceeded, "", crm.Unavailable, "Firestore did not answer in time", again},
		{codes.Aborted, "", crm.Unavailable, "others write the same documents all the time", again},
		{codes.Canceled, "", crm.Unavailable, "the operation was cut short", again},
	}
}

const noCredentials = "run as a service account, or sign in with: gcloud auth application-default login"

// dialFailure says why there is no connection.
func dialFailure(err error) error {
	if strings.Contains(err.Error(), "credentials") || errors.Is(err, fs.ErrNotExist) {
		return crm.E(crm.Unauthorized, "firestore.Open", "there are no credentials for Google Cloud", err).WithHint(noCredentials)
	}
	return crm.E(crm.Unavailable, "firestore.Open", "the connection to Firestore cannot be made", err)
}

// ended tells whether the caller has given up.
func ended(ctx context.Context, op crm.Op) error { return failure(op, ctx.Err()) }

// code is the status of an error, wherever it is wrapped.
func code(err error) codes.Code {
	if err == nil {
		return codes.OK
	}
	if s, ok := status.FromError(err); ok {
		return s.Code()
	}
	return codes.Unknown
}

// refusals are answers after which the same request may succeed and has
// certainly done nothing.
func refused(c codes.Code) bool { return c == codes.Aborted || c == codes.ResourceExhausted }

// silent are answers after which nobody knows whether the request was carried
// out.
func silent(c codes.Code) bool {
	return c == codes.Unavailable || c == codes.DeadlineExceeded || c == codes.Internal
}

// pause waits before the n-th repetition, counted from 0.
func (d *Driver) pause(ctx context.Context, n int) error {
	const first, most = 20 * time.Millisecond, 5 * time.Second
	wait := min(most, first<<min(n, 10))
	t := time.NewTimer(time.Duration((0.5 + d.o.Jitter()) * float64(wait)))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// readTries bounds how often a read is repeated.
const readTries = 6

// reading carries out one read, and repeats it when the server could not. In a
// transaction ABORTED is the end of the transaction.
func (d *Driver) reading(ctx context.Context, inTx bool, op crm.Op, f func(context.Context) error) error {
	for n := 0; ; n++ {
		if err := ended(ctx, op); err != nil {
			return err
		}
		call, cancel := d.call(ctx, readTime)
		err := f(call)
		cancel()
		c := code(err)
		again := silent(c) || refused(c) && !(inTx && c == codes.Aborted)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ended(ctx, op)
		case !again || n == readTries:
			return failure(op, err)
		}
		if err := d.pause(ctx, n); err != nil {
			return failure(op, err)
		}
	}
}
