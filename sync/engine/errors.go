package engine

import (
	"errors"

	"threadline/internal/crm"
)

func asError(err error) *crm.Error {
	var e *crm.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// message is what the owner of the mailbox reads.
func message(err error) string {
	if e := asError(err); e != nil && e.Msg != "" {
		return e.Msg
	}
	return "something went wrong while syncing"
}
