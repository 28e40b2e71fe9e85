package export

import (
	"context"
	"fmt"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// Finding is one promise that the data breaks, in words for a person.
type Finding struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
	What       string `json:"what"` // one sentence; no words of any mail
	Todo       string `json:"todo"` // what to do about it
}

// String is the finding in one line.
func (f Finding) String() string { return f.Collection + " " + f.ID + ": " + f.What + " — " + f.Todo }

// What to do about faults, by what caused them.
const (
	todoSync    = "open the mailbox and let it sync again; if it stays, restore the last backup and tell us"
	todoRematch = "run threadline rematch; if it stays, tell us"
	todoRestore = "restore it from the last backup"
	todoTell    = "nothing is lost; tell us"
	todoRecord  = "save the record again; if it stays, tell us"
)

// Verify checks every promise that can be checked on live data and reports what
// breaks one: the counters and the equation of each folder, copies and messages
// naming each other, bodies and blobs, identities and records, unique values, who
// reaches which record, threads, owners, flags, the queue, the ledger of campaigns, the change log, which
// must lead to what stands, and links against a full recompute. It only
// reads, so a repeat says the same. Mail may arrive meanwhile: what looks wrong
// is read again in one transaction before it is reported. total may grow while
// it runs. Memory grows with the number of messages, about 300 bytes each.
func Verify(ctx context.Context, sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs,
	report func(Finding), progress func(done, total int64)) error {
	const op = crm.Op("export.Verify")
	v := &verifier{sp: sp, bodies: bodies, blobs: blobs, report: report, progress: progress}
	return crm.Wrap(op, "the data cannot be verified", v.run(ctx))
}

type verifier struct {
	sp       *store.Space
	bodies   *store.BodyCodec
	blobs    *store.Blobs
	report   func(Finding)
	progress func(done, total int64)

	done, total int64
	key         crm.IDKey
	owners      map[crm.MailboxID]crm.UserID
	threads     aliases
	messages    map[crm.MessageID]bool // value: a body was found
	copies      map[crm.CopyID]crm.MessageID
	records     map[crm.RecordID]bool
	boxes       map[crm.BoxID]*boxTally
	schema      crm.Schema
}

func (v *verifier) run(ctx context.Context) error {
	if err := v.prepare(ctx); err != nil {
		return err
	}
	steps := []func(context.Context) error{v.aliases, v.checkMessages, v.checkCopies, v.checkQueue, v.checkBoxes, v.checkBodies,
		v.checkFiles, v.loadNouns, v.checkRecords, v.checkMarks, v.checkIdentities, v.checkClaims, v.checkLog, v.checkLedger, v.audit}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// prepare counts the work and loads what all steps need.
func (v *verifier) prepare(ctx context.Context) error {
	ws, err := store.Workspaces.Get(ctx, v.sp, string(v.sp.Workspace()))
	if err != nil {
		return err
	}
	v.key = ws.Value.IDKey
	for _, name := range []string{store.Messages.Name, store.Messages.Name, store.Copies.Name, store.Queue.Name, store.Bodies.Name, store.Files.Name,
		store.Identities.Name, store.Claims.Name, store.ChangeLog.Name, store.Recipients.Name} {
		n, err := v.sp.Count(ctx, name, store.Query{})
		if err != nil {
			return err
		}
		v.total += n
	}
	for _, c := range store.CollectionInfos() { // each against its history
		if !c.Logged {
			continue
		}
		n, err := v.sp.Count(ctx, c.Name, store.Query{})
		if err != nil {
			return err
		}
		if v.total += n; c.Name == store.Records.Name || c.Name == store.Activities.Name { // and two looks at it
			v.total += 2 * n
		}
	}
	mailboxes, err := store.Mailboxes.All(ctx, v.sp, store.Query{})
	if err != nil {
		return err
	}
	v.owners = map[crm.MailboxID]crm.UserID{}
	for _, m := range mailboxes {
		v.owners[m.Value.ID] = m.Value.Owner
	}
	if v.threads, err = loadAliases(ctx, v.sp); err != nil {
		return err
	}
	return v.loadBoxes(ctx)
}

// knownMailbox loads a mailbox that has come since the others were loaded.
func (v *verifier) knownMailbox(ctx context.Context, id crm.MailboxID) error {
	if _, ok := v.owners[id]; ok || id == "" {
		return nil
	}
	docs, err := store.Mailboxes.GetMany(ctx, v.sp, []string{string(id)})
	if err == nil && docs[0].Exists() {
		v.owners[id] = docs[0].Value.Owner
	}
	return err
}

// step counts one document.
func (v *verifier) step() {
	if v.done++; v.progress != nil {
		v.progress(v.done, max(v.done, v.total))
	}
}

func (v *verifier) find(collection, id, todo, format string, args ...any) {
	v.report(Finding{Collection: collection, ID: id, What: fmt.Sprintf(format, args...), Todo: todo})
}

// aliases checks that every name that a thread has lost leads to a smaller one.
func (v *verifier) aliases(context.Context) error {
	for id, into := range v.threads {
		if into >= id {
			v.find(store.Threads.Name, string(id), todoRematch, "it leads to %s, which is not a smaller name", into)
		}
		if _, ring := v.threads[v.threads.root(id)]; ring {
			v.find(store.Threads.Name, string(id), todoTell, "its names lead in a ring")
		}
	}
	return nil
}

// audit compares links, feeds, marks and directions with a full recompute.
func (v *verifier) audit(ctx context.Context) error {
	return ledger.Audit(ctx, v.sp, func(d ledger.Difference) {
		v.find(store.Messages.Name, string(d.Message), todoRematch, "%s", d.What)
	}, func(n int) {
		for range n {
			v.step()
		}
	})
}

// again runs a check once more in one transaction, on documents that are read
// in it, and reports what it says.
func (v *verifier) again(ctx context.Context, check func(ctx context.Context, tx *store.Tx) ([]Finding, error)) error {
	var found []Finding
	err := v.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		found, err = check(ctx, tx)
		return err
	})
	for _, f := range found {
		v.report(f)
	}
	return err
}
