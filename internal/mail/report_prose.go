package mail

import (
	"regexp"
	"strings"

	"threadline/internal/crm"
)

var (
	enhancedCode = regexp.MustCompile(`\b([245])\.(\d{1,3})\.(\d{1,3})\b`)
	replyCode    = regexp.MustCompile(`\b([45]\d\d)[ -]`)
	someAddress  = regexp.MustCompile(`[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}`)
)

const maxProse = 16 << 10 // bytes of a text that are searched

// proseReports reads a bounce that is written for people: whom it names as
// failed in its header, or the first address of its text that is nobody's who
// takes part in it.
func proseReports(p *Parsed) []crm.Report {
	text := p.Text[:min(len(p.Text), maxProse)]
	kind := crm.ReportFailed
	if saysDelayed(p.Subject + "\n" + text) {
		kind = crm.ReportDelayed
	}
	about := crm.Report{Kind: kind, Status: enhancedCode.FindString(text), Text: proseLine(text)}
	var out []crm.Report
	for _, f := range p.Headers {
		if keyOf(f.Name) != keyFailed {
			continue
		}
		for _, q := range ParseAddressList(crm.RoleTo, f.Value) {
			if q.Address != "" && len(out) < maxReports {
				r := about
				r.Recipient = q.Address
				out = append(out, r)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	ours := map[crm.Address]bool{}
	for _, q := range p.Participants {
		ours[q.Address] = true
	}
	for _, found := range someAddress.FindAllString(text, 20) {
		if a, err := crm.ParseAddress(found); err == nil && !ours[a] && !isDaemon(a.Local()) {
			about.Recipient = a
			break
		}
	}
	return []crm.Report{about}
}

// proseLine is the line of a text in which a server speaks, or "".
func proseLine(text string) string {
	for line := range strings.Lines(text) {
		if enhancedCode.MatchString(line) || replyCode.MatchString(line) {
			return strings.TrimSpace(line)
		}
	}
	for line := range strings.Lines(text) {
		if l := strings.ToLower(line); hasAny(l, nobodyWords) || hasAny(l, fullWords) || hasAny(l, policyWords) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// saysDelayed knows notices that a mail is still being tried.
func saysDelayed(text string) bool {
	return hasAny(strings.ToLower(text), []string{"delivery status notification (delay)", "delayed mail", "warning: message still undelivered", "warning: could not send",
		"will be retried", "will keep trying", "still being retried", "no action is required on your part", "opóźnion", "retardé", "ritardata"})
}

func hasAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Words of servers, in lower case.
var (
	nobodyWords = []string{"user unknown", "unknown user", "no such user", "no such recipient", "does not exist", "doesn't exist", "not exist", "no mailbox", "mailbox unavailable",
		"mailbox not found", "user not found", "recipient not found", "unknown recipient", "invalid recipient", "invalid mailbox", "unknown local part", "address rejected",
		"recipient address rejected", "account disabled", "account has been disabled", "account is disabled", "inactive", "unrouteable address", "host or domain name not found", "domain not found",
		"nie istnieje", "nieznany", "n'existe pas", "inconnu", "inesistente", "sconosciuto", "non esiste", "unbekannt", "existiert nicht"}
	fullWords   = []string{"mailbox full", "mailbox is full", "quota", "over limit", "insufficient storage", "too large", "size limit", "exceeds", "przepełnion", "pleine", "piena", "voll"}
	policyWords = []string{"spam", "blocked", "blacklist", "block list", "blocklist", "black list", "reputation", "policy", "spf", "dkim", "dmarc", "unauthenticated", "not authorized", "not permitted",
		"denied", "rate limit", "too many", "poor", "listed", "abuse", "content rejected", "suspicious"}
	busyWords = []string{"try again", "temporar", "greylist", "grey list", "timed out", "timeout", "connection refused", "busy", "deferred"}
)

// Weigh says what the word of a server that refused a mail for good means for
// the address. status is that of RFC 3463 or ""; many servers give a general one
// and say the truth in the text alone. What cannot be told is soft: an address
// is given up on evidence only.
func Weigh(status, text string) crm.BounceKind {
	low := strings.ToLower(text)
	if general(status) {
		if better := enhancedCode.FindString(text); better != "" && !general(better) {
			status = better
		}
	}
	class, rest, _ := strings.Cut(status, ".")
	if class == "4" || class == "" && hasAny(low, busyWords) {
		return crm.BounceSoft
	}
	switch rest {
	case "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4", "1.4":
		return crm.BounceHard
	case "2.2", "2.3", "3.4", "3.1", "4.6", "4.7":
		return crm.BounceSoft
	case "4.1": // Exchange says so of mailboxes that do not exist
		if hasAny(low, nobodyWords) {
			return crm.BounceHard
		}
		return crm.BounceSoft
	}
	switch {
	case strings.HasPrefix(rest, "7."):
		if hasAny(low, []string{"user unknown", "no such user", "does not exist"}) && !hasAny(low, []string{"spam", "blocked", "policy"}) {
			return crm.BounceHard
		}
		return crm.BouncePolicy
	case hasAny(low, fullWords):
		return crm.BounceSoft
	case hasAny(low, nobodyWords):
		return crm.BounceHard
	case hasAny(low, policyWords):
		return crm.BouncePolicy
	}
	return crm.BounceSoft
}

// general tells whether a status says no more than that it failed.
func general(status string) bool {
	return len(enhancedCode.FindString(status)) != len(status) || status == "" || strings.HasSuffix(status, ".0.0")
}
