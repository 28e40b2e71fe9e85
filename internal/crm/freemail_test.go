package crm

import (
	"slices"
	"testing"
)

func TestFreeMail(t *testing.T) {
	if !slices.IsSorted(freeMail) {
		t.Fatal("the list is not sorted")
	}
	for _, d := range freeMail {
		if p, err := ParseDomain(string(d)); err != nil || p != d {
			t.Errorf("%q is no domain in the form that is compared (%v)", d, err)
		}
		if !FreeMail(d) {
			t.Errorf("%s is in the list and is not found", d)
		}
	}
	for d, want := range map[Domain]bool{
		"gmail.com": true, "mx.gmail.com": true, "wp.pl": true, "libero.it": true, "orange.fr": true,
		"notgmail.com": false, "gmail.com.example": false, "acme.example": false, "com": false, "": false,
	} {
		if got := FreeMail(d); got != want {
			t.Errorf("FreeMail(%q) = %t", d, got)
		}
	}
}
