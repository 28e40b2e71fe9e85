package imap

import (
	"bytes"
	"errors"
	"io"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// fate is what is to be done about an answer.
type fate int

const (
	isComplete fate = iota
	wantsWhole      // longer than was asked for
	wantsHead       // over the gate, and its header was cut
	isOdd           // no body came
	isForeign       // no key of ours
)

// errShort says that a literal ended before its announced length. The library
// does not tell.
var errShort = errors.New("a message was cut short")

// body is a section as far as it was kept.
type body struct {
	raw []byte
	n   int64 // length on the wire
}

// read collects the items of one answer. They come in any order, so what they
// mean is decided at the end.
func (f *fetch) read(msg *imapclient.FetchMessageData, asked *goimap.FetchItemBodySection) (it source.Item, what fate, err error) {
	var got *body
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			it.Key = crm.Key(item.UID)
		case imapclient.FetchItemDataFlags:
			it.Flags = flagsOf(item.Flags)
		case imapclient.FetchItemDataRFC822Size:
			it.Size = item.Size
		case imapclient.FetchItemDataInternalDate:
			it.Internal = crm.At(item.Time)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil || item.Section.Specifier != asked.Specifier {
				continue // NIL: the mail was deleted meanwhile
			}
			if got, err = f.keep(item.Literal, asked); err != nil {
				return it, isOdd, err
			}
		}
	}
	switch {
	case it.Key == 0:
		return it, isForeign, nil
	case got == nil || got.n == 0 && it.Size > 0:
		return it, isOdd, nil // deleted meanwhile, or not readable for the server
	}
	what = f.judge(&it, got, asked)
	return it, what, nil
}

// keep reads a literal to its end and holds as much of it as may be wanted.
func (f *fetch) keep(lit goimap.LiteralReader, asked *goimap.FetchItemBodySection) (*body, error) {
	b := &body{n: lit.Size()}
	if b.n > maxLiteral {
		_ = f.s.conn.Close()
		_, _ = io.Copy(io.Discard, lit) // of what came already; it releases the library's reader
		return nil, f.short(crm.Errorf(crm.Internal, "imap.Fetch", "The mail server announces a mail of %d bytes.", b.n))
	}
	kept := b.n
	switch {
	case asked.Specifier == goimap.PartSpecifierHeader:
		kept = min(kept, maxHeader)
	case kept > f.gate:
		kept = min(kept, firstPart)
	}
	f.w.expect(b.n)
	b.raw = make([]byte, kept)
	if _, err := io.ReadFull(lit, b.raw); err != nil {
		return nil, f.short(err)
	}
	// Reading on to the end is also what releases the library's reader.
	rest, err := io.Copy(io.Discard, lit)
	if err != nil || kept+rest != b.n {
		return nil, f.short(err)
	}
	return b, nil
}

// short ends the connection and waits for the library's reader to be gone:
// what is left of the command must be discarded, and the library would do that
// while its reader still reads.
func (f *fetch) short(err error) error {
	_ = f.s.conn.Close()
	<-f.s.client.Closed()
	return errors.Join(errShort, err)
}

// judge decides what an answer is worth. The length of the literal counts, not
// RFC822.SIZE: some servers only estimate that.
func (f *fetch) judge(it *source.Item, b *body, asked *goimap.FetchItemBodySection) fate {
	cut := asked.Partial != nil && b.n == asked.Partial.Size
	if !cut && asked.Specifier == goimap.PartSpecifierNone || it.Size < b.n {
		it.Size = b.n
	}
	switch {
	case asked.Specifier == goimap.PartSpecifierHeader:
		it.Raw, it.Part = b.raw, crm.MarkTooLarge
		if f.want.HeadersOnly {
			it.Part = crm.MarkHeadersOnly
		}
	case b.n > f.gate || cut && it.Size > f.gate:
		if it.Raw = headerOf(b.raw); it.Raw == nil {
			return wantsHead
		}
		it.Part = crm.MarkTooLarge
	case cut:
		return wantsWhole
	default:
		it.Raw = b.raw
	}
	return isComplete
}

// headerOf returns a copy of the header with its empty line, nil when raw ends
// before that.
func headerOf(raw []byte) []byte {
	end := -1
	for _, sep := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(sep)); i >= 0 && (end < 0 || i+len(sep) < end) {
			end = i + len(sep)
		}
	}
	if end < 0 {
		return nil
	}
	return bytes.Clone(raw[:end])
}
