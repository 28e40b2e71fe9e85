package sourcetest

import (
	"bytes"
	"slices"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

func (b *bench) sameMail(it source.Item, m testenv.Mail) {
	b.Helper()
	if it.Root != nil {
		b.sameMessage(it, m)
	} else if !bytes.Equal(it.Raw, m.Raw) {
		b.Errorf("key %d: %d bytes, want the %d that were stored", it.Key, len(it.Raw), len(m.Raw))
	}
	if it.Part != "" || it.Size != int64(len(m.Raw)) {
		b.Errorf("key %d: part %q, size %d, want a whole mail of %d", it.Key, it.Part, it.Size, len(m.Raw))
	}
	if want := crm.At(m.Internal); want != 0 && it.Internal != want {
		b.Errorf("key %d: server date %v, want %v", it.Key, it.Internal, want)
	}
}

// sameMessage compares what a part tree gives with what the bytes give: ids of
// one mail in two mail systems agree.
func (b *bench) sameMessage(it source.Item, m testenv.Mail) {
	b.Helper()
	key := crm.IDKey("a key of the tests")
	got, want := it.Parse(), mail.Parse(m.Raw)
	if got.MessageID(key) != want.MessageID(key) {
		b.Errorf("key %d: the tree gives another message id than the bytes", it.Key)
	}
	if diff := cmp.Diff(want.Participants, got.Participants); got.Text != want.Text || got.Class != want.Class || diff != "" {
		b.Errorf("key %d: text of %d bytes, class %q; want %d, %q; participants (-bytes +tree): %s",
			it.Key, len(got.Text), got.Class, len(want.Text), want.Class, diff)
	}
}

// flags leaves out those that the mail system does not have.
func (b *bench) flags(flags ...crm.Flag) []crm.Flag {
	return slices.DeleteFunc(flags, func(f crm.Flag) bool { return b.Keeps != nil && !slices.Contains(b.Keeps, f) })
}

func fetchComplete(b *bench) {
	mails := []testenv.Mail{letter(0), letter(1), letter(2)}
	mails[1].Flags = []crm.Flag{crm.FlagSeen, crm.FlagAnswered}
	keys := b.append(mails...)
	s := b.open()
	d := b.delta(s, "")
	got := b.fetch(s, d.Epoch, d.Added.Union(crm.Span(1, 2000)), source.Want{MaxSize: 1 << 20})
	if len(got) != 3 {
		b.Fatalf("fetched %d copies, want 3", len(got))
	}
	for i, k := range keys {
		b.sameMail(got[k], mails[i])
	}
	if f := got[keys[1]].Flags; !slices.Equal(f, b.flags(crm.FlagAnswered, crm.FlagSeen)) {
		b.Errorf("flags %v, want answered and seen in order", f)
	}
	if n := len(b.fetch(s, d.Epoch, nil, source.Want{})); n > 0 {
		b.Errorf("fetched %d copies of no keys", n)
	}
	if f := slices.Collect(flagsOf(b, s, keys[0])); len(f) != 1 || len(f[0]) > 0 {
		b.Errorf("fetching changed the flags to %v", f)
	}
}

func flagsOf(b *bench, s source.Session, key crm.Key) func(func([]crm.Flag) bool) {
	return func(yield func([]crm.Flag) bool) {
		for c, err := range s.Flags(b.Context(), b.Inbox) {
			b.must(err)
			if c.Key == key && !yield(c.Flags) {
				return
			}
		}
	}
}

// fetchLarge crosses every limit of size: mails below, at and above the gate
// and of several megabytes.
func fetchLarge(b *bench) {
	mails := []testenv.Mail{sized(0, 100), sized(1, 3<<20), letter(2), sized(3, 5<<20), sized(4, 1<<20-300), sized(5, 70<<10)}
	keys := b.append(mails...)
	s := b.open()
	d := b.delta(s, "")
	got := b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{MaxSize: 4 << 20})
	for i, k := range keys {
		if i == 3 {
			b.onlyHeader(got[k], mails[i], crm.MarkTooLarge)
			continue
		}
		b.sameMail(got[k], mails[i])
	}
	got = b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{MaxSize: 64 << 10})
	for i, k := range keys {
		if len(mails[i].Raw) > 64<<10 {
			b.onlyHeader(got[k], mails[i], crm.MarkTooLarge)
			continue
		}
		b.sameMail(got[k], mails[i])
	}
	exact := int64(len(mails[0].Raw))
	b.sameMail(b.fetch(s, d.Epoch, crm.Keys(keys[0]), source.Want{MaxSize: exact})[keys[0]], mails[0])
	b.onlyHeader(b.fetch(s, d.Epoch, crm.Keys(keys[0]), source.Want{MaxSize: exact - 1})[keys[0]], mails[0], crm.MarkTooLarge)
	b.sameMail(b.fetch(s, d.Epoch, crm.Keys(keys[3]), source.Want{})[keys[3]], mails[3])
	b.onlyHeader(b.fetch(s, d.Epoch, crm.Keys(keys[0]), source.Want{MaxSize: 20})[keys[0]], mails[0], crm.MarkTooLarge)
}

