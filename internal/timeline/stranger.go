package timeline

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/match"
	"threadline/internal/store"
)

// Stranger is what a message says of somebody in it, as a proposal for a new
// record. Whatever is not said is empty.
type Stranger struct {
	Address crm.Address  `json:"address"`
	Name    string       `json:"name,omitempty"`
	Title   string       `json:"title,omitempty"`
	Phone   crm.Phone    `json:"phone,omitempty"`
	Company string       `json:"company,omitempty"` // by name
	Domain  crm.Domain   `json:"domain,omitempty"`  // empty where anybody may have an address
	Known   crm.RecordID `json:"known,omitempty"`   // the company that holds the domain; Company is its name
	Contact crm.RecordID `json:"contact,omitempty"` // somebody holds the address already
}

// Stranger reads what a message says of the participant with the address: the
// name in its header, the domain and, when they wrote it and the viewer may read
// it, the signature. It fails with crm.NotFound when the viewer may not know of
// the message or nobody outside has the address there.
func (s *Service) Stranger(ctx context.Context, v access.Viewer, id crm.MessageID, a crm.Address) (Stranger, error) {
	const op = crm.Op("timeline.Stranger")
	if err := mayReadMail(v); err != nil {
		return Stranger{}, err
	}
	doc, err := store.Messages.Get(ctx, s.sp, string(id))
	if err == nil && access.Message(v, &doc.Value) == access.None {
		err = crm.Errorf(crm.NotFound, op, "there is no message %s", crm.Clip(string(id), 60))
	}
	if err != nil {
		return Stranger{}, crm.Wrap(op, "the message cannot be read", err)
	}
	desk, err := s.desk.get(ctx, s.sp)
	if err != nil {
		return Stranger{}, crm.Wrap(op, "the workspace cannot be read", err)
	}
	b := s.sheet(v, &doc.Value, s.sp, desk)
	if err := b.people(ctx); err != nil {
		return Stranger{}, crm.Wrap(op, "the message cannot be read", err)
	}
	i := slices.IndexFunc(b.out, func(o outsider) bool { return o.Address == a })
	if i < 0 {
		return Stranger{}, crm.Errorf(crm.NotFound, op, "nobody outside has this address in the message").WithField("address")
	}
	out := Stranger{Address: a, Name: personName(b.out[i].Participant), Contact: b.out[i].contact}
	if err := b.signed(ctx, i, &out); err != nil {
		return Stranger{}, crm.Wrap(op, "the signature cannot be read", err)
	}
	return out, crm.Wrap(op, "the company cannot be looked up", b.employer(ctx, &out))
}

// signed adds what the signature says of its writer.
func (b *sheetBuilder) signed(ctx context.Context, i int, out *Stranger) error {
	if b.out[i].Role != crm.RoleFrom || b.m.Class != crm.ClassPerson || b.m.Stub || access.Message(b.v, b.m) != access.Full {
		return nil
	}
	body, err := b.s.bodies.LoadBody(ctx, b.s.sp, b.s.blobs, b.m.ID)
	if crm.IsKind(err, crm.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sig := mail.ParseSignature(body.Text, body.Quoted, b.out[i].Participant, b.desk.home)
	out.Title, out.Company = sig.Title.Value, sig.Company.Value
	if len(sig.Phones) > 0 {
		out.Phone = crm.Phone(sig.Phones[0].Value)
	}
	return nil
}

// employer finds the company behind the address, or proposes one by its domain.
func (b *sheetBuilder) employer(ctx context.Context, out *Stranger) error {
	domain := match.Registered(out.Address.Domain())
	if crm.FreeMail(domain) || slices.Contains(b.desk.ws.FreeMail, domain) || match.Public(domain) {
		return nil
	}
	out.Domain = domain
	ids := []string{crm.IdentityID(b.desk.ws.IDKey, crm.DomainToken(domain))}
	docs, err := store.Identities.GetMany(ctx, b.s.sp, ids)
	if err != nil {
		return err
	}
	for _, h := range docs[0].Value.Holders {
		if n, _ := crm.NounOfID(h.Record); h.To == 0 && n.Kind == crm.KindCompany {
			out.Known = h.Record
		}
	}
	if out.Known != "" {
		if err := b.look.load(ctx, out.Known); err != nil {
			return err
		}
		out.Company = b.look.name(out.Known)
	}
	out.Company = cmp.Or(out.Company, domainName(domain))
	return nil
}

// personName is the name that the header gives, else one from an address such as
// anna.nowak@….
func personName(p crm.Participant) string {
	if name := strings.TrimSpace(p.Name); name != "" && !strings.Contains(name, "@") {
		return name
	}
	words := strings.FieldsFunc(p.Address.Local(), func(r rune) bool { return r == '.' || r == '_' || r == '-' })
	if len(words) < 2 || len(words) > 3 {
		return ""
	}
	for i, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return ""
		}
		words[i] = capital(w)
	}
	return strings.Join(words, " ")
}

// domainName makes a name of the first part of a domain.
func domainName(d crm.Domain) string {
	first, _, _ := strings.Cut(string(d), ".")
	return capital(first)
}

func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return string(unicode.ToUpper(r[0])) + string(r[1:])
}
