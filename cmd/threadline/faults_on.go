//go:build faults

package main

import (
	"time"

	"github.com/spf13/pflag"
)

// testFlags lets tests run a process whose clock is off.
func (m *Main) testFlags(f *pflag.FlagSet) {
	now := m.Now
	var offset time.Duration
	f.DurationVar(&offset, "clock-offset", 0, "how far the clock is ahead of the machine's")
	m.Now = func() time.Time { return now().Add(offset) }
}
