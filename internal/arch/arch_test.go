package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room is a package with its level. Arrows point down: a room imports rooms of
// lower levels; also names the few edges within a level.
type room struct {
	level int
	also  []string
	pure  bool // no network, files, database, clock of its own, or logging
}

const (
	words = iota
	pure
	memory
	work
	together
	doors
	wiring
	aside = wiring // used by cmd and by tests
)

// rooms is the table of the design.
var rooms = map[string]room{
	"internal/crm":  {level: words, pure: true},
	"internal/i18n": {level: words, pure: true},

	"internal/mail":            {level: pure, pure: true},
	"internal/mail/mailtest":   {level: aside},
	"internal/match":           {level: pure, pure: true},
	"internal/query":           {level: pure, pure: true},
	"internal/query/querytest": {level: aside},
	"internal/formula":         {level: pure, pure: true},
	"internal/series":          {level: pure, pure: true},
	"internal/access":          {level: pure, pure: true, also: []string{"internal/query"}},
	"manifests":                {level: pure, pure: true},
	"appsscript":               {level: pure, pure: true},
	"internal/table":           {level: pure, pure: true},
	"internal/preflight":       {level: pure, pure: true},
	"internal/page":            {level: pure, pure: true},
	"internal/merge":           {level: pure, pure: true, also: []string{"internal/page"}},

	"internal/store":           {level: memory},
	"internal/store/sqlite":    {level: memory, also: []string{"internal/store"}},
	"internal/store/firestore": {level: memory, also: []string{"internal/store"}},
	"internal/store/storetest": {level: memory, also: []string{"internal/store"}},

	"sync/source":                    {level: work},
	"sync/source/sourcetest":         {level: aside, also: []string{"internal/testenv"}},
	"sync/imap":                      {level: work, also: []string{"sync/source"}},
	"sync/gmail":                     {level: work, also: []string{"sync/source", "internal/outbox"}},
	"sync/smtp":                      {level: work, also: []string{"internal/outbox"}},
	"sync/gmail/gmailtest":           {level: aside},
	"sync/engine":                    {level: work, also: []string{"sync/source", "internal/ledger", "internal/lease", "internal/directory"}},
	"internal/directory":             {level: work},
	"internal/ledger":                {level: work, also: []string{"internal/directory"}},
	"internal/records":               {level: work, also: []string{"internal/ledger"}},
	"internal/timeline":              {level: work, also: []string{"internal/ledger"}},
	"internal/timeline/timelinetest": {level: aside},
	"internal/export":                {level: work, also: []string{"internal/ledger", "internal/records"}},
	"internal/lease":                 {level: work},
	"internal/erase":                 {level: work, also: []string{"internal/records", "internal/job", "internal/ledger", "internal/audit"}},
	"internal/content":               {level: work, also: []string{"internal/records", "internal/notify"}},
	"internal/campaign":              {level: work, also: []string{"internal/records", "internal/letter", "internal/lease", "internal/outbox", "internal/job", "internal/track", "internal/view"}},
	"internal/sequence":              {level: work, also: []string{"internal/campaign", "internal/records", "internal/letter", "internal/job", "internal/outbox"}},
	"internal/away":                  {level: work, also: []string{"internal/outbox", "internal/records"}},
	"internal/dkim":                  {level: work},
	"internal/track":                 {level: work},
	"internal/letter":                {level: work, also: []string{"internal/records"}},
	"internal/view":                  {level: work, also: []string{"internal/records"}},
	"internal/file":                  {level: work, also: []string{"internal/records"}},
	"internal/meeting":               {level: work, also: []string{"internal/ledger", "internal/records"}},
	"internal/notify":                {level: work, also: []string{"internal/records"}},
	"internal/search":                {level: work, also: []string{"internal/records"}},
	"internal/audit":                 {level: work},
	"internal/auth":                  {level: work},
	"internal/backup":                {level: work},
	"internal/job":                   {level: work},
	"internal/keys":                  {level: work},
	"internal/bulk":                  {level: work, also: []string{"internal/job", "internal/records"}},
	"internal/extract":               {level: work, also: []string{"internal/job", "internal/records", "internal/view", "internal/timeline"}},
	"internal/intake":                {level: work, also: []string{"internal/job", "internal/records"}},
	"internal/outbox/outboxtest":     {level: aside},
	"internal/outbox":                {level: work},

	"internal/rooms": {level: together},

	"addon/card":          {level: pure, pure: true},
	"addon/card/cardtest": {level: aside},
	"addon":               {level: doors},
	"internal/api":        {level: doors, also: []string{"addon", "internal/web", "internal/seal"}},
	"internal/web":        {level: doors},

	"internal/seal":    {level: pure},
	"internal/dial":    {level: pure},
	"internal/demo":    {level: aside},
	"internal/testenv": {level: aside},
	"internal/arch":    {level: aside},
	"cmd/threadline":   {level: wiring, also: []string{"internal/demo"}},
}

