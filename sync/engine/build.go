package engine

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/match"
	"threadline/internal/store"
	"threadline/sync/source"
)

// arrived is one fetched copy, parsed and packed, ready for its transaction.
type arrived struct {
	copy    crm.Copy
	message crm.Message
	stubID  crm.MessageID // what the message would be called by its header alone
	body    crm.Body
	blobs   [][]byte    // what the body names in the blob store; written when it is sure that it is stored
	asked   crm.Message // what exclusions ask of
	bytes   int64
}

// builder turns items into documents. It is pure and safe for concurrent use.
type builder struct {
	key     crm.IDKey
	mailbox *crm.Mailbox
	bodies  *store.BodyCodec
}

// boxID names the document of a folder.
func boxID(key crm.IDKey, m crm.MailboxID, folder string) crm.BoxID {
	return crm.BoxID(crm.DerivedID(crm.PrefixBox, key, string(m), folder))
}

// copyID names the document of a remote copy.
func copyID(key crm.IDKey, b crm.BoxID, epoch uint64, k crm.Key) crm.CopyID {
	return crm.CopyID(crm.DerivedID(crm.PrefixCopy, key, string(b), strconv.FormatUint(epoch, 10), strconv.FormatUint(uint64(k), 10)))
}

// queueID names the document of an exception.
func queueID(key crm.IDKey, b crm.BoxID, epoch uint64, k crm.Key) string {
	return crm.DerivedID(crm.PrefixQueue, key, string(b), strconv.FormatUint(epoch, 10), strconv.FormatUint(uint64(k), 10))
}

// build parses an item and makes its documents, and what of large bodies and raw
// bytes goes to the blob store.
func (b *builder) build(box crm.Box, it source.Item) (*arrived, error) {
	p := it.Parse()
	a := &arrived{bytes: int64(len(it.Raw))}
	id := p.MessageID(b.key)
	a.stubID = stubID(p, b.key)
	a.copy = crm.Copy{
		ID: copyID(b.key, box.ID, box.Epoch, it.Key), Mailbox: b.mailbox.ID, Box: box.ID, Epoch: box.Epoch, Key: it.Key,
		State: crm.CopyStored, Message: id, Flags: it.Flags, Size: it.Size,
	}
	a.asked = asked(p)
	a.message = messageOf(p, it)
	a.message.ID, a.message.Heads = id, heads(a.asked.Heads)
	a.message.Owners = []crm.UserID{b.mailbox.Owner}
	a.message.Copies = []crm.CopyRef{{Copy: a.copy.ID, Mailbox: b.mailbox.ID, Box: box.ID, BoxRole: box.Role, Flags: it.Flags}}
	return a, b.pack(a, p, it)
}

// stubID is the id of the same message when only its header is known.
func stubID(p *mail.Parsed, key crm.IDKey) crm.MessageID {
	if p.Stub {
		return p.MessageID(key)
	}
	head := *p
	head.TextHash, head.Stub = [32]byte{}, true
	return head.MessageID(key)
}

func messageOf(p *mail.Parsed, it source.Item) crm.Message {
	m := crm.Message{
		RFCID: p.RFCID, InReplyTo: p.InReplyTo, References: p.References, Mentions: mentions(p),
		Date: p.Date, Subject: p.Subject, Snippet: p.Snippet, Words: match.Words(p.Text, p.Quoted), Class: p.Class,
		Flags: it.Flags, Marks: p.Marks, Size: it.Size, Attachments: p.Attachments, Stub: p.Stub,
	}
	m.Participants = p.Participants
	if len(m.Participants) > crm.MaxIndexedParticipants {
		m.Omitted = len(m.Participants) - crm.MaxIndexedParticipants
		m.Participants = m.Participants[:crm.MaxIndexedParticipants]
		m.Marks = addMark(m.Marks, crm.MarkParticipantsCut)
	}
	if implausible(m.Date, it.Internal) {
		m.Date = max(it.Internal, 1)
		m.Marks = addMark(m.Marks, crm.MarkDateGuessed)
	}
	return m
}

// implausible tells whether a Date header cannot be trusted: missing, or later
// than the server received the mail.
func implausible(date, internal crm.Time) bool {
	return date <= 0 || internal != 0 && date > internal.Add(36*time.Hour)
}

