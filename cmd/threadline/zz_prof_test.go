package main

import (
	"os"
	"runtime/pprof"
)

func profStart() func() {
	p := os.Getenv("ZZ_PROF")
	if p == "" {
		return func() {}
	}
	f, _ := os.Create(p)
	_ = pprof.StartCPUProfile(f)
	return func() { pprof.StopCPUProfile(); f.Close() }
}
