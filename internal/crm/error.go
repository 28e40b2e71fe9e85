package crm

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrorKind says what sort of trouble an Error is; doors map it to a status or
// a card once. The values cross the wire and only ever grow.
type ErrorKind string

const (
	Invalid      ErrorKind = "invalid"       // the caller's input is wrong
	NotFound     ErrorKind = "not_found"     // no such thing, or not for this viewer
	Exists       ErrorKind = "exists"        // it is there already
	Conflict     ErrorKind = "conflict"      // it changed in the meantime
	Denied       ErrorKind = "denied"        // known caller, not allowed
	Unauthorized ErrorKind = "unauthorized"  // caller unknown, or a credential refused
	Throttled    ErrorKind = "throttled"     // too much at once, later is fine
	Unavailable  ErrorKind = "unavailable"   // the other side is down; try again
	MissingIndex ErrorKind = "missing_index" // the query has no declared index
	TooLarge     ErrorKind = "too_large"     // over a documented limit
	Internal     ErrorKind = "internal"      // our fault
)

// Op names the operation that failed, as package.Function.
type Op string

// Error is the one error type of the product.
type Error struct {
	Kind  ErrorKind
	Op    Op
	Msg   string        // one sentence for a person, without secrets or mail content
	Words Words         // the same sentence before it was filled in, for other languages
	Field string        // path of the offending field, if one is to blame
	Hint  string        // what to do about it
	Err   error         // cause, for logs and errors.Is
	After time.Duration // how long the other side asks us to wait; 0 for nothing
	Final bool          // of Unauthorized: the other side is sure, so that asking again is of no use
}

// Words are a sentence as a pattern of package fmt, in English, and what fills
// it in. A catalogue of another language is asked by the pattern.
type Words struct {
	Pattern string
	Args    []any
}

// Error returns message, cause and hint in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Msg)
	if e.Field != "" {
		fmt.Fprintf(&b, " (field %s)", e.Field)
	}
	if e.Err != nil {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	if e.Hint != "" && !strings.HasSuffix(b.String(), e.Hint) {
		fmt.Fprintf(&b, " — %s", e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// WithField returns a copy that blames the field at path.
func (e *Error) WithField(path string) *Error {
	c := *e
	c.Field = path
	return &c
}

// WithHint returns a copy that says what to do.
func (e *Error) WithHint(hint string) *Error {
	c := *e
	c.Hint = hint
	return &c
}

// WithAfter returns a copy that says when to try again.
func (e *Error) WithAfter(d time.Duration) *Error {
	c := *e
	c.After = d
	return &c
}

// AsFinal returns a copy that says that asking again is of no use.
func (e *Error) AsFinal() *Error {
	c := *e
	c.Final = true
	return &c
}

// IsFinal tells whether asking again is of no use.
func IsFinal(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Final
}

// RetryAfter returns how long the other side asked us to wait, 0 when it did
// not say.
func RetryAfter(err error) time.Duration {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return 0
		}
		if e.After > 0 {
			return e.After
		}
		err = e.Err
	}
	return 0
}

// E makes an Error around a cause. An empty kind takes the kind of the cause;
// what is to be done about that is to be done about this.
func E(kind ErrorKind, op Op, msg string, err error) *Error {
	if kind == "" {
		kind = KindOf(err)
	}
	out := &Error{Kind: kind, Op: op, Msg: msg, Words: Words{Pattern: msg}, Err: err}
	var cause *Error
	if errors.As(err, &cause) {
		out.Hint = cause.Hint
	}
	return out
}

// Said is the message with those of the causes that are of the same kind: no
// other words of a cause are meant for people.
func (e *Error) Said() string { return e.SaidBy(func(Words) string { return "" }) }

// SaidBy is Said in the words of a catalogue, and in English where that has
// nothing to say.
func (e *Error) SaidBy(say func(Words) string) string {
	msg := e.Msg
	if other := say(e.Words); other != "" {
		msg = other
	}
	var cause *Error
	if !errors.As(e.Err, &cause) || cause.Kind != e.Kind || cause.Kind == Internal {
		return msg
	}
	if msg == "" {
		return cause.SaidBy(say)
	}
	return msg + ": " + cause.SaidBy(say)
}

// Errorf makes an Error without a cause.
func Errorf(kind ErrorKind, op Op, format string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Msg: fmt.Sprintf(format, args...), Words: Words{format, args}}
}

// KindOf returns the kind of the outermost Error in err's chain, Internal for
// any other error and "" for nil.
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// IsKind tells whether err is of the kind.
func IsKind(err error, kind ErrorKind) bool { return err != nil && KindOf(err) == kind }
