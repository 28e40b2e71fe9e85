package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
)

// Problem is an error as callers get it (RFC 9457).
type Problem struct {
	Status  int           `json:"status"`
	Title   string        `json:"title"`
	Detail  string        `json:"detail,omitempty" doc:"What happened, in a sentence for a person"`
	Code    crm.ErrorKind `json:"code" enum:"invalid,not_found,exists,conflict,denied,unauthorized,throttled,unavailable,missing_index,too_large,internal"`
	Field   string        `json:"field,omitempty" doc:"Path of the value that is to blame"`
	Hint    string        `json:"hint,omitempty" doc:"What to do about it"`
	Request string        `json:"request,omitempty" doc:"Id of the request, by which the log knows more"`
	// Of a record that is at another version than the change was meant for.
	Conflict *conflict `json:"conflict,omitempty"`
	after    time.Duration
}

// conflict shows both versions of a record.
type conflict struct {
	Present recordView        `json:"present" doc:"The record as it is now, with the version to send"`
	Fields  []records.Contest `json:"fields" doc:"In which the change and the record differ"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// GetHeaders implements huma.HeadersError: whoever is to come again is told when
// (RFC 9110 §10.2.3).
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryAfter(p.after))
	}
	return h
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf is the one map from kinds of errors to statuses.
func statusOf(kind crm.ErrorKind) int {
	switch kind {
	case crm.Invalid, crm.MissingIndex:
		return http.StatusUnprocessableEntity
	case crm.NotFound:
		return http.StatusNotFound
	case crm.Exists, crm.Conflict:
		return http.StatusConflict
	case crm.Denied:
		return http.StatusForbidden
	case crm.Unauthorized:
		return http.StatusUnauthorized
	case crm.Throttled:
		return http.StatusTooManyRequests
	case crm.Unavailable:
		return http.StatusServiceUnavailable
	case crm.TooLarge:
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusInternalServerError
}

// codeOf is the kind of a status that a library chose.
func codeOf(status int) crm.ErrorKind {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return crm.NotFound
	case http.StatusUnauthorized:
		return crm.Unauthorized
	case http.StatusForbidden, http.StatusMisdirectedRequest:
		return crm.Denied
	case http.StatusConflict, http.StatusPreconditionFailed:
		return crm.Conflict
	case http.StatusRequestEntityTooLarge:
		return crm.TooLarge
	case http.StatusTooManyRequests:
		return crm.Throttled
	case http.StatusServiceUnavailable:
		return crm.Unavailable
	}
	if status >= 500 {
		return crm.Internal
	}
	return crm.Invalid
}

// problem turns an error into what the caller is told. Errors of our own making
// carry a sentence for people; the words of any other are for the log alone.
func problem(ctx context.Context, log *slog.Logger, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var e *crm.Error
	known := errors.As(err, &e)
	if !known || e.Kind == crm.Internal {
		if late := context.Cause(ctx); errors.Is(err, context.DeadlineExceeded) || errors.Is(late, context.DeadlineExceeded) {
			return tell(ctx, http.StatusServiceUnavailable, crm.Unavailable, "this took too long", "", "try again, or ask for less")
		}
		if ctx.Err() == nil {
			log.ErrorContext(ctx, "request failed", "request", requestID(ctx), "err", err)
		}
		return tell(ctx, http.StatusInternalServerError, crm.Internal, "Internal error", "", "the log has it under the id of the request")
	}
	status := statusOf(e.Kind)
	if e.Kind == crm.Conflict && e.Field == "version" {
		status = http.StatusPreconditionFailed
	}
	if status >= http.StatusInternalServerError && e.Op != "api.gate" && !errors.Is(ctx.Err(), context.Canceled) { // a crowd must not flood the log, nor who leaves
		log.WarnContext(ctx, "request failed", "request", requestID(ctx), "err", err)
	}
	out := tell(ctx, status, e.Kind, e.SaidBy(saidIn(visitOf(ctx).lang)), e.Field, e.Hint)
	out.after = crm.RetryAfter(err)
	var stale *records.Stale
	if errors.As(err, &stale) {
		out.Conflict = &conflict{viewRecord(stale.Present), stale.Fields}
	}
	return out
}

func tell(ctx context.Context, status int, code crm.ErrorKind, detail, field, hint string) *Problem {
	l := visitOf(ctx).lang
	return &Problem{Status: status, Title: http.StatusText(status), Detail: l.Refusal(detail), Code: code,
		Field: field, Hint: l.Refusal(hint), Request: requestID(ctx)}
}

// saidIn says the words of errors in a language; kinds of records among them are
// nouns of that language, too.
func saidIn(l i18n.Lang) func(crm.Words) string {
	return func(w crm.Words) string {
		args := slices.Clone(w.Args)
		for i, arg := range args {
			if kind, ok := arg.(crm.Kind); ok && i18n.Has(i18n.Key("kind."+kind)) {
				args[i] = l.T(i18n.Key("kind." + kind))
			}
		}
		said, _ := l.Refused(w.Pattern, args...)
		return said
	}
}

// refused makes the problem of what huma finds wrong with a request. Its details
// are read for place and message only: they also quote the value, which may be
// a secret.
func refused(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
	ctx := context.Background()
	if hc != nil {
		ctx = hc.Context()
	}
	if status == http.StatusInternalServerError && len(errs) > 0 {
		msg = "Internal error"
	}
	p := tell(ctx, status, codeOf(status), msg, "", "")
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			continue
		}
		p.Detail, p.Field = d.Message, fieldOf(d.Location)
		if p.Field == "" {
			p.Detail, p.Field = ofBody(d.Message)
		}
		if strings.HasPrefix(d.Message, unknownType) {
			p.Status, p.Title = http.StatusUnsupportedMediaType, http.StatusText(http.StatusUnsupportedMediaType)
			p.Detail, p.Field, p.Hint = "the body must be JSON", "Content-Type", "say application/json"
		}
		break
	}
	return p
}

// unknownType is how huma begins to say that it cannot read a body.
const unknownType = "unknown content type"

// ofBody says what is wrong with a body as a whole: a field that it lacks, another
// kind of value than the object that is wanted, or what the reader of JSON stopped
// at, which is one character at most.
func ofBody(msg string) (detail, field string) {
	if name, ok := strings.CutPrefix(msg, "expected required property "); ok {
		name, _, _ = strings.Cut(name, " ")
		return "this is missing", name
	}
	for _, known := range []string{doubledName, holdsNUL, tooDeep} {
		if name, ok := strings.CutPrefix(msg, known); ok {
			return known, strings.TrimPrefix(name, ": ")
		}
	}
	if strings.HasPrefix(msg, "expected ") {
		return "the body: " + msg, ""
	}
	return "the body is no JSON: " + msg, ""
}

// fieldOf takes the place of a value in a request to its bare path.
func fieldOf(location string) string {
	for _, in := range []string{"body", "query", "path", "header"} {
		if rest, ok := strings.CutPrefix(location, in+"."); ok {
			return rest
		}
		if location == in {
			return ""
		}
	}
	return location
}
