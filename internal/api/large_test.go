package api

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestTooLargeIsAnswered sends bodies whole before the answer is read, as most
// programs do: they are told what is wrong, whether or not they say how much comes.
func TestTooLargeIsAnswered(t *testing.T) {
	w := newWorld(t)
	srv := httptest.NewServer(w.Public())
	defer srv.Close()
	cookie := w.signedIn()
	body := `{"values":{"name":"` + strings.Repeat("x", 10<<20) + `"}}`
	for name, head := range map[string]string{
		"length":  fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
		"chunked": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body),
	} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		must(t, err)
		_, err = io.WriteString(conn, "POST /api/v1/contacts HTTP/1.1\r\nHost: "+srv.Listener.Addr().String()+"\r\nContent-Type: application/json\r\nCookie: "+cookie.String()+"\r\nSec-Fetch-Site: same-origin\r\n"+head)
		if err != nil {
			t.Errorf("%s: the body cannot be sent: %v", name, err)
			continue
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
		must(t, res.Body.Close())
		must(t, conn.Close())
	}
}
