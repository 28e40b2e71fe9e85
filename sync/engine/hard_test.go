package engine

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail/mailtest"
	"threadline/internal/testenv"
	"threadline/internal/timeline"
)

// shown is what a person must see of a crafted mail that came through a real
// server: one of its marks at least. Dovecot hands out NUL as 0x80, so that it
// arrives as a letter of no known charset.
var shown = map[string]crm.Mark{
	"60 MB message":                  crm.MarkTooLarge,
	"50 MB line":                     crm.MarkTooLarge,
	"10,000 recipients":              crm.MarkParticipantsCut,
	"3 MB References":                crm.MarkHeaderTruncated,
	"1 MB encoded subject":           crm.MarkHeaderTruncated,
	"200,000 broken encoded words":   crm.MarkHeaderTruncated,
	"10 MB header line":              crm.MarkTooLarge,
	"100,000 headers":                crm.MarkHeaderTruncated,
	"1,000 nested multiparts":        crm.MarkPartsTruncated,
	"10,000 nested multiparts":       crm.MarkPartsTruncated,
	"100,000 parts":                  crm.MarkPartsTruncated,
	"5 MB table":                     crm.MarkTextTruncated,
	"NUL in header":                  crm.MarkCharset,
	"NUL in body":                    crm.MarkCharset,
	"bare CR line ends":              crm.MarkControlBytes,
	"raw latin-1 header":             crm.MarkCharset,
	"no Date":                        crm.MarkDateGuessed,
	"bogus Date":                     crm.MarkDateGuessed,
	"no Message-ID":                  crm.MarkNoMessageID,
	"same Message-ID, other content": crm.MarkSameID,
	"header without blank line":      crm.MarkStructure,
	"empty message":                  crm.MarkUnparsable,
	"garbage":                        crm.MarkUnparsable,
	"two From headers":               crm.MarkManyFrom,
	"one bad address among three":    crm.MarkAddress,
	"unknown charset":                crm.MarkCharset,
	"wrong base64 with clear footer": crm.MarkEncoding,
	"unclosed multipart":             crm.MarkStructure,
	"multipart without boundary":     crm.MarkStructure,
	"multipart with empty boundary":  crm.MarkStructure,
	"unknown transfer encoding":      crm.MarkEncoding,

	"headers twice":                       crm.MarkTwice,
	"Date twice":                          crm.MarkTwice,
	"Message-ID twice":                    crm.MarkTwice,
	"From twice, the same":                crm.MarkTwice,
	"winmail.dat":                         crm.MarkPacked,
	"winmail.dat with a mail in it":       crm.MarkPacked,
	"winmail.dat that lies about lengths": crm.MarkPacked,
	"uuencode that is cut":                crm.MarkEncoding,
}

// attached are the files that a person must find on a crafted mail.
var attached = map[string][]string{
	"uuencode in the text":             {"offer.txt"},
	"uuencode of a picture and a path": {"logo.png", "two.txt"},
	"uuencode that is cut":             {"logo.png"},
	"uuencode as transfer encoding":    {"logo.png"},
	"winmail.dat with files":           {"winmail.dat", "logo.png", "Zażółć gęślą.txt"},
	"winmail.dat":                      {"winmail.dat"},
}

const (
	hardTime = 10 * time.Second // with the server's part, on a busy machine; reading alone is held to a second
	hardHeap = 100 << 20
)

// TestHardMailThroughDovecot sends every crafted mail through a real server
// into the store, each followed by an ordinary one: both are stored, in time
// and in little memory, and the crafted one is shown as what it is.
func TestHardMailThroughDovecot(t *testing.T) {
	if raceDetector {
		t.Skip("SKIPPED with the race detector: its times and memory would say nothing; make soak runs it")
	}
	list := slices.Concat(mailtest.Named(), mailtest.More(), mailtest.Odd())
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	l := runLive(t, server.Addr, testenv.Password, nil)
	l.synced(0)
	reader := timeline.New(l.sp, l.cfg.Bodies, l.cfg.Blobs)
	var most time.Duration
	for i, h := range list {
		key := l.receive(server.Admin("rep"), h, i)
		var st Status
		start := time.Now()
		peak := heapOf(func() {
			l.engine.Wake(l.mailbox.ID)
			st = l.synced(2 * (i + 1))
		})
		took := time.Since(start)
		most = max(most, took)
		if took > hardTime || peak > hardHeap {
			t.Errorf("%s: took %s and %d MB", h.Name, took, peak>>20)
		}
		if b := folder(st, "INBOX"); b.Stored != int64(2*(i+1)) || len(b.Dead) > 0 {
			t.Errorf("%s: %s; want it and the next one stored", h.Name, asJSON(b))
		}
		l.showsHard(reader, h.Name, key)
	}
	t.Logf("%d mails, at most %s each", len(list), most)
	l.stop()
	l.verify()
}

// receive puts a crafted mail and an ordinary one into the INBOX.
func (l *live) receive(admin testenv.Admin, h mailtest.Hard, i int) crm.Key {
	l.t.Helper()
	raw := h.Raw()
	if len(raw) == 0 {
		raw = []byte("\r\n") // APPEND takes no empty literal
	}
	keys, err := admin.Append("INBOX", testenv.Mail{Raw: raw, Internal: time.Now()}, ordinary(i))
	must(l.t, err)
	return keys[0]
}

// showsHard wants the owner to see what is odd about a copy, in the message and
// when they ask why.
func (l *live) showsHard(reader *timeline.Service, name string, key crm.Key) {
	l.t.Helper()
	ctx, owner := context.Background(), access.Member(l.user.ID)
	id := copiesByPlace(l.t, l.world)[place("INBOX", key)].Message
	m, err := reader.Message(ctx, owner, id)
	if err != nil {
		l.t.Errorf("%s cannot be read: %v", name, err)
		return
	}
	if want := shown[name]; want != "" && !slices.Contains(m.Marks, want) {
		l.t.Errorf("%s: marks %v lack %s", name, m.Marks, want)
	}
	var files []string
	for _, a := range m.Attachments {
		files = append(files, a.Name)
	}
	if want := attached[name]; want != nil && !slices.Equal(files, want) {
		l.t.Errorf("%s: attachments %q, want %q", name, files, want)
	}
	if m.Date <= 0 || m.Date > l.st.Now().Add(48*time.Hour) {
		l.t.Errorf("%s: dated %s", name, m.Date)
	}
	why, err := reader.Why(ctx, owner, string(id))
	if err != nil || len(why.Stored) != 1 || !slices.Equal(why.Stored[0].Marks, m.Marks) {
		l.t.Errorf("%s: why says %s, %v; want marks %v", name, asJSON(why), err, m.Marks)
	}
}

// heapOf is how much the heap grows at most while f runs.
func heapOf(f func()) uint64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapInuse, m.HeapInuse
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	return peak - before
}

func ordinaryID(i int) string { return "ordinary-" + strconv.Itoa(i) + "@acme.example" }

func ordinary(i int) testenv.Mail {
	raw := "From: <anna@acme.example>\r\nTo: <rep@ours.example>\r\nSubject: ordinary " + strconv.Itoa(i) + "\r\nDate: " +
		time.Now().Format(time.RFC1123Z) + "\r\nMessage-ID: <" + ordinaryID(i) + ">\r\n\r\nThis is fine.\r\n"
	return testenv.Mail{Raw: []byte(raw), Internal: time.Now()}
}
