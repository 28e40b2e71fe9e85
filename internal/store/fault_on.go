//go:build faults

package store

import (
	"context"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"

	"threadline/internal/crm"
)

// crashing kills the own process with SIGKILL at the n-th point, counted from
// 1, where points are before and after every call of the driver, every read of
// a transaction, and between a transaction's function and its commit. n comes
// from THREADLINE_CRASH_AT; without it nothing happens.
type crashing struct {
	Driver
	at    int64
	count atomic.Int64
}

func faulty(d Driver) Driver {
	at, err := strconv.ParseInt(os.Getenv("THREADLINE_CRASH_AT"), 10, 64)
	if err != nil || at < 1 {
		return d
	}
	return &crashing{Driver: d, at: at}
}

func (c *crashing) point() {
	if c.count.Add(1) == c.at {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // it cannot fail for oneself
		select {}
	}
}

func (c *crashing) Get(ctx context.Context, keys []Key) ([]Raw, error) {
	c.point()
	defer c.point()
	return c.Driver.Get(ctx, keys)
}

func (c *crashing) Query(ctx context.Context, p *Plan) ([]Raw, error) {
	c.point()
	defer c.point()
	return c.Driver.Query(ctx, p)
}

func (c *crashing) Aggregate(ctx context.Context, p *Plan, sum string) (int64, error) {
	c.point()
	defer c.point()
	return c.Driver.Aggregate(ctx, p, sum)
}

func (c *crashing) Commit(ctx context.Context, writes []Write) error {
	c.point()
	defer c.point()
	return c.Driver.Commit(ctx, writes)
}

func (c *crashing) Transact(ctx context.Context, fn func(context.Context, DriverReader) ([]Write, error)) error {
	c.point()
	defer c.point()
	return c.Driver.Transact(ctx, func(ctx context.Context, r DriverReader) ([]Write, error) {
		defer c.point()
		return fn(ctx, &crashingReader{r, c})
	})
}

func (c *crashing) Feed(ctx context.Context, ws crm.WorkspaceID, after Position, limit int) ([]Raw, Position, error) {
	c.point()
	defer c.point()
	return c.Driver.Feed(ctx, ws, after, limit)
}

func (c *crashing) Workspaces(ctx context.Context) ([]crm.WorkspaceID, error) {
	c.point()
	defer c.point()
	return c.Driver.Workspaces(ctx)
}

type crashingReader struct {
	r DriverReader
	c *crashing
}

func (r *crashingReader) Get(ctx context.Context, keys []Key) ([]Raw, error) {
	r.c.point()
	defer r.c.point()
	return r.r.Get(ctx, keys)
}

func (r *crashingReader) Query(ctx context.Context, p *Plan) ([]Raw, error) {
	r.c.point()
	defer r.c.point()
	return r.r.Query(ctx, p)
}
