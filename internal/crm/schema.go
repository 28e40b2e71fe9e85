package crm

import (
	"cmp"
	"slices"
	"strings"
)

// FieldDef is a field that a workspace added to a noun.
type FieldDef struct {
	Kind Kind `cbor:"kind" json:"kind"`
	Field
	Position int  `cbor:"position,omitempty" json:"position,omitempty"`
	Archived bool `cbor:"archived,omitempty" json:"archived,omitempty" doc:"Hidden; its values are kept"`
}

// FieldSetting is the setting that holds a field; its id follows from kind and
// key.
func FieldSetting(d FieldDef) Setting {
	return Setting{ID: "field_" + string(d.Kind) + "_" + d.Key, Field: &d}
}

// FolderSetting is the setting that holds a folder.
func FolderSetting(f Folder) Setting { return Setting{ID: "folder_" + f.Key, Folder: &f} }

// Schema is the table of nouns of one workspace: the built-in ones, the folders
// that it made, all with the fields that it added; and its pipelines.
type Schema struct {
	settings  []Setting
	nouns     []Noun
	defs      []FieldDef
	folders   []Folder
	pipelines []Pipeline
	home      Country
}

// NewSchema reads the settings of a workspace.
func NewSchema(settings []Setting) Schema {
	s := Schema{nouns: slices.Clone(nouns), settings: settings}
	for _, x := range settings {
		switch {
		case x.Folder != nil:
			s.folders = append(s.folders, *x.Folder)
			s.nouns = append(s.nouns, x.Folder.noun())
		case x.Field != nil:
			s.defs = append(s.defs, *x.Field)
		case x.Pipeline != nil:
			s.pipelines = append(s.pipelines, *x.Pipeline)
		case x.Home != nil:
			s.home = x.Home.Country
		}
	}
	slices.SortStableFunc(s.defs, func(a, b FieldDef) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), strings.Compare(a.Key, b.Key))
	})
	for _, d := range s.defs {
		i := slices.IndexFunc(s.nouns, func(n Noun) bool { return n.Kind == d.Kind })
		if i < 0 {
			continue
		}
		if d.Archived {
			s.nouns[i].Archived = append(slices.Clip(s.nouns[i].Archived), d.Field)
			continue
		}
		f := d.Field
		f.Default, f.Custom = plainDefault(f), true
		s.nouns[i] = s.nouns[i].without(f.Key).with(f) // made before the product had one of the name
		if len(f.Roles) > 0 {
			s.nouns[i] = s.nouns[i].with(Field{Key: RolesKey(f.Key), Type: FieldRoles, System: true})
		}
	}
	if s.home != "" {
		for i := range s.nouns {
			s.nouns[i].Fields = s.home.living(s.nouns[i].Fields)
		}
	}
	first := DefaultPipeline().Key
	slices.SortStableFunc(s.pipelines, func(a, b Pipeline) int {
		return cmp.Or(cmp.Compare(b2i(a.Key != first), b2i(b.Key != first)), strings.Compare(a.Key, b.Key))
	})
	return s
}

// With returns the schema with a field added or replaced.
func (s Schema) With(d FieldDef) Schema {
	x := FieldSetting(d)
	list := slices.DeleteFunc(slices.Clone(s.settings), func(o Setting) bool { return o.ID == x.ID })
	return NewSchema(append(list, x))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// plainDefault reads a default that came through the store.
func plainDefault(f Field) any {
	v, err := f.Parse(f.Default)
	if err != nil {
		return nil
	}
	return v
}

// Nouns returns all nouns, the built-in ones first.
func (s Schema) Nouns() []Noun { return s.nouns }

// Without returns the schema without the fields that are hidden.
func (s Schema) Without(hidden func(k Kind, field string) bool) Schema {
	s.nouns, s.defs = slices.Clone(s.nouns), slices.DeleteFunc(slices.Clone(s.defs), func(d FieldDef) bool { return hidden(d.Kind, d.Key) })
	for i := range s.nouns {
		kind := s.nouns[i].Kind
		s.nouns[i].Fields = slices.DeleteFunc(slices.Clone(s.nouns[i].Fields), func(f Field) bool { return hidden(kind, f.Key) })
	}
	return s
}

// Home returns the country of the workspace, "" when nobody said.
func (s Schema) Home() Country { return s.home }

// Settings returns what the schema was read from.
func (s Schema) Settings() []Setting { return s.settings }

// Folders returns the folders that the workspace made.
func (s Schema) Folders() []Folder { return s.folders }

// Defs returns the fields that the workspace added, archived ones too.
func (s Schema) Defs() []FieldDef { return s.defs }

// Noun returns the noun of a kind.
func (s Schema) Noun(k Kind) (Noun, bool) {
	return s.find(func(n Noun) bool { return n.Kind == k })
}

// Plural returns the noun with the plural.
func (s Schema) Plural(p string) (Noun, bool) {
	return s.find(func(n Noun) bool { return n.Plural == p })
}

// Folder returns the noun that people call so: its plural, its kind, or the key
// of a folder that the workspace made.
func (s Schema) Folder(name string) (Noun, error) {
	n, ok := s.find(func(n Noun) bool {
		return n.Plural == name || string(n.Kind) == name || n.Kind.Custom() && n.Kind.base() == name
	})
	if ok {
		return n, nil
	}
	var known []string
	for _, n := range s.nouns {
		known = append(known, n.Plural)
	}
	return n, Errorf(NotFound, "crm.Folder", "there is no folder %q", Clip(name, 60)).WithField("folder").
		WithHint(Nearest(name, known))
}

// NounOfID returns the noun that the prefix of an id names.
func (s Schema) NounOfID(id RecordID) (Noun, bool) {
	prefix := IDPrefix(string(id))
	return s.find(func(n Noun) bool { return n.Prefix == prefix })
}

func (s Schema) find(is func(Noun) bool) (Noun, bool) {
	if i := slices.IndexFunc(s.nouns, is); i >= 0 {
		return s.nouns[i], true
	}
	return Noun{}, false
}

// Pipelines returns the pipelines of a kind, the default one first; a kind whose
// records move and that has none has the built one.
func (s Schema) Pipelines(k Kind) []Pipeline {
	var out []Pipeline
	for _, p := range s.pipelines {
		if p.For() == k {
			out = append(out, p)
		}
	}
	if n, ok := s.Noun(k); ok && n.Staged && out == nil {
		out = append(out, BuiltPipeline(k))
	}
	return out
}

// AllPipelines returns the pipelines of all kinds, the default one first.
func (s Schema) AllPipelines() []Pipeline { return s.pipelines }

// Numbered returns the auto-numbers of a noun.
func (n Noun) Numbered() []Field {
	return slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return f.Type != FieldAutoNumber })
}
