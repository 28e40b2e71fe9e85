package api

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"threadline/internal/auth"
)

// examples are, by route, how Vera succeeds in it.
func examples() map[string]example {
	out := map[string]example{}
	for _, part := range []map[string]example{ofRecords(), ofWork(), ofSettings(), ofPeople(), ofMail(), ofMailboxes(), ofLetters()} {
		maps.Copy(out, part)
	}
	return out
}

// says sends a body to an address without an id.
func says(body string) example { return func(*doing) call { return call{body: body} } }

// at sends a body to the address, in which what make makes stands for %.
func at(path string, make func(w *doing) string, body string) example {
	return func(w *doing) call {
		return call{path: "/api/v1" + strings.Replace(path, "%", make(w), 1), body: body}
	}
}

// a makes a record of hers.
func a(plural string) func(w *doing) string {
	return func(w *doing) string { return w.record(plural, "") }
}

// posted makes something by the address of its list.
func posted(path, body string) func(w *doing) string {
	return func(w *doing) string { return w.does("POST", "/api/v1"+path, w.in(body)) }
}

// in puts ids into a body.
func (w *doing) in(body string) string {
	return strings.NewReplacer("{box}", string(w.box), "{letter}", string(w.letter), "{vera}", string(w.vera.ID), "{hidden}", w.hidden["contacts"],
		"{message}", string(w.message)).Replace(body)
}

// ofFolder is how what can be done in every folder succeeds.
func ofFolder(op operation, plural, path string) (example, bool) {
	switch _, act, _ := strings.Cut(op.path, "{id}"); {
	case op.method == http.MethodPost && act == "" && !strings.Contains(op.path, "{id}"):
		return func(w *doing) call { return call{path: path, body: `{"values":` + w.values(w.noun(plural)) + `}`} }, true
	case op.method == http.MethodPatch:
		return func(w *doing) call {
			return call{path: path + "/" + w.record(plural, ""), body: `{"values":{"` + w.noun(plural).Title + `":"Pier"}}`}
		}, true
	case op.method == http.MethodDelete:
		return func(w *doing) call { return call{path: path + "/" + w.record(plural, "")} }, true
	case act == "/win", act == "/lose":
		return func(w *doing) call {
			return call{path: path + "/" + w.record(plural, "") + act, body: `{"reason":"price"}`}
		}, true
	case act == "/reopen":
		return func(w *doing) call {
			at := path + "/" + w.record(plural, "")
			w.nora("POST", at+"/win", `{}`)
			return call{path: at + act, body: `{}`}
		}, true
	}
	return nil, false
}

func ofRecords() map[string]example {
	out := map[string]example{
		"POST /leads/{id}/convert": func(w *doing) call {
			return call{path: "/api/v1/leads/" + w.record("leads", `{"name":"Lee","company_name":"Quay"}`) + "/convert", body: `{}`}
		},
		"POST /merges":             func(w *doing) call { return call{body: w.pair()} },
		"POST /merges/preview":     func(w *doing) call { return call{body: w.pair()} },
		"POST /duplicates/check":   says(`{"folder":"contacts","values":{"name":"Harbour","phones":["+48600100200"],"emails":["taken@hidden.example"]}}`),
		"POST /query/check":        says(`{"kind":"deal","order":"name"}`),
		"POST /suggestions/accept": says(`{"mode":"written_to"}`),
		"POST /changes/{batch}/undo": func(w *doing) call {
			deal := w.record("deals", "")
			res := w.by("vera", "PATCH", "/api/v1/deals/"+deal, `{"values":{"name":"Mole"}}`)
			return call{path: "/api/v1/changes/" + decode[batched](w.t, res).Batch + "/undo"}
		},
	}
	for key, op := range map[string]operation{
		"POST /records/{folder}": {method: "POST"}, "PATCH /records/{folder}/{id}": {method: "PATCH"}, "DELETE /records/{folder}/{id}": {method: "DELETE"},
		"POST /records/{folder}/{id}/win": {method: "POST"}, "POST /records/{folder}/{id}/lose": {method: "POST"}, "POST /records/{folder}/{id}/reopen": {method: "POST"},
	} {
		_, op.path, _ = strings.Cut(key, " ")
		out[key], _ = ofFolder(op, "partners", "/api/v1/records/partners")
	}
	return out
}

// pair is the order to merge two of her companies.
func (w *doing) pair() string {
	return `{"into":"` + w.record("companies", "") + `","from":["` + w.record("companies", "") + `"]}`
}

