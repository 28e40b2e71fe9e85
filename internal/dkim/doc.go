// Package dkim keeps the keys by which mail of our domains is signed, and signs
// it (RFC 6376, RFC 8463), for mail systems that do not do so themselves.
//
// What it promises:
//   - A private key leaves the store sealed only, and is shown to nobody.
//   - Nothing is signed before somebody turned a key on, which looks whether its
//     record is in the DNS: a signature that nobody can check is worse than none.
//   - From, Subject and the fields by which people leave are under the signature,
//     so that nobody adds another one.
//
// What it stores: signer documents, one for each domain.
package dkim
