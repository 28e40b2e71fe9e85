package track

import (
	"strings"

	"threadline/internal/crm"
)

// Request is what is looked at of whoever asks.
type Request struct {
	Agent    string // User-Agent
	Prefetch bool   // the header says that nobody looks at it yet
}

// Judge says who asks, from the request alone. What time tells (too soon after
// sending, several links at once) is judged when events are counted.
func Judge(kind crm.HitKind, r Request) (crm.Verdict, string) {
	agent := strings.ToLower(strings.TrimSpace(r.Agent))
	switch {
	case r.Prefetch:
		return crm.VerdictMachine, "fetched ahead"
	case agent == "":
		return crm.VerdictMachine, "no program named"
	case agent == "mozilla/5.0" || strings.HasSuffix(agent, "(khtml, like gecko)"): // no browser of a person ends there
		return crm.VerdictMachine, "privacy proxy"
	}
	for _, p := range programs {
		if strings.Contains(agent, p) {
			return crm.VerdictMachine, "program: " + p
		}
	}
	for _, p := range proxies {
		if strings.Contains(agent, p) { // it asks when somebody looks, and once
			if kind == crm.HitClick {
				return crm.VerdictMachine, "picture proxy"
			}
			return crm.VerdictHuman, "picture proxy"
		}
	}
	if !strings.HasPrefix(agent, "mozilla/") && !strings.HasPrefix(agent, "opera/") {
		return crm.VerdictUnknown, "no browser"
	}
	return crm.VerdictHuman, ""
}

// programs are parts of what scanners, previews and scripts call themselves.
var programs = [...]string{"bot", "crawl", "spider", "preview", "scan", "barracuda", "proofpoint", "mimecast", "symantec", "trendmicro", "sophos", "forcepoint",
	"fireeye", "cloudmark", "messagelabs", "safelinks", "urldefense", "headless", "phantomjs", "python", "curl", "wget", "go-http-client", "java/", "okhttp",
	"libwww", "httpclient", "node-fetch", "axios", "ruby", "php", "facebookexternalhit", "slack", "whatsapp", "telegram", "skypeuri", "monitor", "validator"}

// proxies fetch pictures for mail programs of people.
var proxies = [...]string{"googleimageproxy", "ggpht.com", "yahoomailproxy", "yahoo mail proxy"}
