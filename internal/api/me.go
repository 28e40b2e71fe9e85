package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image/png"
	"net/http"
	"strings"

	"github.com/pquerna/otp"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/page"
	"threadline/internal/seal"
	"threadline/internal/store"
)

func (s *Server) credentialRoutes() {
	const me = "/api/v1/me"
	dangerous := func(r route) route {
		r.fresh = true
		return r
	}
	add(s, route{method: http.MethodPut, path: me + "/zone", id: "set-zone", tag: "notifications", summary: "Say by which zone one lives: days, reminders and digests begin in it"}, s.setZone)
	add(s, route{method: http.MethodPut, path: me + "/signature", id: "set-signature", tag: "notifications", summary: "Say what stands under one's mail"}, s.setSignature)
	add(s, dangerous(route{method: http.MethodPut, path: me + "/password", id: "set-password", tag: "session",
		summary: "Set a password; other browsers are signed out"}), s.newPassword)
	add(s, dangerous(post(me+"/totp", "enrol-totp", "Begin to set up a second factor", "session")), s.enrol)
	add(s, dangerous(post(me+"/totp/confirm", "confirm-totp", "Confirm it by a code; returns the recovery codes, once", "session")), s.confirm)
	add(s, route{method: http.MethodPatch, path: "/api/v1/workspace", id: "edit-workspace", tag: "settings",
		summary: "Change what holds for everybody: name, own domains, currency, time zone, language (admins)"}, s.editWorkspace)
	add(s, dangerous(remove(me+"/totp", "remove-totp", "Do without a second factor", "session")), s.unenrol)
}

type meView struct {
	User      *userView     `json:"user,omitempty"`
	Zone      string        `json:"zone" doc:"By which the caller lives: their own, else the workspace's"`
	Signature string        `json:"signature,omitempty" doc:"What the caller puts under their mail"`
	SignHTML  string        `json:"signature_html,omitempty" doc:"The same where it is formatted"`
	Operator  bool          `json:"operator,omitempty"`
	Rights    []crm.Right   `json:"rights" doc:"What the caller's role lets them do besides records"`
	Ways      *auth.Ways    `json:"ways,omitempty" doc:"How the caller can prove who they are"`
	Fresh     bool          `json:"fresh,omitempty" doc:"The caller has proved themselves moments ago"`
	Gmail     bool          `json:"gmail,omitempty" doc:"A mailbox can be connected by consent at Google"`
	Workspace workspaceView `json:"workspace"`
}

type workspaceView struct {
	ID         crm.WorkspaceID `json:"id"`
	Name       string          `json:"name"`
	OwnDomains []crm.Domain    `json:"own_domains"`
	Currency   crm.Currency    `json:"currency"`
	Zone       string          `json:"zone"`
	Locale     string          `json:"locale"`
	Country    crm.Country     `json:"country,omitempty" doc:"Of which telephone numbers are that name none"`
}

func viewWorkspace(ws *crm.Workspace) workspaceView {
	domains := ws.OwnDomains
	if domains == nil {
		domains = []crm.Domain{}
	}
	return workspaceView{ID: ws.ID, Name: ws.Name, OwnDomains: domains, Currency: ws.Currency, Zone: ws.Zone, Locale: ws.Locale}
}

func (s *Server) me(ctx context.Context, _ *none) (*body[meView], error) {
	ws, err := s.workspace(ctx)
	if err != nil {
		return nil, err
	}
	who := callerOf(ctx)
	out := meView{Rights: []crm.Right{}, Zone: viewerOf(ctx).Zone(ws.Zone).String(), Operator: viewerOf(ctx).Operator, Fresh: who.proof.Fresh(s.deps.Space.Store().Now()),
		Gmail: s.deps.Gmail != nil}
	if out.Workspace, err = s.seenWorkspace(ctx, &ws); err != nil {
		return nil, err
	}
	for _, r := range crm.Rights() {
		if viewerOf(ctx).May(r) {
			out.Rights = append(out.Rights, r)
		}
	}
	if who.user.ID != "" {
		v := viewUser(&who.user)
		ways, err := s.deps.Auth.WaysOf(ctx, s.deps.Space, who.user.ID)
		if err != nil {
			return nil, err
		}
		out.User, out.Ways = &v, &ways
		sign, err := s.deps.Letters.Signature(ctx, who.user.ID)
		if err != nil {
			return nil, err
		}
		out.Signature, out.SignHTML = sign.Text, sign.HTML
	}
	return answer(out), nil
}

func (s *Server) workspace(ctx context.Context) (crm.Workspace, error) {
	doc, err := store.Workspaces.Get(ctx, s.deps.Space, string(s.deps.Space.Workspace()))
	return doc.Value, err
}