// mentions lists the message's own id and those that it refers to.
func mentions(p *mail.Parsed) []crm.RFCID {
	var out []crm.RFCID
	add := func(id crm.RFCID) {
		if id != "" && len(id) <= 500 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	add(p.RFCID)
	for _, id := range p.InReplyTo {
		add(id)
	}
	for _, id := range p.References {
		add(id)
	}
	return out
}

// pack makes the body document.
func (b *builder) pack(a *arrived, p *mail.Parsed, it source.Item) error {
	content := crm.BodyContent{Text: p.Text, HTML: p.HTML, Quoted: p.Quoted, Headers: p.Headers, Reports: p.Reports, Invites: p.Invites}
	if a.message.Omitted > 0 {
		content.Participants = p.Participants[crm.MaxIndexedParticipants:]
	}
	data, err := b.bodies.Pack(&content)
	if err != nil {
		return err
	}
	a.body = crm.Body{ID: a.message.ID, Data: data}
	if len(data) > crm.MaxInlineBody {
		a.body.Blob, a.body.Data = store.BlobName(data), nil
		a.blobs = append(a.blobs, data)
	}
	if keepRaw(p.Marks) && len(it.Raw) > 0 {
		a.body.Raw = store.BlobName(it.Raw)
		a.blobs = append(a.blobs, it.Raw)
	}
	return nil
}

// keepRaw tells whether parsing was in trouble, so that the raw bytes may be
// worth another look.
func keepRaw(marks []crm.Mark) bool {
	for _, m := range marks {
		switch m {
		case crm.MarkUnparsable, crm.MarkStructure, crm.MarkEncoding, crm.MarkPartsTruncated, crm.MarkHeaderTruncated:
			return true
		}
	}
	return false
}

func addMark(marks []crm.Mark, m crm.Mark) []crm.Mark {
	if slices.Contains(marks, m) {
		return marks
	}
	out := append(slices.Clone(marks), m)
	slices.Sort(out)
	return out
}

// merge joins another copy of the same message into what is known. It is
// commutative and idempotent: the result does not depend on the order in which
// copies arrive.
func merge(have, more *crm.Message) {
	have.Date = min(have.Date, more.Date)
	have.Size = min(have.Size, more.Size)
	have.Class = crm.Class(minRank(classRank, string(have.Class), string(more.Class)))
	have.Marks = union(have.Marks, more.Marks)
	have.Owners = union(have.Owners, more.Owners)
	have.Participants = mergeParticipants(have.Participants, more.Participants)
	have.Omitted = max(have.Omitted, more.Omitted)
	have.Attachments = mergeAttachments(have.Attachments, more.Attachments)
	if have.Snippet == "" || more.Snippet != "" && more.Snippet < have.Snippet {
		have.Snippet = more.Snippet
	}
	if have.Words == "" || more.Words != "" && more.Words < have.Words {
		have.Words = more.Words
	}
	have.InReplyTo = mergeIDs(have.InReplyTo, more.InReplyTo)
	have.References = mergeIDs(have.References, more.References)
	have.Mentions = mergeIDs(have.Mentions, more.Mentions)
	for _, c := range more.Copies {
		have.Copies = putCopy(have.Copies, c)
	}
	have.Flags = flagsOf(have.Copies)
	have.Heads = mergeHeads(have.Heads, more.Heads)
	have.Left = mergeLeft(have.Left, more.Left, have.Copies)
}

// classRank prefers what a person wrote: a mailing list may have sent a second
// copy of it.
var classRank = []string{string(crm.ClassPerson), string(crm.ClassCalendar), string(crm.ClassAutoReply),
	string(crm.ClassBounce), string(crm.ClassNotification), string(crm.ClassBulk)}

func minRank(order []string, a, b string) string {
	if slices.Index(order, b) < slices.Index(order, a) {
		return b
	}
	return a
}

func union[T cmp.Ordered](a, b []T) []T {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// mergeIDs keeps equal lists as they are and sorts the union of different ones.
func mergeIDs(a, b []crm.RFCID) []crm.RFCID {
	if slices.Equal(a, b) {
		return a
	}
	return union(a, b)
}

// mergeParticipants does the same for participants: the sender's copy shows a
// Bcc that the recipient's does not.
func mergeParticipants(a, b []crm.Participant) []crm.Participant {
	if slices.Equal(a, b) {
		return a
	}
	out := slices.Concat(a, b)
	slices.SortFunc(out, func(x, y crm.Participant) int {
		return cmp.Or(cmp.Compare(roleRank(x.Role), roleRank(y.Role)), cmp.Compare(x.Address, y.Address),
			cmp.Compare(x.Name, y.Name), cmp.Compare(x.Raw, y.Raw))
	})
	out = slices.Compact(out)
	return out[:min(len(out), crm.MaxIndexedParticipants)]
}

// mergeAttachments keeps the longer list, because some servers hand out copies
// from which attachments were taken off.
func mergeAttachments(a, b []crm.Attachment) []crm.Attachment {
	order := cmp.Or(cmp.Compare(len(b), len(a)), slices.CompareFunc(a, b, func(x, y crm.Attachment) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Type, y.Type), cmp.Compare(x.Size, y.Size))
	}))
	if order > 0 {
		return b
	}
	return a
}

func roleRank(r crm.Role) int {
	return slices.Index([]crm.Role{crm.RoleFrom, crm.RoleSender, crm.RoleReplyTo, crm.RoleTo, crm.RoleCc, crm.RoleBcc}, r)
}

func putCopy(list []crm.CopyRef, c crm.CopyRef) []crm.CopyRef {
	out := dropCopy(list, c.Copy)
	out = append(out, c)
	slices.SortFunc(out, func(a, b crm.CopyRef) int { return cmp.Compare(a.Copy, b.Copy) })
	return out
}

func dropCopy(list []crm.CopyRef, id crm.CopyID) []crm.CopyRef {
	return slices.DeleteFunc(slices.Clone(list), func(c crm.CopyRef) bool { return c.Copy == id })
}

func flagsOf(copies []crm.CopyRef) []crm.Flag {
	var out []crm.Flag
	for _, c := range copies {
		out = union(out, c.Flags)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
