package store

import (
	"context"

	"threadline/internal/crm"
)

// ReadSchema reads all settings of a workspace.
func ReadSchema(ctx context.Context, r Reader) (crm.Schema, error) {
	docs, err := Settings.All(ctx, r, Query{})
	if err != nil {
		return crm.Schema{}, err
	}
	list := make([]crm.Setting, len(docs))
	for i, d := range docs {
		list[i] = d.Value
	}
	return crm.NewSchema(list), nil
}