type workspaceEdit struct {
	auth.WorkspaceEdit
	Country *string `json:"country,omitempty" maxLength:"2" doc:"Telephone numbers that name none are of it, as ISO 3166; empty for nowhere"`
}

func (s *Server) editWorkspace(ctx context.Context, in *struct{ Body workspaceEdit }) (*body[workspaceView], error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	var country crm.Country
	if in.Body.Country != nil {
		country = crm.Country(strings.ToUpper(strings.TrimSpace(*in.Body.Country)))
		if err := (crm.Home{Country: country}).Check(); err != nil && country != "" {
			return nil, err
		}
	}
	ws, err := s.deps.Auth.EditWorkspace(ctx, s.deps.Space, in.Body.WorkspaceEdit)
	if err == nil && in.Body.Country != nil {
		_, err = s.deps.Records.SetHome(ctx, by(ctx, ""), country)
	}
	if err != nil {
		return nil, err
	}
	view, err := s.seenWorkspace(ctx, &ws)
	return answer(view), err
}

// seenWorkspace is the workspace with what stands in its settings.
func (s *Server) seenWorkspace(ctx context.Context, ws *crm.Workspace) (workspaceView, error) {
	v := viewWorkspace(ws)
	docs, err := store.Settings.GetMany(ctx, s.deps.Space, []string{crm.HomeID})
	if err == nil && docs[0].Exists() {
		v.Country = docs[0].Value.Home.Country
	}
	return v, err
}

func (s *Server) setZone(ctx context.Context, in *struct {
	Body struct {
		Zone string `json:"zone" maxLength:"60" doc:"IANA, such as Europe/Warsaw; empty for the workspace's"`
	}
}) (*body[batched], error) {
	batch, err := s.deps.Records.SetClock(ctx, by(ctx, ""), in.Body.Zone)
	return answer(batched{batch}), err
}

func (s *Server) setSignature(ctx context.Context, in *struct {
	Body struct {
		Text string `json:"text,omitempty" maxLength:"8000" doc:"At most 2,000 characters; empty for none"`
		HTML string `json:"html,omitempty" maxLength:"16384" doc:"Of a formatted one; its text is made of it"`
	}
}) (*body[signedView], error) {
	batch, left, err := s.deps.Letters.Sign(ctx, viewerOf(ctx), changed(ctx, "change one's signature"), in.Body.Text, in.Body.HTML)
	return answer(signedView{batched{batch}, left}), err
}

type signedView struct {
	batched
	Left []page.Left `json:"left,omitempty" enum:"within,insecure,hidden,nowhere" doc:"Why each picture that cannot be sent was left out"`
}

type passwordChange struct {
	Body struct {
		Password seal.Secret `json:"password" doc:"At least 10 characters; empty takes the password away"`
	}
}

func (s *Server) newPassword(ctx context.Context, in *passwordChange) (*empty, error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Auth.SetPassword(ctx, s.deps.Space, u.ID, in.Body.Password, callerOf(ctx).proof.Session)
}

type enrolment struct {
	Secret string `json:"secret" doc:"To be typed into the app"`
	URL    string `json:"url" doc:"The same as an otpauth address"`
	QR     string `json:"qr,omitempty" doc:"The same as a picture: a data: address"`
}

func (s *Server) enrol(ctx context.Context, _ *none) (*body[enrolment], error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	ws, err := s.workspace(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.deps.Auth.Enrol(ctx, s.deps.Space, u, ws.Name)
	if err != nil {
		return nil, err
	}
	qr, err := drawn(e.URL)
	return answer(enrolment{Secret: e.Secret, URL: e.URL, QR: qr}), err
}

// drawn is the code that the app's camera reads.
func drawn(address string) (string, error) {
	key, err := otp.NewKeyFromURL(address)
	if err != nil {
		return "", crm.E(crm.Internal, "api.drawn", "the code cannot be drawn", err)
	}
	img, err := key.Image(240, 240)
	if err != nil {
		return "", crm.E(crm.Internal, "api.drawn", "the code cannot be drawn", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return "", crm.E(crm.Internal, "api.drawn", "the code cannot be drawn", err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

type recovery struct {
	Codes []string `json:"recovery_codes" doc:"Each stands in for the app once"`
}

func (s *Server) confirm(ctx context.Context, in *codeInput) (*body[recovery], error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := s.deps.Auth.Confirm(ctx, s.deps.Space, u.ID, in.Body.Code.Reveal(), callerOf(ctx).proof.Session)
	return answer(recovery{codes}), err
}

func (s *Server) unenrol(ctx context.Context, _ *none) (*empty, error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Auth.Unenrol(ctx, s.deps.Space, u.ID)
}

// asError returns the Error in err's chain.
func asError(err error) (*crm.Error, bool) {
	var e *crm.Error
	ok := errors.As(err, &e)
	return e, ok
}