// onlyHeader wants a header. A system that hands over texts without what is
// attached may give more than was asked for.
func (b *bench) onlyHeader(it source.Item, m testenv.Mail, mark crm.Mark) {
	b.Helper()
	if it.Root != nil {
		b.sameMail(it, m)
		return
	}
	header, _, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	if it.Headers != nil {
		key := crm.IDKey("a key of the tests")
		if it.Parse().MessageID(key) != mail.ParseHeader(header, mark).MessageID(key) {
			b.Errorf("key %d: the fields give another id than the bytes of the header", it.Key)
		}
	} else if got := bytes.TrimRight(it.Raw, "\r\n"); !bytes.Equal(got, header) {
		b.Errorf("key %d: got %d bytes, want the header of %d", it.Key, len(got), len(header))
	}
	if it.Part != mark || it.Size != int64(len(m.Raw)) {
		b.Errorf("key %d: part %q, size %d; want %q of %d", it.Key, it.Part, it.Size, mark, len(m.Raw))
	}
}

func fetchOne(b *bench) {
	m := letter(3)
	m.Flags = []crm.Flag{crm.FlagFlagged}
	keys := b.append(m)
	s := b.open()
	d := b.delta(s, "")
	it := b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{})[keys[0]]
	b.sameMail(it, m)
	if !slices.Equal(it.Flags, m.Flags) {
		b.Errorf("flags %v, want %v", it.Flags, m.Flags)
	}
}

func fetchHeaders(b *bench) {
	mails := []testenv.Mail{letter(0), sized(1, 2<<20)}
	keys := b.append(mails...)
	s := b.open()
	d := b.delta(s, "")
	got := b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{HeadersOnly: true, MaxSize: 1 << 20})
	for i, k := range keys {
		b.onlyHeader(got[k], mails[i], crm.MarkHeadersOnly)
	}
}

// fetchOdd has what servers and their grammar stumble over.
func fetchOdd(b *bench) {
	raws := []string{
		"Subject: header alone\r\n\r\n",
		"Subject: \xe9\xff raw bytes\r\n\r\n\x80\x81\r\n",
		"Subject: quotes \"and\" (brackets) {12}\r\n\r\n* 1 FETCH (UID 1)\r\nT1 OK done\r\n",
		"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n",
		"Content-Type: message/rfc822\r\n\r\nContent-Type: message/global\r\n\r\n\r\n",
	}
	var mails []testenv.Mail
	for _, raw := range raws {
		mails = append(mails, testenv.Mail{Raw: []byte(raw), Internal: day(1)})
	}
	keys := b.append(mails...)
	s := b.open()
	d := b.delta(s, "")
	got := b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{MaxSize: 1 << 20})
	for i, k := range keys {
		b.sameMail(got[k], mails[i])
	}
}

