// Command threadline is the whole product in one binary: the server, and the
// sub-commands that talk to it over its socket or, when none runs, open the
// data themselves.
//
// What it promises: every flag can also be given as THREADLINE_<FLAG>; --json
// prints what the API answers; no secret is printed but one that was made just
// now and is shown once.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the next one ends the process at once.
	context.AfterFunc(ctx, stop)
	m := &Main{Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv}
	return m.Run(ctx)
}
