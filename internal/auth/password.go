package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

// Costs of argon2id (RFC 9106), written into each hash, so that they can grow.
// 19 MiB and two passes are what OWASP's cheat sheet asks for at least.
const (
	hashMemory = 19 << 10 // KiB
	hashPasses = 2
	hashAtOnce = 2   // so much memory a sign-in may take, however many come
	hashQueue  = 256 // who waits longer is told to come again
	saltBytes  = 16
	sumBytes   = 32

	minPassword = 10
	maxPassword = 256 // bytes
)

// hasher works out password hashes, few at a time.
type hasher struct {
	random io.Reader
	places chan struct{}
	queue  chan struct{}
}

func newHasher(random io.Reader) *hasher {
	return &hasher{random: random, places: make(chan struct{}, hashAtOnce), queue: make(chan struct{}, hashQueue)}
}

// enter waits for a place.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	busy := crm.Errorf(crm.Unavailable, "auth.hash", "too many people sign in at once").WithHint("try again in a moment").WithAfter(2 * time.Second)
	select {
	case h.queue <- struct{}{}:
	default:
		return nil, busy
	}
	defer func() { <-h.queue }()
	select {
	case h.places <- struct{}{}:
		return func() { <-h.places }, nil
	case <-ctx.Done():
		return nil, busy
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", crm.E(crm.Internal, "auth.hash", "the source of randomness failed", err)
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	sum := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, sumBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashPasses,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// matches compares a password with a stored hash. With none it takes as long
// and is false, so that the time does not tell who has an account.
func (h *hasher) matches(ctx context.Context, stored, password string) (bool, error) {
	p, known := parseHash(stored)
	if !known {
		p = parsed{memory: hashMemory, passes: hashPasses, threads: 1, salt: make([]byte, saltBytes), sum: make([]byte, sumBytes)}
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	sum := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.threads, uint32(len(p.sum)))
	return subtle.ConstantTimeCompare(sum, p.sum) == 1 && known, nil
}

type parsed struct {
	memory, passes uint32
	threads        uint8
	salt, sum      []byte
}

// parseHash reads a stored hash. Costs beyond all reason are refused: a damaged
// document must not take the machine.
func parseHash(s string) (parsed, bool) {
	var p parsed
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil || n != 3 {
		return p, false
	}
	var err, err2 error
	p.salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	p.sum, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	ok := err == nil && err2 == nil && len(p.salt) >= 8 && len(p.sum) >= 16 && len(p.sum) <= 64 &&
		p.memory >= 8 && p.memory <= 256<<10 && p.passes >= 1 && p.passes <= 16 && p.threads >= 1
	return p, ok
}

// checkPassword refuses what is guessed first.
func checkPassword(password string, u *crm.User) error {
	const op = crm.Op("auth.SetPassword")
	refuse := func(format string, args ...any) error {
		return crm.Errorf(crm.Invalid, op, format, args...).WithField("password").WithHint("several unrelated words make a good one")
	}
	low := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password):
		return refuse("the password is no text")
	case utf8.RuneCountInString(password) < minPassword:
		return refuse("the password needs at least %d characters", minPassword)
	case len(password) > maxPassword:
		return refuse("the password has more than %d bytes", maxPassword)
	case strings.Contains(low, string(u.Email)) || len(u.Email.Local()) > 3 && strings.Contains(low, u.Email.Local()):
		return refuse("the password contains your address")
	case plain(low):
		return refuse("the password is one of the first that are tried")
	}
	return nil
}

// plain tells whether a password has a pattern that guessers begin with.
func plain(low string) bool {
	seen := map[rune]bool{}
	for _, r := range low {
		seen[r] = true
	}
	if len(seen) < 5 {
		return true
	}
	for _, row := range []string{"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm"} {
		if strings.Contains(row, low[:min(8, len(low))]) {
			return true
		}
	}
	return wordy(low)
}

// firstWords are what guessers put digits and marks around; two of them are no better.
var firstWords = regexp.MustCompile(`^(?:password|passwort|passwd|pass|motdepasse|haslo|hasło|parola|secret|geheim|threadline|letmein|login|access|` +
	`iloveyou|welcome|willkommen|bienvenue|benvenuto|witaj|bonjour|hello|hallo|ciao|qwerty|qwertz|azerty|asdf|asdfgh|abc|abcd|admin|administrator|root|user|test|guest|demo|` +
	`changeme|change|default|company|office|master|dragon|monkey|football|baseball|princess|sunshine|shadow|superman|batman|soleil|juventus|polska|` +
	`spring|summer|autumn|winter|january|february|march|april|june|july|august|september|october|november|december)+$`)

