package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

const (
	totpBytes     = 20 // RFC 4226 §4: 160 bits
	totpPeriod    = 30 * time.Second
	totpSkew      = 1 // periods that a clock may be off
	recoveryCodes = 10
	maxTries      = 5  // wrong codes for one sign-in
	maxFailed     = 10 // wrong codes in a row before the user waits
	failedWait    = 15 * time.Minute
)

// Enrolment is a second factor that was offered and not confirmed yet.
type Enrolment struct {
	Secret string // base32, to be typed
	URL    string // otpauth://…, to be drawn as a code
}

// Enrol offers a second factor to a user. It counts once Confirm has seen a code.
func (s *Service) Enrol(ctx context.Context, sp *store.Space, u crm.User, workspace string) (Enrolment, error) {
	const op = crm.Op("auth.Enrol")
	if s.box == nil {
		return Enrolment{}, crm.Errorf(crm.Unavailable, op, "no key seals second factors here")
	}
	raw := make([]byte, totpBytes)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return Enrolment{}, crm.E(crm.Internal, op, "the source of randomness failed", err)
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	err := s.box.Storing(func() error {
		sealed, err := s.box.Seal(seal.NewSecret(secret), string(u.ID), "totp")
		if err != nil {
			return err
		}
		return s.change(ctx, sp, u.ID, func(c *crm.Credential) error { c.Pending = sealed; return nil })
	})
	if err != nil {
		return Enrolment{}, crm.Wrap(op, "the second factor cannot be set up", err)
	}
	label := url.URL{Scheme: "otpauth", Host: "totp", Path: "/Threadline " + workspace + ":" + string(u.Email),
		RawQuery: url.Values{"secret": {secret}, "issuer": {"Threadline " + workspace}}.Encode()}
	return Enrolment{Secret: secret, URL: label.String()}, nil
}

// Confirm takes a first code; from then on every sign-in asks for one. It
// returns the recovery codes, which are never shown again.
func (s *Service) Confirm(ctx context.Context, sp *store.Space, id crm.UserID, code string, keep crm.Session) ([]string, error) {
	const op = crm.Op("auth.Confirm")
	codes, sums := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		secret, err := newSecret(s.random)
		if err != nil {
			return nil, err
		}
		codes[i] = secret[:5] + "-" + secret[5:10] + "-" + secret[10:15]
		sums[i] = hash(forCode, plainCode(codes[i]))
	}
	err := s.change(ctx, sp, id, func(c *crm.Credential) error {
		if c.Pending == "" {
			return crm.Errorf(crm.Invalid, op, "no second factor is being set up").WithHint("begin again")
		}
		step, ok := s.step(c.Pending, id, code, 0)
		if !ok {
			return crm.Errorf(crm.Invalid, op, "this code is not right").WithField("code").
				WithHint("enter the six digits that the app shows now; its clock must be right")
		}
		c.TOTP, c.Pending, c.Step, c.Recovery, c.Failed, c.Until = c.Pending, "", step, sums, 0, 0
		return nil
	})
	if err != nil {
		return nil, crm.Wrap(op, "the second factor cannot be confirmed", err)
	}
	_, err = s.EndAll(ctx, sp, id, keep.ID)
	return codes, err
}

// Unenrol takes the second factor from a user.
func (s *Service) Unenrol(ctx context.Context, sp *store.Space, id crm.UserID) error {
	err := s.change(ctx, sp, id, func(c *crm.Credential) error {
		c.TOTP, c.Pending, c.Step, c.Recovery = "", "", 0, nil
		return nil
	})
	return crm.Wrap("auth.Unenrol", "the second factor cannot be removed", err)
}

// Ways says what a user has set up.
type Ways struct {
	Password bool `json:"password"`
	TOTP     bool `json:"totp"`
	Recovery int  `json:"recovery"` // codes left
	Provider bool `json:"google"`
}

// WaysOf tells how a user can prove themselves.
func (s *Service) WaysOf(ctx context.Context, sp *store.Space, id crm.UserID) (Ways, error) {
	u, c, err := person(ctx, sp, id)
	return Ways{Password: c.Password != "", TOTP: c.TOTP != "", Recovery: len(c.Recovery), Provider: u.Subject != ""},
		crm.Wrap("auth.WaysOf", "the credential cannot be read", err)
}

// step returns the period of a code, if it is right and later than after.
func (s *Service) step(sealed string, id crm.UserID, code string, after int64) (int64, bool) {
	if s.box == nil {
		return 0, false
	}
	secret, err := s.box.Unseal(sealed, string(id), "totp")
	code = plainCode(code)
	if err != nil || len(code) != 6 {
		return 0, false
	}
	now := s.store.Now().Std()
	found, at := 0, int64(0)
	for off := -totpSkew; off <= totpSkew; off++ {
		t := now.Add(time.Duration(off) * totpPeriod)
		want, err := totp.GenerateCodeCustom(secret.Reveal(), t, totp.ValidateOpts{Period: uint(totpPeriod / time.Second), Digits: otp.DigitsSix})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found, at = 1, t.Unix()/int64(totpPeriod/time.Second)
		}
	}
	return at, found == 1 && at > after
}

func plainCode(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(s)))
}

