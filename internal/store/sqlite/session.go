package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// session is one connection with the statements that were prepared on it. One
// goroutine uses it at a time.
type session struct {
	conn  *sql.Conn
	names *names
	stmts map[string]*sql.Stmt
}

func newSession(ctx context.Context, db *sql.DB, names *names) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, failure("sqlite.Open", err)
	}
	return &session{conn: conn, names: names, stmts: map[string]*sql.Stmt{}}, nil
}

func (s *session) close() error {
	for _, st := range s.stmts {
		_ = st.Close() // the connection is closed next, which reports what matters
	}
	return s.conn.Close()
}

func (s *session) stmt(query string) (*sql.Stmt, error) {
	if st := s.stmts[query]; st != nil {
		return st, nil
	}
	st, err := s.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, failure("sqlite.prepare", err)
	}
	s.stmts[query] = st
	return st, nil
}

func (s *session) exec(query string, args ...any) error {
	st, err := s.stmt(query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(context.Background(), args...)
	return failure("sqlite.exec", err)
}

// each calls scan for every row. A context that can be cancelled interrupts
// the statement; it must not on a connection that is writing.
func (s *session) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	st, err := s.stmt(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return failure("sqlite.query", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return failure("sqlite.query", err)
		}
	}
	return failure("sqlite.query", rows.Err())
}

// blob takes a value as the driver of SQLite made it, which makes each anew:
// package sql would copy it. Without it stays as it was.
type blob []byte

// Scan implements sql.Scanner.
func (b *blob) Scan(src any) error {
	if v, ok := src.([]byte); ok {
		*b = v
	} else if src != nil {
		return fmt.Errorf("a %T stands where bytes should", src)
	}
	return nil
}

// tuples writes n times "(?,…)" with width marks each.
func tuples(n, width int) string {
	one := "(?" + strings.Repeat(",?", width-1) + ")"
	return one + strings.Repeat(","+one, n-1)
}

// chunks calls f with the bounds of pieces of n elements: as many of the
// largest size as possible, then of the smaller ones, so that few different
// statements are prepared. The last size must be 1.
func chunks(n int, sizes []int, f func(from, to int) error) error {
	from := 0
	for _, size := range sizes {
		for n-from >= size {
			if err := f(from, from+size); err != nil {
				return err
			}
			from += size
		}
	}
	return nil
}

// padded is chunks for look-ups, where a statement with more room than elements
// does no harm: it calls f with the bounds of each piece and the size of the
// statement that takes it. A statement costs as much as dozens of its places, so
// that a rest goes into the next larger one if it fills half of it.
func padded(n int, sizes []int, f func(from, to, size int) error) error {
	for from := 0; from < n; {
		size := sizes[0]
		for _, smaller := range sizes[1:] {
			if rest := n - from; rest < size && (rest <= smaller || rest*2 < size) {
				size = smaller
			}
		}
		to := min(from+size, n)
		if err := f(from, to, size); err != nil {
			return err
		}
		from = to
	}
	return nil
}
