package match

import (
	"strings"
	"testing"
)

// BenchmarkWords picks the words of a mail of ordinary length.
func BenchmarkWords(b *testing.B) {
	text := strings.Repeat("Dear Nora, thank you for quotation Q-2383 of 12/11/2026 over 48.000,00 EUR; the extraction unit for our mill in Łódź "+
		"has to be delivered before the winter, and the colleagues at purchasing would like to see the data sheet.\r\n", 15)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if Words(text, 0) == "" {
			b.Fatal("no words")
		}
	}
}
