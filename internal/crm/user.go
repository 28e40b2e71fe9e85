package crm

import "strings"

// UserStatus is whether a user may sign in.
type UserStatus string

const (
	UserInvited UserStatus = "invited"
	UserActive  UserStatus = "active"
	UserLeft    UserStatus = "left"
)

// User is a person who signs in, and a member of the workspace.
type User struct {
	ID        UserID     `cbor:"-" json:"id"`
	Email     Address    `cbor:"email" json:"email"`
	Name      string     `cbor:"name" json:"name"`
	Locale    string     `cbor:"locale,omitempty" json:"locale,omitempty"`
	Status    UserStatus `cbor:"status" json:"status"`
	Issuer    string     `cbor:"issuer,omitempty" json:"-"`  // of Subject; empty stands for GoogleIssuer
	Subject   string     `cbor:"subject,omitempty" json:"-"` // the sub claim of their identity provider
	CreatedAt Time       `cbor:"created_at" json:"created_at"`
	Account   AccountID  `cbor:"account,omitempty" json:"-"` // of a person who signs in elsewhere: in another workspace
	// Sidebar is the workspace that the sidebar in their mail shows; empty: the
	// one in which they sign in, whose user says it for all places of a person.
	Sidebar WorkspaceID `cbor:"sidebar,omitempty" json:"-"`
}

// AccountID names a person across the workspaces of a server: the workspace and
// the user with which they sign in. People who sign in here have none.
type AccountID string

// AccountIn is the name of the account that a user of a workspace is.
func (u *User) AccountIn(ws WorkspaceID) AccountID {
	if u.Account != "" {
		return u.Account
	}
	return AccountID(string(ws) + "/" + string(u.ID))
}

// Home is where an account signs in.
func (a AccountID) Home() (WorkspaceID, UserID) {
	ws, user, _ := strings.Cut(string(a), "/")
	return WorkspaceID(ws), UserID(user)
}

// GoogleIssuer is the iss claim of Google's identity tokens.
const GoogleIssuer = "https://accounts.google.com"

// IssuerOr names the provider that knows the user as Subject.
func (u *User) IssuerOr() string {
	if u.Issuer == "" {
		return GoogleIssuer
	}
	return u.Issuer
}

// Credential is what a user proves themselves with beside links and identity
// providers. Its id is the user's. It is in no export.
type Credential struct {
	ID       UserID   `cbor:"-" json:"-"`
	Password string   `cbor:"password,omitempty" json:"-"` // argon2id with its parameters and salt
	TOTP     string   `cbor:"totp,omitempty" json:"-"`     // sealed secret (RFC 6238); asked for at every sign-in
	Pending  string   `cbor:"pending,omitempty" json:"-"`  // sealed secret that no code has confirmed yet
	Step     int64    `cbor:"step,omitempty" json:"-"`     // of the last code: none works twice
	Recovery []string `cbor:"recovery,omitempty" json:"-"` // hashes of codes that stand in once each
	Failed   int64    `cbor:"failed,omitempty" json:"-"`   // wrong codes since the last right one
	Until    Time     `cbor:"until,omitempty" json:"-"`    // codes are refused before
}

// Means is how somebody has proved who they are.
type Means string

const (
	ByLink     Means = "link"
	ByPassword Means = "password"
	ByProvider Means = "google"
)

// Session is a signed-in browser; a one-time sign-in link while Link is set; or
// a sign-in that waits for its second factor while Half is. Its id is a hash of
// the secret that the browser holds.
type Session struct {
	ID      string `cbor:"-" json:"-"`
	User    UserID `cbor:"user" json:"user"`
	Link    bool   `cbor:"link,omitempty" json:"link,omitempty"`
	Half    bool   `cbor:"half,omitempty" json:"half,omitempty"`
	Tries   int64  `cbor:"tries,omitempty" json:"-"` // wrong codes for Half
	Expires Time   `cbor:"expires" json:"expires"`
	Created Time   `cbor:"created,omitempty" json:"created,omitzero"`
	Seen    Time   `cbor:"seen,omitempty" json:"seen,omitzero"` // last use, to some minutes
	Proved  Time   `cbor:"proved,omitempty" json:"proved,omitzero"`
	Means   Means  `cbor:"means,omitempty" json:"means,omitempty"`
	Address string `cbor:"address,omitempty" json:"address,omitempty"` // IP, where it began
	Agent   string `cbor:"agent,omitempty" json:"agent,omitempty"`     // of the browser, clipped
}

// Grant is a part of the API that a key opens.
type Grant string

const (
	GrantRead  Grant = "read"  // records, settings, reports: no mail
	GrantWrite Grant = "write" // records
	GrantMail  Grant = "mail"  // the mail that the user may read
	GrantAdmin Grant = "admin" // settings, mailboxes, rules
)

// Grants lists every scope of keys.
func Grants() []Grant { return []Grant{GrantRead, GrantWrite, GrantMail, GrantAdmin} }

// APIKey lets a program act as a user. Only a hash of its secret is stored.
type APIKey struct {
	ID        string  `cbor:"-" json:"id"`
	User      UserID  `cbor:"user" json:"user"`
	Name      string  `cbor:"name,omitempty" json:"name,omitempty"`
	Hash      string  `cbor:"hash" json:"-"`
	Scopes    []Grant `cbor:"scopes,omitempty" json:"scopes,omitempty"` // empty: all
	Expires   Time    `cbor:"expires,omitempty" json:"expires,omitzero"`
	Used      Time    `cbor:"used,omitempty" json:"used,omitzero"` // last use, to a minute
	CreatedAt Time    `cbor:"created_at" json:"created_at"`
}
