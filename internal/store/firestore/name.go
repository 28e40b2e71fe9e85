package firestore

import (
	"hash/fnv"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// workspaces is the collection below which everything lies.
const workspaces = "workspaces"

// Fields of our documents beside the copies for indexes.
const (
	fieldData  = "_d"
	fieldShard = "_s"
	fieldTime  = "_t"
)

func (d *Driver) documents() string { return d.root + "/documents" }

func (d *Driver) parent(ws crm.WorkspaceID) string {
	return d.documents() + "/" + workspaces + "/" + string(ws)
}

func (d *Driver) name(k store.Key) string {
	return d.parent(k.Workspace) + "/" + k.Collection + "/" + k.ID
}

// key is the inverse of name.
func (d *Driver) key(name string) (store.Key, error) {
	rest, ours := strings.CutPrefix(name, d.documents()+"/"+workspaces+"/")
	parts := strings.Split(rest, "/")
	if !ours || len(parts) != 3 {
		return store.Key{}, crm.Errorf(crm.Internal, "firestore.key", "%s is no document of ours", crm.Clip(name, 120))
	}
	return store.Key{Workspace: crm.WorkspaceID(parts[0]), Collection: parts[1], ID: parts[2]}, nil
}

// shards spread the feed, because Firestore takes about 500 writes a second of
// values that only grow.
const shards = 8

func shard(id string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	return int64(h.Sum32() % shards)
}
