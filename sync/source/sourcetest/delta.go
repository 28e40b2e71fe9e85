package sourcetest

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/sync/source"
)

func firstDelta(b *bench) {
	keys := b.appendN(3)
	s := b.open()
	d := b.delta(s, "")
	if missing := crm.Keys(keys...).Minus(d.Added); len(missing) > 0 {
		b.Errorf("Added %v lacks %v", d.Added, missing)
	}
	if d.Void || d.Count != 3 || d.Cursor == "" || len(d.Flags) > 0 {
		b.Errorf("first delta %+v; want 3 copies, a cursor, not void, no flag changes", d)
	}
	if l := b.list(s); !cmp.Equal(l.All, crm.Keys(keys...)) || l.Epoch != d.Epoch || !cmp.Equal(l.Recent, l.All) {
		b.Errorf("listing %+v, want exactly %v in epoch %d", l, keys, d.Epoch)
	}
}

func sameCursor(b *bench) {
	s := b.open()
	check := func(when string) string {
		b.Helper()
		f, d := b.folder(s, b.Inbox), b.delta(s, "")
		if f.Cursor != d.Cursor {
			b.Errorf("%s: folder says %q, delta %q", when, f.Cursor, d.Cursor)
		}
		b.counted(when, f.Count, d.Count)
		if f.Role != b.InboxRole {
			b.Errorf("role of the inbox is %q", f.Role)
		}
		return f.Cursor
	}
	seen := []string{check("empty")}
	keys := b.appendN(2)
	seen = append(seen, check("after two arrivals"))
	b.must(b.Delete(b.Inbox, keys[0]))
	seen = append(seen, check("after a deletion"))
	if b.TellsFlags {
		b.must(b.SetFlags(b.Inbox, []crm.Flag{crm.FlagSeen}, keys[1]))
		seen = append(seen, check("after a flag change"))
	}
	slices.Sort(seen)
	if len(slices.Compact(slices.Clone(seen))) != len(seen) {
		b.Errorf("a change left the cursor as it was: %q", seen)
	}
}

func unknownCursor(b *bench) {
	keys := b.appendN(2)
	s := b.open()
	for _, cursor := range []string{"no cursor of ours", "1.2", "0.0.0.0", "-1.2.3.4"} {
		d := b.delta(s, cursor)
		if !d.Void || len(crm.Keys(keys...).Minus(d.Added)) > 0 {
			b.Errorf("cursor %q: %+v; want void, with everything added", cursor, d)
		}
	}
}

func nothingNew(b *bench) {
	b.appendN(3)
	s := b.open()
	first := b.delta(s, "")
	for range 3 {
		d := b.delta(s, first.Cursor)
		b.counted("nothing happened", d.Count, 3)
		want := source.Delta{Epoch: first.Epoch, Cursor: first.Cursor, Count: d.Count, NoFlags: !b.TellsFlags}
		if diff := cmp.Diff(want, d); diff != "" {
			b.Errorf("nothing happened (-want +got):\n%s", diff)
		}
	}
}

func newMail(b *bench) {
	old := b.appendN(2)
	s := b.open()
	first := b.delta(s, "")
	added := b.append(letter(7), letter(8))
	d := b.delta(s, first.Cursor)
	if len(crm.Keys(added...).Minus(d.Added)) > 0 || len(crm.Keys(old...).Intersect(d.Added)) > 0 {
		b.Errorf("Added %v; want %v and none of %v", d.Added, added, old)
	}
	b.counted("two arrivals", d.Count, 4)
	if d.Void || d.Recount || d.Epoch != first.Epoch || d.Cursor == first.Cursor {
		b.Errorf("delta %+v after two arrivals", d)
	}
}

