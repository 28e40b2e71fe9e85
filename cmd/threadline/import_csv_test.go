package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"threadline/internal/job"
)

// peopleFile writes a file of people, two of whom cannot be brought in.
func peopleFile(t testing.TB, rows int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Imię i nazwisko;E-mail;Firma\n")
	for i := range rows {
		fmt.Fprintf(&b, "Osoba %d;osoba%d@firma%d.example;Firma %d\n", i, i, i%40, i%40)
	}
	b.WriteString("Zła;nie adres;\n\"Urwana;x@x.example;\n")
	file := filepath.Join(t.TempDir(), "ludzie.csv")
	must(t, os.WriteFile(file, []byte(b.String()), 0o600))
	return file
}

// TestImportCSV brings a file in without a server, and takes it back.
func TestImportCSV(t *testing.T) {
	s := newShell(t)
	if code, said := s.serve()(); code != 0 {
		t.Fatal(said)
	}
	file, before, after := peopleFile(t, 120), filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")
	s.ok("export", "-o", before)
	s.fails([]string{"--folder contacts", "--full"}, "import", file)
	s.fails([]string{"no folder", "contacts"}, "import", file, "--folder", "kontakty")
	s.fails([]string{"2 rows", "nothing was written"}, "import", file, "--folder", "contacts")
	s.fails([]string{"no column"}, "import", file, "--folder", "contacts", "--map", "Telefon=phones")
	s.fails([]string{"encoding"}, "import", file, "--folder", "contacts", "--encoding", "ebcdic")
	out := s.ok("import", file, "--folder", "contacts", "--dry-run")
	for _, want := range []string{"cells parted by semicolon", "Firma: company", "120 create, 2 error", "row 122  error", "nie adres", "row 123  error", "quote"} {
		if !strings.Contains(out, want) {
			t.Errorf("the plan does not say %q:\n%s", want, out)
		}
	}
	s.ok("export", "-o", after)
	sameFiles(t, before, after)
	var p job.Progress
	must(t, json.Unmarshal([]byte(s.ok("import", file, "--folder", "contacts", "--partly", "--json")), &p))
	if p.Counts["create"] != 120 || p.Counts["made"] != 40 || p.Counts["error"] != 2 {
		t.Errorf("brought in %v", p.Counts)
	}
	if out := s.ok("query", "contacts where company.name = \"Firma 7\""); strings.Count(out, "con_") != 3 {
		t.Errorf("Firma 7 has others:\n%s", out)
	}
	s.ok("undo", p.Batch)
	s.ok("export", "-o", after)
	sameFiles(t, before, after)
}

func sameFiles(t testing.TB, one, two string) {
	t.Helper()
	a, err := os.ReadFile(one)
	must(t, err)
	b, err := os.ReadFile(two)
	must(t, err)
	if string(a) != string(b) {
		t.Errorf("%s and %s differ", one, two)
	}
}

// TestImportKilled kills the server with signal 9 while it brings a file in, as
// often as it lives long enough, and lets the next one go on: every row is there
// once, and undo takes all of them back.
func TestImportKilled(t *testing.T) {
	s, bin := newShell(t), filepath.Join(t.TempDir(), "threadline")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	rows, kills := 3000, 2
	file := peopleFile(t, rows)
	server := s.launch(bin)
	before, after := filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")
	s.ok("export", "-o", before)
	var planned struct{ ID string }
	must(t, json.Unmarshal([]byte(s.ok("import", file, "--folder", "contacts", "--dry-run", "--json")), &planned))
	begun := exec.CommandContext(t.Context(), bin, "--data", s.data, "imports", "apply", planned.ID)
	must(t, begun.Start())
	for last := int64(0); kills > 0; kills-- {
		last = s.comesTo(planned.ID, last)
		must(t, server.Process.Kill())
		_ = server.Wait()
		_ = begun.Wait()
		server = s.launch(bin)
	}
	var p job.Progress
	must(t, json.Unmarshal([]byte(s.ok("job", "wait", planned.ID, "--json")), &p))
	if p.Done != int64(rows)+2 || p.Counts["create"] != int64(rows) || p.Counts["made"] != 40 {
		t.Errorf("ended as %+v", p)
	}
	s.ok("undo", p.Batch)
	s.ok("export", "-o", after)
	sameFiles(t, before, after)
	must(t, server.Process.Signal(os.Interrupt))
	must(t, server.Wait())
}

// launch starts a server of its own process.
func (s *shell) launch(bin string) *exec.Cmd {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), bin, "--data", s.data, "serve", "--listen", "127.0.0.1:0")
	var said buffer
	cmd.Stderr = &said
	must(s.t, cmd.Start())
	for start := time.Now(); !strings.Contains(said.String(), "serves http"); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 3*time.Minute {
			s.t.Fatalf("the server does not start: %s", said.String())
		}
	}
	return cmd
}

// comesTo waits until a job has done more than before, or is done.
func (s *shell) comesTo(id string, before int64) int64 {
	s.t.Helper()
	for start := time.Now(); time.Since(start) < 3*time.Minute; {
		var p job.Progress
		must(s.t, json.Unmarshal([]byte(s.ok("job", "show", id, "--json")), &p))
		if p.Stage != "planned" && (p.Done > before || p.State != "running") {
			return p.Done
		}
	}
	s.t.Fatal("the job does not move")
	return 0
}
