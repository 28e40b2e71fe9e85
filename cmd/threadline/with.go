package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

// with runs a command with a client. as is in whose name, "" for the operator.
func (m *Main) with(ctx context.Context, as string, fn func(ctx context.Context, c *client) error) error {
	c, err := m.connect(ctx, as)
	if err != nil {
		return err
	}
	return errors.Join(fn(ctx, c), c.close())
}

// group is a command that only holds others.
func group(use, short string, subs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	c.AddCommand(subs...)
	return c
}
