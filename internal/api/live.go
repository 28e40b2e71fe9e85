package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

const (
	liveStay  = time.Minute      // then the browser comes again, where it was, and is asked again who it is
	liveBeat  = 20 * time.Second // so that proxies and browsers know that it lives
	livePage  = 50               // entries of the feed a look
	liveRest  = 250 * time.Millisecond
	liveNames = 100 // ids of one event; more of them mean "look at everything"
	liveMails = 20  // messages of one arrival that are looked at
	liveMost  = 256 // streams of this process
	liveEach  = 6   // of one caller
)

func (s *Server) liveRoutes() {
	r := get("/api/v1/live", "live", "What changes, as it happens: events that name kinds and ids which the caller may read, never what is in them. A Last-Event-ID goes on behind it", "live")
	r.limit = liveStay + deadline
	r.edit = func(op *huma.Operation) {
		op.Responses = map[string]*huma.Response{"200": {Description: "Events (text/event-stream) whose data is {ids, kinds, all}",
			Content: map[string]*huma.MediaType{eventStream: {Schema: &huma.Schema{Type: huma.TypeString}}}}}
	}
	add(s, r, s.live)
}

const eventStream = "text/event-stream"

// liveInput says where a stream begins, and how long it stays.
type liveInput struct {
	Last string `header:"Last-Event-ID" maxLength:"2000" doc:"Id of the last event that was seen; without: from now on"`
	Stay int    `query:"stay" minimum:"0" maximum:"60" default:"60" doc:"Seconds after which the stream ends and the caller comes again; 0: what there is to tell now"`
}

// news is the data of an event.
type news struct {
	Kinds []string `json:"kinds,omitempty"` // of records, or message
	IDs   []string `json:"ids,omitempty"`
	All   bool     `json:"all,omitempty"` // too much to name, or it is not known where one stood
}

func (s *Server) live(ctx context.Context, in *liveInput) (*huma.StreamResponse, error) {
	who := callerOf(ctx)
	name := string(who.user.ID)
	if !s.streams.enter(name) {
		return nil, crm.Errorf(crm.Throttled, "api.live", "too many pages are open at once").
			WithHint("close some; each asks anew by itself").WithAfter(liveBeat)
	}
	return s.streamAs(eventStream, func(ctx context.Context, w *lineWriter) error {
		defer s.streams.leave(name)
		f := &liveFeed{s: s, v: who.viewer, w: w, rights: s.deps.Space.SettingsAge(), again: who.again}
		if err := f.begin(ctx, in.Last); err != nil || in.Stay == 0 {
			return errors.Join(err, f.look(ctx))
		}
		ctx, stop := context.WithTimeout(ctx, time.Duration(in.Stay)*time.Second)
		defer stop()
		return f.run(ctx)
	}), nil
}

// liveFeed tells one caller what changes.
type liveFeed struct {
	s  *Server
	v  access.Viewer
	w  *lineWriter
	at store.Position

	rights uint64                      // age of the settings when the caller's rights were read
	again  func(context.Context) error // whether the caller is still who they showed; nil: always
}

