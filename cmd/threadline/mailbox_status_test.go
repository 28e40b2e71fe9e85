package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/sync/engine"
)

// TestMailboxStatusSays how long the rest takes, which addresses are ours, and
// until when Google tells of new mail.
func TestMailboxStatusSays(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	m := &Main{Out: &out, Now: func() time.Time { return now }}
	m.status(&seen{Status: engine.Status{Address: "nora@brightwell.example", State: crm.StateLive, Total: 300, Done: 100, Queued: 200, TimeLeft: 95},
		Aliases: []crm.Address{"sales@brightwell.example"}, WatchUntil: crm.At(now.Add(24 * time.Hour))})
	for _, want := range []string{"100 of 300 done, the rest takes about 1m35s", "also: sales@brightwell.example", "until 2026-11-29 12:00:00"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the status lacks %q: %s", want, out.String())
		}
	}
}
