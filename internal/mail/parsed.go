package mail

import (
	"encoding/hex"
	"strconv"

	"threadline/internal/crm"
)

// Parsed is a message as its bytes tell it.
type Parsed struct {
	RFCID        crm.RFCID // Message-ID without brackets; the trimmed value when it follows no syntax; "" if none
	InReplyTo    []crm.RFCID
	References   []crm.RFCID // without repeats; the first and the last halves of crm.MaxReferences
	RawDate      string      // Date as written, spaces folded
	Date         crm.Time    // 0 when RawDate is unusable: the caller takes the server's date
	Subject      string      // decoded, one line, at most crm.MaxSubject runes
	Participants []crm.Participant
	Class        crm.Class
	Marks        []crm.Mark // sorted, without repeats
	Attachments  []crm.Attachment
	Parts        int    // so many of Attachments are parts of the tree; what follows was found within those
	Text         string // of the text parts; made from HTML where there is none
	HTML         string
	Quoted       int    // byte offset in Text where quoted text or the signature begins; 0 if none
	Snippet      string // of Text before Quoted, at most crm.MaxSnippet runes
	Headers      []crm.Header
	Reports      []crm.Report // of a bounce or complaint
	Invites      []crm.Invite // of the first calendar file
	Stub         bool         // only the header was parsed
	TextHash     [32]byte     // SHA-256 of the text parts, line ends and trailing spaces folded; zero for a stub
	Root         *Part        // never nil
}

// MessageID derives our id of the message: from Message-ID, From, Date as
// written, Subject and the hash of the text. A stub has no hash. Without a
// Message-ID the tree counts with its text: names, types and sizes of its parts
// that are attached, or two scans of one minute would be one.
func (p *Parsed) MessageID(key crm.IDKey) crm.MessageID {
	hash := ""
	if !p.Stub {
		hash = hex.EncodeToString(p.TextHash[:])
		if p.RFCID == "" {
			for _, a := range p.Attachments[:p.Parts] {
				hash += "\x00" + a.Name + "\x00" + a.Type + "\x00" + strconv.FormatInt(a.Size, 10)
			}
		}
	}
	id := crm.DerivedID(crm.PrefixMessage, key, string(p.RFCID), p.author(), p.RawDate, p.Subject, hash)
	return crm.MessageID(id)
}

// author is the first From address, or what stands in its place.
func (p *Parsed) author() string {
	for _, q := range p.Participants {
		if q.Role != crm.RoleFrom {
			continue
		}
		if q.Address != "" {
			return string(q.Address)
		}
		return q.Raw
	}
	return ""
}
