package mail

import "testing"

func TestAttached(t *testing.T) {
	p := Parse([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <one@x>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n" +
		"--b\r\nContent-Type: application/pdf; name=b.pdf\r\n\r\n%PDF\r\n--b--\r\n"))
	parts := p.Attached()
	if len(parts) != len(p.Attachments) || len(parts) != 2 || string(parts[0].Content()) != "\x00\x01\x02\x03" || string(parts[1].Content()) != "%PDF" {
		t.Fatalf("%+v: %+v", p.Attachments, parts)
	}
	if p.Root.Named("one@x") != parts[0] || p.Root.Named("two@x") != nil || p.Root.Named("") != nil {
		t.Error("a part is not found by its Content-ID")
	}
}
