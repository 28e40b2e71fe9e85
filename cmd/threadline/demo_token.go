package main

import (
	"encoding/json"
	"net/http"
	"strings"
)

// tokens are what Google would send with an event, for whoever drives the
// sidebar of the demo. The names are those of the event's
// authorizationEventObject; the bearer token of the request is systemIdToken.
type tokens struct {
	System string `json:"systemIdToken"`
	User   string `json:"userIdToken"`
	Access string `json:"userOAuthToken"`
	Email  string `json:"email"`
}

// demoSubject is the key of the rep at the identity provider of the demo.
const demoSubject = "100000000000000000001"

func (s *show) token(w http.ResponseWriter, _ *http.Request) {
	out := tokens{Email: string(s.rep.Email), Access: s.access}
	var err error
	if out.System, err = s.signer.SystemToken(); err == nil {
		out.User, err = s.signer.UserToken(demoSubject, out.Email)
	}
	if err != nil {
		http.Error(w, "the demo cannot sign", http.StatusInternalServerError)
		return
	}
	tell(w, out)
}

// draft is one that the sidebar made in the Gmail of the demo, as it opens there.
func (s *show) draft(w http.ResponseWriter, r *http.Request) {
	d, ok := s.gmail.Draft(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
	if !ok {
		http.NotFound(w, r)
		return
	}
	tell(w, d)
}

func tell(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(what) // the client is gone: nobody is left to tell
}
