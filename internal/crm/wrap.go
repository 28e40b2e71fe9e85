package crm

import "errors"

// Wrap adds to an error what could not be done. An Error that is about the
// caller's request is returned as it is, so that its field and its hint stay
// outermost and reach the caller.
func Wrap(op Op, msg string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal && e.Kind != Unavailable {
		return err
	}
	return E("", op, msg, err)
}
