package mail

import (
	"strings"
	"testing"
)

func TestQuotedFrom(t *testing.T) {
	for _, c := range []struct{ name, own, rest string }{
		{"english", "Thanks!\n\n", "On Mon, 2 Mar 2026 at 10:00, Anna <a@x.example> wrote:\n> hello\n> there\n"},
		{"english wrapped", "Thanks!\n\n", "On Mon, 2 Mar 2026 at 10:00, Anna Maria Nowak\n<anna.maria.nowak@x.example> wrote:\n\n> hello\n"},
		{"english without marks", "Thanks!\n\n", "On 2 Mar 2026, Anna wrote:\nhello\nthere\n"},
		{"french", "Merci\n", "Le lun. 2 mars 2026 à 10:00, Anne <a@x.example> a écrit\u00a0:\n> bonjour\n"},
		{"italian", "Grazie\n", "Il giorno lun 2 mar 2026 alle ore 10:00 Anna <a@x.example> ha scritto:\n> ciao\n"},
		{"polish", "Dzięki\n", "W dniu 2.03.2026 o 10:00, Anna Nowak pisze:\n> cześć\n"},
		{"polish gmail", "Dzięki\n", "pon., 2 mar 2026 o 10:00 Anna Nowak <a@x.example> napisał(a):\n> cześć\n"},
		{"german", "Danke\n", "Am 2. März 2026 um 10:00 schrieb Anna <a@x.example>:\n> hallo\n"},
		{"original message", "Thanks\n\n", "-----Original Message-----\nFrom: Anna\nSent: Monday\nTo: Bob\nSubject: x\n\nhello\n"},
		{"message d'origine", "Merci\n", "-----Message d'origine-----\nDe : Anne\n"},
		{"messaggio originale", "Grazie\n", "-----Messaggio originale-----\nDa: Anna\n"},
		{"wiadomość oryginalna", "Dzięki\n", "-----Wiadomość oryginalna-----\nOd: Anna\n"},
		{"ursprüngliche nachricht", "Danke\n", "-----Ursprüngliche Nachricht-----\nVon: Anna\n"},
		{"outlook english", "Thanks\n\n", "From: Anna <a@x.example>\nSent: Monday, 2 March 2026 10:00\nTo: Bob\nSubject: x\n\nhello\n"},
		{"outlook french", "Merci\n", "________________________________\nDe : Anne\nEnvoyé : lundi\nÀ : Bob\nObjet : x\n\nbonjour\n"},
		{"outlook italian", "Grazie\n", "Da: Anna\nInviato: lunedì\nA: Bob\nOggetto: x\n\nciao\n"},
		{"outlook polish", "Dzięki\n", "Od: Anna\nWysłano: poniedziałek\nDo: Bob\nTemat: x\n\ncześć\n"},
		{"outlook german", "Danke\n", "Von: Anna\nGesendet: Montag\nAn: Bob\nBetreff: x\n\nhallo\n"},
		{"outlook bold", "Thanks\n", "*From:* Anna\n*Sent:* Monday\n*To:* Bob\n*Subject:* x\n"},
		{"forwarded", "FYI\n\n", "---------- Forwarded message ---------\nFrom: Anna\nSubject: x\n\nhello\n"},
		{"tail alone", "Yes.\n", "> shall we?\n> tomorrow?\n"},
		{"signature", "See you\n", "-- \nAnna\n+48 600 000 000\n"},
		{"signature before quote", "See you\n", "-- \nAnna\n\nOn Mon, Bob wrote:\n> hi\n"},
		{"short signature line", "See you\n", "--\nAnna\n"},
		{"answers within", "> first?\nyes\n> second?\nno\n", "> third, unanswered\n"},
		{"attribution with answers within", "On Mon, 2 Mar, Bob wrote:\n> first?\nyes\n> second?\nno", ""},
		{"answer below", "On Mon, 2 Mar, Bob wrote:\n> first?\n\nyes, all of it\n", ""},
		{"no quote", "Hello\n\nI wrote: this is not a quote\nbye\n", ""},
		{"all quoted", "> all\n> of it\n", ""},
		{"rule in text", "one\n-----\ntwo\n", ""},
		{"empty", "", ""},
	} {
		want := len(c.own)
		if c.rest == "" {
			want = 0
		}
		if got := quotedFrom(c.own + c.rest); got != want {
			t.Errorf("%s: quoted from %d, want %d: %q", c.name, got, want, (c.own + c.rest)[got:])
		}
	}
}

func TestQuotedFromLinear(t *testing.T) {
	for _, unit := range []string{">\n", "\n--", "a wrote:\n", "From:\n", "On\n", "____________\n", "-- x\n", "\n", "on 1 wrote:\n\n>\n"} {
		quotedFrom("x\n" + strings.Repeat(unit, maxText/len(unit)))
	}
}

func TestSnippet(t *testing.T) {
	for text, want := range map[string]string{
		"Hello\n  there\n\nOn Mon, 2 Mar, Bob wrote:\n> hi\n":   "Hello there",
		"On Mon, 2 Mar, Bob wrote:\n> first?\n\nyes, all of it": "yes, all of it",
		"> only quotes\n":             "> only quotes",
		"":                            "",
		"a\u200b\u200b\u034f b\u00ad": "a b",
	} {
		if got := snippetOf(text, quotedFrom(text)); got != want {
			t.Errorf("%q: snippet %q, want %q", text, got, want)
		}
	}
}

func TestTextOfHTML(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<p>Hello <b>there</b></p><p>Bye</p>", "Hello there\n\nBye"},
		{"one<br>two<br/>three", "one\ntwo\nthree"},
		{"<div>one</div><div>two</div>", "one\ntwo"},
		{"<html><head><title>x</title><style>p{}</style></head><body>seen<script>alert(1)</script></body></html>", "seen"},
		{"a &amp; b &lt;c&gt;&nbsp;d &#x142;", "a & b <c> d ł"},
		{"<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"},
		{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"yes<blockquote>no<br>never</blockquote>end", "yes\n> no\n> never\nend"},
		{"<pre>a\n  b</pre>c", "a\n  b\nc"},
		{"<img alt=\"Logo\">x", "Logox"},
		{"  lots \n of\t space  ", "lots of space"},
		{"<head><style>x</style><body>text", "text"},
		{"", ""},
		{"<", "<"},
	} {
		if got := textOfHTML(c.in); got != c.want {
			t.Errorf("%q = %q, want %q", c.in, got, c.want)
		}
	}
}
