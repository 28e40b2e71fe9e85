package gmailtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Fault is trouble with the next calls of a method.
type Fault struct {
	Method     string // such as messages.get or token; "" for every method
	Count      int    // how many calls
	Skip       int    // after so many that go well
	Status     int    // answered; 0 with Cut or Lose
	Reason     string // such as rateLimitExceeded
	RetryAfter string // header value; "" for none
	Cut        bool   // the connection is cut before anything happened
	Lose       bool   // the call takes effect, and then the connection is cut
}

// Fail orders trouble.
func (s *Server) Fail(f Fault) { s.change(func() { s.faults = append(s.faults, &f) }) }

// trouble takes the fault that is due for a call, nil for none.
func (s *Server) trouble(method string) *Fault {
	for _, f := range s.faults {
		if f.Count <= 0 || f.Method != "" && f.Method != method {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			return nil
		}
		f.Count--
		return f
	}
	return nil
}

// problem is the body of an error (https://developers.google.com/workspace/gmail/api/guides/handle-errors).
func problem(w http.ResponseWriter, status int, reason, message string) {
	domain := "global"
	if strings.Contains(strings.ToLower(reason), "limit") {
		domain = "usageLimits"
	}
	answer(w, status, map[string]any{"error": map[string]any{
		"code": status, "message": message, "status": statusName(status),
		"errors": []any{map[string]any{"domain": domain, "reason": reason, "message": message}},
	}})
}

func statusName(status int) string {
	switch status {
	case 400:
		return "INVALID_ARGUMENT"
	case 401:
		return "UNAUTHENTICATED"
	case 403:
		return "PERMISSION_DENIED"
	case 404:
		return "NOT_FOUND"
	case 429:
		return "RESOURCE_EXHAUSTED"
	case 503:
		return "UNAVAILABLE"
	}
	return "INTERNAL"
}

func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client has gone
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	panic(http.ErrAbortHandler)
}
