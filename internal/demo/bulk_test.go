package demo

import (
	"bytes"
	"net/mail"
	"slices"
	"strings"
	"testing"
)

func TestBulkIsPlausible(t *testing.T) {
	const n = 2003 // not a divisor of the span
	people := map[string]bool{}
	for p := range BulkPeople(n, 1) {
		people[string(p.Address)] = true
	}
	if len(people) != bulkPeople(n) {
		t.Errorf("%d different people, want %d", len(people), bulkPeople(n))
	}
	var size, list, big, threaded, total int
	seen, domains := map[string]bool{}, map[string]bool{}
	var last Mail
	for m := range Bulk(n, 1) {
		total++
		checkMail(t, m)
		h := parse(t, m).Header
		size += len(m.Raw)
		if h.Get("List-Unsubscribe") != "" {
			list++
			if len(m.Raw) >= 20_000 && len(m.Raw) <= 85_000 {
				big++
			}
		}
		for _, r := range strings.Fields(h.Get("References")) {
			if !seen[r] {
				t.Fatalf("reference %s is unknown", r)
			}
		}
		if h.Get("References") != "" {
			threaded++
		}
		seen[h.Get("Message-Id")] = true
		if m.Date.Before(last.Date) {
			t.Errorf("%s comes after %s", m.Date, last.Date)
		}
		last = m
		countPeople(t, h, people, domains)
	}
	if total != n || len(seen) != n {
		t.Errorf("%d mails with %d ids, want %d", total, len(seen), n)
	}
	within(t, "average size", size/n, 3800, 6500)
	within(t, "list mails", list, n*4/100, n*6/100)
	within(t, "big mails", big, n*3/100, n*6/100)
	within(t, "answers", threaded, n*30/100, n*60/100)
	within(t, "domains", len(domains), 50, 150)
}

func within(t *testing.T, what string, n, from, to int) {
	t.Helper()
	if n < from || n > to {
		t.Errorf("%s: %d, want %d to %d", what, n, from, to)
	}
}

// countPeople notes the domain of the person outside, who must be announced.
func countPeople(t *testing.T, h mail.Header, people, domains map[string]bool) {
	t.Helper()
	if h.Get("List-Id") != "" || h.Get("Auto-Submitted") != "" {
		return
	}
	for _, field := range []string{"From", "To"} {
		list, err := (&mail.AddressParser{WordDecoder: words()}).ParseList(h.Get(field))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			_, domain, _ := strings.Cut(a.Address, "@")
			if domain != "brightwell.example" {
				domains[domain] = true
				if !people[a.Address] {
					t.Errorf("%s writes, but is not among the people", a.Address)
				}
			}
		}
	}
}

func TestBulkIsDeterministic(t *testing.T) {
	a, b := slices.Collect(Bulk(300, 5)), slices.Collect(Bulk(300, 5))
	if !slices.EqualFunc(a, b, sameMail) {
		t.Error("the same seed gives other mails")
	}
	if slices.EqualFunc(a, slices.Collect(Bulk(300, 6)), sameMail) {
		t.Error("another seed gives the same mails")
	}
	for range Bulk(300, 5) {
		break // an early end must not run on
	}
	if len(a) != 300 || bytes.Equal(a[0].Raw, a[1].Raw) {
		t.Errorf("%d mails, or the first two are equal", len(a))
	}
}

func BenchmarkBulk(b *testing.B) {
	bytes := 0
	for range b.N {
		for m := range Bulk(1000, 1) {
			bytes += len(m.Raw)
		}
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "mails/s")
	b.ReportMetric(float64(bytes)/float64(b.N)/1000, "bytes/mail")
}

func BenchmarkWorld(b *testing.B) {
	for range b.N {
		NewWorld(now(), 1)
	}
}
