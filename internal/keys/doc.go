// Package keys knows where secrets are stored, and seals all of them anew under
// another key.
//
// What it promises: a rotation may be killed at any instant and begun again.
// The new key is on disk before anything is sealed with it, and the old one is
// removed only when no stored secret needs it, so that every secret can be
// opened at every instant. Whoever stores a secret does so within
// seal.Box.Storing. It is for one process that holds the data: others would
// still know the old key alone.
//
// It stores nothing of its own: secrets lie in the documents of their owners.
// A new kind of secret is one more entry in holders.
package keys
