package testenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Disk is a small file system in memory, to be filled by a test.
type Disk struct {
	Dir string
	t   testing.TB
}

// SmallDisk mounts a file system of so many bytes until the test ends. It needs
// root; without, the test is skipped loudly.
func SmallDisk(t testing.TB, bytes int64) *Disk {
	t.Helper()
	dir, err := os.MkdirTemp("", "disk")
	if err != nil {
		t.Fatal(err)
	}
	err = syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", bytes))
	if errors.Is(err, syscall.EPERM) {
		_ = os.Remove(dir)
		t.Skip("SKIPPED, NOT TESTED: a full disk (mounting a small one needs root)")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
		_ = os.Remove(dir)
	})
	return &Disk{Dir: dir, t: t}
}

// Fill leaves so many bytes free; Clear takes back what Fill wrote.
func (d *Disk) Fill(free int64) {
	d.t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(d.Dir, &st); err != nil {
		d.t.Fatal(err)
	}
	size := int64(st.Bavail)*st.Bsize - free
	if size <= 0 {
		return
	}
	if err := os.WriteFile(d.ballast(), make([]byte, size), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// Clear makes room again.
func (d *Disk) Clear() {
	d.t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *Disk) ballast() string { return filepath.Join(d.Dir, "ballast") }
