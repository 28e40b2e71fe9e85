package file

import (
	"bytes"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	tt "threadline/internal/timeline/timelinetest"
)

// TestFile keeps a file once, hands it out through a record that names it, and
// nothing else.
func TestFile(t *testing.T) {
	w := tt.New(t)
	s := New(w.Space, w.Records, w.Blobs)
	ctx, anna, by := t.Context(), access.Member(tt.Anna), records.By{Actor: tt.Anna}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Records.MakeField(ctx, records.By{}, crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "contract", Type: crm.FieldFile}})
	must(err)
	f, err := s.Put(ctx, anna, "../a contract.pdf", "application/pdf", strings.NewReader("signed"))
	must(err)
	again, err := s.Put(ctx, anna, "b.pdf", "application/pdf", strings.NewReader("signed"))
	must(err)
	if f.Name != "a contract.pdf" || again.Blob != f.Blob || f.Size != 6 {
		t.Errorf("kept %+v, again %+v", f, again)
	}
	value := map[string]any{"blob": f.Blob, "name": f.Name, "type": f.Type, "size": f.Size}
	saved, err := w.Records.Create(ctx, by, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Far", "contract": value}})
	must(err)
	got, data, err := s.Get(ctx, anna, saved.Record.ID, "contract")
	must(err)
	if string(data) != "signed" || got.Name != f.Name || got.Type != "application/pdf" {
		t.Errorf("read %q of %+v", data, got)
	}
	mail, err := w.Blobs.Put(ctx, tt.Workspace, []byte("the body of a mail"))
	must(err)
	value["blob"] = mail
	_, err = w.Records.Update(ctx, by, saved.Record.ID, records.Patch{Values: map[string]any{"contract": value}})
	must(err)
	for _, field := range []string{"contract", "name", "none"} {
		if _, _, err := s.Get(ctx, anna, saved.Record.ID, field); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for want, in := range map[crm.ErrorKind][]byte{crm.Invalid: nil, crm.TooLarge: make([]byte, crm.MaxFile+1)} {
		if _, err := s.Put(ctx, anna, "x", "", bytes.NewReader(in)); !crm.IsKind(err, want) {
			t.Errorf("%d bytes: %v", len(in), err)
		}
	}
	if _, err := s.Put(ctx, access.Viewer{}, "x", "", strings.NewReader("x")); !crm.IsKind(err, crm.Denied) {
		t.Errorf("nobody: %v", err)
	}
}
