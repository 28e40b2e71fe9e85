package query

import "testing"

func TestNoLimit(t *testing.T) {
	if err := (&Query{Limit: 6}).NoLimit("audience"); err == nil {
		t.Error("a limit is taken where all are meant")
	}
	if err := (&Query{}).NoLimit("audience"); err != nil {
		t.Error(err)
	}
}
