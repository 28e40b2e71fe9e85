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
	s := New(w.Space, w.Records, w.Blobs, NewAllowance(w.Space, 0))
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
	if _, err = w.Records.Update(ctx, by, saved.Record.ID, records.Patch{Values: map[string]any{"contract": value}}); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("the body of a mail is no file: %v", err)
	}
	_, err = w.Records.Update(ctx, records.By{}, saved.Record.ID, records.Patch{Values: map[string]any{"contract": value}})
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

// TestAddressIsNoRight: whoever knows the address of a file and did not put it
// there names it in no record.
func TestAddressIsNoRight(t *testing.T) {
	w := tt.New(t)
	s := New(w.Space, w.Records, w.Blobs, NewAllowance(w.Space, 0))
	ctx, anna, bob := t.Context(), records.By{Actor: tt.Anna}, records.By{Actor: tt.Bob}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Records.MakeField(ctx, records.By{}, crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "contract", Type: crm.FieldFile}})
	must(err)
	put := func(who crm.UserID) map[string]any {
		f, err := s.Put(ctx, access.Member(who), "contract.pdf", "application/pdf", strings.NewReader("signed"))
		must(err)
		return map[string]any{"blob": f.Blob, "name": f.Name}
	}
	value := put(tt.Anna)
	named := func(name string) map[string]any { return map[string]any{"name": name, "contract": value} }
	hers, err := w.Records.Create(ctx, anna, records.Draft{Kind: crm.KindCompany, Values: named("Far")})
	must(err)
	his, err := w.Records.Create(ctx, bob, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Near"}})
	must(err)
	patch := records.Patch{Values: map[string]any{"contract": value}}
	tries := map[string]func() error{
		"a new record": func() error {
			_, err := w.Records.Create(ctx, bob, records.Draft{Kind: crm.KindCompany, Values: named("Nearer")})
			return err
		},
		"many": func() error {
			_, err := w.Records.CreateMany(ctx, bob, []records.Draft{{Kind: crm.KindCompany, Values: named("Nearest")}})
			return err
		},
		"an edit": func() error { _, err := w.Records.Update(ctx, bob, his.Record.ID, patch); return err },
		"a merge": func() error {
			other, err := w.Records.Create(ctx, bob, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Next"}})
			must(err)
			_, err = w.Records.Merge(ctx, bob, records.Merging{Into: his.Record.ID, From: []crm.RecordID{other.Record.ID}, Values: patch.Values})
			return err
		},
	}
	for what, try := range tries {
		if err := try(); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s names the file of somebody else: %v", what, err)
		}
	}
	patch.Values["website"] = "https://far.example"
	if _, err := w.Records.Update(ctx, bob, hers.Record.ID, patch); err != nil {
		t.Errorf("what stands in the record may stay: %v", err)
	}
	put(tt.Bob)
	for what, try := range tries {
		if err := try(); err != nil {
			t.Errorf("%s with a file that he put there too: %v", what, err)
		}
	}
}