func flagChanges(b *bench) {
	keys := b.appendN(4)
	s := b.open()
	first := b.delta(s, "")
	b.must(b.SetFlags(b.Inbox, []crm.Flag{crm.FlagSeen, crm.FlagFlagged}, keys[1]))
	b.must(b.SetFlags(b.Inbox, []crm.Flag{crm.FlagSeen}, keys[2]))
	b.must(b.SetFlags(b.Inbox, nil, keys[2]))
	want := []source.FlagChange{{Key: keys[1], Flags: []crm.Flag{crm.FlagFlagged, crm.FlagSeen}}, {Key: keys[2]}}
	d := b.delta(s, first.Cursor)
	if b.TellsFlags {
		slices.SortFunc(d.Flags, byKey)
		if diff := cmp.Diff(want, d.Flags); diff != "" || d.NoFlags {
			b.Errorf("flag changes (NoFlags %v, -want +got):\n%s", d.NoFlags, diff)
		}
	} else if !d.NoFlags {
		b.Error("the delta tells no flags and does not say so")
	}
	if d.Recount || len(d.Added) > 0 {
		b.Errorf("flags alone changed: %+v", d)
	}
	var swept []source.FlagChange
	for c, err := range s.Flags(b.Context(), b.Inbox) {
		b.must(err)
		swept = append(swept, c)
	}
	slices.SortFunc(swept, byKey)
	all := []source.FlagChange{{Key: keys[0]}, want[0], {Key: keys[2]}, {Key: keys[3]}}
	if diff := cmp.Diff(all, swept); diff != "" {
		b.Errorf("sweep (-want +got):\n%s", diff)
	}
}

func byKey(a, b source.FlagChange) int { return int(int64(a.Key) - int64(b.Key)) }

func deletion(b *bench) {
	keys := b.appendN(3)
	s := b.open()
	first := b.delta(s, "")
	b.must(b.Delete(b.Inbox, keys[1]))
	d := b.delta(s, first.Cursor)
	b.counted("a deletion", d.Count, 2)
	if !d.Recount && !cmp.Equal(d.Gone, crm.Keys(keys[1])) || d.Void || d.Cursor == first.Cursor {
		b.Errorf("delta %+v after a deletion; want a recount, or %d gone", d, keys[1])
	}
	if l := b.list(s); !cmp.Equal(l.All, crm.Keys(keys[0], keys[2])) {
		b.Errorf("listing %v, want %v without %v", l.All, keys, keys[1])
	}
}

// deletionAndArrival leaves the number of copies as it was.
func deletionAndArrival(b *bench) {
	keys := b.appendN(3)
	s := b.open()
	first := b.delta(s, "")
	b.must(b.Delete(b.Inbox, keys[0]))
	late := b.append(letter(9))
	d := b.delta(s, first.Cursor)
	b.counted("a deletion and an arrival", d.Count, 3)
	if !d.Recount && !d.Gone.Has(keys[0]) || !d.Added.Has(late[0]) {
		b.Errorf("delta %+v; want a recount and %v added", d, late)
	}
	mid := b.delta(s, "")
	gone := b.append(letter(10))
	b.must(b.Delete(b.Inbox, gone[0]))
	d = b.delta(s, mid.Cursor)
	b.counted("a mail that came and went", d.Count, 3)
	if d.Cursor == mid.Cursor {
		b.Errorf("delta %+v after a mail that came and went", d)
	}
}

func newEpoch(b *bench) {
	if b.Renumber == nil {
		b.Skip("the epoch cannot be changed here")
	}
	b.appendN(2)
	s := b.open()
	first := b.delta(s, "")
	b.must(s.Close())
	b.must(b.Renumber(b.Inbox))
	s = b.open()
	d := b.delta(s, first.Cursor)
	if !d.Void || d.Epoch == first.Epoch || len(b.list(s).All.Minus(d.Added)) > 0 {
		b.Errorf("delta %+v in a new epoch (was %d); want void and everything added", d, first.Epoch)
	}
}

func listSince(b *bench) {
	keys := b.appendN(6)
	s := b.open()
	l, err := s.List(b.Context(), b.Inbox, crm.At(day(4)))
	b.must(err)
	if !cmp.Equal(l.All, crm.Keys(keys...)) || !cmp.Equal(l.Recent, crm.Keys(keys[4:]...)) {
		b.Errorf("listing since day 4: %+v; want all of %v, and the last two recent", l, keys)
	}
	l, err = s.List(b.Context(), b.Inbox, crm.At(day(300)))
	b.must(err)
	if len(l.All) == 0 || len(l.Recent) > 0 {
		b.Errorf("listing since next year: %+v; want none recent", l)
	}
}

func folderNames(b *bench) {
	if b.CreateFolder == nil {
		b.Skip("no folders here")
	}
	name := "Kunden & Söhne Łódź ☂"
	b.must(b.CreateFolder(name))
	if _, err := b.Append(name, letter(1)); err != nil {
		b.Fatal(err)
	}
	s := b.open()
	if f := b.folder(s, name); f.Count != 1 {
		b.Errorf("folder %+v, want one copy", f)
	}
	if d, err := s.Delta(b.Context(), name, ""); err != nil || d.Count != 1 {
		b.Errorf("delta of %q: %+v, %v", name, d, err)
	}
}
