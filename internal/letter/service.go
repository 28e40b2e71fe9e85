package letter

import (
	"context"
	"strings"
	"unicode/utf8"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/merge"
	"threadline/internal/page"
	"threadline/internal/records"
	"threadline/internal/store"
)

const (
	maxName    = 200
	maxSubject = 500 // characters
)

// Service keeps the templates of one workspace. It is safe for concurrent use.
type Service struct {
	sp      *store.Space
	records *records.Service
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service) *Service { return &Service{sp: sp, records: r} }

// Saved is a template after a write, and the batch to undo it.
type Saved struct {
	Template crm.Template
	Version  store.Version
	Batch    string
	Left     []page.Left // pictures of what was written that cannot be sent
}

// List returns the templates that the viewer may use, by name; kind "" means
// both.
func (s *Service) List(ctx context.Context, v access.Viewer, kind crm.TemplateKind) ([]crm.Template, error) {
	if !v.Records() {
		return nil, crm.Errorf(crm.Denied, "letter.List", "templates are for members of the workspace").WithHint("sign in")
	}
	docs, err := store.Templates.All(ctx, s.sp, store.Query{Order: "name"})
	if err != nil {
		return nil, crm.Wrap("letter.List", "the templates cannot be read", err)
	}
	out := []crm.Template{}
	for _, d := range docs {
		if usable(v, &d.Value) && (kind == "" || d.Value.Kind == kind) {
			out = append(out, d.Value)
		}
	}
	return out, nil
}

// usable tells whether a template is the viewer's to use.
func usable(v access.Viewer, t *crm.Template) bool { return t.Owner == "" || t.Owner == v.User }

// Get returns one template; crm.NotFound for one that is not the viewer's to
// use.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (store.Doc[crm.Template], error) {
	return s.get(ctx, s.sp, v, id)
}

func (s *Service) get(ctx context.Context, r store.Reader, v access.Viewer, id string) (store.Doc[crm.Template], error) {
	none := crm.Errorf(crm.NotFound, "letter.Get", "there is no template %s", crm.Clip(id, 60))
	if _, err := crm.ParseID[string](crm.PrefixTemplate, id); err != nil || !v.Records() {
		return store.Doc[crm.Template]{}, none
	}
	doc, err := store.Templates.Get(ctx, r, id)
	if err == nil && !usable(v, &doc.Value) {
		return store.Doc[crm.Template]{}, none
	}
	return doc, err
}

// Draft is what a person writes of a template.
type Draft struct {
	Kind    crm.TemplateKind
	Name    string
	Subject string
	HTML    string
	Text    string
	Mine    bool
}

// Save makes a template, or replaces the one with the id; a version other than 0
// must be the present one. It fails with crm.Invalid at the first mistake of the
// text, naming part, line and column.
func (s *Service) Save(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string, d Draft, version store.Version) (Saved, error) {
	t, left, err := d.template(v)
	if err != nil {
		return Saved{}, err
	}
	t.ID, t.By, t.At = id, info.Actor, s.sp.Store().Now()
	if id == "" {
		if t.ID, err = s.sp.Store().NewID(crm.PrefixTemplate); err != nil {
			return Saved{}, err
		}
	}
	batch, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		sch, err := store.ReadSchema(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := Compile(sch, &t); err != nil {
			return err
		}
		if id == "" {
			store.Templates.Create(tx, &t)
			return nil
		}
		old, err := s.get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if version != 0 && old.Version != version {
			return crm.Errorf(crm.Conflict, "letter.Save", "the template was changed in the meantime").WithField("version").WithHint("read it again, then save your change")
		}
		store.Templates.Put(tx, &t)
		return nil
	})
	if err != nil {
		return Saved{}, err
	}
	doc, err := store.Templates.Get(ctx, s.sp, t.ID)
	return Saved{Template: doc.Value, Version: doc.Version, Batch: batch, Left: left}, err
}

// template checks a draft and cleans its HTML.
func (d Draft) template(v access.Viewer) (t crm.Template, left []page.Left, err error) {
	t = crm.Template{Kind: d.Kind, Name: strings.TrimSpace(d.Name), Subject: strings.TrimSpace(d.Subject), Text: d.Text}
	if t.Kind == "" {
		t.Kind = crm.TemplateMail
	}
	if d.Mine {
		t.Owner = v.User
	}
	if err := d.check(v, &t); err != nil {
		return t, nil, err
	}
	t.HTML, left = Clean(d.HTML)
	return t, left, nil
}

// Clean is the HTML of a template as it is kept, and the pictures that it may not
// have.
func Clean(source string) (html string, left []page.Left) {
	pruned, left := page.Prune(source)
	return merge.Clean(pruned), left
}

// check says what is wrong with a draft that would become a template.
func (d Draft) check(v access.Viewer, t *crm.Template) error {
	const op = crm.Op("letter.Save")
	switch {
	case !v.Records():
		return crm.Errorf(crm.Denied, op, "templates are for members of the workspace").WithHint("sign in")
	case t.Kind != crm.TemplateMail && t.Kind != crm.TemplateSnippet:
		return crm.Errorf(crm.Invalid, op, "a template is an email or a snippet").WithField("kind")
	case t.Name == "" || utf8.RuneCountInString(t.Name) > maxName:
		return crm.Errorf(crm.Invalid, op, "a template has a name of at most %d characters", maxName).WithField("name")
	case t.Kind == crm.TemplateMail && t.Subject == "":
		return crm.Errorf(crm.Invalid, op, "a letter has a subject").WithField("subject")
	case strings.ContainsAny(t.Subject, "\r\n") || utf8.RuneCountInString(t.Subject) > maxSubject:
		return crm.Errorf(crm.Invalid, op, "a subject is one line of at most %d characters", maxSubject).WithField("subject")
	case strings.TrimSpace(d.HTML) == "" && strings.TrimSpace(d.Text) == "":
		return crm.Errorf(crm.Invalid, op, "the template is empty").WithField("html")
	case len(d.HTML) > merge.MaxSource:
		return crm.Errorf(crm.TooLarge, op, "the text is longer than %d KB", merge.MaxSource>>10).WithField("html")
	}
	return nil
}

// Delete deletes a template and returns the batch to undo it.
func (s *Service) Delete(ctx context.Context, v access.Viewer, info store.ChangeInfo, id string) (string, error) {
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.get(ctx, tx, v, id); err != nil {
			return err
		}
		store.Templates.Delete(tx, id)
		return nil
	})
}
