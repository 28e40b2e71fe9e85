package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"threadline/internal/crm"
)

func all(t testing.TB, r *Reader) (cells [][]string, bad []int64) {
	t.Helper()
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return cells, bad
		}
		if err != nil {
			t.Fatal(err)
		}
		if row.Err != nil {
			bad = append(bad, row.Number)
			continue
		}
		cells = append(cells, row.Cells)
	}
}

func TestGuess(t *testing.T) {
	polish := "Imię;Adres e-mail;Miasto\r\nŻaneta Źrebięcka;zaneta@poczta.example;Łódź\r\nStanisław Gąska;s@poczta.example;Kraków\r\n"
	french := "Prénom,Société,Téléphone\nZoé,\"Crème, Sucre & Cie\",+33 1 02\nNoël,À la carte,+33 2 03\n"
	encode := func(e interface{ Bytes([]byte) ([]byte, error) }, s string) []byte {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, c := range map[string]struct {
		data []byte
		want Dialect
		text string
	}{
		"utf-8":          {[]byte(polish), Dialect{UTF8, "semicolon", true}, "Żaneta Źrebięcka"},
		"utf-8 BOM":      {append([]byte("\xEF\xBB\xBF"), french...), Dialect{UTF8, "comma", true}, "Zoé"},
		"utf-16le":       {encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), polish), Dialect{UTF16LE, "semicolon", true}, "Żaneta Źrebięcka"},
		"utf-16be":       {encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder(), french), Dialect{UTF16BE, "comma", true}, "Zoé"},
		"windows-1250":   {encode(charmap.Windows1250.NewEncoder(), polish), Dialect{Windows1250, "semicolon", true}, "Żaneta Źrebięcka"},
		"windows-1252":   {encode(charmap.Windows1252.NewEncoder(), french), Dialect{Windows1252, "comma", true}, "Zoé"},
		"delimiter said": {[]byte("sep=;\r\nname,first;email\r\nAnn, B;ann@x.example\r\n"), Dialect{UTF8, "semicolon", true}, "Ann, B"},
		"tabs, plain":    {[]byte("ann@x.example\t12\nbob@x.example\t13\n"), Dialect{UTF8, "tab", false}, "bob@x.example"},
		"bars":           {[]byte("name|mail\na, b|c\n"), Dialect{UTF8, "bar", true}, "a, b"},
		"one column":     {[]byte("name\nAnn\nBob\n"), Dialect{UTF8, "comma", true}, "Ann"},
	} {
		got := Guess(c.data)
		if got != c.want {
			t.Errorf("%s: guessed %+v, want %+v", name, got, c.want)
		}
		rows, bad := all(t, NewReader(bytes.NewReader(c.data), got))
		if len(bad) > 0 || len(rows) < 2 || rows[1][0] != c.text {
			t.Errorf("%s: read %q, broken %v", name, rows, bad)
		}
		if strings.HasPrefix(rows[0][0], "\uFEFF") {
			t.Errorf("%s: the byte order mark was left", name)
		}
	}
}

func TestDocumentsOfOtherPrograms(t *testing.T) {
	for _, head := range []string{"PK\x03\x04\x14\x00", "\xD0\xCF\x11\xE0\xA1\xB1", "%PDF-1.7"} {
		var e *crm.Error
		if err := Text([]byte(head)); !errors.As(err, &e) || e.Kind != crm.Invalid || !strings.Contains(e.Hint, "CSV") {
			t.Errorf("%q is answered with %v", head, err)
		}
	}
	if err := Text([]byte("PK,name\n")); err != nil {
		t.Error(err)
	}
}

func TestQuoting(t *testing.T) {
	in := "a,b\r\n\"x\ny\",\"he said \"\"no\"\"\"\r\n\r\n5\" pipe,z\n\"bad\"quote,q\nafter,ok\n\"lost,quote\nlast,row"
	rows, bad := all(t, NewReader(strings.NewReader(in), Dialect{UTF8, "comma", true}))
	want := [][]string{{"a", "b"}, {"x\ny", `he said "no"`}, {`5" pipe`, "z"}, {"after", "ok"}, {"last", "row"}}
	if !reflect.DeepEqual(rows, want) || !reflect.DeepEqual(bad, []int64{5, 7}) {
		t.Errorf("read %q, broken %v", rows, bad)
	}
}

