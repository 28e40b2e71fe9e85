package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"threadline/internal/crm"
)

func open(t *testing.T, path string) *Box {
	t.Helper()
	b, err := Open(path, true, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	sealed, err := open(t, path).Seal(NewSecret("tulip"), "mbx_1", "password")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, "tulip") || !strings.HasPrefix(sealed, "v1.k_") {
		t.Errorf("sealed as %q", sealed)
	}
	got, err := open(t, path).Unseal(sealed, "mbx_1", "password")
	if err != nil || got.Reveal() != "tulip" {
		t.Errorf("got %q, %v", got.Reveal(), err)
	}
	again, err := open(t, path).Seal(NewSecret("tulip"), "mbx_1", "password")
	if err != nil || again == sealed {
		t.Errorf("the same text was sealed to the same bytes (%v)", err)
	}
}

func TestUnsealRefuses(t *testing.T) {
	box := open(t, filepath.Join(t.TempDir(), "key"))
	other := open(t, filepath.Join(t.TempDir(), "key"))
	sealed, err := box.Seal(NewSecret("tulip"), "mbx_1", "password")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		box    *Box
		sealed string
		aad    []string
		kind   crm.ErrorKind
	}{
		{"another owner", box, sealed, []string{"mbx_2", "password"}, crm.Internal},
		{"another field", box, sealed, []string{"mbx_1", "token"}, crm.Internal},
		{"parts joined otherwise", box, sealed, []string{"mbx_1password"}, crm.Internal},
		{"another key file", other, sealed, []string{"mbx_1", "password"}, crm.Unavailable},
		{"a bit less", box, sealed[:len(sealed)-2], []string{"mbx_1", "password"}, crm.Internal},
		{"plain text", box, "tulip", []string{"mbx_1", "password"}, crm.Internal},
		{"nothing", box, "", []string{"mbx_1", "password"}, crm.Internal},
		{"another version", box, "v2" + sealed[2:], []string{"mbx_1", "password"}, crm.Internal},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := tc.box.Unseal(tc.sealed, tc.aad...)
			if !crm.IsKind(err, tc.kind) || got.Reveal() != "" {
				t.Fatalf("got %q, %v", got.Reveal(), err)
			}
			if !strings.Contains(err.Error(), "enter the secret again") {
				t.Errorf("no word on what to do: %v", err)
			}
			if strings.Contains(err.Error(), "tulip") {
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}

func TestKeyFile(t *testing.T) {
	good, err := newKeyFile(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	twice := strings.Replace(string(good), `"keys": [`, `"keys": [{"id":"k_x","key":"AAAA"},`, 1)
	for _, tc := range []struct {
		name      string
		data      string
		mode      os.FileMode
		mayCreate bool
		kind      crm.ErrorKind
		says      string
	}{
		{"missing though there is data", "", 0, false, crm.Unavailable, "put the key file back"},
		{"open to the group", string(good), 0o640, true, crm.Denied, "chmod 600"},
		{"open to all", string(good), 0o604, true, crm.Denied, "chmod 600"},
		{"empty", " ", 0o600, true, crm.Invalid, "put the right key file back"},
		{"something else", "hello", 0o600, true, crm.Invalid, "put the right key file back"},
		{"a short key", twice, 0o600, true, crm.Invalid, "put the right key file back"},
		{"no primary", `{"primary":"k_1","keys":[]}`, 0o600, true, crm.Invalid, "put the right key file back"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			if tc.data != "" {
				if err := os.WriteFile(path, []byte(tc.data), tc.mode); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(path, tc.mode); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Open(path, tc.mayCreate, rand.Reader)
			if !crm.IsKind(err, tc.kind) || !strings.Contains(err.Error(), tc.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a folder", func(t *testing.T) {
		if _, err := Open(t.TempDir(), true, rand.Reader); err == nil {
			t.Error("a folder was taken for a key file")
		}
	})
	t.Run("a folder that does not exist", func(t *testing.T) {
		_, err := Open(filepath.Join(t.TempDir(), "no", "key"), true, rand.Reader)
		if !crm.IsKind(err, crm.Unavailable) {
			t.Errorf("got %v", err)
		}
	})
}

// TestFirstStartRace lets several processes' worth of first starts meet: all of
// them must end up with one key.
func TestFirstStartRace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	boxes := make([]*Box, 8)
	var wg sync.WaitGroup
	for i := range boxes {
		wg.Go(func() {
			b, err := Open(path, true, rand.Reader)
			if err != nil {
				t.Error(err)
				return
			}
			boxes[i] = b
		})
	}
	wg.Wait()
	for _, b := range boxes {
		if b != nil && boxes[0] != nil && b.primary != boxes[0].primary {
			t.Errorf("two keys: %s and %s", b.primary, boxes[0].primary)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSecretHides(t *testing.T) {
	s := NewSecret("tulip")
	type config struct {
		Name   string
		hidden Secret
		Shown  Secret
		Ptr    *Secret
	}
	c := config{Name: "x", hidden: s, Shown: s, Ptr: &s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", c)
		fmt.Fprintf(&out, verb+"\n", []any{s, &s, c})
	}
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", s, "config", c, "ptr", &s)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", s, "config", c)
	fmt.Fprint(&out, s.String(), s.GoString())
	for _, leak := range []string{"tulip", "74756c6970"} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("the secret leaks as %s:\n%s", leak, out.String())
		}
	}
	var back struct{ Password Secret }
	if err := json.Unmarshal([]byte(`{"Password":"tulip"}`), &back); err != nil || back.Password.Reveal() != "tulip" {
		t.Errorf("read %q, %v", back.Password.Reveal(), err)
	}
	if (Secret{}).Reveal() != "" || !(Secret{}).Empty() {
		t.Error("the zero secret is not empty")
	}
}

func FuzzUnseal(f *testing.F) {
	f.Add("v1.k_a.AAAA")
	f.Add("v1..")
	f.Add("")
	f.Add("v1.k_a.")
	box, err := Open(filepath.Join(f.TempDir(), "key"), true, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("v1." + box.primary + ".AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := box.Unseal(s, "a", "b"); err == nil {
			t.Errorf("%q was opened", s)
		}
	})
}