// run tells until ctx ends, until rights may have changed, or until the caller has
// signed out, lost their key or left.
func (f *liveFeed) run(ctx context.Context) error {
	for ctx.Err() == nil && f.rights == f.s.deps.Space.SettingsAge() {
		if f.again != nil && f.again(ctx) != nil {
			return nil // who comes again is told why
		}
		woken := f.s.deps.Space.Woken()
		if err := f.look(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if err := f.wait(ctx, woken); err != nil {
			return err
		}
	}
	return nil
}

// begin goes to where the caller was; who was nowhere known looks at everything.
func (f *liveFeed) begin(ctx context.Context, last string) error {
	sp := f.s.deps.Space
	if p, err := base64.RawURLEncoding.DecodeString(last); err == nil && last != "" {
		if _, _, err := sp.Changes(ctx, store.Position(p), 1); err == nil {
			f.at = store.Position(p)
			return f.beat()
		}
	}
	end, err := sp.FeedEnd(ctx)
	if err != nil {
		return crm.Wrap("api.live", "the changes cannot be read", err)
	}
	f.at = end
	return f.tell(news{All: last != ""})
}

// look tells what was committed since.
func (f *liveFeed) look(ctx context.Context) error {
	for {
		list, next, err := f.s.deps.Space.Changes(ctx, f.at, livePage)
		if err != nil {
			return crm.Wrap("api.live", "the changes cannot be read", err)
		}
		if len(list) == 0 {
			return nil
		}
		n, err := f.named(ctx, list)
		if err != nil {
			return err
		}
		f.at = next
		if len(n.Kinds) == 0 && !n.All {
			continue // nothing of what the caller may know
		}
		if err := f.tell(n); err != nil {
			return err
		}
	}
}

// named are the kinds and ids that the caller may read.
func (f *liveFeed) named(ctx context.Context, list []store.FeedItem) (news, error) {
	kinds, ids := map[string]bool{}, map[string]bool{}
	var changes []crm.Change
	for _, it := range list {
		switch {
		case it.Change != nil:
			changes = append(changes, *it.Change)
		case it.Arrival != nil:
			f.arrived(ctx, it.Arrival, kinds, ids)
		}
	}
	told, err := f.s.deps.Records.Told(ctx, f.v, changes)
	if err != nil && !crm.IsKind(err, crm.Denied) { // who reads no records hears of none
		return news{}, err
	}
	for _, c := range told {
		for _, e := range c.Entries {
			kind := e.Collection
			if n, ok := crm.NounOfID(crm.RecordID(e.ID)); ok && e.Collection == store.Records.Name {
				kind = string(n.Kind)
			}
			kinds[kind] = true
			ids[e.ID] = true
		}
	}
	n := news{Kinds: slices.Sorted(maps.Keys(kinds)), IDs: slices.Sorted(maps.Keys(ids))}
	if len(n.IDs) > liveNames {
		n = news{All: true}
	}
	return n, nil
}

// arrived names the messages of an arrival that the caller may read; of a large
// one the first.
func (f *liveFeed) arrived(ctx context.Context, a *crm.Arrival, kinds, ids map[string]bool) {
	if f.v.Operator {
		return // reads no mail
	}
	for i, it := range a.Items {
		if i == liveMails {
			return
		}
		if f.s.deps.Timeline.Knows(ctx, f.v, it.Message) == nil { // which opens nothing
			kinds["message"] = true
			ids[string(it.Message)] = true
		}
	}
}

// wait rests for a moment, so that a busy feed is told in large steps, and then
// until something is committed. Meanwhile it beats.
func (f *liveFeed) wait(ctx context.Context, woken <-chan struct{}) error {
	rest := time.NewTimer(liveRest)
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-rest.C:
	}
	beat := time.NewTimer(liveBeat)
	defer beat.Stop()
	select {
	case <-ctx.Done():
	case <-woken:
	case <-beat.C:
		return f.beat()
	}
	return nil
}

// beat is a comment, which browsers pass over.
func (f *liveFeed) beat() error {
	_, _ = f.w.WriteString(":\n\n")
	return f.w.Push()
}

func (f *liveFeed) tell(n news) error {
	data, err := json.Marshal(n)
	if err != nil {
		return crm.E(crm.Internal, "api.live", "an event cannot be written", err)
	}
	_, _ = f.w.WriteString("id: " + base64.RawURLEncoding.EncodeToString([]byte(f.at)) + "\ndata: " + string(data) + "\n\n")
	return f.w.Push()
}

// streams bounds how many pages are told at once: a stream holds no place in the
// gate, because it waits nearly always.
type streams struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

func (l *streams) enter(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= liveMost || l.of[who] >= liveEach {
		return false
	}
	l.all++
	l.of[who]++
	return true
}

func (l *streams) leave(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.of[who]--; l.of[who] <= 0 {
		delete(l.of, who)
	}
}
