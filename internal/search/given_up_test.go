package search

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// TestGivenUp: who stops asking is not told that the index is broken.
func TestGivenUp(t *testing.T) {
	f, err := OpenFTS(t.Context(), filepath.Join(t.TempDir(), "search.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = f.State(ctx)
	if !crm.IsKind(err, crm.Unavailable) || strings.Contains(err.Error(), "disk") || strings.Contains(err.Error(), "cannot be used") {
		t.Errorf("told %v", err)
	}
}
