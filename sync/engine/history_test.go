package engine

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// step is one thing that happens to a mailbox, its server or the process. N, M
// and Key choose among what is there.
type step struct {
	What      string
	N, M, Key int
}

// stepKinds are drawn evenly, so those that matter most stand here twice.
var stepKinds = []string{"append", "append", "append", "both", "delete", "flag", "flag", "move", "create", "drop",
	"renumber", "cut", "cut", "busy", "down", "refuse", "poison", "kill", "kill", "pass", "pass", "pass", "wake"}

var folderNames = []string{"INBOX", "Sent", "Work", "Work/Old", "Trash"}

func steps() *rapid.Generator[[]step] {
	one := rapid.Custom(func(t *rapid.T) step {
		return step{What: rapid.SampledFrom(stepKinds).Draw(t, "what"), N: rapid.IntRange(0, 9).Draw(t, "n"),
			M: rapid.IntRange(0, 9).Draw(t, "m"), Key: rapid.IntRange(0, 29).Draw(t, "key")}
	})
	return rapid.SliceOfN(one, 5, 60)
}

// letters are the mails of all histories: threads of three with full
// references, now and then another text under a known Message-ID, a robot's
// mail, one without a date.
func letters() []testenv.Mail {
	var out []testenv.Mail
	for i := range 30 {
		at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * 17 * time.Hour)
		head := []string{"Message-ID: <" + letterID(i) + ">", "Subject: Order " + fmt.Sprint(i/3)}
		from, to := "anna@acme.example", "rep@ours.example"
		if i%3 == 1 {
			from, to = to, from
		}
		if i%7 == 5 {
			from = "news@robots.example"
			head = append(head, "List-Unsubscribe: <https://robots.example/off>", "Precedence: bulk")
		}
		head = append(head, "From: <"+from+">", "To: <"+to+">")
		if i%3 > 0 {
			head = append(head, "References: <"+letterID(i-i%3)+">")
		}
		if i%11 != 10 {
			head = append(head, "Date: "+at.Format(time.RFC1123Z))
		}
		text := fmt.Sprintf("This is letter %d about the order.\r\n", i)
		out = append(out, testenv.Mail{Raw: []byte(strings.Join(head, "\r\n") + "\r\n\r\n" + text), Internal: at})
	}
	return out
}

func letterID(i int) string {
	if i == 20 {
		i = 8 // the same Message-ID, another text
	}
	return fmt.Sprintf("letter-%d@acme.example", i)
}

// TestHistories lets random things happen to a mailbox while the engine syncs
// it and is stopped now and then, and wants the state of an engine that reads
// the final mailbox once. Time is virtual, so that retries take none.
func TestHistories(t *testing.T) {
	usual := 12
	if raceDetector {
		usual = 6
	}
	checks(t, usual, 1000)
	rapid.Check(t, func(rt *rapid.T) {
		list := steps().Draw(rt, "steps")
		var trouble []string
		synctest.Test(t, func(t *testing.T) { trouble = runHistory(t, list) })
		if len(trouble) > 0 {
			rt.Fatalf("%s", strings.Join(trouble, "\n"))
		}
	})
}

// checks sets how many examples are drawn, unless the command line does.
func checks(t *testing.T, usual, soak int) {
	t.Helper()
	given := slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(strings.TrimLeft(arg, "-"), "rapid.checks") })
	if given { // not asked of the flag, which the test before has set
		return
	}
	n := usual
	if os.Getenv("THREADLINE_SOAK") != "" {
		n = soak
	}
	was := flag.Lookup("rapid.checks").Value.String()
	must(t, flag.Set("rapid.checks", strconv.Itoa(n)))
	t.Cleanup(func() { must(t, flag.Set("rapid.checks", was)) })
}

// runHistory tells what is wrong after the steps.
func runHistory(t *testing.T, list []step) []string {
	server := newFakeServer()
	server.create("Sent", crm.RoleSent)
	server.create("Trash", crm.RoleTrash)
	server.delay, server.mess = time.Millisecond, true
	h := &history{t: t, server: server, letters: letters(), w: fakeWorld(t, server)}
	h.start()
	for _, s := range list {
		h.do(s)
	}
	server.heal()
	h.settle()
	if len(h.trouble) > 0 {
		return h.trouble
	}
	h.deadLetters()
	h.settle()
	h.stop()
	if len(h.trouble) > 0 {
		return h.trouble
	}
	fresh := fakeWorld(t, server)
	again := &history{t: t, server: server, w: fresh}
	again.start()
	again.settle()
	again.stop()
	h.trouble = append(h.trouble, again.trouble...)
	h.trouble = append(h.trouble, unlike(t, h.w, fresh)...)
	return h.trouble
}

