package match

import (
	"slices"
	"strings"
	"unicode"

	"threadline/internal/crm"
)

// tone is what a message does to whose turn it is.
type tone int8

const (
	speaks   tone = iota // the others have to write
	closes               // it only thanks: nobody has to
	evades               // it only thanks, and was asked: we have to
	promises             // who wrote it writes again
)

// toneOf reads the beginning of a message, in the light of the last one of the
// other side, nil for none. What asks for anything asks for an answer; thanks to
// a question leave it open, or say yes.
func toneOf(m, before *crm.Message) tone {
	words := foldedWords(m.Snippet)
	plain := " " + strings.Join(words, " ") + " "
	switch {
	case len(words) == 0 || strings.Contains(m.Snippet, "?") || says(plain, requestWords):
		return speaks
	case says(plain, promiseWords[m.Direction == crm.Outbound]):
		return promises
	case len(m.Attachments) > 0 || !thanks(m.Snippet, words):
		return speaks
	case before != nil && strings.Contains(before.Snippet, "?"):
		return evades
	}
	return closes
}

// mostThanks is the number of words up to which thanks are all that is said.
const mostThanks = 11

// thanks tells whether a text is short, thanks or acknowledges, and has no number.
func thanks(text string, words []string) bool {
	return len(words) <= mostThanks && !strings.ContainsFunc(text, unicode.IsDigit) &&
		slices.ContainsFunc(words, func(w string) bool { return thankWords[w] })
}

// says tells whether one of the phrases stands in a text; one that ends with a
// star may go on.
func says(plain string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool {
		if stem, open := strings.CutSuffix(p, "*"); open {
			return strings.Contains(plain, " "+stem)
		}
		return strings.Contains(plain, " "+p+" ")
	})
}

func foldedWords(text string) []string {
	return strings.FieldsFunc(crm.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// thankWords, folded, thank or acknowledge.
var thankWords = wordSet(`thanks thank thx cheers perfect great brilliant wonderful excellent received noted happy
	merci parfait super genial recu
	grazie perfetto ottimo benissimo ricevuto ricevuta ricevuti ricevute
	dziekuje dziekujemy dziekuja dzieki swietnie doskonale idealnie otrzymalem otrzymalam otrzymalismy`)

// requestWords, folded, ask for something, object, or agree to what has to be
// done: more has to be written or done.
var requestWords = phrases(
	`please, can you, could you, would you, can we, could we, we need a, we need an, we need the, we need more, we still need, i need a, i need the, i need an, need to, needs to, send me, send us, send the, send it, call me, call us, give me, give us, change*, go ahead,
	order*, book, proceed, approve*, sign*, accept*, invoice*, price, too high, too expensive, but, not, still, however, unfortunately, sorry, wrong, missing,
	in advance, asap, remind*, for nothing, don t, doesn t, didn t, won t, can t, isn t, attached, see attachment, enclosed, never, we take, we ll take, i take, i ll take, correction*, another supplier, somebody else, someone else, looking forward to your`,
	`merci de m*, merci de n*, merci de bien, merci d *, merci de l*, merci de confirm*, merci de r*, svp, s il vous plait, s il te plait, pouvez, pourriez, peux tu, pourrais, envoyez*, jamais, prenons, faites, lancez, lancer,
	commande*, commander, mais, pas, plus de, manque*, erreur, facturer, allez y, on y va, d accord, entendu, bon pour accord, ci joint*, piece jointe, en attente, dans l attente, par avance, d avance, malheureusement, desole*`,
	`per favore, per cortesia, cortesemente, potete, puo, puoi, potrebbe*, potreste, mandate*, mandami, mandatemi, inviatemi, inviate, fatemi, fammi, servono, serve, mi serve, ma, pero, non, manca*, procediamo,
	mai, prendiamo, procedete, procedi, ordiniamo, confermiamo, va bene, d accordo, firmato, allegato, in allegato, purtroppo, in attesa, anticipatamente, ancora`,
	`prosze, prosimy, prosilbym, poprosze, czy, mozecie, moglby*, mozna, trzeba, potrzeb*, wyslij*, przeslij*, zamawia*, zamow*, akceptuj*, zgoda, ale, nie, nigdy, brak*, niestety, jednak, w zalaczeniu, w zalaczniku,
	zalacza*, podpisa*, z gory, czekam*, bierzemy, zapraszam`,
)

// promiseWords, folded, say that the writer writes again: those of others, who
// decide, and ours, who find out.
var promiseWords = map[bool][]string{
	false: phrases(
		`ll let you know, will let you know, get back to you, come back to you, be in touch, keep you posted, ll answer, will answer, ll reply, will reply, have an answer, think about it, think it over, need some time, need time, ll discuss,
		will discuss, ll decide, will decide, who decides, forwarding this, forwarded this, passed it on to, ll review, will review`,
		`reviens vers*, revenons vers*, reviendrai*, reviendrons*, tiens au courant, tiendrai au courant, tenons au courant, tiendrons au courant, recontacterai, recontacterons, repondrai, repondrons, etudions, vais etudier,
		en parle, en parlons, reflechi*, transmets a, redis`,
		`faccio sapere, facciamo sapere, faro sapere, faremo sapere, aggiorno, aggiorniamo, valutiamo, la valuto, lo valuto, ne parlo, ne parliamo, ci penso, ci pensiamo, rispondiamo, rispondero, risponderemo, ricontatto, ricontattiamo`,
		`dam znac, damy znac, odezwe sie, odezwiemy sie, wroce z, wrocimy z, wroce do, wrocimy do, skontaktuje sie, skontaktujemy sie, odpisze, odpiszemy, zastanowie, zastanowimy, omowie, omowimy, przemysl*, rozwaz*, przeanaliz*`),
	true: phrases(
		`ll let you know, will let you know, get back to you, come back to you, ll be in touch, will be in touch, keep you posted, ll check, will check, ll ask, will ask, let me check, let me ask, let me find, ll find out,
		will find out, ll look into, will look into, ll send you, will send you, ll send it, will send it, ll call you, will call you, ll confirm, will confirm, ll prepare, will prepare`,
		`reviens vers*, revenons vers*, reviendrai*, tiens au courant, tiendrai au courant, recontacterai, me renseigne, je verifie, je regarde et, vous rappelle demain, vous confirme cela, vous confirme demain, vous l envoie demain,
		vous enverrai, vous confirmerai, vous rappellerai, t enverrai, redis, je demande`,
		`faccio sapere, facciamo sapere, faro sapere, aggiorno, ricontatto, richiamo, verifico, chiedo, controllo e, mando domani, mando oggi, invio domani, invio oggi, inviero, mandero, confermero, preparo, mi informo`,
		`dam znac, damy znac, odezwe sie, wroce z, wroce do, skontaktuje sie, sprawdze, dowiem sie, zadzwonie, oddzwonie, wysle, przesle, podesle, potwierdze, przygotuje, ustale, zapytam, wyslemy, przeslemy, sprawdzimy, potwierdzimy`),
}

// phrases reads lists of phrases with commas between.
func phrases(texts ...string) []string {
	var out []string
	for p := range strings.SplitSeq(strings.Join(texts, ","), ",") {
		out = append(out, strings.Join(strings.Fields(p), " "))
	}
	return out
}