func fetchGone(b *bench) {
	keys := b.appendN(4)
	s := b.open()
	d := b.delta(s, "")
	b.must(b.Delete(b.Inbox, keys[1], keys[3])) // after this session saw them
	got := b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{})
	if len(got) != 2 || empty(got[keys[0]]) || empty(got[keys[2]]) {
		b.Errorf("fetched %d copies, want the two that are left", len(got))
	}
	for k, it := range got {
		if empty(it) {
			b.Errorf("key %d is an empty record", k)
		}
	}
	if got := b.fetch(s, d.Epoch, crm.Keys(keys[3]), source.Want{}); len(got) != 0 {
		b.Errorf("fetched %v, which is gone", got)
	}
}

func empty(it source.Item) bool { return len(it.Raw) == 0 && it.Root == nil }

// fetchLater asks for mail that arrived after the session opened the folder,
// and that another session heard of.
func fetchLater(b *bench) {
	b.appendN(1)
	s := b.open()
	d := b.delta(s, "")
	b.fetch(s, d.Epoch, d.Added, source.Want{})
	late := b.append(letter(5), letter(6))
	got := b.fetch(s, d.Epoch, crm.Keys(late...), source.Want{})
	if len(got) != 2 {
		b.Errorf("fetched %d of 2 late arrivals", len(got))
	}
}

func fetchConflict(b *bench) {
	keys := b.appendN(1)
	s := b.open()
	d := b.delta(s, "")
	for _, err := range s.Fetch(b.Context(), b.Inbox, d.Epoch+1, crm.Keys(keys...), source.Want{}) {
		b.wantKind(err, crm.Conflict)
		if err == nil {
			b.Fatal("yielded a copy of another epoch")
		}
	}
	if got := b.fetch(s, d.Epoch, crm.Keys(keys...), source.Want{}); len(got) != 1 {
		b.Error("the session is of no use after a conflict")
	}
}

func fetchBreak(b *bench) {
	b.appendN(20)
	s := b.open()
	d := b.delta(s, "")
	n := 0
	for _, err := range s.Fetch(b.Context(), b.Inbox, d.Epoch, d.Added, source.Want{}) {
		b.must(err)
		if n++; n == 3 {
			break
		}
	}
	if got := b.fetch(s, d.Epoch, d.Added, source.Want{}); len(got) != 20 {
		b.Errorf("fetched %d copies after leaving a fetch early, want 20", len(got))
	}
}

func find(b *bench) {
	twin := letter(1)
	twin.Raw = append(bytes.Clone(twin.Raw), "another text\r\n"...)
	keys := b.append(letter(0), letter(1), twin, letter(11))
	s := b.open()
	got, err := s.Find(b.Context(), b.Inbox, source.Clue{ID: "mail-1@acme.example"})
	b.must(err)
	if !slices.Equal(got.Keys, crm.Keys(keys[1], keys[2])) {
		b.Errorf("found %v, want %v", got, keys[1:3])
	}
	for _, c := range []struct {
		name string
		clue source.Clue
		want []crm.Key
	}{
		{"an id that no mail has", source.Clue{ID: "nobody@acme.example"}, nil},
		{"who wrote, and words of the subject in another order", source.Clue{With: "anna@acme.example", Subject: "11 number"}, keys[3:]},
		{"a domain, and days", source.Clue{With: "acme.example", From: crm.At(day(9)), Until: crm.At(day(14))}, keys[3:]},
		{"one who got it, and other words", source.Clue{With: "rep@example.com", Subject: "Number eleven"}, nil},
		{"marks of a search of its own", source.Clue{With: `a") OR {`, Subject: `"}`}, nil},
		{"what no charset of old knows", source.Clue{With: "Łukasz"}, nil},
	} {
		if got, err := s.Find(b.Context(), b.Inbox, c.clue); err != nil || !slices.Equal(got.Keys, crm.Keys(c.want...)) {
			b.Errorf("found %v, %v for %s, want %v", got, err, c.name, c.want)
		}
	}
	for _, bad := range []source.Clue{{}, {From: 1}, {ID: "a\r\nb"}, {Subject: "a\x00b"}} {
		if _, err := s.Find(b.Context(), b.Inbox, bad); !crm.IsKind(err, crm.Invalid) {
			b.Errorf("found by %+v: %v", bad, err)
		}
	}
}
