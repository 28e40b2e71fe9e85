//go:build faults

package main

import (
	"time"

	"github.com/spf13/pflag"
)

// testFlags lets tests run a process whose clock is off, and wait less for the
// mailboxes of one that was killed.
func (m *Main) testFlags(f *pflag.FlagSet) {
	now := m.Now
	var offset time.Duration
	f.DurationVar(&offset, "clock-offset", 0, "how far the clock is ahead of the machine's")
	f.DurationVar(&m.opt.lease, "lease", 0, "how long a mailbox stays with a process that says nothing")
	m.Now = func() time.Time { return now().Add(offset) }
}
