package main

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"threadline/internal/crm"
)

// maxSocketPath is what every system takes (108 bytes on Linux, 104 on others).
const maxSocketPath = 100

func socketFile(data string) string { return filepath.Join(data, "threadline.sock") }
func addrFile(data string) string   { return filepath.Join(data, "threadline.addr") }

// listenSocket opens the socket of the data folder, whose lock the caller
// holds: a socket that is there was left behind. It returns what to remove in
// the end.
func listenSocket(data string) (net.Listener, func() error, error) {
	path, remove := socketFile(data), func() error { return nil }
	if len(path) > maxSocketPath {
		dir, err := os.MkdirTemp("", "threadline-") // mode 0700
		if err != nil {
			return nil, nil, crm.E(crm.Unavailable, "listenSocket", "no folder for the socket can be made", err)
		}
		path = filepath.Join(dir, "sock")
		remove = func() error { return errors.Join(os.RemoveAll(dir), os.Remove(addrFile(data))) }
		if err := os.WriteFile(addrFile(data), []byte(path+"\n"), 0o600); err != nil {
			return nil, nil, errors.Join(crm.E(crm.Unavailable, "listenSocket", "the address of the socket cannot be written", err), os.RemoveAll(dir))
		}
	} else if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, crm.E(crm.Unavailable, "listenSocket", "the socket of an earlier server cannot be removed", err)
	}
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600) // until now the folder's mode kept others out
	}
	if err != nil {
		return nil, nil, errors.Join(crm.E(crm.Unavailable, "listenSocket", "the socket cannot be opened", err), remove())
	}
	return l, remove, nil
}

// dialSocket connects to the server of the data folder; nil when none runs.
func dialSocket(ctx context.Context, data string) (net.Conn, error) {
	path := socketFile(data)
	if b, err := os.ReadFile(addrFile(data)); err == nil {
		path = strings.TrimSpace(string(b))
	}
	if !exists(path) || len(path) > maxSocketPath {
		return nil, nil
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	var op *net.OpError
	if errors.As(err, &op) && ctx.Err() == nil && !errors.Is(err, os.ErrPermission) {
		return nil, nil // left behind by a server that was killed
	}
	if err != nil {
		return nil, crm.E(crm.Denied, "dialSocket", "the server's socket cannot be opened", err).
			WithHint("run the command as the user who runs the server")
	}
	return c, nil
}
