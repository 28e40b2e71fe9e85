package crm

import (
	"errors"
	"fmt"
	"testing"
)

func TestErrorOfACause(t *testing.T) {
	full := E(Unavailable, "store.Commit", "there is no room left", errors.New("disk is full (13)")).WithHint("free space")
	key := E("", "auth.NewKey", "the key cannot be made", fmt.Errorf("commit: %w", full))
	if key.Kind != Unavailable || key.Hint != "free space" {
		t.Errorf("kind %s, hint %q: both are those of the cause", key.Kind, key.Hint)
	}
	if got, want := key.Said(), "the key cannot be made: there is no room left"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if got, want := key.Error(), "the key cannot be made: commit: there is no room left: disk is full (13) — free space"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	if got := E(Unavailable, "x.Y", "", full).Said(); got != "there is no room left" {
		t.Errorf("without words of its own: %q", got)
	}
	if got := E(Invalid, "x.Y", "this cannot be sealed", E(Internal, "seal.Open", "the nonce is short", nil)).Said(); got != "this cannot be sealed" {
		t.Errorf("a cause of another kind is not for people: %q", got)
	}
}
