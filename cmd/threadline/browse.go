package main

import (
	"context"
	"os/exec"
)

// browse opens an address in the person's browser, if this machine has a way
// to; otherwise the printed link is what they have.
func browse(ctx context.Context, link string) {
	for _, opener := range []string{"xdg-open", "open", "wslview"} {
		path, err := exec.LookPath(opener)
		if err != nil {
			continue
		}
		if cmd := exec.CommandContext(ctx, path, link); cmd.Start() == nil {
			_ = cmd.Wait() // it hands the address over and ends
			return
		}
	}
}
