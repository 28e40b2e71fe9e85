package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDemo builds the program and uses the demo as a stranger would: by what it
// prints and what its server answers.
func TestDemo(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "threadline")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tmp := t.TempDir()
	cmd := exec.Command(bin, "demo", "--listen", "127.0.0.1:0", "--every", "300ms", "--mails", "3")
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	dead := time.AfterFunc(10*time.Minute, func() { _ = cmd.Process.Kill() })
	defer dead.Stop()
	var d ticket
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || json.Unmarshal([]byte(line), &d) != nil {
		t.Fatalf("line %q: %v\n%s", line, err, stderr.String())
	}
	visitor{t, d}.look()
	must(t, cmd.Process.Signal(syscall.SIGTERM))
	if err := cmd.Wait(); err != nil {
		t.Errorf("stopped: %v\n%s", err, stderr.String())
	}
	if !strings.Contains(stderr.String(), d.URL+"/sign-in#") {
		t.Errorf("no sign-in link: %s", stderr.String())
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// visitor knows what the demo printed.
type visitor struct {
	t *testing.T
	d ticket
}

func (v visitor) ask(method, url, bearer, body string, into any) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, url, strings.NewReader(body))
	must(v.t, err)
	req.Header.Set("Content-Type", "application/json")
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	must(v.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(v.t, err)
	if res.StatusCode != http.StatusOK {
		v.t.Fatalf("%s %s: %s\n%s", method, url, res.Status, raw)
	}
	must(v.t, json.Unmarshal(raw, into))
}

type message struct {
	ID, Subject string
	Links       []struct{ Kind, Name, Because string }
}

func (v visitor) look() {
	t := v.t
	var all list[message]
	v.ask("GET", v.d.URL+"/api/v1/messages?limit=200", v.d.APIKey, "", &all)
	if len(all.Items) != 200 || all.Next == "" {
		t.Fatalf("%d messages, next %q", len(all.Items), all.Next)
	}
	dealt := message{}
	for _, m := range all.Items {
		for _, l := range m.Links {
			if l.Kind == "deal" && l.Because != "" {
				dealt = m
			}
		}
	}
	if dealt.ID == "" {
		t.Fatal("no message is on a deal")
	}
	v.card(dealt)
	v.day()
	before := v.stored()
	for start := time.Now(); v.stored() == before; time.Sleep(100 * time.Millisecond) {
		if time.Since(start) > 3*time.Minute {
			t.Fatal("no new mail arrives")
		}
	}
	for _, noun := range []string{"companies", "contacts", "deals", "tasks", "notes", "calls"} {
		var some list[recordAnswer]
		if v.ask("GET", v.d.URL+"/api/v1/"+noun+"?limit=3", v.d.APIKey, "", &some); len(some.Items) == 0 {
			t.Errorf("no %s", noun)
		}
	}
}

// stored counts the mails of the mailbox.
func (v visitor) stored() (n int64) {
	var boxes list[struct {
		Boxes []struct {
			Stored   int64
			Balanced bool
		}
	}]
	v.ask("GET", v.d.URL+"/api/v1/mailboxes", v.d.APIKey, "", &boxes)
	for _, b := range boxes.Items[0].Boxes {
		n += b.Stored
	}
	return n
}

// card asks for the card of a message as Google would.
func (v visitor) card(m message) {
	v.t.Helper()
	var tok tokens
	v.ask("GET", v.d.Addon.TokenURL, "", "", &tok)
	event := `{"commonEventObject":{"hostApp":"GMAIL","platform":"WEB"},
		"authorizationEventObject":{"userIdToken":"` + tok.User + `","authorizedScopes":["https://www.googleapis.com/auth/userinfo.email",
		"https://www.googleapis.com/auth/gmail.addons.current.message.metadata"]},"gmail":{"messageId":"tl-` + m.ID + `"}}`
	var card json.RawMessage
	v.ask("POST", v.d.Addon.Endpoint+"?t=message", tok.System, event, &card)
	for _, l := range m.Links {
		name, err := json.Marshal(l.Name)
		must(v.t, err)
		if !bytes.Contains(card, name[1:len(name)-1]) {
			v.t.Errorf("the card lacks %s %s:\n%s", l.Kind, l.Name, card)
		}
	}
	if !bytes.Contains(card, []byte("pushCard")) {
		v.t.Errorf("no card is pushed: %s", card)
	}
}

// day asks for the card of the day as Google would, marks the conversation that
// waits longest as done by a click on a card, and finds it waiting no more.
func (v visitor) day() {
	v.t.Helper()
	var tok tokens
	v.ask("GET", v.d.Addon.TokenURL, "", "", &tok)
	event := func(params, id string) string {
		return `{"commonEventObject":{"hostApp":"GMAIL","platform":"WEB","userLocale":"en","parameters":{` + params + `}},
			"authorizationEventObject":{"userIdToken":"` + tok.User + `","authorizedScopes":["https://www.googleapis.com/auth/userinfo.email",
			"https://www.googleapis.com/auth/gmail.addons.current.message.metadata"]},"gmail":{"messageId":"tl-` + id + `"}}`
	}
	var waits list[message]
	v.ask("GET", v.d.URL+"/api/v1/threads", v.d.APIKey, "", &waits)
	if len(waits.Items) == 0 {
		v.t.Fatal("nothing waits for an answer")
	}
	var card json.RawMessage
	v.ask("POST", v.d.Addon.Endpoint+"?t=home", tok.System, event("", waits.Items[0].ID), &card)
	for _, want := range []string{"Waiting for my answer", "On the server", v.d.Mailbox.Login} {
		if !bytes.Contains(card, []byte(want)) {
			v.t.Errorf("the day lacks %q: %s", want, card)
		}
	}
	id := waits.Items[0].ID
	v.ask("POST", v.d.Addon.Endpoint+"?t=message", tok.System, event("", id), &card)
	v.ask("POST", v.d.Addon.Endpoint, tok.System, event(v.button(card, "thread.done"), id), &card)
	if !bytes.Contains(card, []byte("Closed: nobody has to write")) {
		v.t.Errorf("the card does not say that the conversation is closed: %s", card)
	}
	v.ask("GET", v.d.URL+"/api/v1/threads", v.d.APIKey, "", &waits)
	for _, m := range waits.Items {
		if m.ID == id {
			v.t.Errorf("%s still waits", id)
		}
	}
}

// button returns the parameters of a card's first button for an operation, as
// Gmail sends them back.
func (v visitor) button(card json.RawMessage, op string) string {
	v.t.Helper()
	var all any
	must(v.t, json.Unmarshal(card, &all))
	params := paramsOf(all, op)
	if params == nil {
		v.t.Fatalf("no button for %s on the card: %s", op, card)
	}
	raw, err := json.Marshal(params)
	must(v.t, err)
	return strings.Trim(string(raw), "{}")
}

// paramsOf looks for an action with the operation in a part of a card.
func paramsOf(part any, op string) map[string]string {
	switch x := part.(type) {
	case []any:
		for _, y := range x {
			if found := paramsOf(y, op); found != nil {
				return found
			}
		}
	case map[string]any:
		out := map[string]string{}
		if list, ok := x["parameters"].([]any); ok {
			for _, p := range list {
				if pair, ok := p.(map[string]any); ok {
					out[fmt.Sprint(pair["key"])] = fmt.Sprint(pair["value"])
				}
			}
		}
		if out["op"] == op {
			return out
		}
		for _, y := range x {
			if found := paramsOf(y, op); found != nil {
				return found
			}
		}
	}
	return nil
}
