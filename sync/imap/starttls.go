package imap

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"

	"threadline/internal/crm"
)

// startTLS asks for encryption (RFC 3501 §6.2.1) and returns the connection below it.
// The library could do the same, but would lay TLS where the mender stands. The
// greeting, which came in the clear, is not believed: one of ours stands in for it,
// so that the library asks for the capabilities.
func (s *session) startTLS(ctx context.Context, op crm.Op, conf *tls.Config) (net.Conn, error) {
	switch greeting, err := s.plainLine(); {
	case err != nil:
		return nil, err
	case isAnswer(greeting, "* BYE"):
		return nil, crm.E(crm.Unavailable, op, "The mail server takes no connections now.", nil).WithHint("it is tried again by itself")
	case !isAnswer(greeting, "* OK"):
		return nil, s.noServer(op, nil)
	}
	if _, err := io.WriteString(s.conn, "S STARTTLS\r\n"); err != nil {
		return nil, err
	}
	if err := s.startAnswered(op); err != nil {
		return nil, err
	}
	if s.conn.buf.Buffered() > 0 { // somebody on the way put words into its mouth
		return nil, crm.E(crm.Unavailable, op, "The mail server goes on in the clear after it agreed to encrypt.", nil).
			WithHint("use tls with port 993; without encryption nothing is sent")
	}
	conn := tls.Client(s.conn, conf)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return &begun{Conn: conn, first: []byte("* OK\r\n")}, nil
}

// maxBefore is how many lines a server may say before it answers.
const maxBefore = 100

func (s *session) startAnswered(op crm.Op) error {
	for range maxBefore {
		line, err := s.plainLine()
		switch {
		case err != nil:
			return err
		case isAnswer(line, "S OK"):
			return nil
		case isAnswer(line, "S"), isAnswer(line, "* BYE"):
			return crm.E(crm.Unavailable, op, fmt.Sprintf("The mail server %s does not offer STARTTLS.", s.cfg.Server), errors.New(crm.Clip(string(line), 200))).
				WithHint("use tls with port 993; without encryption nothing is sent")
		}
	}
	return s.noServer(op, nil)
}

// plainLine reads a line byte by byte, so that nothing of what follows is taken.
func (s *session) plainLine() ([]byte, error) {
	var line []byte
	for len(line) < maxLine {
		c, err := s.conn.buf.ReadByte()
		if err != nil {
			return nil, err
		}
		if line = append(line, c); c == '\n' {
			return bytes.TrimRight(line, "\r\n"), nil
		}
	}
	return nil, errFlood
}

func isAnswer(line []byte, begin string) bool {
	n := len(begin)
	return len(line) >= n && bytes.EqualFold(line[:n], []byte(begin)) && (len(line) == n || line[n] == ' ')
}

// begun is a connection on which something was said already.
type begun struct {
	net.Conn
	first []byte
}

// Read gives what was said first.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}