// edit is an edit in bulk of a deal, planned.
func edit(w *doing) string {
	id := w.does("POST", "/api/v1/bulk", `{"query":"deals","records":["`+w.record("deals", "")+`"],"set":{"name":"Dock"}}`)
	w.settle()
	return id
}

// file is a file of contacts, uploaded and planned as far as is said.
func (w *doing) file(planned bool) string {
	w.t.Helper()
	res := w.send(call{method: "POST", path: "/api/v1/imports?folder=contacts&name=p.csv", body: "name,emails,phones\nIda,ida@quay.example,\nTaken,taken@hidden.example,+48600100200\nBad,x,\n"}, "text/csv")
	id := w.idOf("POST", "/imports", res)
	w.settle()
	if planned {
		w.does("POST", "/api/v1/imports/"+id+"/plan", `{}`)
		w.settle()
		w.by("vera", "GET", "/api/v1/imports/"+id+"/rows", "")
	}
	return id
}

func planned(w *doing) string { return w.file(true) }

// changedSince is an undo of a batch of hers that others have changed since.
func changedSince(w *doing) string {
	w.t.Helper()
	deal := "/api/v1/deals/" + w.record("deals", "")
	batch := decode[batched](w.t, w.by("vera", "PATCH", deal, `{"values":{"name":"Mole"}}`)).Batch
	w.nora("PATCH", deal, `{"values":{"name":"Jetty","next_step":"`+hiddenField+` again"}}`)
	id := w.does("POST", "/api/v1/undos", `{"batch":"`+batch+`"}`)
	w.settle()
	w.by("vera", "GET", "/api/v1/undos/"+id+"/conflicts", "")
	return id
}

// waiting is a job of hers that waits for a word.
func waiting(w *doing) string { return edit(w) }

// stopped is a job of hers that was cancelled.
func stopped(w *doing) string {
	id := edit(w)
	w.does("POST", "/api/v1/jobs/"+id+"/cancel", "")
	return id
}

func ofWork() map[string]example {
	return map[string]example{
		"POST /bulk": func(w *doing) call {
			return call{body: `{"query":"deals","records":["` + w.record("deals", "") + `"],"set":{"name":"Dock"}}`}
		},
		"POST /bulk/{id}/apply": at("/bulk/%/apply", edit, ""),
		"POST /exports":         says(`{"format":"csv","query":"contacts"}`),
		"POST /imports": func(*doing) call {
			return call{path: "/api/v1/imports?folder=contacts&name=p.csv", body: "name,phones\nIda,+48600100200\n"}
		},
		"POST /imports/{id}/plan":  at("/imports/%/plan", func(w *doing) string { return w.file(false) }, `{}`),
		"PATCH /imports/{id}/rows": at("/imports/%/rows", planned, `{"rows":[{"row":2,"do":"skip"}]}`),
		"POST /imports/{id}/apply": at("/imports/%/apply", planned, ""),
		"POST /jobs/{id}/cancel":   at("/jobs/%/cancel", waiting, ""),
		"POST /jobs/{id}/resume":   at("/jobs/%/resume", stopped, ""),
		"POST /undos": func(w *doing) call {
			return call{body: `{"batch":"` + decode[batched](w.t, w.by("vera", "PATCH", "/api/v1/deals/"+w.record("deals", ""), `{"values":{"name":"Mole"}}`)).Batch + `"}`}
		},
		"POST /undos/{id}/apply": at("/undos/%/apply", changedSince, ""),
		"POST /views":            says(`{"name":"Mine","kind":"deal","query":"deals order by name","columns":["name"]}`),
		"PUT /views/{id}":        at("/views/%", posted("/views", `{"name":"Mine","kind":"deal"}`), `{"name":"Ours","kind":"deal","sharing":"workspace"}`),
		"DELETE /views/{id}":     at("/views/%", posted("/views", `{"name":"Mine","kind":"deal"}`), ""),
		"POST /segments":         says(`{"name":"All","kind":"contact","query":"contacts"}`),
		"PUT /segments/{id}":     at("/segments/%", posted("/segments", `{"name":"All","kind":"contact","query":"contacts"}`), `{"name":"Few","kind":"contact","query":"contacts order by name"}`),
		"DELETE /segments/{id}":  at("/segments/%", posted("/segments", `{"name":"All","kind":"contact","query":"contacts"}`), ""),
		"POST /segments/{id}/members": func(w *doing) call {
			return call{path: "/api/v1/segments/" + w.does("POST", "/api/v1/segments", `{"name":"Few","kind":"contact","mode":"static"}`) + "/members", body: `{"add":["` + w.record("contacts", "") + `"]}`}
		},
		"PUT /notifications/choices": says(`{"hour":7}`),
		"POST /notifications/read":   says(`{"all":true}`),
		"POST /search/rebuild":       func(*doing) call { return call{as: "operator"} },
	}
}

