package gmailtest

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"strconv"
	"strings"

	gomessage "github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // Gmail hands texts over as UTF-8
	"github.com/emersion/go-message/textproto"
)

// inlined is how long a text may be before its part has an attachment id.
const inlined = 256 << 10

// payload is the parsed form of a message: users.messages, MessagePart.
type payload struct {
	PartID   string     `json:"partId"`
	MimeType string     `json:"mimeType"`
	Filename string     `json:"filename"`
	Headers  []field    `json:"headers,omitempty"`
	Body     *body      `json:"body"`
	Parts    []*payload `json:"parts,omitempty"`
	data     []byte
}

type field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type body struct {
	AttachmentID string `json:"attachmentId,omitempty"`
	Size         int    `json:"size"`
	Data         string `json:"data,omitempty"`
}

func headersOf(raw []byte, only []string) *payload {
	p := payloadOf(raw)
	out := &payload{MimeType: p.MimeType, Body: &body{}}
	for _, f := range p.Headers {
		if len(only) == 0 || contains(only, f.Name) {
			out.Headers = append(out.Headers, f)
		}
	}
	return out
}

func payloadOf(raw []byte) *payload {
	e, err := gomessage.Read(bytes.NewReader(raw))
	if e == nil {
		return &payload{MimeType: "text/plain", Headers: rawFields(raw), Body: &body{}, data: []byte(errText(err))}
	}
	p := partOf(e, "")
	p.Headers = rawFields(raw)
	return p
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// rawFields unfolds the header fields and leaves their values as they are.
func rawFields(raw []byte) []field {
	var out []field
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	sc := bufio.NewScanner(bytes.NewReader(append(bytes.Clone(head), '\n')))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		line := strings.TrimRight(sc.Text(), "\r")
		if line == "" {
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && len(out) > 0 {
			out[len(out)-1].Value += " " + strings.TrimLeft(line, " \t")
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if found {
			out = append(out, field{Name: name, Value: strings.ToValidUTF8(strings.TrimSpace(value), "\ufffd")})
		}
	}
	return out
}

func fieldsOf(h textproto.Header) []field {
	var out []field
	for it := h.Fields(); it.Next(); {
		out = append(out, field{Name: it.Key(), Value: strings.ToValidUTF8(it.Value(), "\ufffd")})
	}
	return out
}

func partOf(e *gomessage.Entity, id string) *payload {
	kind, params, err := e.Header.ContentType()
	if err != nil || kind == "" {
		kind = "text/plain"
	}
	p := &payload{PartID: id, MimeType: kind, Headers: fieldsOf(e.Header.Header), Body: &body{}, Filename: fileName(e, params)}
	if r := e.MultipartReader(); r != nil {
		for n := 0; ; n++ {
			child, err := r.NextPart()
			if child == nil || err != nil && !gomessage.IsUnknownCharset(err) && !gomessage.IsUnknownEncoding(err) {
				return p
			}
			p.Parts = append(p.Parts, partOf(child, strings.TrimPrefix(id+"."+strconv.Itoa(n), ".")))
		}
	}
	data, err := io.ReadAll(e.Body)
	if err != nil {
		data = append(data, '\n') // what is broken stays as far as it could be read
	}
	p.data = data
	p.fill(kind)
	return p
}

func (p *payload) fill(kind string) {
	p.Body.Size = len(p.data)
	if strings.HasPrefix(kind, "message/rfc822") {
		inner := payloadOf(p.data)
		inner.PartID = p.PartID + ".0"
		p.Parts = []*payload{inner}
	}
	if p.Filename != "" || !strings.HasPrefix(kind, "text/") || len(p.data) > inlined {
		p.Body.AttachmentID = "att-" + p.PartID
		return
	}
	p.Body.Data = base64.URLEncoding.EncodeToString([]byte(strings.ToValidUTF8(string(p.data), "\ufffd")))
}

func fileName(e *gomessage.Entity, params map[string]string) string {
	_, disp, err := e.Header.ContentDisposition()
	if err == nil && disp["filename"] != "" {
		return disp["filename"]
	}
	name := params["name"]
	if decoded, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
		return decoded
	}
	return name
}

// partData is the content of the part with an attachment id.
func partData(raw []byte, attachment string) ([]byte, bool) {
	return payloadOf(raw).find(strings.TrimPrefix(attachment, "att-"))
}

func (p *payload) find(id string) ([]byte, bool) {
	if p.PartID == id && p.data != nil {
		return p.data, true
	}
	for _, c := range p.Parts {
		if data, ok := c.find(id); ok {
			return data, true
		}
	}
	return nil, false
}
