package file

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	tt "threadline/internal/timeline/timelinetest"
)

// TestAllowance: a person uploads so much in a day, the same once; others and the
// operator go on, and so do they the next day.
func TestAllowance(t *testing.T) {
	var passed atomic.Int64
	w := tt.Open(t, filepath.Join(t.TempDir(), "data.db"), func() time.Time { return tt.Start.Add(time.Duration(passed.Load())) })
	allow := NewAllowance(w.Space, 100)
	s := New(w.Space, w.Records, w.Blobs, allow)
	put := func(v access.Viewer, content string) error {
		_, err := s.Put(t.Context(), v, "a.txt", "text/plain", strings.NewReader(content))
		return err
	}
	anna, bob := access.Member(tt.Anna), access.Member(tt.Bob)
	a60, b60 := strings.Repeat("a", 60), strings.Repeat("b", 60)
	for _, c := range []struct {
		what    string
		who     access.Viewer
		content string
		want    crm.ErrorKind
	}{
		{"the first", anna, a60, ""}, {"the same again", anna, a60, ""}, {"more than is left", anna, b60, crm.Throttled},
		{"what is left", anna, strings.Repeat("c", 40), ""}, {"one byte more", anna, "d", crm.Throttled}, {"the same when nothing is left", anna, a60, ""},
		{"more than a day has", bob, strings.Repeat("e", 101), crm.TooLarge}, {"somebody else", bob, b60, ""}, {"the operator", access.Operator(), strings.Repeat("f", 200), ""},
	} {
		if err := put(c.who, c.content); c.want == "" && err != nil || c.want != "" && !crm.IsKind(err, c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	passed.Add(int64(23 * time.Hour))
	if err := put(anna, b60); !crm.IsKind(err, crm.Throttled) || crm.RetryAfter(err) != time.Hour {
		t.Errorf("an hour before: %v, again in %v", err, crm.RetryAfter(err))
	}
	if most, day, err := allow.Fullest(t.Context()); err != nil || most.ID != tt.Anna || most.Bytes != 100 || day != 100 {
		t.Errorf("the fullest is %+v of %d, %v", most, day, err)
	}
	passed.Add(int64(time.Hour))
	if err := put(anna, b60); err != nil {
		t.Errorf("the next day: %v", err)
	}
	if err := allow.Take(t.Context(), tt.Anna, filesDay, 1); !crm.IsKind(err, crm.Throttled) {
		t.Errorf("very many small ones: %v", err)
	}
	if err := NewAllowance(w.Space, -1).Take(t.Context(), tt.Anna, 1, 1<<40); err != nil {
		t.Errorf("without a bound: %v", err)
	}
}
