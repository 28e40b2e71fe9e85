package match

import "strings"

// stopWords are the words, folded, that stand in any mail and tell no deal from
// another: little words, greetings and the words of mail programs.
var stopWords = wordSet(
	// English
	`the and for with from that this these those you your yours our ours are was were been have has had not but can could will would shall
	should may might must all any some each other more most much many few very just also only than then there their them they its his her
	hers she him who whom whose which what when where why how into onto over under about above after before between during again still yet
	here now today tomorrow yesterday week weeks month months day days year years please thanks thank regards kind best dear hello hi sincerely
	let know see get got make made need needs want like one two three first last next new good great look looking forward let's i'm don't
	re fwd fw subject date sent wrote mail email message attached attachment attachments hope well sure back am pm etc per via out off
	monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
	yes okay too both same such own because while since until further regarding concerning team everyone sir madam cheers thousand million millions`,
	// French
	`les des une aux dans pour par sur avec sans sous entre chez vers est sont etait etaient ete etre avoir ont avons avez avait sera serait
	que qui quoi dont quand comment pourquoi quel quelle quels quelles cet cette ces son ses leur leurs nos votre vos notre mon mes ton tes
	nous vous ils elles elle lui eux moi toi pas plus moins tres bien mal tout tous toute toutes autre autres meme memes aussi encore deja
	donc mais car comme alors ainsi afin merci bonjour bonsoir cordialement salutations madame monsieur veuillez trouver joint jointe
	semaine semaines mois jour jours annee annees hier demain aujourd'hui aujourd hui faire fait peut pouvez pouvons pourriez souhaite
	suite concernant objet envoye ecrit deux trois lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin
	juillet aout septembre octobre novembre decembre bonne journee ici cela ceci etes sommes lors apres avant depuis pendant votre cas mille`,
	// Italian
	`gli dei del dell della delle dello degli nel nella nelle nello negli dal dalla dalle dallo dai sul sulla sulle sullo sui alla alle allo
	agli con per tra fra una uno che chi cui non piu meno molto poco tutto tutti tutta tutte altro altri altra altre anche ancora gia ora poi
	quindi pero come quando dove perche quale quali quanto questo questa questi queste quello quella quelli quelle suo sua suoi sue loro
	nostro nostra nostri nostre vostro vostra vostri vostre mio mia miei mie noi voi lei lui sono siamo siete era erano stato stata essere
	avere abbiamo avete hanno aveva sara sarebbe fare fatto puo possiamo potete potrebbe vorrei vorremmo grazie buongiorno buonasera salve
	ciao cordiali saluti distinti gentile gentili egregio signor signora oggi domani ieri settimana settimane mese mesi giorno giorni anno
	anni due tre lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre
	ottobre novembre dicembre oggetto inviato scritto allegato allegata allegati merito riguardo circa sempre qui prego mila milione milioni`,
	// Polish
	`jest sa byl byla bylo byly byc bedzie beda oraz ale lub albo czy nie tak juz tylko takze rowniez jeszcze bardzo tym tego tej temu ten
	tych tymi ktory ktora ktore ktorych ktorym ktorej jak jako gdy kiedy gdzie dlaczego poniewaz zeby aby przez przed przy pod nad dla bez
	miedzy wobec mnie mna nam nas nami wam was wami pan pani panu pania panstwo panstwa panstwu ich ich jego jej nich nim niej moj moja moje
	nasz nasza nasze naszej naszego twoj wasz swoj ktos cos kazdy wszystko wszystkie wszystkich inne inny inna mamy maja mam moze mozna mozemy
	prosze dziekuje dziekujemy pozdrawiam pozdrowienia serdecznie witam dzien dobry szanowni szanowny szanowna dzisiaj dzis jutro wczoraj
	tydzien tygodniu tygodnia miesiac miesiaca dni dnia rok roku lata dwa dwie trzy poniedzialek wtorek sroda czwartek piatek sobota niedziela
	stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia temat wyslano napisal napisala
	zalaczeniu zalacznik zalaczam sprawie dotyczy odnosnie wiec teraz potem kolejny kolejna tys tysiecy tysiace mln milionow miliony`)

// tradeWords are the words of selling, folded: they stand in the titles of many
// deals and in the mail of all, and weigh little.
var tradeWords = wordSet(
	`offer offers quote quotes quotation quotations deal project order orders contract contracts price prices pricing proposal proposals
	purchase sale sales customer client company group ltd inc llc gmbh invoice agreement request business
	offre offres devis projet commande commandes contrat contrats prix proposition propositions achat vente ventes client cliente societe sarl
	sas facture demande affaire
	offerta offerte preventivo preventivi progetto ordine ordini contratto contratti prezzo prezzi proposta proposte acquisto vendita vendite
	cliente azienda ditta srl spa fattura richiesta trattativa
	oferta oferty oferte ofercie wycena wyceny wycene projekt projektu zamowienie zamowienia umowa umowy umowe ceny cen cene propozycja
	propozycje zakup zakupu sprzedaz klient klienta firma firmy spolka faktura faktury zapytanie`)

func wordSet(texts ...string) map[string]bool {
	out := map[string]bool{}
	for _, text := range texts {
		for _, w := range strings.Fields(text) {
			out[w] = true
		}
	}
	return out
}
