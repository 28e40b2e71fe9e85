//go:build unix && !linux

package testenv

import "syscall"

// attributes give the child a process group of its own. Only Linux can let it
// die with us.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
