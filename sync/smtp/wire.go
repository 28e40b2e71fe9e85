package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

const (
	maxLine  = 4096     // of a reply; RFC 5321 §4.5.3.1.5 allows 512
	maxLines = 100      // of one reply
	piece    = 64 << 10 // of a body that is written at once
)

// wire is a connection on which the server has greeted us and taken our login:
// mail after mail is spoken of on it. Where the server offers it, the commands
// before the body are sent at once (RFC 2920), so that a mail costs two round
// trips.
type wire struct {
	net.Conn
	in     *bufio.Reader
	ear    syscall.RawConn // of the socket; nil: it has none
	out    []byte          // what is being said
	offers struct{ pipelining, size, eightBit, utf8 bool }
	inData bool // the server waits for a body
}

// newWire goes on where the greeting ended.
func newWire(conn net.Conn, greeted *gosmtp.Client) *wire {
	w := &wire{Conn: conn, in: bufio.NewReaderSize(conn, maxLine), ear: ear(conn)}
	for name, has := range map[string]*bool{"PIPELINING": &w.offers.pipelining, "SIZE": &w.offers.size, "8BITMIME": &w.offers.eightBit, "SMTPUTF8": &w.offers.utf8} {
		*has, _ = greeted.Extension(name)
	}
	return w
}

// said is what a server answered when it refused something.
type said struct {
	code int
	text string
}

func (s *said) Error() string { return fmt.Sprintf("SMTP %d %s", s.code, s.text) }

// saidBy is the refusal in an error of the dialogue, ours or that of the greeting.
func saidBy(err error) (*said, bool) {
	var own *said
	if errors.As(err, &own) {
		return own, true
	}
	var other *gosmtp.SMTPError
	if errors.As(err, &other) {
		return &said{code: other.Code, text: other.Message}, true
	}
	return nil, false
}

// say writes what was gathered, and commands, each a line without its end.
func (w *wire) say(commands ...string) error {
	for _, c := range commands {
		w.out = append(append(w.out, c...), '\r', '\n')
	}
	_, err := w.Write(w.out)
	w.out = w.out[:0]
	return err
}

// answer reads one reply (RFC 5321 §4.2); any other than of the class is a said.
func (w *wire) answer(class byte) (string, error) {
	var text []byte
	for range maxLines {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return "", err
		}
		line = bytes.TrimRight(line, "\r\n")
		code, err := strconv.Atoi(string(line[:min(3, len(line))]))
		if err != nil || code < 200 || code > 599 || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
			return "", fmt.Errorf("the server says %q, which is no answer", crm.Clip(string(line), 60))
		}
		if text = append(text, line[min(4, len(line)):]...); len(line) > 3 && line[3] == '-' {
			text = append(text, ' ')
			continue
		}
		if line[0] != class {
			return "", &said{code: code, text: crm.Clip(strings.ToValidUTF8(string(text), "?"), 500)}
		}
		return string(text), nil
	}
	return "", fmt.Errorf("the server does not end its answer")
}

// envelope names sender and recipients; one that is refused ends it. Of a mail to
// one person DATA goes with it: nobody gets an empty mail when it was refused.
func (w *wire) envelope(m outbox.Mail, size int) error {
	const op = crm.Op("smtp.Send")
	commands, err := w.commands(m, size)
	if err != nil {
		return err
	}
	if !w.offers.pipelining {
		for i, c := range commands {
			if err := w.ask(c); err != nil {
				return explain(op, err)
			}
			if err := w.named(m, i); err != nil {
				return err
			}
		}
		return nil
	}
	data := len(m.To) == 1
	if data {
		commands = append(commands, "DATA")
	}
	if err := w.ask(commands...); err != nil {
		return explain(op, err)
	}
	var first error
	for i := range len(m.To) + 1 {
		if err := w.named(m, i); first == nil {
			first = err
		}
		if _, refused := saidBy(first); first != nil && !refused {
			return first // the server is gone
		}
	}
	if data {
		_, err := w.answer('3')
		w.inData = err == nil
		if first == nil && err != nil {
			first = explain(op, err)
		}
	}
	return first
}

