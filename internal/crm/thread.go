package crm

// Thread is an alias: the conversation that was once called ID is now called
// Into. A thread that never lost its name has no document.
type Thread struct {
	ID   ThreadID `cbor:"-" json:"id"`
	Into ThreadID `cbor:"into" json:"into"`
}

// Talk names the conversation of a message: Part or, when it has none, the
// present name of Thread, which root tells. Messages that mention one another
// have one Thread, which only grows; what people, forwards and newsletters keep
// apart in it are its Parts, which are decided anew whenever it changes.
func (m *Message) Talk(root func(ThreadID) ThreadID) ThreadID {
	if m.Part != "" {
		return m.Part
	}
	return root(m.Thread)
}

// What stands before the hash in Message.Topic.
const (
	TopicOrphan = "?" // an answer to mail that is not here: its subject may say to which
	TopicKnown  = "." // anything else with a subject
)

// Turn says who has to write next in a conversation with somebody outside.
// Empty when nobody does: robots and automatic answers do not count.
type Turn string

const (
	TurnOurs   Turn = "ours"
	TurnTheirs Turn = "theirs"
	TurnDone   Turn = "done" // a person said so, or only thanks were left to say; until the next message that counts
)

// WaitToken places a conversation, by the message that decides, on a list of a
// person: <user>/<list>.
type WaitToken string

// WaitList is a list of conversations.
type WaitList string

const (
	WaitOurs   WaitList = "ours"   // they wait for an answer
	WaitAnswer WaitList = "answer" // they answered what we wrote
	WaitTheirs WaitList = "theirs" // we wait for an answer
)

// Wait makes the token of a person's list.
func Wait(u UserID, l WaitList) WaitToken { return WaitToken(string(u) + "/" + string(l)) }

// EffectDone is an answer about no record: nobody has to write, until the next
// message that counts.
const EffectDone RuleEffect = "done"
