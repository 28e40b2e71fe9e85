package mail

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// ordinaryMails makes n different mails of about 5 KB: plain text of lists,
// alternatives of newsletters, quoted-printable replies, small attachments.
func ordinaryMails(n int) [][]byte {
	rng := rand.New(rand.NewPCG(1, 2))
	mails := make([][]byte, n)
	for i := range mails {
		mails[i] = ordinaryMail(rng, i)
	}
	return mails
}

func ordinaryMail(rng *rand.Rand, i int) []byte {
	var b strings.Builder
	for hop := range 4 {
		fmt.Fprintf(&b, "Received: from relay%d.example.net (relay%d.example.net [192.0.2.%d])\r\n\tby mx.example.com (Postfix) with ESMTPS id %08X\r\n\tfor <anna@example.com>; Wed, %d Mar 2026 10:%02d:00 +0100 (CET)\r\n", hop, hop, rng.IntN(255), rng.Uint32(), 1+i%28, i%60)
	}
	fmt.Fprintf(&b, "Return-Path: <person%d@example.net>\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=k1;\r\n\th=from:to:subject:date; bh=%s;\r\n\tb=%s\r\n", i, words(rng, 40), words(rng, 200))
	fmt.Fprintf(&b, "From: \"Person %d\" <person%d@example.net>\r\nTo: Anna <anna@example.com>, Bob Brown <bob@example.org>\r\nCc: carol@example.org\r\nDate: Wed, %d Mar 2026 10:%02d:07 +0100\r\n", i, i, 1+i%28, i%60)
	fmt.Fprintf(&b, "Message-ID: <%d.%x@example.net>\r\nIn-Reply-To: <%d.1@example.net>\r\nReferences: <1@example.net> <2@example.net>\r\n\t<%d.1@example.net>\r\nMIME-Version: 1.0\r\n", i, rng.Uint64(), i, i)
	text := prose(rng, 2200)
	switch i % 4 {
	case 0:
		fmt.Fprintf(&b, "Subject: Re: offer %d\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n%s\r\n\r\nOn Tue, Anna wrote:\r\n> %s", i, text, strings.ReplaceAll(text[:1000], "\n", "\n> "))
	case 1:
		fmt.Fprintf(&b, "Subject: =?UTF-8?Q?Angebot_f=C3=BCr_Sie_%d?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s", i, strings.ReplaceAll(text, "e ", "=C3=A9 "))
	case 2:
		fmt.Fprintf(&b, "Subject: News %d\r\nList-Unsubscribe: <https://example.net/u>\r\nContent-Type: multipart/alternative; boundary=\"=_b%d\"\r\n\r\n--=_b%d\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n--=_b%d\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>%s</p></body></html>\r\n--=_b%d--\r\n", i, i, i, text[:1500], i, strings.ReplaceAll(text[:1500], "\r\n", "<br>\r\n"), i)
	case 3:
		fmt.Fprintf(&b, "Subject: Files %d\r\nContent-Type: multipart/mixed; boundary=\"=_b%d\"\r\n\r\n--=_b%d\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n%s\r\n--=_b%d\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--=_b%d--\r\n", i, i, i, text[:1500], i, base64.StdEncoding.EncodeToString([]byte(text[:1000])), i)
	}
	return []byte(b.String())
}

func words(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng.IntN(62)]
	}
	return string(b)
}

func prose(rng *rand.Rand, n int) string {
	vocabulary := strings.Fields("the offer we sent last week stands and the price includes delivery please tell me when it suits you thanks")
	var b strings.Builder
	line := 0
	for b.Len() < n {
		w := vocabulary[rng.IntN(len(vocabulary))]
		if line += len(w) + 1; line > 70 {
			b.WriteString("\r\n")
			line = len(w)
		}
		b.WriteString(w + " ")
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	mails := ordinaryMails(1000)
	size := 0
	for _, m := range mails {
		size += len(m)
	}
	b.SetBytes(int64(size / len(mails)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Parse(mails[i%len(mails)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

func BenchmarkParseHeader(b *testing.B) {
	mails := ordinaryMails(1000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ParseHeader(mails[i%len(mails)], "headers_only")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
