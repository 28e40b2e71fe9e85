package mail

import (
	"strings"

	"threadline/internal/crm"
)

// maxEmbedded bounds what is read of a forwarded mail to find its subject.
const maxEmbedded = 64 << 10

// attach lists a leaf as an attachment. A mail within the mail is one too: it
// is named by its subject and never opened; what Outlook packs is taken out.
func (a *assembler) attach(p *Part) block {
	if p.Type == "text/calendar" && p.Params["method"] != "" {
		a.invite = true
	}
	if a.calendar == nil && (p.Type == "text/calendar" || p.Type == "application/ics") {
		a.calendar = p
	}
	a.list(p)
	if packed(p) {
		return a.unpack(p)
	}
	return block{}
}

// list tells of a leaf as a file.
func (a *assembler) list(p *Part) {
	name := p.Name
	if name == "" && (p.Type == "message/rfc822" || p.Type == "message/global") {
		if s := embeddedSubject(p); s != "" {
			name = cutBytes(s, maxName-len(".eml")) + ".eml"
		}
	}
	a.attached = append(a.attached, p)
	a.attachments = append(a.attachments, crm.Attachment{
		Name: CleanFileName(name, p.Type),
		Type: mediaType(p.Type),
		Size: p.Len(),
	})
}

// enclose keeps a file that was found within a part.
func (a *assembler) enclose(p *Part) { a.enclosed = append(a.enclosed, p) }

// close lists what was found within parts behind the parts themselves, and tells
// how many these are.
func (a *assembler) close() (parts int) {
	parts = len(a.attached)
	for _, p := range a.enclosed {
		a.list(p)
	}
	a.enclosed = nil
	return parts
}

// Attached returns the parts of Attachments, in their order.
func (p *Parsed) Attached() []*Part {
	var m markSet
	a := newAssembler(&m)
	a.part(p.Root, 0)
	a.close()
	return a.attached
}

func embeddedSubject(p *Part) string {
	raw := p.Body
	if raw == nil {
		raw, _ = p.encoding.decode(p.raw[:min(len(p.raw), maxEmbedded)], false)
	}
	h, _ := readHeader(raw[:min(len(raw), maxEmbedded)], 8)
	var m markSet
	for _, f := range h.fields {
		if keyOf(f.Name) == keySubject {
			return subjectOf(utf8Field(f.Value, "", &m), &m)
		}
	}
	return ""
}

// CleanFileName makes a file name safe to show and to offer for saving: no
// path, no control, invisible or direction characters, none that a file system
// gives a meaning, no leading dot, at most 200 bytes with the extension kept.
// Where nothing is left it is "attachment" with the extension of the type.
func CleanFileName(name, mediaType string) string {
	name = strings.Trim(neutral(name), " .")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = strings.TrimLeft(name[i+1:], " .")
	}
	if name == "" {
		return "attachment" + extensionOf(mediaType)
	}
	if len(name) <= maxName {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 20 {
		name, ext = name[:i], name[i:]
	}
	return strings.TrimRight(cutBytes(name, maxName-len(ext)), " .") + ext
}

func neutral(name string) string {
	return oneLine(strings.Map(func(r rune) rune {
		switch {
		case r == '\u2215' || r == '\u2044' || r == '\uff0f': // look like a slash
			return '_'
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case r < ' ' || r == 0x7f || r == '\ufffd':
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")), 10*maxName)
}

// extensionOf knows the types that mail holds most; a table of the system would
// name the same attachment differently on two machines.
func extensionOf(mediaType string) string {
	switch mediaType {
	case "text/plain":
		return ".txt"
	case "text/html":
		return ".html"
	case "text/calendar", "application/ics":
		return ".ics"
	case "text/csv":
		return ".csv"
	case "text/vcard", "text/x-vcard", "text/directory":
		return ".vcf"
	case "image/jpeg", "image/jpg", "image/pjpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/gif":
		return ".gif"
	case "image/webp":
		return ".webp"
	case "image/tiff":
		return ".tif"
	case "image/svg+xml":
		return ".svg"
	case "application/pdf":
		return ".pdf"
	case "application/zip", "application/x-zip-compressed":
		return ".zip"
	case "application/msword":
		return ".doc"
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return ".docx"
	case "application/vnd.ms-excel":
		return ".xls"
	case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		return ".xlsx"
	case "application/vnd.ms-powerpoint":
		return ".ppt"
	case "application/vnd.openxmlformats-officedocument.presentationml.presentation":
		return ".pptx"
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return ".dat"
	case "application/pgp-signature":
		return ".asc"
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		return ".p7s"
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return ".p7m"
	case "message/rfc822", "message/global":
		return ".eml"
	case "message/delivery-status", "message/disposition-notification", "text/rfc822-headers":
		return ".txt"
	case "audio/mpeg":
		return ".mp3"
	case "audio/wav", "audio/x-wav":
		return ".wav"
	case "video/mp4":
		return ".mp4"
	}
	return ""
}
