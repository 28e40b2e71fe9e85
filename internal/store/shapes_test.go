package store

import (
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write manifests/firestore.indexes.json from the registered shapes")

const indexPath = "../../manifests/firestore.indexes.json"

// TestIndexFile holds the index file against the registered shapes, so that no
// query exists without its index and no index without its query.
func TestIndexFile(t *testing.T) {
	want, err := FormatIndexes(Shapes(), collectionNames())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(indexPath, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(indexPath)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(have)); d != "" {
		t.Errorf("the index file differs from the shapes (run with -update):\n%s", d)
	}
	parsed, err := ParseIndexes(have)
	if err != nil {
		t.Fatal(err)
	}
	key := func(list []Index) []string {
		var out []string
		for _, ix := range list {
			slices.Sort(ix.Equal)
			out = append(out, ix.sortKey())
		}
		slices.Sort(out)
		return out
	}
	if d := cmp.Diff(key(Shapes()), key(parsed)); d != "" {
		t.Errorf("reading the file gives other indexes:\n%s", d)
	}
}
