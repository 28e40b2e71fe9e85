package store

import (
	"runtime"

	"golang.org/x/sync/errgroup"
)

// fewDocuments are read or written faster by one processor than shared out.
const fewDocuments = 64

// Spread calls f with the bounds of pieces of n documents, on several processors
// at once where there are many, and waits for all: for work that only reads what it
// shares.
func Spread(n int, f func(from, to int) error) error {
	pieces := min(n/fewDocuments, runtime.GOMAXPROCS(0))
	if pieces < 2 {
		return f(0, n)
	}
	var g errgroup.Group
	for i := range pieces {
		g.Go(func() error { return f(i*n/pieces, (i+1)*n/pieces) })
	}
	return g.Wait()
}
