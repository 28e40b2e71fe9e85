package auth

import (
	"fmt"
	"testing"
	"time"
)

// TestThrottleForgetsNobody tries one account until it is held back, and then as many
// others as fill the counters several times: from there, from many networks once
// each, and from many networks as often as they may.
func TestThrottleForgetsNobody(t *testing.T) {
	now := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	for name, tries := range map[string]func(i int) (network, account string){
		"one network":          func(i int) (string, string) { return "here", fmt.Sprint(i) },
		"many networks":        func(i int) (string, string) { return fmt.Sprint(i), fmt.Sprint(i) },
		"many networks, often": func(i int) (string, string) { return fmt.Sprint(i / triesAddress), fmt.Sprint(i) },
	} {
		h := newThrottle()
		try := func(network, account string) bool {
			return h.try(now, count{"net\x00" + network, triesAddress, everyAddress},
				count{"pair\x00" + network + "\x00" + account, triesPair, everyPair}, count{"user\x00" + account, triesAccount, everyAccount}) == nil
		}
		n := 0
		for i := range 20 * triesAccount { // from ever other networks
			if try(fmt.Sprint("of victim ", i/4), "victim") {
				n++
			}
		}
		if n != triesAccount {
			t.Fatalf("%s: %d tries at one account, want %d", name, n, triesAccount)
		}
		for i := range 3 * maxLimits {
			try(tries(i))
		}
		if len(h.m) > maxLimits || try("elsewhere", "victim") {
			t.Errorf("%s: %d counters, and the account is tried again", name, len(h.m))
		}
	}
}
