// Package sourcetest holds every mail source to the contract of package
// source: Run checks each of its promises against a real server.
//
// A source is held to it by one test that hands over how to open a fresh
// mailbox and how to change it from outside.
package sourcetest

import (
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// Harness is one fresh mailbox: the source to test, and the hand of its owner,
// who works on it with another mail program. Functions that a mail system has
// no equal of are nil, and their tests are left out.
type Harness struct {
	Source        source.Source
	WrongPassword source.Source // the same account with a refused password
	TellsFlags    bool          // Delta is to tell flag changes
	Inbox         string        // the folder that gets the mail; INBOX when empty
	InboxRole     crm.BoxRole   // of that folder; that of an inbox when empty
	Keeps         []crm.Flag    // flags that the system has; nil for all

	Append       func(folder string, mails ...testenv.Mail) ([]crm.Key, error)
	Delete       func(folder string, keys ...crm.Key) error // for good
	SetFlags     func(folder string, flags []crm.Flag, keys ...crm.Key) error
	CreateFolder func(name string) error
	DeleteFolder func(name string) error
	Renumber     func(folder string) error // gives the folder another epoch
}

// soon is how long an answer that needs no waiting may take on a busy machine.
const soon = 10 * time.Second

// Run runs the suite. The function is called once for each test.
func Run(t *testing.T, fresh func(t *testing.T) Harness) {
	for _, c := range []struct {
		name string
		run  func(*bench)
	}{
		{"first delta covers everything", firstDelta},
		{"folders and delta agree on the cursor", sameCursor},
		{"an unknown cursor is void", unknownCursor},
		{"nothing new", nothingNew},
		{"new mail is added", newMail},
		{"flag changes are told or swept", flagChanges},
		{"a deletion asks for a recount", deletion},
		{"a deletion hides behind no arrival", deletionAndArrival},
		{"a new epoch voids the cursor", newEpoch},
		{"listing by date", listSince},
		{"folder names beyond ASCII", folderNames},
		{"fetch is complete", fetchComplete},
		{"fetch of large mail", fetchLarge},
		{"fetch of one", fetchOne},
		{"fetch of headers", fetchHeaders},
		{"fetch of odd bytes", fetchOdd},
		{"fetch leaves out what is gone", fetchGone},
		{"fetch sees later arrivals", fetchLater},
		{"fetch refuses another epoch", fetchConflict},
		{"fetch can be left early", fetchBreak},
		{"find by message id", find},
		{"wait wakes on new mail", waitWakes},
		{"wait misses nothing before it", waitMissesNothing},
		{"a vanished folder is not found", vanished},
		{"a cancelled context ends every call", cancelled},
		{"a cancelled context ends a wait", cancelledWait},
		{"a cancelled context ends a fetch", cancelledFetch},
		{"two sessions at once", twoSessions},
		{"close ends the session", closing},
		{"a refused password", wrongPassword},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(newBench(t, fresh(t))) })
	}
}
