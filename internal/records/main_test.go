package records

import (
	"flag"
	"os"
	"testing"
)

// TestMain keeps random tests short, unless THREADLINE_SOAK is set.
func TestMain(m *testing.M) {
	checks := "20"
	if os.Getenv("THREADLINE_SOAK") != "" {
		checks = "1000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
