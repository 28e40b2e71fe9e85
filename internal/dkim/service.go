package dkim

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"io"
	"regexp"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

// Methods of signing. RSA is what every receiver can check.
const (
	RSA     = "rsa-sha256"
	Ed25519 = "ed25519-sha256"
)

// Service keeps the keys of one workspace. It is safe for concurrent use.
type Service struct {
	sp     *store.Space
	box    *seal.Box
	random io.Reader
	lookUp func(ctx context.Context, name string) ([]string, error)
}

// New makes the service; lookUp reads the TXT records of a name.
func New(sp *store.Space, box *seal.Box, random io.Reader, lookUp func(ctx context.Context, name string) ([]string, error)) *Service {
	return &Service{sp: sp, box: box, random: random, lookUp: lookUp}
}

var selectorForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// rsaBits is what receivers take and one DNS record holds.
const rsaBits = 2048

// Make makes a new key for a domain of ours, in place of the one that it has.
// Nothing is signed with it before Turn.
func (s *Service) Make(ctx context.Context, v access.Viewer, by crm.UserID, domain crm.Domain, selector, method string) (crm.Signer, error) {
	const op = crm.Op("dkim.Make")
	if err := v.Require(crm.RightSettings); err != nil {
		return crm.Signer{}, err
	}
	if !strings.Contains(string(domain), ".") || strings.Contains(string(domain), "_") {
		return crm.Signer{}, crm.Errorf(crm.Invalid, op, "no mail comes from %q", crm.Clip(string(domain), 60)).WithField("domain").WithHint("the domain of one's own addresses, such as company.example")
	}
	if !selectorForm.MatchString(selector) {
		return crm.Signer{}, crm.Errorf(crm.Invalid, op, "%q is no selector", crm.Clip(selector, 60)).WithField("selector").WithHint("letters, digits and -, such as tl2026")
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return crm.Signer{}, err
	}
	key, public, err := s.generate(method)
	if err != nil {
		return crm.Signer{}, err
	}
	out := crm.Signer{ID: crm.SignerID(ws.Value.IDKey, domain), Domain: domain, Selector: selector, Method: method, Public: public, By: by, At: s.sp.Store().Now()}
	err = s.box.Storing(func() error {
		if out.Key, err = s.box.Seal(seal.NewSecret(key), out.ID, "dkim"); err != nil {
			return err
		}
		b := s.sp.Batch()
		store.Signers.Put(b, &out)
		return b.Commit(ctx)
	})
	return out, err
}

// generate makes a key: PKCS #8 in base64, and what its record says.
func (s *Service) generate(method string) (key, public string, err error) {
	var private crypto.Signer
	switch method {
	case RSA:
		private, err = rsa.GenerateKey(s.random, rsaBits)
	case Ed25519:
		_, private, err = ed25519.GenerateKey(s.random)
	default:
		return "", "", crm.Errorf(crm.Invalid, "dkim.Make", "there is no method %q", crm.Clip(method, 40)).WithField("method").WithHint(RSA + " or " + Ed25519)
	}
	if err != nil {
		return "", "", crm.E(crm.Internal, "dkim.Make", "no key can be made", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", crm.E(crm.Internal, "dkim.Make", "the key cannot be written", err)
	}
	record, ok := private.Public().(ed25519.PublicKey)
	if !ok {
		if record, err = x509.MarshalPKIXPublicKey(private.Public()); err != nil {
			return "", "", crm.E(crm.Internal, "dkim.Make", "the key cannot be written", err)
		}
	}
	return base64.StdEncoding.EncodeToString(der), base64.StdEncoding.EncodeToString(record), nil
}

// List returns the keys.
func (s *Service) List(ctx context.Context, v access.Viewer) ([]crm.Signer, error) {
	if err := v.Require(crm.RightCampaigns); err != nil {
		return nil, err
	}
	docs, err := store.Signers.All(ctx, s.sp, store.Query{})
	out := []crm.Signer{}
	for _, d := range docs {
		out = append(out, d.Value)
	}
	return out, err
}

// Turn begins to sign with the key of a domain, once its record is in the DNS, or
// ends it.
func (s *Service) Turn(ctx context.Context, v access.Viewer, domain crm.Domain, on bool) (crm.Signer, error) {
	if err := v.Require(crm.RightSettings); err != nil {
		return crm.Signer{}, err
	}
	have, err := s.of(ctx, domain)
	if err != nil {
		return have, err
	}
	if have.ID == "" {
		return have, crm.Errorf(crm.NotFound, "dkim.Turn", "there is no key for %s", domain).WithField("domain").WithHint("make one: threadline dkim make " + string(domain))
	}
	if on {
		if err := s.Published(ctx, &have); err != nil {
			return have, err
		}
	}
	err = s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Signers.Get(ctx, tx, have.ID)
		if err != nil {
			return err
		}
		have = doc.Value
		have.On = on
		store.Signers.PutIf(tx, &have, doc.Version)
		return nil
	})
	return have, err
}

// Published looks whether the record of a key is in the DNS.
func (s *Service) Published(ctx context.Context, x *crm.Signer) error {
	list, err := s.lookUp(ctx, x.RecordName())
	for _, text := range list {
		if Key(text) == x.Public {
			return nil
		}
	}
	out := crm.Errorf(crm.Conflict, "dkim.Published", "the DNS has no record with this key at %s", x.RecordName())
	if len(list) > 0 {
		out = crm.Errorf(crm.Conflict, "dkim.Published", "the record at %s has another key", x.RecordName())
	} else if err != nil {
		out = crm.E(crm.Conflict, "dkim.Published", "the record at "+x.RecordName()+" cannot be read", err)
	}
	return out.WithField("selector").WithHint("put this TXT record there: " + x.Record())
}

// Key is the key that a record names, "" when it names none.
func Key(record string) string {
	for _, tag := range strings.Split(record, ";") {
		if name, value, ok := strings.Cut(tag, "="); ok && strings.TrimSpace(name) == "p" {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}

// of reads the key of a domain; one without an id is none.
func (s *Service) of(ctx context.Context, domain crm.Domain) (crm.Signer, error) {
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return crm.Signer{}, err
	}
	docs, err := store.Signers.GetMany(ctx, s.sp, []string{crm.SignerID(ws.Value.IDKey, domain)})
	if err != nil || !docs[0].Exists() {
		return crm.Signer{}, err
	}
	return docs[0].Value, nil
}