// commands are those of an envelope.
func (w *wire) commands(m outbox.Mail, size int) ([]string, error) {
	mail := "MAIL FROM:<" + string(m.From) + ">"
	if w.offers.size {
		mail += " SIZE=" + strconv.Itoa(size)
	}
	if w.offers.eightBit {
		mail += " BODY=8BITMIME"
	}
	out := []string{mail}
	foreign := !plain(m.From)
	for _, to := range m.To {
		out = append(out, "RCPT TO:<"+string(to)+">")
		foreign = foreign || !plain(to)
	}
	if foreign && w.offers.utf8 {
		out[0] += " SMTPUTF8"
	} else if foreign {
		return nil, crm.Errorf(crm.Invalid, "smtp.Send", "The server takes no addresses with letters beyond ASCII.").WithField("to")
	}
	for _, c := range out {
		if strings.ContainsAny(c, "\r\n") {
			return nil, crm.Errorf(crm.Invalid, "smtp.Send", "An address has a line end in it.").WithField("to")
		}
	}
	return out, nil
}

func plain(a crm.Address) bool {
	for i := range len(a) {
		if a[i] > 0x7e {
			return false
		}
	}
	return true
}

// atOnce is what was answered to the first command of a mail. On a connection that
// was kept it may have been meant for the mail before, from a server that answers
// one twice.
type atOnce struct{ error }

func (e atOnce) Unwrap() error { return e.error }

// named reads the answer to the command i of an envelope.
func (w *wire) named(m outbox.Mail, i int) error {
	const op = crm.Op("smtp.Send")
	_, err := w.answer('2')
	if err == nil {
		return nil
	}
	out := explain(op, err)
	if i == 0 {
		return atOnce{out}
	}
	if crm.IsKind(out, crm.Invalid) {
		return crm.E(crm.Invalid, op, "The server refuses the recipient "+string(m.To[i-1])+".", err).WithField("to")
	}
	return out
}

// data asks to give the body over, unless that was asked already.
func (w *wire) data() error {
	if !w.inData {
		if err := w.ask("DATA"); err != nil {
			return err
		}
		if _, err := w.answer('3'); err != nil {
			return err
		}
	}
	w.inData = false
	return w.inStep() // or what it said is taken for what it says of the body
}

// body writes a mail with dots before lines that begin with one (RFC 5321
// §4.5.2), and the ends of lines as they must be; what is so already goes as it
// is. begun tells whether its last line may have gone out.
func (w *wire) body(raw []byte) (begun bool, err error) {
	from := 0 // what goes as it is
	for at := 0; at < len(raw); {
		if raw[at] == '.' {
			w.out = append(append(w.out, raw[from:at]...), '.')
			from = at
		}
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			at = len(raw)
			break
		}
		if end += at; end == at || raw[end-1] != '\r' {
			w.out = append(append(w.out, raw[from:end]...), '\r', '\n')
			from = end + 1
		}
		at = end + 1
		if len(w.out)+at-from > piece {
			w.out, from = append(w.out, raw[from:at]...), at
			if err := w.say(); err != nil {
				return false, err
			}
		}
	}
	if w.out = append(w.out, raw[from:]...); len(raw) > 0 && raw[len(raw)-1] != '\n' {
		w.out = append(bytes.TrimSuffix(w.out, []byte("\r")), '\r', '\n')
	}
	return true, w.say(".")
}

// reset takes back what was said of a mail, after which the connection is as good
// as before; false when it is not. Nothing takes back a body that is waited for.
func (w *wire) reset() bool {
	if w.inData || w.ask("RSET") != nil {
		return false
	}
	_, err := w.answer('2')
	return err == nil
}

// quit ends a connection politely, and soon.
func (w *wire) quit() {
	if w.SetDeadline(time.Now().Add(quitTime)) == nil && w.say("QUIT") == nil {
		_, _ = w.answer('2') // whatever it says: it is over
	}
	_ = w.Close()
}
