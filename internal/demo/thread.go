package demo

import (
	"fmt"
	"strings"
	"time"
)

// thread is a conversation as it stands: what an answer refers to and quotes.
type thread struct {
	subject string
	refs    []string
	last    letter
}

// begin starts a conversation with the letter.
func (t *thread) begin(l letter) {
	t.subject, t.refs, t.last = l.subject, []string{l.id}, l
}

// answer makes the letter an answer to the last one: subject, references and
// quoted text. An own subject is kept: people change it and stay in the thread.
func (t *thread) answer(l letter, language string) letter {
	if l.subject == "" {
		l.subject = l.style.reply + t.subject
	} else {
		t.subject = l.subject
	}
	l.refs = append([]string(nil), t.refs...)
	l.text += "\n\n" + quoted(t.last, l.style, language)
	t.refs = append(t.refs, l.id)
	t.last = l
	return l
}

const quotedLines = 36 // what answers carry along at most

// quoted writes the last letter as mail programs quote it: under a line that
// names the writer, or below a block of headers.
func quoted(l letter, s style, language string) string {
	lines := strings.Split(strings.TrimSpace(l.text), "\n")
	if len(lines) > quotedLines {
		lines = lines[:quotedLines]
	}
	if s.outlook {
		return headerBlock(l, language, true) + "\n\n" + strings.Join(lines, "\n")
	}
	for i, line := range lines {
		if strings.HasPrefix(line, ">") {
			lines[i] = ">" + line
		} else {
			lines[i] = strings.TrimRight("> "+line, " ")
		}
	}
	return attribution(l, language) + "\n" + strings.Join(lines, "\n")
}

func attribution(l letter, language string) string {
	d := l.date
	switch language {
	case "fr":
		return fmt.Sprintf("Le %s à %s, %s a écrit :", d.Format("02/01/2006"), d.Format("15:04"), l.from.Name)
	case "it":
		return fmt.Sprintf("Il %s %s, %s ha scritto:", d.Format("02/01/2006"), d.Format("15:04"), l.from.Name)
	case "pl":
		return fmt.Sprintf("W dniu %s o %s, %s pisze:", d.Format(time.DateOnly), d.Format("15:04"), l.from.Name)
	}
	return fmt.Sprintf("On %s at %s, %s wrote:", d.Format("02/01/2006"), d.Format("15:04"), l.from.Name)
}

// headerBlock repeats the headers of a letter, below a rule.
func headerBlock(l letter, language string, original bool) string {
	title, from, sent, to, subject := "Original Message", "From", "Sent", "To", "Subject"
	switch language {
	case "fr":
		title, from, sent, to, subject = "Message d'origine", "De ", "Envoyé ", "À ", "Objet "
	case "it":
		title, from, sent, to, subject = "Messaggio originale", "Da", "Inviato", "A", "Oggetto"
	case "pl":
		title, from, sent, to, subject = "Oryginalna wiadomość", "Od", "Wysłano", "Do", "Temat"
	}
	rule := "-----" + title + "-----"
	if !original {
		rule = "---------- Forwarded message ---------"
	}
	names := make([]string, len(l.to))
	for i, p := range l.to {
		names[i] = p.Name + " <" + string(p.Address) + ">"
	}
	return fmt.Sprintf("%s\n%s: %s <%s>\n%s: %s\n%s: %s\n%s: %s", rule, from, l.from.Name, l.from.Address,
		sent, l.date.Format("02/01/2006 15:04"), to, strings.Join(names, "; "), subject, l.subject)
}
