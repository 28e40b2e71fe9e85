package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/track"
)

// Front is the one entrance of a server with several workspaces: it reads which
// of them a request names, and lets its door answer. It decides nothing else:
// whoever names a workspace that is not theirs is refused behind that door.
type Front struct {
	first *Server
	all   func() []*Server
	find  func(ctx context.Context, ws crm.WorkspaceID) *Server // nil: there is none

	mu    sync.Mutex
	known map[string]place // by API key and by Google subject
}

type place struct {
	ws    crm.WorkspaceID
	until time.Time
}

// How long it is believed where a key or a Google account belongs, and of how many.
const (
	placeLife = 10 * time.Second
	placeMost = 4096
)

// NewFront makes the entrance. A request that names no workspace goes to the
// first one; all are the doors that are open, find opens another.
func NewFront(first *Server, all func() []*Server, find func(ctx context.Context, ws crm.WorkspaceID) *Server) *Front {
	first.all = all
	return &Front{first: first, all: all, find: find, known: map[string]place{}}
}

// Public is the handler for the network.
func (f *Front) Public() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.door(r).gin.ServeHTTP(w, r) })
}

// WorkspaceHeader is how the command line names a workspace, by id or name.
const WorkspaceHeader = "X-Threadline-Workspace"

// Operator is the handler for the socket, see Server.Operator.
func (f *Front) Operator() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := f.first
		if name := r.Header.Get(WorkspaceHeader); name != "" {
			ws, err := f.first.deps.Auth.WorkspaceNamed(r.Context(), name)
			if err == nil {
				to = f.find(r.Context(), ws)
			}
			if err != nil || to == nil {
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(http.StatusNotFound)
				_ = json.NewEncoder(w).Encode(Problem{Status: http.StatusNotFound, Code: crm.NotFound, // the command line is gone: nobody is left to tell
					Detail: "there is no workspace " + crm.Clip(name, 80), Field: "workspace", Hint: "list them with: threadline workspace list"})
				return
			}
		}
		to.Operator().ServeHTTP(w, r)
	})
}

// door is the one that a request names.
func (f *Front) door(r *http.Request) *Server {
	if ws := f.named(r); ws != "" {
		if s := f.find(r.Context(), ws); s != nil {
			return s
		}
	}
	return f.first
}

// named is the workspace that a request from the network names, "" for none.
func (f *Front) named(r *http.Request) crm.WorkspaceID {
	kept := f.first.cookieName()
	if r.URL.Path == sessionPath+"/code" { // the second factor lies with the first
		kept = f.first.stepName(halfStep)
	}
	if c, err := r.Cookie(kept); err == nil && r.Header.Get("Authorization") == "" {
		ws, _ := auth.Unnamed(c.Value)
		return ws
	}
	doors := f.all()
	if len(doors) < 2 {
		return ""
	}
	if shown := r.Header.Get("Authorization"); shown != "" {
		return f.shown(r, shown)
	}
	for _, s := range doors {
		if s.reads(r) {
			return s.deps.Space.Workspace()
		}
	}
	return ""
}

// shown is where a credential belongs.
func (f *Front) shown(r *http.Request, header string) crm.WorkspaceID {
	_, token, _ := strings.Cut(header, " ")
	ctx, people := r.Context(), f.first.deps.Auth
	if id := auth.KeyID(token); id != "" {
		return f.remember(id, func() crm.WorkspaceID { return people.SpaceOfKey(ctx, id) })
	}
	if !strings.HasPrefix(r.URL.Path, "/addon/") {
		return ""
	}
	who := accountIn(r, token)
	if who.Subject == "" {
		return ""
	}
	return f.remember("sub\x00"+who.Subject, func() crm.WorkspaceID {
		sp, err := people.SpaceOf(ctx, f.first.deps.Space, who)
		if err != nil {
			return ""
		}
		return sp.Workspace()
	})
}

// remember asks once in a while.
func (f *Front) remember(key string, ask func() crm.WorkspaceID) crm.WorkspaceID {
	now := f.first.deps.Space.Store().Now().Std()
	f.mu.Lock()
	p, ok := f.known[key]
	f.mu.Unlock()
	if ok && now.Before(p.until) {
		return p.ws
	}
	p = place{ask(), now.Add(placeLife)}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.known) >= placeMost {
		clear(f.known)
	}
	f.known[key] = p
	return p.ws
}

// accountIn is the Google account that an event of the sidebar is about, as it
// says itself: it only chooses the door, which checks the tokens.
func accountIn(r *http.Request, bearer string) auth.Identity {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(raw), r.Body), r.Body}
	if err != nil {
		return auth.Identity{}
	}
	var in struct {
		Authorization struct {
			UserIDToken string `json:"userIdToken"`
		} `json:"authorizationEventObject"`
	}
	if json.Unmarshal(raw, &in) == nil && in.Authorization.UserIDToken != "" {
		bearer = in.Authorization.UserIDToken
	}
	parts := strings.Split(bearer, ".")
	if len(parts) != 3 {
		return auth.Identity{}
	}
	var claims struct{ Sub, Email string }
	if text, err := base64.RawURLEncoding.DecodeString(parts[1]); err != nil || json.Unmarshal(text, &claims) != nil {
		return auth.Identity{}
	}
	return auth.Identity{Issuer: crm.GoogleIssuer, Subject: claims.Sub, Verified: crm.Address(claims.Email)}
}

// reads tells whether an address that needs no sign-in is one of this workspace:
// those in letters are signed by it, and a picture belongs to a message.
func (s *Server) reads(r *http.Request) bool {
	path := r.URL.Path
	if token, ok := strings.CutPrefix(path, track.OpenPath); ok {
		_, ok = s.tracked(r.Context()).ReadOpen(token)
		return ok
	}
	if rest, ok := strings.CutPrefix(path, track.ClickPath); ok {
		token, target, _ := strings.Cut(rest, "/")
		_, ok = s.tracked(r.Context()).ReadClick(token, target)
		return ok
	}
	if token, ok := strings.CutPrefix(path, "/u/"); ok {
		_, err := s.deps.Campaigns.Leaving(r.Context(), token)
		return err == nil
	}
	if rest, ok := strings.CutPrefix(path, "/api/v1/messages/"); ok {
		id, what, _ := strings.Cut(rest, "/")
		if !strings.HasPrefix(what, "pictures/") {
			return false
		}
		docs, err := store.Messages.GetMany(r.Context(), s.deps.Space, []string{id})
		return err == nil && docs[0].Exists()
	}
	return false
}
