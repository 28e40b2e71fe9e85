package access

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/crm"
)

const (
	ola = crm.UserID("usr_ola")
	jan = crm.UserID("usr_jan")
)

// TestWhoSeesWhat is the whole table: every kind of viewer against every kind
// of message.
func TestWhoSeesWhat(t *testing.T) {
	messages := map[string]*crm.Message{
		"of her mailbox":       {Owners: []crm.UserID{ola}, Copies: []crm.CopyRef{{Mailbox: "mbx_ola"}}},
		"gone from the server": {Owners: []crm.UserID{ola}},
		"of both mailboxes":    {Owners: []crm.UserID{jan, ola}},
		"of nobody":            {},
		"from her, in his":     {Owners: []crm.UserID{jan}, Participants: []crm.Participant{{Role: crm.RoleFrom, Address: "ola@us.example"}}},
		"private":              {Owners: []crm.UserID{ola}, Private: true},
		"of an empty owner":    {Owners: []crm.UserID{""}},
	}
	viewers := map[string]Viewer{"owner": Member(ola), "colleague": Member(jan), "another": Member("usr_eve"), "operator": Operator(), "nobody": {}, "empty": Member("")}
	want := map[string]map[string]Level{
		"of her mailbox":       {"owner": Full, "colleague": Metadata, "another": Metadata},
		"gone from the server": {"owner": Full, "colleague": Metadata, "another": Metadata},
		"of both mailboxes":    {"owner": Full, "colleague": Full, "another": Metadata},
		"of nobody":            {"owner": Metadata, "colleague": Metadata, "another": Metadata},
		"from her, in his":     {"owner": Metadata, "colleague": Full, "another": Metadata},
		"private":              {"owner": Full},
		"of an empty owner":    {"owner": Metadata, "colleague": Metadata, "another": Metadata},
	}
	for mail, m := range messages {
		for who, v := range viewers {
			expect := want[mail][who]
			if expect == "" {
				expect = None
			}
			if got := Message(v, m); got != expect {
				t.Errorf("mail %s: %s sees %s, want %s", mail, who, got, expect)
			}
		}
	}
}

func TestRecordsAndMailboxes(t *testing.T) {
	mailbox := &crm.Mailbox{Owner: ola}
	for _, c := range []struct {
		name             string
		v                Viewer
		records, mailbox bool
		audiences        []crm.Audience
		tokens           []crm.FeedToken
	}{
		{"owner", Member(ola), true, true, []crm.Audience{"members", "usr_ola"}, []crm.FeedToken{"con_a/members", "con_a/usr_ola"}},
		{"colleague", Member(jan), true, false, []crm.Audience{"members", "usr_jan"}, []crm.FeedToken{"con_a/members", "con_a/usr_jan"}},
		{"operator", Operator(), true, true, nil, nil},
		{"nobody", Viewer{}, false, false, nil, nil},
	} {
		if got := c.v.Records(); got != c.records {
			t.Errorf("%s: records %v", c.name, got)
		}
		if got := Mailbox(c.v, mailbox); got != c.mailbox {
			t.Errorf("%s: mailbox %v", c.name, got)
		}
		if got := c.v.Audiences(); !reflect.DeepEqual(got, c.audiences) {
			t.Errorf("%s: audiences %v", c.name, got)
		}
		got := c.v.Tokens("con_a")
		if !reflect.DeepEqual(got, c.tokens) || len(got) > 30 {
			t.Errorf("%s: tokens %v", c.name, got)
		}
	}
	if Mailbox(Viewer{}, &crm.Mailbox{}) {
		t.Error("nobody may repair a mailbox without an owner")
	}
}

// canary is a word that must not get out.
const canary = "CANARY"

func drawMessage(t *rapid.T) crm.Message {
	secret := func(label string) string {
		return rapid.StringN(0, 5, 20).Draw(t, label) + canary + rapid.StringN(0, 5, 20).Draw(t, label)
	}
	m := crm.Message{
		ID: "msg_a", RFCID: "1@acme.example", Date: 1, Class: crm.ClassPerson, Direction: crm.Inbound, Thread: "msg_a",
		Participants: []crm.Participant{{Role: crm.RoleFrom, Address: "anna@acme.example", Name: "Anna"}},
		Subject:      secret("subject"), Snippet: secret("snippet"), Words: secret("words"), Owners: []crm.UserID{ola},
		Flags: []crm.Flag{canary},
	}
	for range rapid.IntRange(0, 3).Draw(t, "attachments") {
		m.Attachments = append(m.Attachments, crm.Attachment{Name: secret("name"), Type: secret("type"), Size: 1})
	}
	for range rapid.IntRange(0, 3).Draw(t, "links") {
		m.Links = append(m.Links, crm.Link{Record: "con_a", Rule: crm.ByAddress, Evidence: crm.Evidence{Address: "anna@acme.example", Quote: secret("quote")}})
	}
	for range rapid.IntRange(0, 3).Draw(t, "copies") {
		m.Copies = append(m.Copies, crm.CopyRef{Copy: canary, Mailbox: canary, Box: canary, Flags: []crm.Flag{canary}})
	}
	return m
}

// TestRedactLeaksNothing hides a word wherever content may stand.
func TestRedactLeaksNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		before, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range []Level{Metadata, None, "", "other"} {
			shown, err := json.Marshal(Redact(m, level))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(shown, []byte(canary)) {
				t.Fatalf("level %q shows %s", level, shown)
			}
			if level != Metadata && !reflect.DeepEqual(Redact(m, level), crm.Message{}) {
				t.Fatalf("level %q shows something of a message", level)
			}
		}
		meta := Redact(m, Metadata)
		if meta.ID != m.ID || meta.From() != m.From() || meta.Date != m.Date || meta.Direction != m.Direction || len(meta.Links) != len(m.Links) {
			t.Fatalf("the metadata is gone: %+v", meta)
		}
		if after, err := json.Marshal(m); err != nil || !bytes.Equal(before, after) {
			t.Fatalf("the message itself was changed: %s, %v", after, err)
		}
		if !reflect.DeepEqual(Redact(m, Full), m) {
			t.Fatal("the owner does not see everything")
		}
	})
}

// TestRedactKnowsEveryField fails when a field is added to a message, link or
// evidence: decide whether it is metadata, then list it here.
func TestRedactKnowsEveryField(t *testing.T) {
	for _, c := range []struct {
		of   reflect.Type
		want []string
	}{
		{reflect.TypeFor[crm.Message](), []string{"ID", "RFCID", "InReplyTo", "References", "Mentions", "Date", "Subject", "Snippet", "Words", "Participants", "Omitted",
			"Class", "Direction", "Flags", "Marks", "Size", "Attachments", "Stub", "Thread", "Copies", "Owners", "Heads", "Left", "Was", "Sides", "Private", "Excluded", "Links", "Asked", "Answered", "RuleSet", "Seek", "Feed", "Part", "Origin", "Topic", "Turn", "Wait"}},
		{reflect.TypeFor[crm.Link](), []string{"Record", "Rule", "Evidence", "Confidence"}},
		{reflect.TypeFor[crm.Evidence](), []string{"Role", "Address", "Domain", "Via", "Message", "By", "Quote"}},
	} {
		var got []string
		for i := range c.of.NumField() {
			got = append(got, c.of.Field(i).Name)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s has the fields %v", c.of, got)
		}
	}
}