// marks are letters as people who were told to mix write them.
var marks = strings.NewReplacer("@", "a", "4", "a", "0", "o", "1", "i", "!", "i", "3", "e", "$", "s", "5", "s", "7", "t")

// wordy tells whether a password is one of the first words, or several, with digits
// and marks, or digits alone, as a date and a telephone number are.
func wordy(low string) bool {
	other := func(r rune) bool { return !unicode.IsLetter(r) }
	core := strings.TrimFunc(low, other)
	if core == "" {
		return len(low) < 16
	}
	for _, letters := range []string{core, marks.Replace(core)} {
		if firstWords.MatchString(strings.Join(strings.FieldsFunc(letters, other), "")) {
			return true
		}
	}
	return false
}

// SignIn opens a session by address and password. Every refusal is the same
// crm.Unauthorized, takes the same time and counts the same tries, whether
// there is such a user or not.
func (s *Service) SignIn(ctx context.Context, sp *store.Space, email string, password seal.Secret, v Visit) (Begun, error) {
	const op = crm.Op("auth.SignIn")
	address, err := crm.ParseAddress(email)
	if err != nil {
		address = crm.Address(strings.ToLower(strings.TrimSpace(crm.Clip(email, 254))))
	}
	pair, account := "pair\x00"+network(v.Address)+"\x00"+string(address), "user\x00"+string(sp.Workspace())+"\x00"+string(address)
	err = s.limits.try(s.store.Now().Std(), count{"net\x00" + network(v.Address), triesAddress, everyAddress},
		count{pair, triesPair, everyPair}, count{account, triesAccount, everyAccount})
	if err != nil {
		return Begun{}, err
	}
	users, err := byEmail(ctx, sp, address)
	if err != nil {
		return Begun{}, crm.Wrap(op, "signing in failed", err)
	}
	var u crm.User
	var c crm.Credential
	if len(users) > 0 {
		if u, c, err = person(ctx, sp, users[0].ID); err != nil {
			return Begun{}, crm.Wrap(op, "signing in failed", err)
		}
	}
	ok, err := s.hasher.matches(ctx, c.Password, crm.Clip(password.Reveal(), maxPassword+1))
	if err != nil {
		return Begun{}, err
	}
	refused := crm.Errorf(crm.Unauthorized, op, "address and password do not belong together").
		WithHint("try again, or ask whoever runs Threadline for a sign-in link")
	if !ok || u.Status == crm.UserLeft {
		return Begun{}, refused
	}
	s.limits.forget(pair)
	return s.begin(ctx, sp, u.ID, crm.ByPassword, v)
}

// SetPassword gives a user a password, or takes it with an empty one. Their
// other sessions end.
func (s *Service) SetPassword(ctx context.Context, sp *store.Space, id crm.UserID, password seal.Secret, keep crm.Session) error {
	const op = crm.Op("auth.SetPassword")
	u, _, err := person(ctx, sp, id)
	if err != nil {
		return crm.Wrap(op, "the password cannot be set", err)
	}
	var sum string
	if !password.Empty() {
		if err := checkPassword(password.Reveal(), &u); err != nil {
			return err
		}
		if sum, err = s.hasher.hash(ctx, password.Reveal()); err != nil {
			return err
		}
	}
	if err := s.change(ctx, sp, id, func(c *crm.Credential) error { c.Password = sum; return nil }); err != nil {
		return crm.Wrap(op, "the password cannot be set", err)
	}
	_, err = s.EndAll(ctx, sp, id, keep.ID)
	return err
}

// change edits the credential of a user.
func (s *Service) change(ctx context.Context, sp *store.Space, id crm.UserID, f func(*crm.Credential) error) error {
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Credentials.GetMany(ctx, tx, []string{string(id)})
		if err != nil {
			return err
		}
		c := docs[0].Value
		if err := f(&c); err != nil {
			return err
		}
		c.ID = id
		store.Credentials.Put(tx, &c)
		return nil
	})
}
