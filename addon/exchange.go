package addon

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"

	"threadline/addon/card"
	"threadline/internal/crm"
)

func readEvent(w http.ResponseWriter, r *http.Request) (Event, error) {
	const op = crm.Op("addon.readEvent")
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return Event{}, crm.Errorf(crm.Invalid, op, "the body is not declared as JSON")
	}
	var in bytes.Buffer
	in.Grow(int(min(max(r.ContentLength, 0), maxBody)) + bytes.MinRead)
	_, err := in.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return Event{}, crm.Errorf(crm.TooLarge, op, "the event is larger than %d bytes", tooLarge.Limit)
	} else if err != nil {
		return Event{}, crm.E(crm.Invalid, op, "the body cannot be read", err)
	}
	return ParseEvent(in.Bytes())
}

// fail logs an error and shows it. The reference on the card is the one in the
// log. A scope that is lacking is asked for: the host then sends the event again.
func (h *Handler) fail(ctx context.Context, err error, v View, show func(card.Card) card.Response) card.Response {
	if l := new(lacking); errors.As(err, &l) {
		return card.RequestScopes(l.scope)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = crm.E(crm.Unavailable, "addon.answer", "the answer took too long", err)
	}
	ref := reference()
	level := slog.LevelInfo
	if k := crm.KindOf(err); k == crm.Internal || k == crm.Unavailable || k == crm.MissingIndex {
		level = slog.LevelError
	}
	h.deps.Log.Log(ctx, level, "add-on event failed", "error", err, "kind", crm.KindOf(err), "reference", ref)
	return show(ErrorCard(err, ref, v))
}

// reference makes the number that joins a card to its line in the log. It
// guards nothing.
func reference() string {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func (h *Handler) write(w http.ResponseWriter, r card.Response) {
	b, err := r.MarshalJSON()
	if err != nil {
		h.deps.Log.Error("an add-on answer cannot be encoded", "error", err)
		b = []byte(`{"renderActions":{}}`)
	}
	head := w.Header()
	head.Set("Content-Type", "application/json; charset=utf-8")
	head.Set("Content-Length", strconv.Itoa(len(b)))
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	if _, err := w.Write(b); err != nil {
		h.deps.Log.Debug("the host went away", "error", err)
	}
}

func unauthorized(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusUnauthorized)
	io.WriteString(w, `{"title":"Unauthorized","status":401,"code":"unauthorized","hint":"send the system ID token of the add-on as bearer token"}`+"\n")
}
