-- A space is one collection of one workspace.
CREATE TABLE space (
  n    INTEGER PRIMARY KEY,
  ws   TEXT NOT NULL,
  coll TEXT NOT NULL,
  UNIQUE (ws, coll)
);
CREATE TABLE doc (
  n       INTEGER PRIMARY KEY,
  space   INTEGER NOT NULL,
  id      TEXT NOT NULL,
  version INTEGER NOT NULL,
  data    BLOB NOT NULL
);
CREATE UNIQUE INDEX doc_id ON doc (space, id);
-- What the index entries in idx were computed for.
CREATE TABLE definition (
  name TEXT PRIMARY KEY
) WITHOUT ROWID;
-- An index of one workspace.
CREATE TABLE ix (
  n    INTEGER PRIMARY KEY,
  ws   TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (ws, name)
);
CREATE TABLE idx (
  ix  INTEGER NOT NULL,
  key BLOB NOT NULL,
  doc INTEGER NOT NULL,
  PRIMARY KEY (ix, key)
) WITHOUT ROWID;
CREATE TABLE feed (
  ws  TEXT NOT NULL,
  seq INTEGER NOT NULL,
  doc INTEGER NOT NULL,
  PRIMARY KEY (ws, seq)
) WITHOUT ROWID;
-- The last number of each kind that was given out; none is ever given again.
CREATE TABLE clock (
  version INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  doc     INTEGER NOT NULL
);
INSERT INTO clock VALUES (0, 0, 0);