const newPipeline = `{"kind":"deal","name":"Side","stages":[{"key":"a","name":"A","kind":"open","probability":1},{"key":"w","name":"W","kind":"won","probability":100},{"key":"l","name":"L","kind":"lost","probability":0}]}`

// put sets something by its key, which stands for it.
func put(path, key, body string) func(w *doing) string {
	return func(w *doing) string { w.does("PUT", "/api/v1"+path+key, w.in(body)); return key }
}

func ofSettings() map[string]example {
	const rule = `{"name":"R","others":{"read":"own"}}`
	return map[string]example{
		"PUT /calendar": says(`{"holidays":["12-25"]}`),
		"PUT /duplicates/rules": func(*doing) call {
			return call{path: "/api/v1/duplicates/rules?folder=products", body: `{"rules":[{"field":"name","like":"folded","effect":"warn"}]}`}
		},
		"POST /fields": says(`{"kind":"deal","key":"berth","type":"text"}`),
		"PATCH /fields/{kind}/{key}": func(w *doing) call {
			w.does("POST", "/api/v1/fields", `{"kind":"deal","key":"crane","type":"text"}`)
			return call{path: "/api/v1/fields/deal/crane", body: `{"labels":{"en":"Crane"}}`}
		},
		"POST /folders": says(`{"key":"yacht","plural":"yachts"}`),
		"PATCH /folders/{folder}": func(w *doing) call {
			w.does("POST", "/api/v1/folders", `{"key":"tug","plural":"tugs"}`)
			return call{path: "/api/v1/folders/tug", body: `{"labels":{"en":"Tug"}}`}
		},
		"DELETE /folders/{folder}": func(w *doing) call {
			w.does("POST", "/api/v1/folders", `{"key":"raft","plural":"rafts"}`)
			return call{path: "/api/v1/folders/raft"}
		},
		"PUT /pipelines/{key}":    func(*doing) call { return call{path: "/api/v1/pipelines/side", body: newPipeline} },
		"DELETE /pipelines/{key}": at("/pipelines/%", put("/pipelines/", "away", newPipeline), ""),
		"POST /pipelines/{key}/move": at("/pipelines/%/move", func(w *doing) string {
			w.does("PUT", "/api/v1/pipelines/there", newPipeline)
			w.does("PUT", "/api/v1/pipelines/here", newPipeline)
			w.record("deals", `{"name":"Moved","pipeline":"here","stage":"a"}`)
			return "here"
		}, `{"to":"there","stages":{"a":"a","w":"w","l":"l"}}`),
		"PUT /mailing":            says(`{"postal":"Quay 1"}`),
		"POST /mailing/track-key": says(""),
		"PUT /retention":          says(`{"days":{"tracking":400}}`),
		"PATCH /workspace":        says(`{"name":"Brightwell"}`),
		"POST /keys/rotate":       func(*doing) call { return call{as: "operator"} },
		"POST /rematch":           func(*doing) call { return call{as: "operator", body: `{"dry_run":true}`} },
		"PUT /roles/{key}":        func(*doing) call { return call{path: "/api/v1/roles/few", body: rule} },
		"DELETE /roles/{key}":     at("/roles/%", put("/roles/", "gone", rule), ""),
		"PUT /teams/{key}":        func(*doing) call { return call{path: "/api/v1/teams/crew", body: `{"name":"Crew"}`} },
		"DELETE /teams/{key}":     at("/teams/%", put("/teams/", "lost", `{"name":"Lost"}`), ""),
		"PUT /territories/{key}": func(*doing) call {
			return call{path: "/api/v1/territories/sea", body: `{"name":"Sea","rules":["companies where name ~ \"P\""]}`}
		},
		"DELETE /territories/{key}": at("/territories/%", put("/territories/", "isle", `{"name":"Isle"}`), ""),
		"PUT /memberships/{user}": func(*doing) call {
			return call{path: "/api/v1/memberships/mia@brightwell.example", body: `{"role":"member"}`}
		},
	}
}