type history struct {
	t       *testing.T
	server  *fakeServer
	letters []testenv.Mail
	sent    int
	w       *world
	engine  *Engine
	cancel  context.CancelFunc
	done    chan error
	trouble []string
}

func (h *history) start() {
	var ctx context.Context
	ctx, h.cancel = context.WithCancel(context.Background())
	h.engine, h.done = New(h.w.sp, h.w.cfg), make(chan error, 1)
	go func() { h.done <- h.engine.Run(ctx) }()
}

func (h *history) stop() {
	h.cancel()
	<-h.done
}

func (h *history) do(s step) {
	names := h.server.names()
	a, b := names[s.N%len(names)], names[s.M%len(names)]
	var key crm.Key
	if keys := h.server.keys(a); len(keys) > 0 {
		key = keys[s.Key%len(keys)]
	}
	switch s.What {
	case "append":
		for range 1 + s.M {
			h.server.append(a, h.letter())
		}
	case "both":
		l := h.letter()
		h.server.append(a, l)
		h.server.append(b, l)
	case "delete":
		h.server.delete(a, key)
	case "flag":
		h.server.setFlags(a, [][]crm.Flag{nil, {crm.FlagSeen}, {crm.FlagSeen, crm.FlagFlagged}}[s.M%3], key)
	case "move":
		h.server.move(a, b, key)
	case "create":
		h.server.create(folderNames[2+s.M%2], crm.RoleOther)
	case "drop":
		if a != "INBOX" {
			h.server.drop(a)
		}
	case "renumber":
		h.server.renumber(a)
	case "poison":
		h.server.poison(a, true, key)
	case "kill":
		h.stop()
		h.start()
	case "pass":
		time.Sleep([]time.Duration{1, 7, 40, 300, 2000, 60_000, 1_200_000}[s.N%7] * time.Millisecond)
	case "wake":
		h.engine.Wake(h.w.mailbox.ID)
	default:
		h.fault(s)
	}
}

func (h *history) letter() testenv.Mail {
	h.sent++
	return h.letters[h.sent%len(h.letters)]
}

func (h *history) fault(s step) {
	h.server.fault(func(f *fakeServer) {
		switch s.What {
		case "cut":
			f.cut = 1 + s.N%4
		case "busy":
			f.busy = 1 + s.N%3
		case "down":
			f.down = 1 + s.N%3
		case "refuse":
			f.refuse = 1
		}
	})
}

// settle waits until the mailbox says that it is synced and holds what the
// server does: at most some virtual hours.
func (h *history) settle() {
	ctx := context.Background()
	var st Status
	for range 400 {
		time.Sleep(time.Minute)
		doc, err := store.Mailboxes.Get(ctx, h.w.sp, string(h.w.mailbox.ID))
		must(h.t, err)
		if st, err = StatusOf(ctx, h.w.sp, &doc.Value); err != nil {
			h.t.Fatal(err)
		}
		if st.State == crm.StateLive && st.Synced && h.truthful(st) == "" {
			return
		}
		if st.State == crm.StateAuthRequired {
			must(h.t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
		}
	}
	h.trouble = append(h.trouble, "not settled: "+h.truthful(st)+" "+asJSON(st))
}

// truthful compares the equation of every folder with the server.
func (h *history) truthful(st Status) string {
	open := map[string]int64{}
	for _, name := range h.server.names() {
		open[name] = int64(len(h.server.keys(name)))
	}
	for _, b := range st.Boxes {
		if b.Gone {
			continue
		}
		if n, ok := open[b.Name]; !ok || n != b.Server || !b.Balanced {
			return fmt.Sprintf("%s has %d copies: %s", b.Name, n, asJSON(b))
		}
		delete(open, b.Name)
	}
	if len(open) > 0 {
		return fmt.Sprintf("folders are not known: %v", slices.Collect(maps.Keys(open)))
	}
	return ""
}

// deadLetters wants every poisonous mail that was not stored before given up
// with a reason, and brings all of them back once they are harmless.
func (h *history) deadLetters() {
	ctx := context.Background()
	copies := copiesByPlace(h.t, h.w)
	for _, name := range h.server.names() {
		for _, m := range h.server.folders[name].mails {
			c, known := copies[place(name, m.key)]
			if m.poison && name != "Trash" && (!known || c.State == crm.CopySkipped) {
				h.trouble = append(h.trouble, place(name, m.key)+" is poisonous and neither stored nor a dead letter")
			}
			h.server.poison(name, false, m.key)
		}
	}
	for at, c := range copies {
		if c.State != crm.CopyDead {
			continue
		}
		if c.Dead == "" || c.Detail == "" {
			h.trouble = append(h.trouble, "a dead letter without reason: "+at+" "+asJSON(c))
		}
		must(h.t, Retry(ctx, h.w.sp, c.ID))
	}
	h.engine.Wake(h.w.mailbox.ID)
}
