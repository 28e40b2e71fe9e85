package api

import (
	"testing"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// TestThreads: a conversation and its lists are for who may know of it, done is
// one change that can be undone, and a signature is taken over as it is proposed
// or not at all.
func TestThreads(t *testing.T) {
	w := newWorld(t).withMail()
	m := decode[timeline.Message](t, w.do(call{path: w.fill("/api/v1/messages/{message}"), as: "nora"}))
	thread := "/api/v1/threads/" + string(m.Thread)
	c := decode[timeline.Conversation](t, w.do(call{path: thread, as: "nora"}))
	if c.ID != m.Thread || len(c.Messages) == 0 {
		t.Fatalf("the conversation is %+v", c)
	}
	w.run(t, []scenario{
		{name: "the operator reads no conversation", call: call{path: thread, as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "a colleague sees no subject", call: call{path: thread, as: "operator:tom@brightwell.example"}, status: 200, has: `"level":"metadata"`},
		{name: "no such conversation", call: call{path: "/api/v1/threads/msg_zzzzzzzzzzzzzzzzzzzzzzzzzz", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "no id of one", call: call{path: "/api/v1/threads/x", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "what waits", call: call{path: "/api/v1/threads", as: "nora"}, status: 200, has: `"items":[`},
		{name: "an unknown list", call: call{path: "/api/v1/threads?list=mine", as: "nora"}, status: 422, code: crm.Invalid, field: "list"},
		{name: "the day", call: call{path: "/api/v1/home", as: "nora"}, status: 200, has: `"mailboxes":[{"id":"{mailbox}"`},
		{name: "the operator has no day", call: call{path: "/api/v1/home", as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "signature", call: call{path: "/api/v1/messages/{message}/updates", as: "nora"}, status: 200, has: `"items":[`},
		{name: "what no signature says", call: call{method: "POST", path: "/api/v1/messages/{message}/updates", as: "nora", body: `{"field":"title","value":"Queen"}`}, status: 409, code: crm.Conflict, field: "value", hint: "GET"},
	})
	if c.Turn == crm.TurnOurs || c.Turn == crm.TurnTheirs {
		done := decode[batched](t, w.do(call{method: "POST", path: thread + "/done", as: "nora"}))
		if done.Batch == "" {
			t.Fatal("done changed nothing")
		}
		w.run(t, []scenario{{name: "undo", call: call{method: "POST", path: "/api/v1/changes/" + done.Batch + "/undo", as: "nora"}, status: 200}})
	} else {
		t.Errorf("nobody has to write: %+v", c.State)
	}
}
