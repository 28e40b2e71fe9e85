package engine

import (
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/testenv"
	"threadline/sync/imap"
)

// mails is the size of the big mailbox: small in every run, larger by
// THREADLINE_MAILS.
func mails(t testing.TB, usual int) int {
	t.Helper()
	if s := os.Getenv("THREADLINE_MAILS"); s != "" {
		n, err := strconv.Atoi(s)
		must(t, err)
		return n
	}
	return usual
}

func bulkMail(n int) iter.Seq[testenv.Mail] {
	return func(yield func(testenv.Mail) bool) {
		for m := range demo.Bulk(n, 7) {
			if !yield(testenv.Mail{Raw: m.Raw, Internal: m.Date}) {
				return
			}
		}
	}
}

// folderMail yields up to n mails from below a folder: files of a Maildir, and
// those that end in .eml.
func folderMail(t testing.TB, dir string, n int) iter.Seq[testenv.Mail] {
	return func(yield func(testenv.Mail) bool) {
		done := 0
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			in := filepath.Base(filepath.Dir(path))
			if err != nil || d.IsDir() || in != "cur" && in != "new" && !strings.EqualFold(filepath.Ext(path), ".eml") {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if done++; done > n || !yield(testenv.Mail{Raw: raw, Internal: info.ModTime()}) {
				return fs.SkipAll
			}
			return nil
		}))
	}
}

// bigServer is a Dovecot with a big INBOX of the login rep: mail from below
// THREADLINE_MAIL, or generated. It returns how many there are.
func bigServer(b *testing.B, usual int) (*testenv.Server, int) {
	n := mails(b, usual)
	server := testenv.Dovecot(b, testenv.DovecotOptions{})
	list := bulkMail(n)
	if dir := os.Getenv("THREADLINE_MAIL"); dir != "" {
		list = folderMail(b, dir, n)
	}
	loaded, err := server.LoadMaildir("rep", "INBOX", list)
	must(b, err)
	if loaded == 0 {
		b.Fatal("there is no mail to sync")
	}
	return server, loaded
}

func dovecotSource(server *testenv.Server) *imap.Source {
	return imap.New(imap.Config{Server: server.Addr, TLS: crm.TLSNone, Login: "rep", Password: testenv.Password})
}

// BenchmarkFirstSync syncs a big mailbox from Dovecot into a fresh store.
func BenchmarkFirstSync(b *testing.B) {
	server, n := bigServer(b, 5000)
	var spent, cpu, peak float64
	for b.Loop() {
		w := newWorld(b, "rep@ours.example", "ours.example")
		w.cfg.Poll = time.Minute // as in production: a look meanwhile empties the pipeline
		w.addMailbox("rep@ours.example", dovecotSource(server))
		seconds, used, memory := measured(b, func() { w.sync(n) })
		spent, cpu, peak = spent+seconds, cpu+used, max(peak, memory)
		must(b, w.st.Close())
	}
	b.ReportMetric(float64(n)*float64(b.N)/spent, "mails/s")
	b.ReportMetric(cpu/float64(b.N), "cpu-s")
	b.ReportMetric(peak, "peak-MB")
}
