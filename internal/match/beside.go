package match

import (
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// matter is what a message is about when it is about no deal that is open.
type matter int8

const (
	someDeal  matter = iota // nothing else that its words tell
	absence                 // somebody is away
	courtesy                // good wishes, invitations, applications
	referral                // somebody else who looks for something
	notice                  // what a firm tells all that it deals with
	afterSale               // invoices and faults: of what was bought before
)

// matters is how much something says of each matter.
type matters [afterSale + 1]int

// bearing is what a message is about, and what it says of each matter itself.
type bearing struct {
	matter matter
	said   matters
}

// besideEnough is how much the words of a message must say before it is taken for
// something beside the deals: one word that means nothing else, or two that
// seldom do.
const besideEnough = 2

// matters tells of each message what it is about beside the deals. A message
// that names no deal itself goes on with what it answers, and shares with its
// answer what it hints at itself.
func (t *talk) matters() {
	t.beside = make([]bearing, len(t.members))
	for k, i := range t.order {
		t.beside[i].matter, t.beside[i].said = t.matter(i)
		if k == 0 || t.beside[i].matter != someDeal {
			continue
		}
		if before := t.beside[t.order[k-1]].matter; before != someDeal && !t.namesAny(i) {
			t.beside[i].matter = before
		}
	}
	for k := len(t.order) - 2; k >= 0; k-- {
		i, after := t.order[k], t.beside[t.order[k+1]].matter
		if t.beside[i].matter == someDeal && t.beside[i].said[after] > 0 && !t.namesAny(i) {
			t.beside[i].matter = after
		}
	}
}

// matter tells what the message itself speaks of, and how much of each matter.
func (t *talk) matter(i int) (what matter, sum matters) {
	m := t.members[i].m
	if m.Class == crm.ClassAutoReply {
		return absence, sum
	}
	words := wordsOf(m)
	sum = besideSum(words, nil)
	if slices.Max(sum[:]) == 0 {
		return someDeal, sum
	}
	sum = besideSum(words, t.titled)
	if slices.ContainsFunc(words, func(w placed) bool { return longAgo(w.text, m.Date) }) {
		sum[afterSale]++
	}
	for x := absence; x <= afterSale; x++ {
		if sum[x] >= besideEnough {
			return x, sum
		}
	}
	return someDeal, sum
}

// longAgo tells whether a word is a year before that of the date.
func longAgo(word string, date crm.Time) bool {
	return year(word) && word < strconv.Itoa(date.Std().Year())
}

// besideSum adds up what the words say, each stem once. Quoted words say
// nothing, and those that except tells of neither.
func besideSum(words []placed, except func(word string) bool) (sum matters) {
	var seen []string
	for _, w := range words {
		if w.at < inText {
			continue
		}
		stem, s, ok := besideWords.find(w.text)
		if !ok || slices.Contains(seen, stem) || except != nil && except(w.text) {
			continue
		}
		seen = append(seen, stem)
		sum[s.matter] += s.worth
	}
	return sum
}

// titled tells whether a word is one of a title.
func (t *talk) titled(word string) bool {
	t.needText()
	return slices.ContainsFunc(t.deals, func(s subject) bool {
		return slices.ContainsFunc(s.terms, func(x term) bool {
			return x.weight >= telling && !x.beside && alike(x.forms[0].text, word) > 0
		})
	})
}

// namesAny tells whether the message itself names a deal.
func (t *talk) namesAny(i int) bool {
	t.needText()
	for n := range t.deals {
		for k, x := range t.deals[n].terms {
			if x.weight >= telling && t.words[i][n][k] >= telling {
				return true
			}
		}
	}
	return false
}

// aside tells whether the message is about something beside the deals: no word of
// it, and no message before, points to any of those that are open.
func (t *talk) aside(i int, open []choice) bool {
	what, least := t.beside[i].matter, asideWords
	if what == referral {
		least = likewise
	}
	if what == someDeal || slices.ContainsFunc(open, func(c choice) bool { return c.words >= least || c.thread > 0 }) {
		return false
	}
	switch what {
	case absence:
		return len(t.deals) > 1
	case afterSale:
		return len(open) > 1 || t.bought(i)
	}
	return true
}

// What the words of a deal are worth that keep a message with it.
const (
	asideWords = 0.5
	likewise   = 3.5 // of somebody else, who looks for the same
)

// bought tells whether these people have a deal that was over, or the message
// speaks of an earlier year.
func (t *talk) bought(i int) bool {
	date := t.members[i].m.Date
	if slices.ContainsFunc(wordsOf(t.members[i].m), func(w placed) bool { return longAgo(w.text, date) }) {
		return true
	}
	return slices.ContainsFunc(t.deals, func(s subject) bool { return s.Closed != 0 && s.Closed <= date })
}

// besideWord is what a beginning of words speaks of, and how clearly.
type besideWord struct {
	matter matter
	worth  int
}

// besideWords are beginnings of words, folded; with a point they are whole words.
var besideWords = besideSet(
	beginnings{absence, 2, `holiday vacation absence. absent. absente. conges vacances fermeture ferie vacanz assenza assente urlop nieobecn wakacj`},
	beginnings{courtesy, 2, `christmas xmas easter congratulat birthday condolence barbecue bbq. raffle charity fundrais donation sponsor
		internship intern. interns. cv. curriculum unsubscrib newborn jobseek
		noel paques voeux felicitation anniversaire condoleance stagiaire candidature tombola kermesse parrain desabonn naissance
		natale pasqua auguri festivit congratulazion compleanno condoglianz tirocin candidatura lotteria beneficenz sponsorizz disiscri grigliata
		swieta. swietami. swiatecz wielkanoc zyczen zyczymy gratul urodzin imienin kondolenc staz. stazu. loteri charytatyw wesolych wypisac`},
	beginnings{courtesy, 1, `invitation invite. invited party. vacancy applicant applying retire. retiring celebrat wishes. greetings football dinner.
		drinks. weekend photos. pictures. family. husband. wife. daughter. baby. kids. hugs. colleagues.
		inviter. invitons ravis apero degustation ouvertes. fete. fille. fils. mari. femme. famille. bebe. bises. embauche
		invit festa. feste. festeggi brindi. brindisi aperitiv convegno moglie. marito. figlia. figlio. famiglia. bimb abbraccio baci.
		zapro zapra impreza. imprezie jubileusz grill mecz. bilety. slub. rodzin corka. corki. syn. syna. maz. zona. dzieci. buziaki`},
	beginnings{courtesy, 2, `farewell marathon donate vernissage picnic`},
	beginnings{courtesy, 1, `hospice webinar leaving. pleasure. touch. stay. retraite depart. pensione. addio pozegnan emerytur
		weekend inaugur soiree cocktail brunch veterinar weteryn dog. chien. cane. piesek girls. boys. children holidays. lovely. congress. job. jobs. career emploi. lavorare pracy.`},
	beginnings{notice, 2, `relocat demenag salda. salde`},
	beginnings{notice, 1, `supplier suppliers vendors inform informing address. addresses telephone switchboard headquarter premises drill. questionnaire policy. closed.
		fournisseur informons siege. adresse. adresses standard. questionnaire politique ferme. fermee. fermes. fermeront
		fornitor comunica. comunichiamo informiamo sede. sedi. indirizzo trasferi questionari chiuso. chiusi. chiusa.
		dostawc informujemy uprzejmie siedzib adres. adresu przeprowadz ankiet zamkniet nieczynn zmienia. zmiana. zmianie. telefonu.`},
	beginnings{referral, 1, `friend. friends. neighbour neighbor cousin sister. brother. aunt. uncle. mother. father. parents. acquaint recommend referral referred number. someone. somebody. anyone.
		ami. amie. amis. voisin confrere cousin soeur. frere. oncle. tante. mere. pere. parents. recommand coordonnees numero. connaissez quelqu
		amico. amica. amici. vicina. vicini. vicino. cugin cognat suocer zio. zia. madre. padre. genitori sorella. fratello. consigli conosce conoscet qualcuno. contatti. recapit
		znajom sasiad kuzyn szwag tesc. tesci rodzic wujek ciotk brata. siostra. brat. polec kogos. numer. namiar zna.`},
	beginnings{afterSale, 2, `overdue remittance warranty hotline helpdesk defect complaint password outage malfunction damag refund unpaid arrears rma.
		endommag abime. abimee litige rembours sinistre. constat. danneggi rimbors circolarizz revisori. uszkod zwrot. zwrotu zwroci zepsut pekniet peknal wadliw
		impaye duplicata panne. pannes. depann defectu reclamation
		duplicato guasto. guasti. difett reclamo. insolut sollecito
		duplikat awari usterk zepsu reklamac przecieka haslo. hasla.`},
	beginnings{afterSale, 1, `crack cracks down. burst. reboot solde. sav. compta. saldo. saldi. szkod invoice credit. statement duplicate. reissue corrected reminder iban. repair broken fault error. errors. crash ticket.
		support. login. leak. leaks leaking stuck noise. stopped wrong. auditor accountant accounts. urgent fix. fixed unable freez slow. offline snapped cracked torn. burnt broke.
		facture relance. releve. rib. garantie. cassee. casse. erreur bloque fuite. reparat fonctionne comptab bruit. doublon impossible fendu fissur brule dechir
		fattura. fatture. estratto garanzia rotto. rotta. errore errori funziona. assistenza riparaz contabil bloccat perdita. perde. credito. bonific impossibile crepa. bruciat strappat spezzat
		faktur korekt gwaranc blad. bledn bledy. naprawi napraw serwis. dziala. ksiegow wezwan zaleg zacina pekl. pekla. nip. zawiesz spalil podart zlama gubi.`},
)

// beginnings are words that say the same.
type beginnings struct {
	matter matter
	worth  int
	words  string
}

func besideSet(lists ...beginnings) stems[besideWord] {
	out := newStems[besideWord]()
	for _, l := range lists {
		for _, w := range strings.Fields(l.words) {
			in, key := out.at(w)
			if _, known := in[key]; !known {
				in[key] = besideWord{l.matter, l.worth}
			}
		}
	}
	return out
}
