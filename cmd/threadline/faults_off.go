//go:build !faults

package main

import "github.com/spf13/pflag"

// testFlags are flags of test builds only.
func (m *Main) testFlags(*pflag.FlagSet) {}
