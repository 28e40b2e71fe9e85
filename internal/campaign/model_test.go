package campaign

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestModel checks the scheme by which recipients are sent to beside the schemes
// that fail: what is proved of ours is disproved of them in the same world.
func TestModel(t *testing.T) {
	for _, tool := range []string{"spin", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed", tool)
			}
			t.Skipf("SKIPPED, NOT TESTED: %s is not installed (apt-get install spin gcc)", tool)
		}
	}
	schemes := []struct{ scheme, duplicate, silent string }{
		{"LOOKUP", "holds", "holds"},
		{"RESTORED", "holds", "holds"},
		{"CLAIM", "holds", "holds"},
		{"BELIEVED", "fails", "holds"},
		{"CHECKPOINT", "holds", "fails"},
		{"AFTERWARDS", "fails", "holds"},
		{"REQUEUE", "fails", "holds"},
		{"HASTY", "fails", "holds"},
	}
	if os.Getenv("THREADLINE_MODEL") == "" {
		schemes = schemes[:2] // ours alone; make model checks them all
	}
	for _, c := range schemes {
		properties := map[string]string{"duplicate": c.duplicate, "silent": c.silent}
		if c.duplicate == c.silent { // what holds in an empty world proves nothing
			properties["reached"] = "fails"
		}
		for property, want := range properties {
			t.Run(c.scheme+"/"+property, func(t *testing.T) {
				t.Parallel()
				out, err := exec.CommandContext(t.Context(), "model/check", c.scheme, property).CombinedOutput()
				if got := strings.TrimSpace(string(out)); err != nil || got != want {
					t.Errorf("%s, want it to be %s (%v)", got, want, err)
				}
			})
		}
	}
}
