package main

import (
	"net"
	"regexp"
	"slices"
	"strings"

	"threadline/internal/api"
)

// Forms of what the Google Cloud console shows.
var (
	clientForm = regexp.MustCompile(`^[0-9]+(-[a-z0-9]+)?\.apps\.googleusercontent\.com$`)
	topicForm  = regexp.MustCompile(`^projects/[^/]+/topics/[^/]+$`)
	pullForm   = regexp.MustCompile(`^projects/[^/]+/subscriptions/[^/]+$`)
)

// looks are what of the settings does not fit together: each is for nothing, or
// works in part, without the other.
func (o *options) looks() []api.Look {
	out := append(o.clientLooks(), o.noticeLooks()...)
	return append(append(out, o.addonLooks()...), o.proxyLooks()...)
}

func wrong(what, told, hint string) api.Look { return api.Look{What: what, Told: told, Hint: hint} }

func (o *options) clientLooks() []api.Look {
	const what = "Google client"
	g := &o.google
	switch {
	case g.clientID == "" && (g.secretFile != "" || g.topic != "" || g.subscription != "" || g.pushAccount != ""):
		return []api.Look{wrong(what, "settings of Gmail are given, and no client to use them", "name the client of your Google Cloud project with --google-client-id")}
	case g.clientID == "" || g.url != "":
		return nil
	case !clientForm.MatchString(g.clientID):
		return []api.Look{wrong(what, "--google-client-id is not the id of a client", "copy it from the Google Cloud console, APIs & Services, Credentials: it ends with .apps.googleusercontent.com")}
	case g.secretFile == "" && strings.HasPrefix(o.public, "https:"):
		return []api.Look{wrong(what, "has no secret, which clients of web servers need", "put the secret that the console shows into a file, and name it with --google-client-secret-file")}
	}
	return nil
}

func (o *options) noticeLooks() []api.Look {
	const what = "Gmail notices"
	g := &o.google
	switch takes := g.subscription != "" || g.pushAccount != ""; {
	case g.topic == "" && takes:
		return []api.Look{wrong(what, "are waited for, and nobody orders them", "name the Pub/Sub topic with --gmail-topic")}
	case g.topic != "" && !takes:
		return []api.Look{wrong(what, "are ordered, and nobody takes them", "name a subscription of the topic with --gmail-subscription, or with --push-service-account the account that posts to /push/gmail")}
	case g.topic != "" && !topicForm.MatchString(g.topic):
		return []api.Look{wrong(what, "--gmail-topic names no topic", "write it as projects/PROJECT/topics/TOPIC")}
	case g.subscription != "" && !pullForm.MatchString(g.subscription):
		return []api.Look{wrong(what, "--gmail-subscription names no subscription", "write it as projects/PROJECT/subscriptions/SUBSCRIPTION")}
	case g.pushAccount != "" && !strings.HasPrefix(o.public, "https:"):
		return []api.Look{wrong(what, "Pub/Sub posts to https addresses alone", "serve with --public-url https://…, or pull with --gmail-subscription")}
	}
	return nil
}

// addonLooks: a sidebar whose tokens cannot all be checked refuses everybody.
func (o *options) addonLooks() []api.Look {
	if o.scriptID != "" || len(o.audiences) == 0 && o.clientID == "" && o.serviceAccount == "" {
		return nil
	}
	var missing []string
	for name, is := range map[string]bool{"--addon-audience": len(o.audiences) > 0, "--addon-client-id": o.clientID != "", "--addon-service-account": o.serviceAccount != ""} {
		if !is {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	if len(missing) == 0 {
		return nil
	}
	return []api.Look{wrong("Gmail sidebar", "takes nobody's events without "+strings.Join(missing, " and "), "manifests/README.md says where each of them is found")}
}

// proxyLooks: people come over TLS, which this process does not speak.
func (o *options) proxyLooks() []api.Look {
	host, _, err := net.SplitHostPort(o.listen)
	ip := net.ParseIP(host)
	if err != nil || !strings.HasPrefix(o.public, "https:") || len(o.proxies) > 0 || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil
	}
	return []api.Look{wrong("proxy", "everybody seems to come from the proxy in front, so that one caller's limit holds for all", "name it: --trusted-proxy 127.0.0.1")}
}