func ofPeople() map[string]example {
	erasure := func(w *doing) string {
		id := w.does("POST", "/api/v1/erasures", `{"record":"`+w.record("contacts", "")+`"}`)
		w.settle()
		return id
	}
	return map[string]example{
		"POST /apikeys":               says(`{"name":"mine"}`),
		"DELETE /apikeys/{id}":        at("/apikeys/%", posted("/apikeys", `{"name":"mine"}`), ""),
		"POST /erasures":              func(w *doing) call { return call{body: `{"record":"` + w.record("contacts", "") + `"}`} },
		"POST /erasures/{id}/confirm": at("/erasures/%/confirm", erasure, ""),
		"POST /users":                 says(`{"email":"new@brightwell.example"}`),
		"POST /users/{id}/link":       func(w *doing) call { return call{path: "/api/v1/users/" + string(w.vera.ID) + "/link"} },
		"POST /users/{id}/leave": func(w *doing) call {
			w.user("guest", "guest@brightwell.example")
			return call{path: "/api/v1/users/guest@brightwell.example/leave", as: "operator"}
		},
		"POST /users/{id}/reset": func(*doing) call { return call{path: "/api/v1/users/tom@brightwell.example/reset", as: "operator"} },
		"PUT /me/signature":      says(`{"text":"Vera"}`),
		"PUT /me/zone":           says(`{"zone":"Europe/Warsaw"}`),
		"PUT /me/password":       says(`{"password":"` + goodPassword + `"}`),
		"POST /me/totp":          says(""),
		"PUT /sharing":           func(w *doing) call { return call{body: w.in(`{"mailboxes":{"{box}":"metadata"}}`)} },
		"POST /sessions/end":     says(""),
		"DELETE /session":        says(""),
		"POST /workspaces":       says(`{"name":"Third"}`),
		"DELETE /erasures/addresses/{address}": func(w *doing) call {
			id := w.does("POST", "/api/v1/erasures", `{"record":"`+w.record("contacts", `{"name":"Ruth","emails":["ruth@gone.example"]}`)+`"}`)
			w.settle()
			w.does("POST", "/api/v1/erasures/"+id+"/confirm", "")
			w.settle()
			return call{path: "/api/v1/erasures/addresses/ruth@gone.example"}
		},
		"POST /session": func(w *doing) call {
			link, err := w.deps.Auth.NewLink(w.t.Context(), w.deps.Space, w.vera.ID)
			must(w.t, err)
			return call{as: "nobody", body: `{"token":"` + link + `"}`}
		},
		"POST /session/password": func(w *doing) call {
			w.does("PUT", "/api/v1/me/password", `{"password":"`+goodPassword+`"}`)
			return call{as: "nobody", body: `{"email":"vera@brightwell.example","password":"` + goodPassword + `"}`}
		},
		"POST /session/proof": func(w *doing) call {
			w.does("PUT", "/api/v1/me/password", `{"password":"`+goodPassword+`"}`)
			return call{body: `{"password":"` + goodPassword + `"}`}
		},
		"POST /session/code": func(w *doing) call {
			w.does("PUT", "/api/v1/me/password", `{"password":"`+goodPassword+`"}`)
			spare := w.second(w.inBrowser(call{}).header)
			res := w.ask(call{method: "POST", path: "/api/v1/session/password", body: `{"email":"vera@brightwell.example","password":"` + goodPassword + `"}`}, "application/json")
			var step []string
			for _, c := range res.Result().Cookies() {
				step = append(step, c.Name+"="+c.Value)
			}
			return call{as: "nobody", body: `{"code":"` + spare + `"}`, header: map[string]string{"Cookie": strings.Join(step, "; ")}}
		},
		"POST /me/totp/confirm": func(w *doing) call {
			w.by("vera", "DELETE", "/api/v1/me/totp", "")
			return call{body: `{"code":"` + w.code(w.by("vera", "POST", "/api/v1/me/totp", "")) + `"}`}
		},
		"DELETE /me/totp": func(w *doing) call {
			before := w.inBrowser(call{}) // a sign-in would ask for the second factor
			w.second(before.header)
			return call{as: "browser", header: before.header}
		},
		"DELETE /sessions/{id}": func(w *doing) call {
			list := decode[items[struct{ ID string }]](w.t, w.by("vera", "GET", "/api/v1/sessions", ""))
			return call{path: "/api/v1/sessions/" + list.Items[0].ID}
		},
		"POST /workspaces/join": func(w *doing) call {
			sp := w.elsewhere()
			_, invitation, err := w.deps.Auth.AddUser(w.t.Context(), sp, "vera@second.example", "Vera", "en")
			must(w.t, err)
			return call{body: `{"token":"` + auth.Named(sp.Workspace(), invitation) + `"}`}
		},
		"POST /workspaces/{id}/switch": at("/workspaces/%/switch", func(w *doing) string { return string(w.deps.Space.Workspace()) }, ""),
	}
}

