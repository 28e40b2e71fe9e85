package api

import (
	"context"
	"net/http"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/letter"
	"threadline/internal/merge"
	"threadline/internal/page"
)

// templateRoutes serve letters with tags, and fill them.
func (s *Server) templateRoutes() {
	const all, one = "/api/v1/templates", "/api/v1/templates/{id}"
	add(s, get(all, "list-templates", "Templates and snippets: the workspace's and one's own", "templates"), s.listTemplates)
	add(s, made(post(all, "create-template", "Make a template", "templates")), s.makeTemplate)
	add(s, get("/api/v1/template-fields", "list-template-fields", "What a template may name", "templates"), s.templateFields)
	add(s, post(all+"/check", "check-template", "Every mistake of a template, by part, with line and column; nothing is stored", "templates"), s.checkTemplate)
	add(s, post(all+"/preview", "preview-template", "A template that is being written, filled; nothing is stored", "templates"), s.previewTemplate)
	add(s, get(one, "get-template", "One template", "templates"), s.getTemplate)
	add(s, route{method: http.MethodPut, path: one, id: "replace-template", summary: "Replace a template", tag: "templates"}, s.replaceTemplate)
	add(s, remove(one, "delete-template", "Delete a template", "templates"), s.deleteTemplate)
	add(s, post(one+"/fill", "fill-template", "A template filled for a contact and a deal, with what is missing", "templates"), s.fillTemplate)
}

// TemplateRef names a template.
type TemplateRef struct {
	ID string `path:"id" maxLength:"60"`
}

// TemplateBody is what a person writes of a template.
type TemplateBody struct {
	Kind    crm.TemplateKind `json:"kind,omitempty" enum:"email,snippet"`
	Name    string           `json:"name" maxLength:"800"`
	Subject string           `json:"subject,omitempty" maxLength:"4000"`
	HTML    string           `json:"html,omitempty"`
	Text    string           `json:"text,omitempty" doc:"Empty: made from the HTML"`
	Mine    bool             `json:"mine,omitempty" doc:"Nobody else's to use"`
}

func (b *TemplateBody) draft() letter.Draft {
	return letter.Draft{Kind: b.Kind, Name: b.Name, Subject: b.Subject, HTML: b.HTML, Text: b.Text, Mine: b.Mine}
}

// unsaved is the template that a body would become.
func (b *TemplateBody) unsaved() *crm.Template {
	html, _ := letter.Clean(b.HTML)
	return &crm.Template{Subject: b.Subject, HTML: html, Text: b.Text}
}

type templateView struct {
	crm.Template
	Version string      `json:"version" doc:"For If-Match"`
	Batch   string      `json:"batch,omitempty" doc:"Of the write just made, to undo it"`
	Left    []page.Left `json:"left,omitempty" enum:"within,insecure,hidden,nowhere" doc:"Of what was just written: why each picture that cannot be sent was left out"`
}

func viewTemplate(s letter.Saved) templateView {
	return templateView{Template: s.Template, Version: versionText(s.Version), Batch: s.Batch, Left: s.Left}
}

type templateQuery struct {
	Kind crm.TemplateKind `query:"kind" enum:"email,snippet"`
}

func (s *Server) listTemplates(ctx context.Context, in *templateQuery) (*body[items[crm.Template]], error) {
	list, err := s.deps.Letters.List(ctx, viewerOf(ctx), in.Kind)
	return listed(list), err
}

func (s *Server) templateFields(ctx context.Context, _ *none) (*body[items[string]], error) {
	sch, err := s.deps.Records.Schema(ctx, viewerOf(ctx))
	return listed(letter.Fields(sch)), err
}

func (s *Server) makeTemplate(ctx context.Context, in *struct{ Body TemplateBody }) (*body[templateView], error) {
	done, err := s.deps.Letters.Save(ctx, viewerOf(ctx), changed(ctx, "make the template "+in.Body.title()), "", in.Body.draft(), 0)
	return answer(viewTemplate(done)), err
}

// title is how the log of changes calls a template: that of a person is theirs.
func (b *TemplateBody) title() string {
	if b.Mine {
		return "of one's own"
	}
	return crm.Clip(b.Name, 60)
}

type templateEdit struct {
	TemplateRef
	Matched
	Body TemplateBody
}

