package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime"
	"strings"

	"threadline/internal/crm"
)

// Enclosed is a file that goes with a mail.
type Enclosed struct {
	Name, Type string // of the type of media; what cannot be one is application/octet-stream
	ID         string // by which the page of the mail names it (RFC 2392), without brackets; "" for none
	Data       []byte
}

// Enclose puts files behind what Compose wrote: header and body become the first
// part of a multipart/mixed (RFC 2046 §5.1.3). The same mail and files give the
// same bytes.
func Enclose(raw []byte, id crm.RFCID, files []Enclosed) []byte {
	return wrap(raw, id, "mixed", "", files)
}

// Embed puts pictures behind what Compose wrote that its page names: header and
// body become the root of a multipart/related (RFC 2387). It comes before Enclose.
func Embed(raw []byte, id crm.RFCID, pictures []Enclosed) []byte {
	if len(pictures) == 0 {
		return raw
	}
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	root := "text/html"
	if bytes.Contains(bytes.ToLower(head), []byte("multipart/alternative")) {
		root = "multipart/alternative"
	}
	return wrap(raw, id, "related", "; type=\""+root+"\"", pictures)
}

// wrap makes a mail the first part of a larger one.
func wrap(raw []byte, id crm.RFCID, kind, more string, files []Enclosed) []byte {
	if len(files) == 0 {
		return raw
	}
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	whole, part := splitHeader(head)
	sum := sha256.Sum256([]byte(kind + "\x00" + string(id)))
	boundary := "=_" + hex.EncodeToString(sum[:16]) // stands in no base64 and in no quoted text
	size := len(raw) + 1000
	for _, f := range files {
		size += len(f.Data)*11/8 + 1000
	}
	out := append(make([]byte, 0, size), whole...)
	out = append(out, "Content-Type: multipart/"+kind+"; boundary=\""+boundary+"\""+more+"\r\n\r\n--"+boundary+"\r\n"...)
	out = append(append(append(append(out, part...), "\r\n"...), body...), "\r\n"...)
	for _, f := range files {
		out = append(out, "--"+boundary+"\r\n"...)
		out = appendFile(out, f)
	}
	return append(out, "--"+boundary+"--\r\n"...)
}

// splitHeader tells the fields of a mail from those of its body, each with its
// line end.
func splitHeader(head []byte) (whole, part []byte) {
	to := &whole
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if len(line) > 0 && line[0] != ' ' && line[0] != '\t' {
			to = &whole
			if len(line) > 8 && strings.EqualFold(string(line[:8]), "content-") {
				to = &part
			}
		}
		*to = append(append(*to, line...), "\r\n"...)
	}
	return whole, part
}

const base64Line = 57 // bytes that make a line of 76 letters (RFC 2045 §6.8)

func appendFile(out []byte, f Enclosed) []byte {
	kind, _, err := mime.ParseMediaType(f.Type)
	if err != nil || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") { // those may not be base64
		kind = "application/octet-stream"
	}
	how := "attachment"
	if f.ID != "" {
		how = "inline"
		out = append(out, "Content-ID: <"+f.ID+">\r\n"...)
	}
	saved := mime.FormatMediaType(how, map[string]string{"filename": CleanFileName(f.Name, kind)})
	out = append(out, "Content-Type: "+kind+"\r\nContent-Disposition: "+saved+"\r\nContent-Transfer-Encoding: base64\r\n\r\n"...)
	for data := f.Data; len(data) > 0; {
		n := min(base64Line, len(data))
		out = append(base64.StdEncoding.AppendEncode(out, data[:n]), "\r\n"...)
		data = data[n:]
	}
	return out
}