func hers(w *doing) string    { return string(w.letter) }
func mailbox(w *doing) string { return string(w.spare()) }

func ofMail() map[string]example {
	link := func(path string) example {
		return func(w *doing) call {
			return call{path: "/api/v1/messages/" + string(w.message) + path, body: `{"effect":"link","scope":"message","record":"` + w.record("contacts", "") + `"}`}
		}
	}
	rule := func(w *doing) string {
		w.serial++
		return fmt.Sprintf(`{"pattern":"r%d@rule.example","effect":"link","record":"%s"}`, w.serial, w.record("contacts", ""))
	}
	asked := func(w *doing) string {
		w.serial++
		who := fmt.Sprintf("asker%d", w.serial)
		w.user(who, who+"@brightwell.example")
		res := w.by(who, "POST", "/api/v1/messages/"+string(w.letter)+"/request", fmt.Sprintf(`{"note":"please %d"}`, w.serial))
		list := decode[items[struct{ ID string }]](w.t, res).Items
		if len(list) != 1 {
			w.t.Fatalf("Vera was not asked: %s", res.Body)
		}
		return list[0].ID
	}
	const exclusion = `{"pattern":"out@rule.example","effect":"owner_only","mine":true}`
	return map[string]example{
		"POST /messages/{id}/links":         link("/links"),
		"POST /messages/{id}/links/preview": link("/links/preview"),
		"POST /messages/{id}/request": func(w *doing) call {
			return call{path: "/api/v1/messages/" + string(w.message) + "/request", body: `{"note":"please"}`}
		},
		"POST /messages/{id}/attachments/{n}/keep": at("/messages/%/attachments/0/keep", hers, ""),
		"POST /messages/{id}/deal": func(w *doing) call {
			return call{path: "/api/v1/messages/" + string(w.message) + "/deal", body: `{"deal":"` + w.record("deals", "") + `"}`}
		},
		"POST /messages/{id}/updates": func(w *doing) call {
			w.record("contacts", `{"name":"Bo","emails":["bo@signer.example"]}`)
			w.settle()
			return call{path: "/api/v1/messages/" + string(w.letter) + "/updates", body: `{"field":"phone","value":"+48600100900"}`}
		},
		"POST /threads/{id}/done":    at("/threads/%/done", hers, ""),
		"POST /rules":                func(w *doing) call { return call{body: rule(w)} },
		"POST /rules/preview":        func(w *doing) call { return call{body: rule(w)} },
		"DELETE /rules/{id}":         at("/rules/%", func(w *doing) string { return w.does("POST", "/api/v1/rules", rule(w)) }, ""),
		"POST /exclusions":           says(exclusion),
		"POST /exclusions/preview":   says(exclusion),
		"DELETE /exclusions/{id}":    at("/exclusions/%", posted("/exclusions", strings.Replace(exclusion, "out@", "off@", 1)), ""),
		"POST /requests/{id}/grant":  at("/requests/%/grant", asked, ""),
		"POST /requests/{id}/refuse": at("/requests/%/refuse", asked, ""),
		"POST /files":                func(*doing) call { return call{path: "/api/v1/files?name=plan.txt", body: "plan"} },
	}
}

