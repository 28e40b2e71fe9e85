package crm

// TemplateKind says what a template is for.
type TemplateKind string

const (
	TemplateMail    TemplateKind = "email"
	TemplateSnippet TemplateKind = "snippet" // a piece of text without a subject
)

// Template is a letter with tags, in the language of package merge. With Owner
// it is that person's own; without, everybody's.
type Template struct {
	ID      string       `cbor:"-" json:"id"`
	Kind    TemplateKind `cbor:"kind" json:"kind"`
	Name    string       `cbor:"name" json:"name"`
	Subject string       `cbor:"subject,omitempty" json:"subject,omitempty"`
	HTML    string       `cbor:"html" json:"html"`
	Text    string       `cbor:"text,omitempty" json:"text,omitempty" doc:"Empty: made from the HTML"`
	Owner   UserID       `cbor:"owner,omitempty" json:"owner,omitempty" doc:"Empty: of the whole workspace"`
	By      UserID       `cbor:"by,omitempty" json:"by,omitempty"`
	At      Time         `cbor:"at" json:"at"`
}
