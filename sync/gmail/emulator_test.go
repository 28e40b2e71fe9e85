package gmail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
	"threadline/sync/source/sourcetest"
)

// cannot is what the emulator is unable to be asked, with the reason.
var cannot = map[string]string{
	"find by message id":               "rfc822msgid: never matches: its search cuts the operator one letter too early",
	"fetch is complete":                "it writes the headers of format full anew",
	"fetch of large mail":              "as before",
	"fetch of one":                     "as before",
	"fetch of headers":                 "as before",
	"fetch of odd bytes":               "as before, and it has no part tree of broken mail",
	"a cancelled context ends a fetch": "as before",
}

// users is how many accounts the suite may use up.
const users = 60

// TestSecondOpinion runs the conformance suite against a server that somebody
// else wrote.
func TestSecondOpinion(t *testing.T) {
	base := gmailtest.Second(t, filepath.Join("testdata", "emulator"), users)
	n := 0
	sourcetest.Run(t, func(t *testing.T) sourcetest.Harness {
		if why := cannot[strings.ReplaceAll(filepath.Base(t.Name()), "_", " ")]; why != "" {
			t.Skip("NOT TESTED on @emulators/google: " + why)
		}
		n++
		e := &emulated{base: base, email: fmt.Sprintf("user%d@example.com", n)}
		token, err := e.tokens().Access(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		e.token = token
		stranger := &emulated{base: base, email: "stranger@example.com"}
		return sourcetest.Harness{Source: gmail.New(e.config()), WrongPassword: gmail.New(stranger.config()), TellsFlags: true, Inbox: gmail.AllMail, InboxRole: crm.RoleAll,
			Keeps: []crm.Flag{crm.FlagSeen, crm.FlagFlagged}, Append: e.append, Delete: e.remove, SetFlags: e.setFlags}
	})
}

// emulated is one account of the emulator.
type emulated struct{ base, email, token string }

func (e *emulated) config() gmail.Config {
	return gmail.Config{Address: crm.Address(e.email), Base: e.base, Poll: 50 * time.Millisecond, Tokens: e.tokens()}
}

func (e *emulated) tokens() *gmail.Tokens {
	cfg := &oauth2.Config{ClientID: "client", Endpoint: oauth2.Endpoint{TokenURL: e.base + "/token", AuthStyle: oauth2.AuthStyleInParams}}
	return gmail.NewTokens(cfg, nil, e.email, "connect again")
}

// ask returns the body of an answer, "" when there was trouble.
func (e *emulated) ask(ctx context.Context, method, path string, body any) string {
	var in io.Reader = http.NoBody
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return ""
		}
		in = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, e.base+path, in)
	if err != nil {
		return ""
	}
	r.Header.Set("Authorization", "Bearer "+e.token)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		return ""
	}
	return string(out)
}

func (e *emulated) append(_ string, mails ...testenv.Mail) ([]crm.Key, error) {
	var keys []crm.Key
	for _, m := range mails {
		var out struct{ ID string }
		got := e.ask(context.Background(), "POST", "/gmail/v1/users/me/messages",
			map[string]any{"raw": base64.URLEncoding.EncodeToString(m.Raw), "labelIds": labelsOf(m.Flags),
				"internalDate": strconv.FormatInt(m.Internal.UnixMilli(), 10)})
		if err := json.Unmarshal([]byte(got), &out); err != nil {
			return nil, fmt.Errorf("the emulator takes no mail: %q", got)
		}
		n, err := strconv.ParseUint(out.ID, 16, 64)
		if err != nil {
			return nil, err
		}
		keys = append(keys, crm.Key(n))
	}
	return keys, nil
}

func (e *emulated) remove(_ string, keys ...crm.Key) error {
	for _, k := range keys {
		e.ask(context.Background(), "DELETE", fmt.Sprintf("/gmail/v1/users/me/messages/%x", uint64(k)), nil)
	}
	return nil
}

func (e *emulated) setFlags(_ string, flags []crm.Flag, keys ...crm.Key) error {
	want := labelsOf(flags)
	var drop []string
	for _, l := range []string{"UNREAD", "STARRED"} {
		if !bytes.Contains([]byte(fmt.Sprint(want)), []byte(l)) {
			drop = append(drop, l)
		}
	}
	for _, k := range keys {
		e.ask(context.Background(), "POST", fmt.Sprintf("/gmail/v1/users/me/messages/%x/modify", uint64(k)),
			map[string]any{"addLabelIds": want, "removeLabelIds": drop})
	}
	return nil
}