func ofMailboxes() map[string]example {
	return map[string]example{
		"POST /mailboxes": func(w *doing) call {
			return call{body: `{"server":"` + w.serve().Addr() + `","tls":"none","login":"vera","password":"secret-of-vera","address":"other@brightwell.example"}`}
		},
		"DELETE /mailboxes/{id}":      at("/mailboxes/%", mailbox, ""),
		"PATCH /mailboxes/{id}":       at("/mailboxes/%", mailbox, `{"paused":true}`),
		"PUT /mailboxes/{id}/away":    at("/mailboxes/%/away", mailbox, `{"on":false,"text":"Away"}`),
		"POST /mailboxes/{id}/audit":  at("/mailboxes/%/audit", func(w *doing) string { return string(w.box) }, ""),
		"POST /mailboxes/{id}/sync":   at("/mailboxes/%/sync", mailbox, ""),
		"POST /mailboxes/{id}/pause":  at("/mailboxes/%/pause", mailbox, ""),
		"POST /mailboxes/{id}/resume": at("/mailboxes/%/resume", mailbox, ""),
		"POST /mailboxes/{id}/dead/{copy}/retry": func(w *doing) call {
			id := mailbox(w)
			return call{path: "/api/v1/mailboxes/" + id + "/dead/" + w.dead(id) + "/retry"}
		},
		"POST /mailboxes/gmail/consent": says(`{"send":true}`),
		"POST /mailboxes/gmail":         func(w *doing) call { return w.consented() },
	}
}

