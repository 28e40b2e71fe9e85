package imap

import (
	"context"
	"iter"
	"slices"
	"strings"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Flags yields the flags of every copy in the folder, in one command.
func (s *session) Flags(ctx context.Context, folder string) iter.Seq2[source.FlagChange, error] {
	const op = crm.Op("imap.Flags")
	return func(yield func(source.FlagChange, error) bool) {
		more := true
		err := s.run(ctx, op, func(w *watch) error {
			box, err := s.examine(op, folder)
			if err != nil || box.count == 0 {
				return err
			}
			return s.eachFlags(w, box.all(), 0, func(c source.FlagChange) bool {
				w.pause()
				more = yield(c, nil)
				return more
			})
		})
		if err != nil && more {
			yield(source.FlagChange{}, err)
		}
	}
}

// eachFlags asks for the flags of keys, with since only of those that changed
// after that mod-sequence (RFC 7162 §3.1.4).
func (s *session) eachFlags(w *watch, keys crm.KeySet, since uint64, each func(source.FlagChange) bool) error {
	cmd := s.client.Fetch(uidSet(keys), &goimap.FetchOptions{UID: true, Flags: true, ChangedSince: since})
	defer s.abandon(w, cmd) // nothing is left of it after a pass to the end
	for {
		w.expect(0)
		msg := cmd.Next()
		if msg == nil {
			return cmd.Close()
		}
		key, flags := readFlags(msg)
		if key != 0 && !each(source.FlagChange{Key: key, Flags: flags}) {
			return nil
		}
	}
}

func readFlags(msg *imapclient.FetchMessageData) (key crm.Key, flags []crm.Flag) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			key = crm.Key(item.UID)
		case imapclient.FetchItemDataFlags:
			flags = flagsOf(item.Flags)
		}
	}
	return key, flags
}

// maxKeywords bounds how many labels of one mail are kept.
const maxKeywords = 20

// noise are keywords that programs set for themselves.
var noise = []string{"$forwarded", "$mdnsent", "$submitpending", "$submitted", "$hasattachment", "$hasnoattachment", "$notjunk", "nonjunk",
	"notjunk", "$x-me-annot-2", "$istrusted", "$ismailinglist", "$isnotification", "$canunsubscribe", "$hasmemo", "$new"}

// keyword tells whether a flag is a label that a person put on a mail.
func keyword(f goimap.Flag) bool {
	return f != "" && f[0] != '\\' && len(f) <= crm.MaxHead && !slices.Contains(noise, strings.ToLower(string(f)))
}

// flagsOf keeps the flags that people see: \Recent and what programs note for
// themselves are dropped.
func flagsOf(in []goimap.Flag) []crm.Flag {
	var out, labels []crm.Flag
	for _, f := range in {
		switch f {
		case goimap.FlagSeen:
			out = append(out, crm.FlagSeen)
		case goimap.FlagAnswered:
			out = append(out, crm.FlagAnswered)
		case goimap.FlagFlagged:
			out = append(out, crm.FlagFlagged)
		case goimap.FlagDraft:
			out = append(out, crm.FlagDraft)
		case goimap.FlagDeleted:
			out = append(out, crm.FlagDeleted)
		default:
			if keyword(f) {
				labels = append(labels, crm.KeywordFlag(string(f)))
			}
		}
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	out = append(out, labels[:min(len(labels), maxKeywords)]...)
	slices.Sort(out)
	return slices.Compact(out)
}

// uidSet writes keys for the wire. Keys beyond 32 bits are not UIDs.
func uidSet(keys crm.KeySet) goimap.UIDSet {
	const top = 1<<32 - 1
	var set goimap.UIDSet
	for _, r := range keys {
		if r.From > top || r.To == 0 {
			continue
		}
		set = append(set, goimap.UIDRange{Start: goimap.UID(max(r.From, 1)), Stop: goimap.UID(min(r.To, top))})
	}
	return set
}
