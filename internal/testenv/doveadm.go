package testenv

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
)

// Doveadm runs Dovecot's own administration tool on the server.
func (s *Server) Doveadm(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, "doveadm", append([]string{"-c", s.config()}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("testenv: doveadm %q: %w: %s", args, err, out)
	}
	return s.handOver(s.dir) // run by root, it may leave files that the server cannot open
}

// SetUIDValidity gives a folder another UIDVALIDITY; the UIDs stay.
func (s *Server) SetUIDValidity(ctx context.Context, user, folder string, v uint32) error {
	return s.Doveadm(ctx, "mailbox", "update", "-u", user, "--uid-validity", strconv.FormatUint(uint64(v), 10), folder)
}