func ofLetters() map[string]example {
	const letter = `{"name":"Offer","subject":"Offer","html":"<p>Dear {{contact.name}}</p>"}`
	template := posted("/templates", letter)
	draft := posted("/drafts", `{"mailbox":"{box}","to":["bo@signer.example"],"text":"one"}`)
	campaign := func(w *doing) string {
		return fmt.Sprintf(`{"name":"Autumn","template":"%s","audience":"contacts","mailbox":"%s","pace":{"per_day":10,"per_minute":10}}`, template(w), w.box)
	}
	prepared := func(steps ...string) func(w *doing) string {
		return func(w *doing) string {
			w.record("contacts", fmt.Sprintf(`{"name":"Reader","emails":["reader%d@quay.example"]}`, w.serial))
			id := w.does("POST", "/api/v1/campaigns", campaign(w))
			for _, step := range append([]string{"prepare"}, steps...) {
				w.does("POST", "/api/v1/campaigns/"+id+"/"+step+w.anyway(step), "")
				w.settle()
			}
			w.by("vera", "GET", "/api/v1/campaigns/"+id+"/recipients", "")
			return id
		}
	}
	sequence := func(w *doing) string {
		return fmt.Sprintf(`{"name":"After","mailbox":"%s","pace":{"per_day":10,"per_minute":10},"steps":[{"template":"%s"}]}`, w.box, template(w))
	}
	running := func(w *doing) string {
		id := w.does("POST", "/api/v1/sequences", sequence(w))
		w.does("POST", "/api/v1/sequences/"+id+"/start?anyway=true", "")
		return id
	}
	person := func(w *doing) string {
		w.serial++
		contact := w.record("contacts", fmt.Sprintf(`{"name":"Reader","emails":["one%d@quay.example"]}`, w.serial))
		return w.does("POST", "/api/v1/sequences/"+running(w)+"/enrolments", `{"contact":"`+contact+`"}`)
	}
	signer := func(w *doing) string {
		w.serial++
		domain := fmt.Sprintf("quay%d.example", w.serial)
		res := w.by("vera", "POST", "/api/v1/signers", `{"domain":"`+domain+`","method":"ed25519-sha256"}`)
		made := decode[struct{ Name, Record string }](w.t, res)
		w.txt[made.Name] = []string{made.Record}
		return domain
	}
	failed := func(w *doing) string {
		return w.failed(w.does("POST", "/api/v1/outgoing", w.in(`{"mailbox":"{box}","to":["bo@signer.example"],"text":"one"}`)))
	}
	preview := func(w *doing) string {
		return `{"contact":"` + w.record("contacts", "") + `","deal":"` + w.record("deals", "") + `","company":"` + w.record("companies", "") + `"`
	}
	return map[string]example{
		"POST /templates":       says(letter),
		"POST /templates/check": says(letter),
		"POST /templates/preview": func(w *doing) call {
			return call{body: preview(w) + `,"name":"x","subject":"x","html":"<p>{{contact.name|-}} {{deal.name|-}} {{company.name|-}}</p>"}`}
		},
		"PUT /templates/{id}":    at("/templates/%", template, letter),
		"DELETE /templates/{id}": at("/templates/%", template, ""),
		"POST /templates/{id}/fill": func(w *doing) call {
			return call{path: "/api/v1/templates/" + template(w) + "/fill", body: preview(w) + `}`}
		},
		"POST /drafts": func(w *doing) call {
			return call{body: w.in(`{"mailbox":"{box}","to":["bo@signer.example"],"text":"one"}`)}
		},
		"PUT /drafts/{id}": func(w *doing) call {
			return call{path: "/api/v1/drafts/" + draft(w), body: w.in(`{"mailbox":"{box}","to":["bo@signer.example"],"text":"two"}`)}
		},
		"DELETE /drafts/{id}":    at("/drafts/%", draft, ""),
		"POST /drafts/{id}/send": at("/drafts/%/send", draft, ""),
		"POST /outgoing": func(w *doing) call {
			return call{body: w.in(`{"mailbox":"{box}","to":["bo@signer.example"],"text":"one"}`)}
		},
		"POST /outgoing/{id}/retry": at("/outgoing/%/retry", failed, ""),
		"POST /outgoing/{id}/drop":  at("/outgoing/%/drop", failed, ""),
		"POST /campaigns":           func(w *doing) call { return call{body: campaign(w)} },
		"PUT /campaigns/{id}": func(w *doing) call {
			return call{path: "/api/v1/campaigns/" + w.does("POST", "/api/v1/campaigns", campaign(w)), body: campaign(w)}
		},
		"POST /campaigns/{id}/prepare": at("/campaigns/%/prepare", func(w *doing) string { return w.does("POST", "/api/v1/campaigns", campaign(w)) }, ""),
		"POST /campaigns/{id}/start":   at("/campaigns/%/start?anyway=true", prepared(), ""),
		"POST /campaigns/{id}/pause":   at("/campaigns/%/pause", prepared("start"), ""),
		"POST /campaigns/{id}/cancel":  at("/campaigns/%/cancel", prepared("start"), ""),
		"POST /campaigns/{id}/retry": at("/campaigns/%/retry", func(w *doing) string {
			id := prepared("start", "pause")(w)
			w.refused(id)
			return id
		}, ""),
		"POST /campaigns/{id}/unknown": at("/campaigns/%/unknown", func(w *doing) string {
			id := prepared("start", "pause")(w)
			w.doubtful(id)
			return id
		}, `{"send":false}`),
		"POST /suppressions":        says(`{"address":"x@left.example"}`),
		"POST /suppressions/import": says(`{"addresses":["y@left.example"]}`),
		"DELETE /suppressions/{address}": func(w *doing) call {
			w.does("POST", "/api/v1/suppressions", `{"address":"z@left.example"}`)
			return call{path: "/api/v1/suppressions/z@left.example"}
		},
		"POST /consents": says(`{"address":"x@said.example","source":"fair"}`),
		"DELETE /consents/{address}": func(w *doing) call {
			w.does("POST", "/api/v1/consents", `{"address":"z@said.example","source":"fair"}`)
			return call{path: "/api/v1/consents/z@said.example"}
		},
		"POST /sequences": func(w *doing) call { return call{body: sequence(w)} },
		"PUT /sequences/{id}": func(w *doing) call {
			return call{path: "/api/v1/sequences/" + w.does("POST", "/api/v1/sequences", sequence(w)), body: sequence(w)}
		},
		"POST /sequences/{id}/start": at("/sequences/%/start?anyway=true", func(w *doing) string { return w.does("POST", "/api/v1/sequences", sequence(w)) }, ""),
		"POST /sequences/{id}/pause": at("/sequences/%/pause", running, ""),
		"POST /sequences/{id}/enrol": at("/sequences/%/enrol", running, `{"audience":"contacts"}`),
		"POST /sequences/{id}/enrolments": func(w *doing) call {
			return call{path: "/api/v1/sequences/" + running(w) + "/enrolments", body: `{"contact":"` + w.record("contacts", `{"name":"Reader","emails":["two@quay.example"]}`) + `"}`}
		},
		"POST /enrolments/{id}/pause": at("/enrolments/%/pause", person, ""),
		"POST /enrolments/{id}/resume": at("/enrolments/%/resume", func(w *doing) string {
			id := person(w)
			w.does("POST", "/api/v1/enrolments/"+id+"/pause", "")
			return id
		}, ""),
		"POST /enrolments/{id}/leave": at("/enrolments/%/leave", person, ""),
		"POST /signers":               says(`{"domain":"mole.example","method":"ed25519-sha256"}`),
		"POST /signers/{domain}/on":   at("/signers/%/on", signer, ""),
		"POST /signers/{domain}/off":  at("/signers/%/off", signer, ""),
	}
}
