package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

// brief writes participants as name|address|raw.
func brief(list []crm.Participant) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Name+"|"+string(p.Address)+"|"+p.Raw)
	}
	return out
}

func TestParseAddressList(t *testing.T) {
	for _, c := range []struct {
		list string
		want []string
	}{
		{"anna@acme.example", []string{"|anna@acme.example|"}},
		{"Anna Nowak <Anna@ACME.example>", []string{"Anna Nowak|anna@acme.example|"}},
		{`"Nowak, Anna" <a@x.example>, Bob <b@x.example>`, []string{"Nowak, Anna|a@x.example|", "Bob|b@x.example|"}},
		{"a@x.example; b@x.example", []string{"|a@x.example|", "|b@x.example|"}},
		{"a@x.example, A@X.EXAMPLE", []string{"|a@x.example|"}},
		{"a@x.example (Anna)", []string{"Anna|a@x.example|"}},
		{"Anna (Sales) <a@x.example>", []string{"Anna|a@x.example|"}},
		{"(Sales) <a@x.example>", []string{"Sales|a@x.example|"}},
		{`"Anna \"Ann\" N." <a@x.example>`, []string{`Anna "Ann" N.|a@x.example|`}},
		{"'Anna' <a@x.example>", []string{"Anna|a@x.example|"}},
		{"a@x.example <a@x.example>", []string{"|a@x.example|"}},
		{"a..b@x.com", []string{"|a..b@x.com|a..b@x.com"}},
		{".a@x.com, b.@x.com", []string{"|.a@x.com|.a@x.com", "|b.@x.com|b.@x.com"}},
		{"J\xfcrgen <j@x.example>, b@x.example", []string{"Jürgen|j@x.example|", "|b@x.example|"}},
		{"=?utf-8?Q?Nowak,_Anna?= <a@x.example>, b@x.example", []string{"Nowak, Anna|a@x.example|", "|b@x.example|"}},
		{"=?utf-8?B?xYHDs2TFug==?= <a@x.example>", []string{"Łódź|a@x.example|"}},
		{"john@home <j@x.example>, b@x.example", []string{"john@home|j@x.example|", "|b@x.example|"}},
		{"John (at work <j@x.example>, b@x.example", []string{"John (at work|j@x.example|", "|b@x.example|"}},
		{"John [work] <j@x.example>, b@x.example", []string{"John [work]|j@x.example|", "|b@x.example|"}},
		{"a@b@c, d@x.example", []string{"a@b@c||a@b@c", "|d@x.example|"}},
		{"MAILER-DAEMON, a@x.example", []string{"MAILER-DAEMON||MAILER-DAEMON", "|a@x.example|"}},
		{"<>", []string{"||<>"}},
		{"John Smith j@x.example, b@x.example", []string{"John Smith|j@x.example|John Smith j@x.example", "|b@x.example|"}},
		{"Smith, John <j@x.example>, b@x.example", []string{"Smith, John|j@x.example|", "|b@x.example|"}},
		{"<j@x.example, b@x.example", []string{"|j@x.example|<j@x.example", "|b@x.example|"}},
		{"<<j@x.example>>", []string{"|j@x.example|"}},
		{"<mailto:j@x.example>", []string{"|j@x.example|<mailto:j@x.example>"}},
		{"<@relay.example,@hop.example:j@x.example>, b@x.example", []string{"|j@x.example|", "|b@x.example|"}},
		{`"John <j@x.example>, "Bob" <b@x.example>`, []string{"John|j@x.example|", "Bob|b@x.example|"}},
		{`"John <j@x.example>`, []string{"John|j@x.example|"}},
		{`"j.smith"@x.example`, []string{"|j.smith@x.example|"}},
		{`"j smith"@x.example, b@x.example`, []string{`j smith@x.example||"j smith"@x.example`, "|b@x.example|"}},
		{"j @ x.example", []string{"|j@x.example|j @ x.example"}},
		{"Team: a@x.example, Bob <b@x.example>; c@x.example", []string{"|a@x.example|", "Bob|b@x.example|", "|c@x.example|"}},
		{"undisclosed-recipients:;", nil},
		{"Undisclosed Recipients@x.example", []string{"Undisclosed|" + "|Undisclosed Recipients@x.example"}},
		{"jan@łódź.example", []string{"|jan@xn--d-uga0v4h.example|"}},
		{"user@[192.0.2.1]", []string{"user@[192.0.2.1]||user@[192.0.2.1]"}},
		{"Evil \u202eelpmaxe <e@x.example>", []string{"Evil elpmaxe|e@x.example|"}},
		{",, ;a@x.example,,", []string{"|a@x.example|"}},
		{"", nil},
	} {
		if diff := cmp.Diff(c.want, brief(ParseAddressList(crm.RoleTo, c.list))); diff != "" {
			t.Errorf("%q: %s", c.list, diff)
		}
	}
}

// TestParseAddressListLinear feeds lists that make a careless parser quadratic: of
// a megabyte that is a quarter of an hour, where a busy machine takes a second.
func TestParseAddressListLinear(t *testing.T) {
	const limit = time.Minute
	for name, unit := range map[string]string{
		"quotes": `"`, "escaped quotes": `\"`, "rejected quotes": `">,`, "comments": "(", "angles": "<", "colons": "a@:",
		"commas": ",", "words": "=?a?B?x ", "words open": "=?a?q?", "at": "@", "blanks": " a", "routes": "<@a,", "groups": "a:", "names": "Ab, ",
	} {
		list := `"a>, b@x.example ` + strings.Repeat(unit, 1<<20/len(unit)) + `" <z@x.example>`
		start := time.Now()
		got := ParseAddressList(crm.RoleTo, list)
		if took := time.Since(start); took > limit {
			t.Errorf("%s: %v", name, took)
		}
		if len(got) > maxParticipants {
			t.Errorf("%s: %d participants", name, len(got))
		}
	}
}

func TestManyRecipients(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "p%d@x.example, ", i%150)
	}
	if got := ParseAddressList(crm.RoleCc, b.String()); len(got) != 150 {
		t.Errorf("%d participants, want 150", len(got))
	}
}
