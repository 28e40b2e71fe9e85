// Package seal keeps secrets at rest: AES-256-GCM under a key that lies in a
// file beside the data and never in a backup.
//
// What it stores: the key file (mode 0600, JSON), which may hold several keys
// of which one is primary. It wraps the data key of a workspace, which seals the
// secrets in it. Sealed text has the form v2.<data key id>.<base64>, or
// v1.<key id>.<base64> when the key file itself sealed it: the data key, and
// secrets from before there was one. It is bound to whatever the caller names as additional data, such as the owner's id
// and the field, so that it cannot be moved to another place.
//
// What it promises: a key file is made only when the caller says that there is
// no data yet, whole or not at all; one that is missing, cannot be read, is
// open to others or does not fit is an error that says what to do. A Secret
// never prints itself.
package seal