// vendors says who may know whom: a prefix of import paths and the rooms that
// may import it.
var vendors = map[string][]string{
	"github.com/emersion/go-imap":        {"sync/imap", "internal/demo", "internal/testenv"},
	"google.golang.org/api/gmail":        {"sync/gmail"},
	"modernc.org/sqlite":                 {"internal/store/sqlite", "internal/search"},
	"database/sql":                       {"internal/store/sqlite", "internal/search"},
	"cloud.google.com/go/firestore":      {"internal/store/firestore"},
	"github.com/gin-gonic/gin":           {"internal/api"},
	"github.com/danielgtaylor/huma":      {"internal/api"},
	"github.com/coreos/go-oidc":          {"internal/auth"},
	"github.com/emersion/go-msgauth":     {"internal/dkim"},
	"blitiri.com.ar/go/spf":              {"internal/preflight"},
	"github.com/teambition/rrule-go":     {"internal/series", "internal/mail"},
	"github.com/nyaruka/phonenumbers":    {"internal/crm"},
	"github.com/pquerna/otp":             {"internal/auth", "internal/api"},
	"golang.org/x/crypto/argon2":         {"internal/auth"},
	"github.com/spf13/cobra":             {"cmd/threadline"},
	"github.com/fxamacker/cbor":          {"internal/store"},
	"github.com/microcosm-cc/bluemonday": {"internal/page", "internal/merge"},
}

// impure are standard packages that pure rooms do without.
var impure = []string{"net/http", "os", "log", "log/slog", "os/exec", "syscall", "database/sql"}

const module = "threadline/"

func TestArrowsPointDown(t *testing.T) {
	files := sources(t)
	if len(files) < 50 {
		t.Fatalf("only %d source files were found: the test looks in the wrong place", len(files))
	}
	seen := map[string]bool{}
	for _, file := range files {
		dir := filepath.ToSlash(filepath.Dir(file))
		r, ok := rooms[dir]
		if !ok {
			t.Errorf("%s: %s is not in the table of rooms", file, dir)
			continue
		}
		seen[dir] = true
		for _, path := range imports(t, file) {
			checkImport(t, file, dir, r, path)
		}
	}
	for dir := range rooms {
		if !seen[dir] {
			t.Errorf("the table names %s, which does not exist", dir)
		}
	}
}

func checkImport(t *testing.T, file, dir string, r room, path string) {
	t.Helper()
	for prefix, who := range vendors {
		if (path == prefix || strings.HasPrefix(path, prefix+"/")) && !slices.Contains(who, dir) {
			t.Errorf("%s imports %s, which only %v may know", file, path, who)
		}
	}
	if r.pure && slices.Contains(impure, path) {
		t.Errorf("%s is in a pure room and imports %s", file, path)
	}
	to, own := strings.CutPrefix(path, module)
	if !own || slices.Contains(r.also, to) {
		return
	}
	if target, ok := rooms[to]; ok && target.level >= r.level {
		t.Errorf("%s: %s (level %d) imports %s (level %d): arrows point down", file, dir, r.level, to, target.level)
	}
}

// sources lists the Go files of the program, without tests, relative to the
// root of the module.
func sources(t *testing.T) []string {
	t.Helper()
	root := os.DirFS("../..")
	var out []string
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, imp := range f.Imports {
		out = append(out, strings.Trim(imp.Path.Value, `"`))
	}
	return out
}

// allowedTop is the top level of the repository, as the design fixes it.
var allowedTop = []string{"cmd", "addon", "sync", "internal", "manifests", "appsscript", "Makefile", "go.mod", "go.sum",
	"README.md", "LICENSE", "CONTRIBUTING.md", "data"}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowedTop, e.Name()) {
			t.Errorf("%s does not belong on the top level", e.Name())
		}
	}
	if goFiles, err := filepath.Glob("../../sync/*.go"); err != nil || len(goFiles) > 0 {
		t.Errorf("no Go file may lie in sync/ itself, it would shadow the standard package: %v %v", goFiles, err)
	}
}

func TestPackageDocs(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range sources(t) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", file), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(file)
		documented[dir] = documented[dir] || f.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc", dir)
		}
	}
}

// maxLines keeps files one subject each.
const maxLines = 700

func TestFileSizes(t *testing.T) {
	for _, file := range sources(t) {
		b, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), "\n"); n > maxLines {
			t.Errorf("%s has %d lines: is it one room or two?", file, n)
		}
	}
}

// TestViewersComeFromPolicies finds viewers that were made without asking which
// role a person has.
func TestViewersComeFromPolicies(t *testing.T) {
	for _, file := range sources(t) {
		switch filepath.ToSlash(filepath.Dir(file)) {
		case "internal/access", "internal/timeline/timelinetest":
			continue
		}
		src, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(src), "access.Member(") {
			t.Errorf("%s makes a viewer without a policy: ask records.Service.Viewer", file)
		}
	}
}