// spend checks a code, of the app or for recovery, and makes it worthless. What
// it finds out is in ok; an error means that nothing is known.
func (s *Service) spend(c *crm.Credential, code string) (ok bool) {
	now := s.store.Now()
	if now < c.Until {
		return false
	}
	if at, right := s.step(c.TOTP, c.ID, code, c.Step); right {
		c.Step, c.Failed = at, 0
		return true
	}
	sum := hash(forCode, plainCode(code))
	for i, r := range c.Recovery {
		if sameHash(r, sum) {
			c.Recovery, c.Failed = append(append([]string{}, c.Recovery[:i]...), c.Recovery[i+1:]...), 0
			return true
		}
	}
	if c.Failed++; c.Failed >= maxFailed {
		c.Failed, c.Until = 0, now.Add(failedWait)
	}
	return false
}

// Finish takes the second factor of a half sign-in and opens the session. Five
// wrong codes end the half; ten in a row make the user wait.
func (s *Service) Finish(ctx context.Context, sp *store.Space, half, code string, v Visit) (Begun, error) {
	const op = crm.Op("auth.Finish")
	over := crm.Errorf(crm.Unauthorized, op, "this sign-in has taken too long or had too many wrong codes").WithHint("begin again")
	wrong := crm.Errorf(crm.Unauthorized, op, "this code is not right").WithField("code").
		WithHint("wait for the next code of the app, or use a recovery code")
	secret, err := newSecret(s.random)
	if err != nil {
		return Begun{}, err
	}
	var out Begun
	var answer error
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		out, answer = Begun{Secret: secret}, nil
		id := sessionID(forHalf, half)
		docs, err := store.Sessions.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		h := docs[0].Value
		if !docs[0].Exists() || !h.Half || s.store.Now() >= h.Expires {
			return over
		}
		u, c, err := person(ctx, tx, h.User)
		if err != nil {
			return err
		}
		if u.ID == "" || u.Status == crm.UserLeft || c.TOTP == "" {
			return over
		}
		ok := s.spend(&c, code)
		store.Credentials.Put(tx, &c)
		if !ok {
			answer = wrong
			if h.Tries++; h.Tries >= maxTries {
				store.Sessions.Delete(tx, id)
				return nil
			}
			store.Sessions.Put(tx, &h)
			return nil
		}
		out.User = u
		store.Sessions.Delete(tx, id)
		s.open(tx, &out, h.Means, v)
		return nil
	})
	if err == nil {
		err = answer
	}
	if err != nil {
		return Begun{}, crm.Wrap(op, "signing in failed", err)
	}
	return out, nil
}

// Prove lets somebody who is signed in prove themselves again, before something
// dangerous: by code where there is a second factor, else by password. The
// session gets a new secret.
func (s *Service) Prove(ctx context.Context, sp *store.Space, p Proof, password, code seal.Secret, v Visit) (Begun, error) {
	const op = crm.Op("auth.Prove")
	err := s.limits.try(s.store.Now().Std(), count{"prove\x00" + string(p.User.ID), triesPair, everyPair})
	if err != nil {
		return Begun{}, err
	}
	_, c, err := person(ctx, sp, p.User.ID)
	if err != nil {
		return Begun{}, crm.Wrap(op, "the proof cannot be checked", err)
	}
	ok := false
	switch {
	case c.TOTP != "":
		err = s.change(ctx, sp, p.User.ID, func(c *crm.Credential) error { c.ID = p.User.ID; ok = s.spend(c, code.Reveal()); return nil })
	case c.Password != "":
		ok, err = s.hasher.matches(ctx, c.Password, crm.Clip(password.Reveal(), maxPassword+1))
	default:
		return Begun{}, crm.Errorf(crm.Invalid, op, "there is neither a password nor a second factor to prove yourself with").
			WithHint("sign out and in again")
	}
	if err == nil && !ok {
		err = crm.Errorf(crm.Denied, op, "this is not right").WithField(map[bool]string{true: "code", false: "password"}[c.TOTP != ""])
	}
	if err != nil {
		return Begun{}, crm.Wrap(op, "the proof cannot be checked", err)
	}
	return s.renew(ctx, sp, p, v)
}

// renew gives a session a new secret and a new proof.
func (s *Service) renew(ctx context.Context, sp *store.Space, p Proof, v Visit) (Begun, error) {
	secret, err := newSecret(s.random)
	if err != nil {
		return Begun{}, err
	}
	err = sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Sessions.GetMany(ctx, tx, []string{p.Session.ID})
		if err != nil {
			return err
		}
		if !docs[0].Exists() {
			return crm.Errorf(crm.Unauthorized, "auth.Prove", "this session has ended").WithHint("sign in again")
		}
		ses := docs[0].Value
		store.Sessions.Delete(tx, ses.ID)
		ses.ID, ses.Proved, ses.Seen = sessionID(forSession, secret), s.store.Now(), s.store.Now()
		store.Sessions.Create(tx, &ses)
		return nil
	})
	s.cache.drop(string(sp.Workspace()) + "\x00" + p.Session.ID)
	return Begun{Secret: secret, User: p.User}, crm.Wrap("auth.Prove", "the session cannot be renewed", err)
}
