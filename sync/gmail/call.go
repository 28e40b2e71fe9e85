package gmail

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/googleapi"

	"threadline/internal/crm"
)

// caller calls the API for one account. It is safe for concurrent use.
type caller struct {
	cfg    Config
	api    *gmail.UsersService
	client *http.Client // signs what it sends
	base   string       // of all addresses, with a slash at its end
}

// Retries of one call; after them the engine waits longer.
const (
	attempts  = 4
	retryBase = 500 * time.Millisecond
	patience  = 10 * time.Second // a pause that is asked for and longer is left to the engine
)

// call pays for a method and calls it, again when that may help.
func (c *caller) call(ctx context.Context, method Method, f func(ctx context.Context) error) error {
	for n := 1; ; n++ {
		if err := c.cfg.Quota.Wait(ctx, c.cfg.Address, method); err != nil {
			return err
		}
		err := c.once(ctx, method, f)
		again, pause := worthwhile(err, n)
		if !again || n == attempts || ctx.Err() != nil {
			return err
		}
		if !sleep(ctx, max(time.Duration(c.cfg.Jitter()*float64(pause)), crm.RetryAfter(err))) {
			return ctx.Err()
		}
	}
}

var errMute = errors.New("no answer in time")

func (c *caller) once(ctx context.Context, method Method, f func(ctx context.Context) error) error {
	within, done := context.WithTimeoutCause(ctx, c.cfg.Timeout, errMute)
	defer done()
	err := f(within)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return c.explain(crm.Op("gmail."+string(method)), err)
}

// worthwhile tells whether the same call may go better, and after what pause.
func worthwhile(err error, n int) (bool, time.Duration) {
	switch crm.KindOf(err) {
	case crm.Throttled:
		return crm.RetryAfter(err) <= patience, retryBase << n
	case crm.Unavailable:
		return true, retryBase << n
	case crm.Unauthorized: // the token had been dropped by then
		return n == 1 && !crm.IsFinal(err), 0
	}
	return false, 0
}

// explain makes an error of ours (https://developers.google.com/workspace/gmail/api/guides/handle-errors).
func (c *caller) explain(op crm.Op, err error) error {
	if err == nil {
		return nil
	}
	var own *crm.Error
	if errors.As(err, &own) {
		return own
	}
	var e *googleapi.Error
	if !errors.As(err, &e) {
		if errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(net.Error)) || isCut(err) {
			return crm.E(crm.Unavailable, op, "Gmail did not answer.", err).WithHint("it is tried again by itself")
		}
		return crm.E(crm.Unavailable, op, "The connection to Gmail was cut.", err).WithHint("it is tried again by itself")
	}
	reason := reasonOf(e)
	switch {
	case e.Code == http.StatusUnauthorized:
		return crm.Errorf(crm.Unauthorized, op, "Gmail does not take our access token.").WithHint(c.repair())
	case e.Code == http.StatusTooManyRequests, isRate(reason):
		return crm.Errorf(crm.Throttled, op, "Gmail asks us to slow down (%s).", reason).WithAfter(pauseOf(reason, e.Header))
	case e.Code == http.StatusForbidden:
		return c.forbidden(op, reason)
	case e.Code == http.StatusNotFound, e.Code == http.StatusGone:
		return crm.Errorf(crm.NotFound, op, "Gmail does not have it.")
	case e.Code >= 500:
		return crm.Errorf(crm.Unavailable, op, "Gmail has trouble (%d).", e.Code).WithAfter(retryAfter(e.Header)).WithHint("it is tried again by itself")
	}
	return crm.Errorf(crm.Internal, op, "Gmail refuses the request (%d %s).", e.Code, reason)
}

func isCut(err error) bool {
	var op *net.OpError
	return errors.As(err, &op)
}

func reasonOf(e *googleapi.Error) string {
	if len(e.Errors) > 0 {
		return crm.Clip(e.Errors[0].Reason, 60)
	}
	return ""
}

func isRate(reason string) bool {
	switch reason {
	case "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded", "concurrentLimitExceeded":
		return true
	}
	return false
}

// pauseOf is what the server asks for; the limit of a day lasts.
func pauseOf(reason string, h http.Header) time.Duration {
	if d := retryAfter(h); d > 0 || reason != "dailyLimitExceeded" {
		return d
	}
	return time.Hour
}

func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(time.Until(t), 0)
	}
	return 0
}

func (c *caller) forbidden(op crm.Op, reason string) error {
	switch reason {
	case "insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
		return crm.Errorf(crm.Unauthorized, op, "The consent at Google does not cover this: a permission was left out or taken back.").
			WithHint(c.repair()).AsFinal()
	case "domainPolicy":
		return crm.Errorf(crm.Unauthorized, op, "The administrator of this Google domain does not allow Gmail for other programs.").
			WithHint("ask the administrator to trust this app, then connect again").AsFinal()
	case "accessNotConfigured":
		return crm.Errorf(crm.Unavailable, op, "The Gmail API is switched off in this installation's Google project.").
			WithHint("enable the Gmail API in the Google Cloud console")
	}
	return crm.Errorf(crm.Unauthorized, op, "Gmail forbids it (%s).", reason).WithHint(c.repair())
}

func (c *caller) repair() string {
	if c.cfg.Tokens != nil {
		if advice := c.cfg.Tokens.advice(); advice != "" {
			return advice
		}
	}
	return "connect the mailbox again"
}

// sleep waits and tells whether it was not disturbed.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
