package gmail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"threadline/internal/crm"
	"threadline/sync/gmail"
)

// locked is a log that one writes and another reads.
type locked struct {
	mu *sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// TestKeeper lets three weeks pass: in the first an order is given every day, in
// the second none is taken, so that the notices run out under an alarm, and in the
// third all is well again.
func TestKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := func() crm.Time { return crm.At(time.Now()) }
		boxes := []crm.Mailbox{{ID: "mbx_live", Kind: crm.KindGmail, State: crm.StateLive}, {ID: "mbx_refused", Kind: crm.KindGmail, State: crm.StateAuthRequired},
			{ID: "mbx_imap", Kind: crm.KindIMAP, State: crm.StateLive}}
		var mu sync.Mutex // of everything that both sides touch
		said := locked{mu: &mu}
		orders, broken := 0, false
		k := gmail.Keeper{Now: now, Log: slog.New(slog.NewTextHandler(&said, nil)),
			Mailboxes: func(context.Context) ([]crm.Mailbox, error) {
				mu.Lock()
				defer mu.Unlock()
				return slices.Clone(boxes), nil
			},
			Order: func(_ context.Context, m crm.Mailbox) error {
				if m.ID != "mbx_live" {
					t.Errorf("notices are ordered for %s", m.ID)
				}
				mu.Lock()
				defer mu.Unlock()
				if broken {
					return errors.New("quota")
				}
				orders++
				boxes[0].WatchUntil = now().Add(7 * 24 * time.Hour)
				return nil
			}}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- k.Run(ctx) }()
		pass := func(d time.Duration) (warned, alarmed int) {
			mu.Lock()
			said.b.Reset()
			mu.Unlock()
			time.Sleep(d)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return strings.Count(said.b.String(), "level=WARN"), strings.Count(said.b.String(), "level=ERROR")
		}
		const day = 24 * time.Hour
		mu.Lock()
		boxes[0].State = crm.StateConnecting
		mu.Unlock()
		pass(time.Minute)
		mu.Lock()
		boxes[0].State = crm.StateLive // somebody has just connected it
		mu.Unlock()
		if pass(2 * time.Minute); orders != 1 {
			t.Errorf("%d orders within two minutes of an account that was connected", orders)
		}
		if warned, alarmed := pass(7 * day); orders < 7 || orders > 9 || warned+alarmed != 0 {
			t.Errorf("%d orders in a week, %d warnings and %d alarms", orders, warned, alarmed)
		}
		set := func(b bool) { mu.Lock(); broken, orders = b, 0; mu.Unlock() }
		set(true)
		if warned, alarmed := pass(4 * day); warned == 0 || warned > 3*24*6+2 || alarmed != 0 {
			t.Errorf("while notices still come: %d warnings and %d alarms", warned, alarmed)
		}
		if _, alarmed := pass(3 * day); alarmed == 0 {
			t.Error("notices ran out without an alarm")
		}
		set(false)
		if warned, alarmed := pass(day); orders != 1 || warned+alarmed != 0 {
			t.Errorf("afterwards: %d orders, %d warnings and %d alarms", orders, warned, alarmed)
		}
		cancel()
		<-done
	})
}
