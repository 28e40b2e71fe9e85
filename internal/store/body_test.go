package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

func TestBodyCodec(t *testing.T) {
	c, err := NewBodyCodec()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []crm.BodyContent{
		{},
		{Text: "Dzień dobry,\nzałączam ofertę.", Quoted: 7, Headers: []crm.Header{{Name: "Subject", Value: "Oferta"}}},
		{Text: strings.Repeat("a long line ", 100_000), HTML: "<p>x</p>"},
	} {
		packed, err := c.Pack(&want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, *got); d != "" {
			t.Error(d)
		}
	}
	for _, bad := range []string{"", "x", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x05\x10hello"} {
		if _, err := c.Unpack([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
