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
// whoever names a workspace that is not theirs is refused behind that door. A
// request whose workspace cannot be told, because the store does not answer, is
// answered 503 and asked anew the next time.
type Front struct {
	first *Server
	town  Town

	mu    sync.Mutex
	known map[string]place // by API key and by Google subject
	moves int64            // of sidebars, when the first of them was remembered
}

// Town is what has a door for each workspace of a store.
type Town interface {
	// Doors are those that are open. It waits until the workspaces were
	// looked for once.
	Doors(ctx context.Context) ([]*Server, error)

	// Door is the one of a workspace, opened when it is not; crm.NotFound
	// when there is no such workspace.
	Door(ctx context.Context, ws crm.WorkspaceID) (*Server, error)
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
// first one.
func NewFront(first *Server, town Town) *Front {
	first.town = town
	return &Front{first: first, town: town, known: map[string]place{}}
}

// Public is the handler for the network.
func (f *Front) Public() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, err := f.door(r)
		if err != nil {
			f.refuse(w, r, err)
			return
		}
		to.gin.ServeHTTP(w, r)
	})
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
				to, err = f.town.Door(r.Context(), ws)
			}
			if crm.IsKind(err, crm.NotFound) {
				err = crm.Errorf(crm.NotFound, "api.Operator", "there is no workspace %s", crm.Clip(name, 80)).
					WithField("workspace").WithHint("list them with: threadline workspace list")
			}
			if err != nil {
				f.refuse(w, r, err)
				return
			}
		}
		to.Operator().ServeHTTP(w, r)
	})
}

func (f *Front) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problem(r.Context(), f.first.deps.Log, err)
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever asked is gone: nobody is left to tell
}

// door is the one that a request names; the first one, when what it names is
// not there.
func (f *Front) door(r *http.Request) (*Server, error) {
	ws, err := f.named(r)
	if err != nil || ws == "" {
		return f.first, err
	}
	s, err := f.town.Door(r.Context(), ws)
	if crm.IsKind(err, crm.NotFound) {
		return f.first, nil
	}
	return s, err
}

// named is the workspace that a request from the network names, "" for none.
func (f *Front) named(r *http.Request) (crm.WorkspaceID, error) {
	kept := f.first.cookieName()
	if r.URL.Path == sessionPath+"/code" { // the second factor lies with the first
		kept = f.first.stepName(halfStep)
	}
	shown := r.Header.Get("Authorization")
	if c, err := r.Cookie(kept); err == nil && shown == "" {
		ws, _ := auth.Unnamed(c.Value)
		return ws, nil
	}
	if shown != "" {
		return f.shown(r, shown)
	}
	if !names(r.URL.Path) {
		return "", nil
	}
	doors, err := f.town.Doors(r.Context())
	if err != nil || len(doors) < 2 {
		return "", err
	}
	for _, s := range doors {
		if s.reads(r) {
			return s.deps.Space.Workspace(), nil
		}
	}
	return "", nil
}

// shown is where a credential belongs.
func (f *Front) shown(r *http.Request, header string) (crm.WorkspaceID, error) {
	_, token, _ := strings.Cut(header, " ")
	ctx, people := r.Context(), f.first.deps.Auth
	if id := auth.KeyID(token); id != "" {
		return f.remember(id, func() (crm.WorkspaceID, error) { return people.SpaceOfKey(ctx, id) })
	}
	if !strings.HasPrefix(r.URL.Path, "/addon/") {
		return "", nil
	}
	who := accountIn(r, token)
	if who.Subject == "" {
		return "", nil
	}
	return f.remember("sub\x00"+who.Subject, func() (crm.WorkspaceID, error) {
		sp, err := people.SidebarOf(ctx, f.first.deps.Space, who)
		if err != nil {
			return "", err
		}
		return sp.Workspace(), nil
	})
}

// remember asks once in a while.
func (f *Front) remember(key string, ask func() (crm.WorkspaceID, error)) (crm.WorkspaceID, error) {
	now := f.first.deps.Space.Store().Now().Std()
	moves := f.first.deps.Auth.Moves()
	f.mu.Lock()
	if f.moves != moves {
		clear(f.known)
		f.moves = moves
	}
	p, ok := f.known[key]
	f.mu.Unlock()
	if ok && now.Before(p.until) {
		return p.ws, nil
	}
	ws, err := ask()
	if err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.known) >= placeMost {
		clear(f.known)
	}
	if f.moves != moves {
		return ws, nil // it may be where they were before
	}
	f.known[key] = place{ws, now.Add(placeLife)}
	return ws, nil
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

// names tells whether an address that needs no sign-in may be one that a
// workspace knows for its own.
func names(path string) bool {
	for _, p := range []string{track.OpenPath, track.ClickPath, leavePath, messagePath} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

const (
	leavePath   = "/u/"
	messagePath = "/api/v1/messages/"
)

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
	if token, ok := strings.CutPrefix(path, leavePath); ok {
		_, err := s.deps.Campaigns.Leaving(r.Context(), token)
		return err == nil
	}
	if rest, ok := strings.CutPrefix(path, messagePath); ok {
		id, what, _ := strings.Cut(rest, "/")
		if !strings.HasPrefix(what, "pictures/") {
			return false
		}
		docs, err := store.Messages.GetMany(r.Context(), s.deps.Space, []string{id})
		return err == nil && docs[0].Exists()
	}
	return false
}
