package ledger

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Ours tells which addresses are our own, as matching sees it now.
func Ours(ctx context.Context, r store.Reader, ws crm.WorkspaceID) (func(crm.Address) bool, error) {
	dir, _, err := base(ctx, r, ws)
	if err != nil {
		return nil, crm.Wrap("ledger.Ours", "our own addresses cannot be read", err)
	}
	return dir.Own, nil
}
