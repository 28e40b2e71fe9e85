package imap

import (
	"context"
	"iter"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Fetch streams copies, one at a time in memory. Nearly all come from one
// command: it asks for the first mebibyte of every body, which is the whole of
// most. Larger ones follow in a second command, or are cut to their header
// when they are over the gate. So the order is the server's but for those.
//
// Keys that the server answered for in an odd way (no body, another session's
// flag change in its place, a refusal because of a deletion) are looked for
// once more: those that still exist are fetched again, the others are gone.
//
// A header is complete up to 8 MiB, a body up to 64 MiB whatever Want says.
func (s *session) Fetch(ctx context.Context, folder string, epoch uint64, keys crm.KeySet, want source.Want) iter.Seq2[source.Item, error] {
	const op = crm.Op("imap.Fetch")
	return func(yield func(source.Item, error) bool) {
		more := true
		err := s.run(ctx, op, func(w *watch) error {
			if err := s.view(op, folder, epoch, keys); err != nil {
				return err
			}
			f := &fetch{s: s, w: w, want: want, gate: gate(want), yield: func(it source.Item) bool {
				w.pause()
				more = yield(it, nil)
				return more
			}}
			return f.all(op, keys.Intersect(s.box.all()))
		})
		if err != nil && more {
			yield(source.Item{}, err)
		}
	}
}

// view makes sure that the folder is open in a state that shows the keys: a
// session does not see mail that arrived after it opened the folder.
func (s *session) view(op crm.Op, folder string, epoch uint64, keys crm.KeySet) error {
	box := s.box
	shown := box != nil && (len(keys) == 0 || uint64(keys[len(keys)-1].To) < box.next)
	if !shown || box.folder != folder || box.epoch != epoch {
		var err error
		if box, err = s.examine(op, folder); err != nil {
			return err
		}
	}
	if box.epoch != epoch {
		return crm.Errorf(crm.Conflict, op, "The folder %s was made anew on the mail server; its mails have other numbers now.", folder)
	}
	return nil
}

// Limits of what is held in memory for one message.
const (
	firstPart = 1 << 20
	maxHeader = 8 << 20
	maxBody   = 64 << 20

	maxLiteral = 1 << 30 // of one mail that a server may send, wanted or not
)

func gate(want source.Want) int64 {
	if want.MaxSize <= 0 {
		return maxBody
	}
	return min(want.MaxSize, maxBody)
}

// fetch is one call of Fetch.
type fetch struct {
	s     *session
	w     *watch
	want  source.Want
	gate  int64 // largest body that is wanted
	yield func(source.Item) bool

	undated bool // do not ask for the server's date

	stop  bool       // the caller wants no more
	whole []crm.Key  // longer than the first part, but wanted whole
	heads []crm.Key  // over the gate, with a header longer than the first part
	odd   []crm.Key  // to be looked for again
	quiet crm.KeySet // of which the server said nothing
}

// all makes the passes that are needed, each a command or a few.
func (f *fetch) all(op crm.Op, keys crm.KeySet) error {
	if keys.Size() == 1 && !f.want.Swift {
		return f.alone(op, keys)
	}
	return f.passes(op, keys)
}

func (f *fetch) passes(op crm.Op, keys crm.KeySet) error {
	if err := f.pass(keys, f.firstSection()); err != nil {
		return err
	}
	if err := f.rest(); err != nil || len(f.missing()) == 0 || f.stop {
		return err
	}
	exist, err := f.exist(f.missing())
	if err != nil {
		return err
	}
	f.odd, f.quiet = nil, nil
	if err := f.pass(exist, f.firstSection()); err != nil {
		return err
	}
	if err := f.rest(); err != nil || len(f.missing()) == 0 || f.stop {
		return err
	}
	return crm.Errorf(crm.Internal, op, "The mail server lists mail %d of the folder %s but does not hand it out.", f.missing()[0].From, f.s.box.folder)
}

// missing are the copies that were asked for and did not come: most of them do not
// exist any more.
func (f *fetch) missing() crm.KeySet { return crm.Keys(f.odd...).Union(f.quiet) }

// rest fetches what the first pass could not settle.
func (f *fetch) rest() error {
	whole, heads := crm.Keys(f.whole...), crm.Keys(f.heads...)
	f.whole, f.heads = nil, nil
	if err := f.pass(whole, &goimap.FetchItemBodySection{Peek: true}); err != nil {
		return err
	}
	heads = heads.Union(crm.Keys(f.heads...))
	f.heads = nil
	return f.pass(heads, headerSection())
}

// exist asks which of the keys are there. NOOP first lets the server drop
// deleted mail from what this session sees.
func (f *fetch) exist(keys crm.KeySet) (crm.KeySet, error) {
	f.w.wake()
	if err := f.s.client.Noop().Wait(); err != nil {
		return nil, err
	}
	var all crm.KeySet
	for part := range parts(keys) {
		f.w.wake()
		found, err := f.s.search(&goimap.SearchCriteria{UID: []goimap.UIDSet{uidSet(part)}})
		if err != nil {
			return nil, err
		}
		all = all.Union(found.Intersect(part))
	}
	return all, nil
}

func (f *fetch) firstSection() *goimap.FetchItemBodySection {
	if f.want.HeadersOnly {
		return headerSection()
	}
	return &goimap.FetchItemBodySection{Peek: true, Partial: &goimap.SectionPartial{Size: min(firstPart, f.gate+1)}}
}

func headerSection() *goimap.FetchItemBodySection {
	return &goimap.FetchItemBodySection{Peek: true, Specifier: goimap.PartSpecifierHeader}
}

// window is how many commands are on their way at once: the next one is with
// the server before the answer to the last one is read.
const window = 2

// pass fetches a section of every key.
func (f *fetch) pass(keys crm.KeySet, section *goimap.FetchItemBodySection) error {
	var sent []request
	defer func() {
		for _, r := range sent { // nobody reads them: let the library go on
			f.s.abandon(f.w, r.cmd)
		}
	}()
	f.w.wake()
	for part := range parts(keys) {
		if f.stop {
			return nil
		}
		sent = append(sent, f.send(part, section))
		if len(sent) < window {
			continue
		}
		if err := f.receive(sent[0]); err != nil || f.stop {
			return err
		}
		sent = sent[1:]
	}
	for len(sent) > 0 && !f.stop {
		if err := f.receive(sent[0]); err != nil || f.stop {
			return err
		}
		sent = sent[1:]
	}
	return nil
}

// request is one FETCH command that was sent.
type request struct {
	cmd     *imapclient.FetchCommand
	keys    crm.KeySet
	section *goimap.FetchItemBodySection
}

func (f *fetch) send(keys crm.KeySet, section *goimap.FetchItemBodySection) request {
	return request{keys: keys, section: section, cmd: f.s.client.Fetch(uidSet(keys), &goimap.FetchOptions{
		UID: true, Flags: true, RFC822Size: true, InternalDate: !f.undated,
		BodySection: []*goimap.FetchItemBodySection{section}})}
}

// maxRanges keeps a command well below the 8,000 bytes that servers take
// (RFC 2683 §3.2.1.5): a range is at most 22 bytes.
const maxRanges = 300

// parts cuts a set into the sets of single commands.
func parts(keys crm.KeySet) iter.Seq[crm.KeySet] {
	return func(yield func(crm.KeySet) bool) {
		for len(keys) > 0 {
			n := min(len(keys), maxRanges)
			if !yield(keys[:n]) {
				return
			}
			keys = keys[n:]
		}
	}
}

// receive reads the answers to one command and sorts them.
func (f *fetch) receive(r request) error {
	var answered []crm.Key
	for {
		f.w.expect(0)
		msg := r.cmd.Next()
		if msg == nil {
			break
		}
		it, fate, err := f.read(msg, r.section)
		if err != nil {
			return err
		}
		answered = append(answered, it.Key)
		if !f.settle(it, fate) {
			f.stop = true
			return nil
		}
	}
	err := r.cmd.Close()
	if no := refusal(err); no != nil && no.Type == goimap.StatusResponseTypeNo && no.Code == codeExpungeIssued {
		err = nil
	}
	if err == nil {
		f.quiet = f.quiet.Union(r.keys.Minus(crm.Keys(answered...)))
	}
	return err
}

// codeExpungeIssued refuses a FETCH because of a deletion (RFC 5530 §3).
const codeExpungeIssued goimap.ResponseCode = "EXPUNGEISSUED"

// settle puts a copy where its fate says, and tells whether to go on.
func (f *fetch) settle(it source.Item, fate fate) bool {
	switch fate {
	case isComplete:
		return f.yield(it)
	case wantsWhole:
		f.whole = append(f.whole, it.Key)
	case wantsHead:
		f.heads = append(f.heads, it.Key)
	case isOdd:
		f.odd = append(f.odd, it.Key)
	}
	return true
}
