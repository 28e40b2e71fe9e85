package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/track"
)

// TestTrackingKilled kills the real binary while readers open mails: whoever got
// the picture is written down, once, and the sums agree. Twenty kills in make
// soak.
func TestTrackingKilled(t *testing.T) {
	t.Parallel()
	kills, opens := 2, int64(300)
	if os.Getenv("THREADLINE_SOAK") != "" {
		kills, opens = 20, 1000
	}
	bin, data := buildWithFaults(t), filepath.Join(t.TempDir(), "data")
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "THREADLINE_DATA="+data)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		return cmd
	}
	m := &mailing{t: t, command: command}
	serve := func() (string, func(syscall.Signal)) {
		return launchedAt(t, command("serve", "--listen", "127.0.0.1:0", "--own-domain", "brightwell.example"))
	}
	var links track.Links
	r := &readers{answered: map[string]bool{}}
	for range kills {
		base, stop := serve()
		links.Base = base
		if links.Key == nil {
			links.Key = exported(m).key
		}
		r.read(links, opens, func() { stop(syscall.SIGKILL) })
	}
	_, stop := serve()
	defer stop(syscall.SIGTERM)
	m.until("counted", func() bool { return exported(m).waiting == 0 })
	got := exported(m)
	for agent := range r.answered {
		if got.agents[agent] != 1 {
			t.Errorf("%q was answered and is written down %d times", agent, got.agents[agent])
		}
	}
	if int64(len(got.agents)) != got.counted || len(r.answered) < kills*int(opens) {
		t.Errorf("%d events, %d counted; %d answered", len(got.agents), got.counted, len(r.answered))
	}
	t.Logf("%d answered, %d asked, %d written down", len(r.answered), r.asked.Load(), len(got.agents))
}

// readers open mails, each under a name of its own.
type readers struct {
	asked    atomic.Int64
	mu       sync.Mutex
	answered map[string]bool
}

// read opens mails from several places until so many were answered, then calls
// kill while they go on, and returns when nobody is answered any more.
func (r *readers) read(links track.Links, opens int64, kill func()) {
	var got atomic.Int64
	var wg sync.WaitGroup
	enough := make(chan struct{})
	for range 8 {
		wg.Go(func() {
			c := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
			defer c.CloseIdleConnections()
			for {
				answered, alive := r.open(c, links)
				switch {
				case !alive:
					return
				case !answered: // too many from one place: it was not opened
					time.Sleep(5 * time.Millisecond)
				case got.Add(1) == opens:
					close(enough)
				}
			}
		})
	}
	<-enough
	kill()
	wg.Wait()
}

// open opens one mail; alive is false when the server is gone.
func (r *readers) open(c *http.Client, links track.Links) (answered, alive bool) {
	n := r.asked.Add(1)
	agent := fmt.Sprintf("Mozilla/5.0 reader %d of Firefox", n)
	req, err := http.NewRequest(http.MethodGet, links.Open(track.About{Recipient: fmt.Sprintf("%s_%d", crm.PrefixRecipient, n%50)}), nil)
	if err != nil {
		return false, false
	}
	req.Header.Set("User-Agent", agent)
	resp, err := c.Do(req)
	if err != nil {
		return false, false
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return false, true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered[agent] = true
	return true, true
}

// written is what a server has written down of tracking.
type written struct {
	key     crm.IDKey
	agents  map[string]int
	waiting int   // chunks that are not counted yet
	counted int64 // sum over all mails
}

func exported(m *mailing) written {
	m.t.Helper()
	out := written{agents: map[string]int{}}
	for line := range strings.Lines(m.ok("export", "--full")) {
		var doc struct {
			Doc struct {
				Key    crm.IDKey               `json:"id_key"`
				Hits   []struct{ UA string }   `json:"hits"`
				Folded bool                    `json:"folded"`
				Opens  struct{ H, M, U int64 } `json:"o"`
			} `json:"doc"`
		}
		must(m.t, json.Unmarshal([]byte(line), &doc))
		if doc.Doc.Key != nil {
			out.key = doc.Doc.Key
		}
		for _, h := range doc.Doc.Hits {
			out.agents[h.UA]++
		}
		if len(doc.Doc.Hits) > 0 && !doc.Doc.Folded {
			out.waiting++
		}
		out.counted += doc.Doc.Opens.H + doc.Doc.Opens.M + doc.Doc.Opens.U
	}
	return out
}
