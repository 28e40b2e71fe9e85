package testenv

import "syscall"

// attributes let the child die with the thread that started it, and give it a
// process group of its own.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
