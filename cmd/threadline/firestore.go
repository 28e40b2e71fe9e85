package main

import (
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"os"
	"strconv"
	"strings"

	_ "gocloud.dev/blob/gcsblob" // large bodies in Cloud Storage

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
)

// Values of --store.
const (
	storeSQLite    = "sqlite"
	storeFirestore = "firestore"
)

// Google's emulators are named by these variables, which their clients follow
// silently. Projects of that prefix exist on emulators only (Firebase's
// convention), so that a forgotten variable cannot divert real mail.
const (
	emulatorVar   = "FIRESTORE_EMULATOR_HOST"
	storageVar    = "STORAGE_EMULATOR_HOST"
	emulatedStart = "demo-"
)

// checkStore refuses combinations of flags and environment that would store
// mail in a place nobody meant.
func (m *Main) checkStore() error {
	const op = crm.Op("settle")
	switch m.opt.store {
	case storeSQLite:
		return nil
	case storeFirestore:
	default:
		return crm.Errorf(crm.Invalid, op, "there is no store %q", m.opt.store).WithField("store").WithHint("use --store sqlite or --store firestore")
	}
	if m.opt.project == "" {
		return crm.Errorf(crm.Invalid, op, "no Google Cloud project was named").WithField("firestore-project").WithHint("name the project that holds the database with --firestore-project")
	}
	if m.opt.blob == "" {
		return crm.Errorf(crm.Invalid, op, "no place for large bodies was named").WithField("blob").
			WithHint("name a bucket that all instances reach, such as --blob gs://BUCKET")
	}
	if m.opt.keyFile == "" {
		return crm.Errorf(crm.Invalid, op, "no key file was named").WithField("key-file").
			WithHint("all instances need the same one: name it with --key-file, such as a mounted secret")
	}
	emulated := strings.HasPrefix(m.opt.project, emulatedStart)
	for _, name := range []string{emulatorVar, storageVar} {
		if v, ok := m.Env(name); ok && v != "" && !emulated {
			return crm.Errorf(crm.Invalid, op, "%s is set, so that mail would go to an emulator and be lost", name).WithField("firestore-project").
				WithHint("unset it; to try the emulator name a project that begins with " + emulatedStart)
		}
	}
	if host, _ := m.Env(emulatorVar); emulated && host == "" {
		return crm.Errorf(crm.Invalid, op, "projects that begin with %s exist on the emulator only", emulatedStart).WithField("firestore-project").
			WithHint("set " + emulatorVar + " to its address, or name a real project")
	}
	return nil
}

// openFirestore opens the database. Any number of processes may have it open,
// so each has a name of its own in leases.
func (h *house) openFirestore(ctx context.Context, m *Main, indexes *store.Indexes) (store.Driver, error) {
	owner, err := processName()
	if err != nil {
		return nil, err
	}
	emulator, _ := m.Env(emulatorVar)
	d, err := firestore.Open(ctx, indexes, firestore.Options{Project: m.opt.project, Database: m.opt.database, Emulator: emulator,
		Jitter: mathrand.Float64, Random: rand.Reader, Now: m.Now})
	if err != nil {
		return nil, err
	}
	h.first, h.owner = d.FirstWorkspace(), owner
	h.log.Info("opened", "database", d.String(), "as", owner)
	return d, nil
}

// processName names this process among all instances, now and later.
func processName() (string, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	id, err := crm.RandomID("run", rand.Reader)
	return host + " process " + strconv.Itoa(os.Getpid()) + " " + id, err
}
