package mail

import "testing"

func TestParseDate(t *testing.T) {
	const want = "2006-11-22T15:54:06Z"
	for _, s := range []string{
		"Wed, 22 Nov 2006 16:54:06 +0100",
		"22 Nov 2006 16:54:06 +0100",
		"Wed, 22 Nov 2006 15:54:06 GMT",
		"Wed, 22 Nov 2006 15:54:06",
		"Wed, 22 Nov 2006 15:54:6 UT",
		"Wed, 22 Nov 06 16:54:06 +0100 (CET)",
		"Wed, 22 Nov 2006 10:54:06 -0500 (Eastern Standard Time)",
		"Wed, 22 Nov 2006 10:54:06 EST",
		"Wed, 22 Nov 2006 11:54:06 Atlantic Standard Time",
		"Wed, 22 Nov 2006 08:54:06 (Pacific Daylight Time)",
		"Wed, 22 Nov 2006 16:54:06 (Central European Standard Time)",
		"Wed, 22 Nov 2006 16:54:06 CET",
		"Wed, 22 Nov 2006 03:54:06 PM",
		"Wed, 22 Nov 2006 3:54:06PM GMT",
		"Wed, 22 Nov 2006 16:54:06 GMT+0100",
		"Wed, 22 Nov 2006 16:54:06 +01:00",
		"Wed, 22 Nov 2006 15:54:06 +0000 (UTC)",
		"Wed Nov 22 15:54:06 2006",
		"Wed Nov 22 10:54:06 EST 2006",
		"22-Nov-2006 15:54:06",
		"22-Nov-06 15:54:06 GMT",
		"2006-11-22T15:54:06Z",
		"2006-11-22 16:54:06+01:00",
		"2006-11-22T16:54:06.123+0100",
		"11/22/2006 15:54:06",
		"22/11/2006 15:54:06",
		"Wed, 22 November 2006 15:54:06 +0000",
		"Mer, 22 nov. 2006 15:54:06 +0000",
		"śr., 22 lis 2006 16:54:06 +0100",
		"Mi, 22 Nov 2006 16:54:06 +0100",
		"  Wed,22 Nov 2006   16:54:06  +0100  ",
		"Wednesday, November 22, 2006 3:54:06 PM",
	} {
		if got := ParseDate(s).String(); got != want {
			t.Errorf("%q = %s", s, got)
		}
	}
	for _, s := range []string{
		"", "tomorrow", "Wed, 31 Feb 2006 10:00:00 +0000", "03/04/2006 10:00", "Wed, 22 Nov 2006 25:00:00", "Wed, 22 Nov 1906 10:00:00",
		"Wed, 22 Nov 9999 10:00:00 +0000", "22 2006", "\x00\xff", "Thu, 1 Jan 1970 00:00:00 +0000", "-", "+", "1:2:3:4:5",
	} {
		if got := ParseDate(s); got != 0 {
			t.Errorf("%q = %s, want none", s, got)
		}
	}
	if got := ParseDate("Mon, 2 Mar 2026 10:00").String(); got != "2026-03-02T10:00:00Z" {
		t.Errorf("without seconds: %s", got)
	}
}
