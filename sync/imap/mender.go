package imap

import (
	"bytes"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// mender stands between the library and the (decrypted) connection. While folders
// are listed it mends their names in the server's answers; from then on commands
// that name such a folder carry the name as the server wrote it.
type mender struct {
	net.Conn

	mu      sync.Mutex
	listing bool
	line    []byte            // begun and not yet whole
	ready   []byte            // lines that wait to be read
	names   map[string][]byte // quoted name as the library writes it, to that of the server
}

func newMender() *mender { return &mender{names: map[string][]byte{}} }

// any tells whether a name had to be mended.
func (m *mender) any() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.names) > 0
}

// during mends names while f runs. Only answers without mail may come in it.
func (m *mender) during(f func() error) error {
	m.set(true)
	defer m.set(false)
	return f()
}

func (m *mender) set(listing bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.listing = listing
}

// maxLine is more than any line with a name has; longer ones pass as they are.
const maxLine = 8 << 10

func (m *mender) Read(p []byte) (int, error) {
	for {
		if n := m.take(p); n > 0 {
			return n, nil
		}
		n, err := m.Conn.Read(p)
		if n = m.came(p[:n]); n > 0 || err != nil {
			return n, err
		}
	}
}

func (m *mender) take(p []byte) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := copy(p, m.ready)
	m.ready = m.ready[n:]
	return n
}

// came looks through what was read; it returns how much of it may pass as it is.
func (m *mender) came(p []byte) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.listing && len(m.line) == 0 {
		return len(p)
	}
	m.line = append(m.line, p...)
	for {
		line, end := nextLine(m.line)
		if end == 0 {
			break
		}
		m.ready = append(m.ready, m.mended(line)...)
		m.line = m.line[end:]
	}
	if !m.listing || len(m.line) > maxLine {
		m.ready, m.line = append(m.ready, m.line...), nil
	}
	return 0
}

// literalName is an answer whose name comes as a literal, which servers use for what
// they do not like to quote.
var literalName = regexp.MustCompile(`^\* (?:(?i:LIST) \([^)]*\) (?:NIL|"(?:[^"\\]|\\.)*")|(?i:STATUS)) \{([0-9]{1,3})\+?\}\r?\n$`)

// nextLine cuts the first line off, with a name in quotes where it is a literal; 0
// while it is not whole.
func nextLine(b []byte) (line []byte, end int) {
	end = bytes.IndexByte(b, '\n') + 1
	at := literalName.FindSubmatchIndex(b[:end])
	if at == nil {
		return b[:end], end
	}
	n, _ := strconv.Atoi(string(b[at[2]:at[3]]))
	if len(b) < end+n {
		return nil, 0
	}
	name, rest := b[end:end+n], bytes.IndexByte(b[end+n:], '\n')+1
	switch {
	case rest == 0:
		return nil, 0
	case bytes.ContainsAny(name, "\r\n"):
		return b[:end+n+rest], end + n + rest
	}
	quoted := `"` + quote.Replace(string(name)) + `"`
	return bytes.Join([][]byte{b[:at[2]-1], []byte(quoted), b[end+n : end+n+rest]}, nil), end + n + rest
}

// nameLine finds the name in an answer to LIST or STATUS: quoted, or one word.
var nameLine = regexp.MustCompile(`(?s)^\* (?:(?i:LIST) \([^)]*\) (?:NIL|"(?:[^"\\]|\\.)*")|(?i:STATUS)) ("(?:[^"\\]|\\.)*"|[^\s"({][^\s({]*)`)

func (m *mender) mended(line []byte) []byte {
	at := nameLine.FindSubmatchIndex(line)
	if at == nil {
		return line
	}
	raw := string(line[at[2]:at[3]])
	name := raw
	if raw[0] == '"' {
		name = unquote.Replace(raw[1 : len(raw)-1])
	}
	good := mendName(name)
	if good == name {
		return line
	}
	quoted := `"` + quote.Replace(good) + `"`
	m.names[quoted] = []byte(`"` + quote.Replace(name) + `"`)
	return bytes.Join([][]byte{line[:at[2]], []byte(quoted), line[at[3]:]}, nil)
}

// Characters of a quoted string (RFC 3501 §9, quoted).
var (
	quote   = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	unquote = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
)

// Write puts the server's names back. A command that names a folder is one write.
func (m *mender) Write(p []byte) (int, error) {
	m.mu.Lock()
	out := p
	for quoted, raw := range m.names {
		out = bytes.ReplaceAll(out, []byte(quoted), raw)
	}
	m.mu.Unlock()
	if n, err := m.Conn.Write(out); err != nil {
		return min(n, len(p)), err
	}
	return len(p), nil
}
