package match

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

// turnCase is a labelled conversation of testdata/turns.txt.
type turnCase struct {
	name string
	mail []*crm.Message
	done map[crm.MessageID]bool
	want string
}

func readTurns(t *testing.T, file string) []turnCase {
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []turnCase
	for line := range strings.Lines(string(data)) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch kind {
		case "", "#":
		case "t":
			out = append(out, turnCase{name: rest, done: map[crm.MessageID]bool{}})
		case "x":
			c := &out[len(out)-1]
			c.done[c.mail[len(c.mail)-1].ID] = true
		case "+":
			out[len(out)-1].want = rest
		default:
			out[len(out)-1].letter(kind, rest)
		}
	}
	return out
}

var turnDirections = map[string]crm.Direction{"<": crm.Inbound, ">": crm.Outbound, "=": crm.Within}

func (c *turnCase) letter(kind, text string) {
	class := crm.ClassPerson
	if word, rest, _ := strings.Cut(text, " "); strings.HasPrefix(word, "!") {
		class, text = corpusClasses[word], rest
		if word == "!bounce" {
			class = crm.ClassBounce
		}
	}
	n := len(c.mail)
	p := mail.Parse([]byte("Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "%", "\r\n") + "\r\n"))
	c.mail = append(c.mail, &crm.Message{ID: crm.MessageID(fmt.Sprintf("msg_%02d", n)), Class: class, Direction: turnDirections[kind],
		Date: day(1).Add(time.Duration(n) * time.Hour), Snippet: p.Snippet})
}

// TestTurns prints how often whose turn it is is told as a person would, and fails
// below its floors. The words of the first five sets were known to who wrote
// the rules; turns-6.txt was labelled by somebody else and decided once, 47 right of 60.
func TestTurns(t *testing.T) {
	floors := map[string]int{"turns.txt": 62, "turns-2.txt": 37, "turns-3.txt": 38, "turns-4.txt": 55, "turns-5.txt": 48, "turns-6.txt": 46}
	for file, least := range floors {
		right, all := 0, 0
		for _, c := range readTurns(t, file) {
			got := string(Decide(c.mail, c.done).Turn)
			if got == "" {
				got = "none"
			}
			all++
			if got == c.want {
				right++
			} else {
				t.Logf("%s: %s: %s, want %s", file, c.name, got, c.want)
			}
		}
		t.Logf("%s: %d of %d are as people see them", file, right, all)
		if all < 40 || right < least {
			t.Errorf("%s: %d of %d are right", file, right, all)
		}
	}
}
