package seal

import (
	"bytes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"threadline/internal/crm"
)

const (
	keyBytes  = 32
	keyPrefix = "k"
	maxFile   = 1 << 20
)

// keyFile is the form of the file.
type keyFile struct {
	Primary string     `json:"primary"`
	Keys    []keyEntry `json:"keys"`
}

type keyEntry struct {
	ID  string `json:"id"`
	Key []byte `json:"key"` // 32 bytes, base64 in the file
}

const opOpen = crm.Op("seal.Open")

// Open reads the key file at path. When there is none and mayCreate says that
// no data depends on one yet, it makes one with a key from random.
func Open(path string, mayCreate bool, random io.Reader) (*Box, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !mayCreate {
			return nil, crm.Errorf(crm.Unavailable, opOpen, "the key file %s is missing, but there is data that was sealed with it", path).
				WithHint("put the key file back, or name it with --key-file; without it mailbox passwords must be entered again")
		}
		if err := create(path, random); err != nil {
			return nil, err
		}
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, crm.E(crm.Unavailable, opOpen, "the key file cannot be opened", err).
			WithHint("make " + path + " readable for the user who runs threadline")
	}
	defer func() { _ = f.Close() }() // it was only read
	return read(f, path)
}

func read(f *os.File, path string) (*Box, error) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, crm.E(crm.Unavailable, opOpen, "the key file "+path+" is not a plain file", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, crm.Errorf(crm.Denied, opOpen, "the key file %s is open to other users (mode %04o)", path, info.Mode().Perm()).
			WithHint("run: chmod 600 " + path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, crm.E(crm.Unavailable, opOpen, "the key file "+path+" cannot be read", err)
	}
	return parse(data, path)
}

func parse(data []byte, path string) (*Box, error) {
	damaged := crm.Errorf(crm.Invalid, opOpen, "%s is not a key file of threadline, or is damaged", path).
		WithHint("put the right key file back, or name it with --key-file")
	var kf keyFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	// The decoder's own error is left out: it may quote the file.
	if dec.Decode(&kf) != nil {
		return nil, damaged
	}
	b := &Box{keyring: &keyring{path: path, primary: kf.Primary, aeads: map[string]cipher.AEAD{}}}
	for _, k := range kf.Keys {
		if len(k.Key) != keyBytes || k.ID == "" || b.aeads[k.ID] != nil {
			return nil, damaged
		}
		aead, err := newAEAD(k.Key)
		if err != nil {
			return nil, crm.E(crm.Internal, opOpen, "the cipher cannot be set up", err)
		}
		b.aeads[k.ID] = aead
	}
	if b.aeads[b.primary] == nil {
		return nil, damaged
	}
	return b, nil
}

// create writes a new key file. It appears under its name whole and on disk, or
// not at all; of two processes only one makes it and both read that one.
func create(path string, random io.Reader) error {
	data, err := newKeyFile(random)
	if err != nil {
		return err
	}
	if err := place(path, data); err != nil {
		return crm.E(crm.Unavailable, opOpen, "the key file cannot be made", err).
			WithHint("make " + filepath.Dir(path) + " writable for the user who runs threadline")
	}
	return nil
}

func newKeyFile(random io.Reader) ([]byte, error) {
	k, err := newKey(random)
	if err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(keyFile{Primary: k.ID, Keys: []keyEntry{k}}, "", "  ")
	if err != nil {
		return nil, crm.E(crm.Internal, opOpen, "the key file cannot be written down", err)
	}
	return append(data, '\n'), nil
}

func newKey(random io.Reader) (keyEntry, error) {
	id, err := crm.RandomID(keyPrefix, random)
	if err != nil {
		return keyEntry{}, err
	}
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return keyEntry{}, crm.E(crm.Internal, opOpen, "the source of randomness failed", err)
	}
	return keyEntry{ID: id, Key: key}, nil
}

// place links a finished temporary file to its name: unlike an exclusive create
// it leaves no half-written key when the process dies.
func place(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(tmp.Name())) }()
	_, werr := tmp.Write(data)
	if err := errors.Join(werr, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
