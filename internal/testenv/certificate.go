package testenv

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

// Certificate is a self-signed certificate for localhost and 127.0.0.1.
type Certificate struct {
	TLS   tls.Certificate
	Roots *x509.CertPool // trusts it

	cert, key []byte // PEM
}

// NewCertificate makes a certificate that is valid for a day.
func NewCertificate() (*Certificate, error) {
	return newCertificate(time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour))
}

// NewExpiredCertificate makes a certificate that ended yesterday.
func NewExpiredCertificate() (*Certificate, error) {
	return newCertificate(time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour))
}

func newCertificate(from, to time.Time) (*Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: from, NotAfter: to,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	c := &Certificate{Roots: x509.NewCertPool()}
	c.cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	c.key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	c.Roots.AppendCertsFromPEM(c.cert)
	c.TLS, err = tls.X509KeyPair(c.cert, c.key)
	return c, err
}

// Write stores certificate and key as PEM files.
func (c *Certificate) Write(cert, key string) error {
	if err := os.WriteFile(cert, c.cert, 0o644); err != nil {
		return err
	}
	return os.WriteFile(key, c.key, 0o600)
}