func (s *Server) replaceTemplate(ctx context.Context, in *templateEdit) (*body[templateView], error) {
	version, err := in.version("")
	if err != nil {
		return nil, err
	}
	done, err := s.deps.Letters.Save(ctx, viewerOf(ctx), changed(ctx, "change the template "+in.Body.title()), in.ID, in.Body.draft(), version)
	return answer(viewTemplate(done)), blameNotFound(err, "id")
}

func (s *Server) getTemplate(ctx context.Context, in *TemplateRef) (*body[templateView], error) {
	doc, err := s.deps.Letters.Get(ctx, viewerOf(ctx), in.ID)
	return answer(viewTemplate(letter.Saved{Template: doc.Value, Version: doc.Version})), blameNotFound(err, "id")
}

func (s *Server) deleteTemplate(ctx context.Context, in *TemplateRef) (*body[batched], error) {
	batch, err := s.deps.Letters.Delete(ctx, viewerOf(ctx), changed(ctx, "delete a template"), in.ID)
	return answer(batched{batch}), blameNotFound(err, "id")
}

type templateMistakes struct {
	Problems map[string][]merge.Problem `json:"problems" doc:"By part: subject, html, text; none when the template can be saved"`
}

func (s *Server) checkTemplate(ctx context.Context, in *struct{ Body TemplateBody }) (*body[templateMistakes], error) {
	sch, err := s.deps.Records.Schema(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return answer(templateMistakes{letter.Check(sch, in.Body.unsaved())}), nil
}

// AboutBody says for whom and about what a template is filled.
type AboutBody struct {
	Contact string `json:"contact,omitempty" maxLength:"60"`
	Company string `json:"company,omitempty" maxLength:"60" doc:"Without: that of the contact or the deal"`
	Deal    string `json:"deal,omitempty" maxLength:"60"`
	To      string `json:"to,omitempty" maxLength:"254" doc:"Without a contact: the address of who gets it; nobody whom the caller may see leaves the fields missing"`
	From    string `json:"from,omitempty" maxLength:"254" doc:"Which of the caller's addresses it speaks for; without: their main one"`
}

func (s *Server) about(ctx context.Context, a *AboutBody) (letter.About, error) {
	sender := callerOf(ctx).user // a preview reads as the letter will, in the language of who sends it
	own, _ := i18n.ParseLang(sender.Locale)
	out := letter.About{Sender: sender, Lang: own}
	for field, part := range map[string]struct {
		text string
		into *crm.RecordID
	}{"contact": {a.Contact, &out.Contact}, "company": {a.Company, &out.Company}, "deal": {a.Deal, &out.Deal}} {
		if part.text == "" {
			continue
		}
		id, err := recordID(part.text, field)
		if err != nil {
			return out, err
		}
		*part.into = id
	}
	if a.From != "" {
		own, err := s.deps.Letters.Addresses(ctx, sender.ID)
		if err != nil {
			return out, err
		}
		from, err := crm.ParseAddress(a.From)
		if err != nil || !slices.Contains(own, from) {
			return out, crm.Errorf(crm.Invalid, "api.about", "%s is no address of yours", crm.Clip(a.From, 60)).WithField("from")
		}
		out.Sender.Email = from
	}
	if a.To == "" || out.Contact != "" {
		return out, nil
	}
	to, err := crm.ParseAddress(a.To)
	if err != nil {
		return out, blame(err, "to")
	}
	out.Contact, err = s.deps.Timeline.Holder(ctx, viewerOf(ctx), to)
	return out, err
}

type templateFill struct {
	TemplateRef
	Body AboutBody
}

func (s *Server) fillTemplate(ctx context.Context, in *templateFill) (*body[letter.Filled], error) {
	doc, err := s.deps.Letters.Get(ctx, viewerOf(ctx), in.ID)
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	return s.filled(ctx, &doc.Value, &in.Body)
}

func (s *Server) filled(ctx context.Context, t *crm.Template, about *AboutBody) (*body[letter.Filled], error) {
	a, err := s.about(ctx, about)
	if err != nil {
		return nil, err
	}
	out, err := s.deps.Letters.Fill(ctx, viewerOf(ctx), t, a)
	return answer(out), err
}

type templatePreview struct {
	Body struct {
		TemplateBody
		AboutBody
	}
}

func (s *Server) previewTemplate(ctx context.Context, in *templatePreview) (*body[letter.Filled], error) {
	return s.filled(ctx, in.Body.unsaved(), &in.Body.AboutBody)
}
