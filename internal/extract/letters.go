package extract

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

const pageMails = 50

// letters is a page of mail: all of it, that of a record, or that of the records
// of a query, one after the other. The pieces are parts of a tar file, which can
// be written bit by bit; whoever fetches it gets a zip file.
func (r *run) letters(ctx context.Context, v access.Viewer, at position) (piece, error) {
	p := piece{next: at}
	filter, next := timeline.Filter{Record: r.order.Record}, ""
	if r.order.Query != "" {
		q, _, err := r.s.question(ctx, v, r.order.Query)
		if err != nil {
			return p, err
		}
		q.Limit = 1
		found, err := r.s.Records.Run(ctx, v, q, at.Cursor)
		if err != nil {
			return p, err
		}
		if next = found.Next; len(found.Items) == 0 {
			p.next = position{Cursor: next, end: next == ""}
			return p, nil
		}
		filter.Record = found.Items[0].Value.ID
	}
	list, err := r.s.Timeline.Messages(ctx, v, filter, at.Inner, pageMails)
	if err != nil {
		return p, err
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	p.counts = map[string]int64{}
	for _, row := range list.Items {
		if row.Level != access.Full {
			p.counts["metadata_only"]++
			continue
		}
		if err := r.letter(ctx, v, w, row.ID); err != nil {
			return p, err
		}
		p.done++
	}
	if err := w.Flush(); err != nil { // not Close, which would end the file
		return p, err
	}
	p.data = out.Bytes()
	if p.next.Inner = list.Next; list.Next == "" {
		p.next = position{Cursor: next, end: next == ""}
	}
	return p, nil
}

// letter writes one mail.
func (r *run) letter(ctx context.Context, v access.Viewer, w *tar.Writer, id crm.MessageID) error {
	m, err := r.s.Timeline.Message(ctx, v, id)
	if err != nil || m.Level != access.Full {
		return err
	}
	raw, err := r.raw(ctx, &m)
	if err != nil {
		return err
	}
	h := &tar.Header{Name: string(id) + ".eml", Mode: 0o600, Size: int64(len(raw)), ModTime: m.Date.Std().Truncate(time.Second), Format: tar.FormatPAX}
	if err := w.WriteHeader(h); err != nil {
		return crm.E(crm.Internal, "extract.letter", "a mail cannot be written", err)
	}
	_, err = w.Write(raw)
	return err
}

// raw is the mail as it came, where that is kept; else written anew from what is
// stored. Attachments are not stored, and named in a field.
func (r *run) raw(ctx context.Context, m *timeline.Message) ([]byte, error) {
	docs, err := store.Bodies.GetMany(ctx, r.s.Space, []string{string(m.ID)})
	if err != nil {
		return nil, err
	}
	if ref := docs[0].Value.Raw; ref != "" {
		return r.s.Blobs.Get(ctx, r.s.Space.Workspace(), ref)
	}
	content := &crm.BodyContent{}
	if docs[0].Exists() {
		if content, err = r.s.Bodies.LoadBody(ctx, r.s.Space, r.s.Blobs, m.ID); err != nil {
			return nil, err
		}
	}
	l := mail.Letter{ID: m.RFCID, Date: m.Date.Std(), Subject: m.Subject, Text: content.Text, HTML: content.HTML}
	if l.Text == "" && l.HTML == "" {
		l.Text = m.Snippet + "\r\n"
	}
	for _, p := range m.Participants {
		party := mail.Party{Name: p.Name, Address: p.Address}
		switch p.Role {
		case crm.RoleFrom:
			l.From = party
		case crm.RoleTo:
			l.To = append(l.To, party)
		case crm.RoleCc:
			l.Cc = append(l.Cc, party)
		}
	}
	for _, h := range content.Headers {
		switch strings.ToLower(h.Name) {
		case "in-reply-to", "references", "list-id":
			l.Headers = append(l.Headers, h)
		}
	}
	for _, a := range m.Attachments {
		l.Headers = append(l.Headers, crm.Header{Name: "X-Threadline-Attachment", Value: a.Name})
	}
	return mail.Compose(&l)
}

// zipped makes a zip file of the pieces of a tar file, each mail once.
func zipped(ctx context.Context, w io.Writer, pieces func(context.Context, io.Writer) error) error {
	pr, pw := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := pieces(ctx, pw)
		if err == nil { // a part must not look like the whole
			err = tar.NewWriter(pw).Close()
		}
		written <- pw.CloseWithError(err)
	}()
	err := repack(zip.NewWriter(w), tar.NewReader(pr))
	_ = pr.CloseWithError(io.ErrClosedPipe) // ends the writer when we failed; it never fails itself
	return errors.Join(err, <-written)
}

func repack(z *zip.Writer, in *tar.Reader) error {
	seen := map[string]bool{}
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return z.Close()
		}
		if err != nil {
			return err
		}
		if seen[h.Name] {
			continue
		}
		seen[h.Name] = true
		f, err := z.CreateHeader(&zip.FileHeader{Name: h.Name, Method: zip.Deflate, Modified: h.ModTime})
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, in); err != nil {
			return err
		}
	}
}