// filler gives a file with one cell of many megabytes, quoted or not.
func filler(before string, n int, after string) io.Reader {
	return io.MultiReader(strings.NewReader(before), io.LimitReader(endless{}, int64(n)), strings.NewReader(after))
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

// TestLineEnds reads a file that was put together on several systems, in pieces
// of any size.
func TestLineEnds(t *testing.T) {
	const text = "a,b\r\nc,\"d\re\"\rf,\"g\"\rh,\"i\"x\rj,k\nl,m\r"
	want := [][]string{{"a", "b"}, {"c", "d\re"}, {"f", "g"}, {"j", "k"}, {"l", "m"}}
	for name, in := range map[string]io.Reader{"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
		cells, bad := all(t, NewReader(in, Dialect{Encoding: UTF8, Delimiter: "comma"}))
		if !reflect.DeepEqual(cells, want) || !reflect.DeepEqual(bad, []int64{4}) {
			t.Errorf("%s: %q, broken %v", name, cells, bad)
		}
	}
	if d := Guess([]byte("name,emails\rAnn,a@x.example\rBob,b@x.example\r")); d != (Dialect{UTF8, "comma", true}) {
		t.Errorf("guessed %+v", d)
	}
}

func TestHugeCell(t *testing.T) {
	for name, in := range map[string]io.Reader{
		"bare":   filler("a,b\n1,", 10<<20, "\nafter,ok\n"),
		"quoted": filler("a,b\n1,\"", 10<<20, "\nstill inside\"\nafter,ok\n"),
		"lost":   io.MultiReader(strings.NewReader("a,b\n1,\"lost\n"), strings.NewReader(strings.Repeat("x,y\n", 400_000)), strings.NewReader("after,ok\n")),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := NewReader(in, Dialect{UTF8, "comma", true})
		var last Row
		bad := 0
		for {
			row, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if row.Err != nil {
				bad++
				if row.Number != 2 {
					t.Errorf("%s: row %d is broken: %v", name, row.Number, row.Err)
				}
			}
			last = row
		}
		runtime.ReadMemStats(&after)
		if bad != 1 || len(last.Cells) != 2 || last.Cells[0] != "after" {
			t.Errorf("%s: %d rows are broken, the last is %v", name, bad, last)
		}
		if held := int64(after.HeapInuse) - int64(before.HeapInuse); held > 24<<20 {
			t.Errorf("%s: %d MB are held", name, held>>20)
		}
	}
}

// TestRoundTrip writes any cells and reads them back, whole or from any row on,
// however the bytes arrive; no written cell opens a formula.
func TestRoundTrip(t *testing.T) {
	cell := rapid.OneOf(rapid.StringMatching(`['=+@\-]{0,3}[a-z"0-9,;\n ]{0,6}`), rapid.StringOfN(rapid.RuneFrom([]rune("ąż\"\r\n\t,;|='")), 0, 8, -1))
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.IntRange(2, 4).Draw(r, "width")
		table := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 8).Draw(r, "table")
		var b bytes.Buffer
		w := NewWriter(&b)
		for _, row := range table {
			if err := w.Write(row); err != nil {
				r.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			r.Fatal(err)
		}
		d := Dialect{UTF8, "comma", false}
		reader := NewReader(iotest.HalfReader(bytes.NewReader(b.Bytes())), d)
		var offsets []int64
		for i, want := range table {
			offsets = append(offsets, reader.Offset())
			row, err := reader.Read()
			if err != nil || row.Err != nil {
				r.Fatal(err, row.Err)
			}
			for k, c := range row.Cells {
				if strings.ContainsAny(c[:min(1, len(c))], "=+@\t\r") || strings.HasPrefix(c, "-") && !negative(c) {
					r.Fatalf("%q opens a formula", c)
				}
				if Bare(c) != want[k] {
					r.Fatalf("row %d: %q was read as %q", i, want[k], Bare(c))
				}
			}
		}
		from := rapid.IntRange(0, len(table)-1).Draw(r, "from")
		again := NewReader(bytes.NewReader(b.Bytes()), d)
		if err := again.Skip(offsets[from], int64(from)); err != nil {
			r.Fatal(err)
		}
		row, err := again.Read()
		if err != nil || row.Number != int64(from+1) || Bare(row.Cells[0]) != table[from][0] {
			r.Fatalf("going on at row %d gave %v %v", from+1, row, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a;b\n\"x\";y\n"), uint8(1))
	f.Add([]byte("\"\r\"\n\"\""), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		d := Guess(data)
		if err := d.Check(); err != nil {
			t.Fatal(err)
		}
		whole, _ := all(t, NewReader(bytes.NewReader(data), d))
		halves, _ := all(t, NewReader(iotest.HalfReader(bytes.NewReader(data)), d))
		if fmt.Sprint(whole) != fmt.Sprint(halves) {
			t.Errorf("rows depend on how the bytes arrive: %q and %q", whole, halves)
		}
	})
}

func TestCheck(t *testing.T) {
	for field, d := range map[string]Dialect{"encoding": {"ebcdic", "comma", true}, "delimiter": {UTF8, "dot", true}} {
		var e *crm.Error
		if err := d.Check(); !errors.As(err, &e) || e.Field != field || e.Hint == "" {
			t.Errorf("%+v: %v", d, err)
		}
	}
}
