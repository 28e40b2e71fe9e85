package match

// Turns of speech that tell what a message does, folded.
var (
	thankWords = wordSet(`thanks thank thx ta cheers perfect great brilliant wonderful excellent received noted happy appreciated lovely fab
	merci parfait super genial recu nickel impeccable
	grazie perfetto ottimo benissimo ricevuto ricevuta ricevuti ricevute
	dziekuje dziekujemy dziekuja dzieki swietnie doskonale idealnie otrzymalem otrzymalam otrzymalismy przyjalem przyjelam przyjelismy
	note notee preso wszystkiego`)

	// welcomeWords, in what we write last, ask for nothing.
	welcomeWords = wordSet(`welcome problem pleasure enjoy safe luck congratulations plaisir prie rien bonne bonnes bon prego figuri nulla buon buona buone auguri zaden problemu sprawy milego milej udanego wzajemnie`)

	wishWords = wordSet(`weekend wish wishes wishing luck safe safely drive holiday holidays christmas easter year pleasure nice happy enjoy rest rush worries
	plaisir bonne bon belle beau courage journee soiree fin fetes fete vacances noel bientot pareillement rien souci
	piacere buon buona buono bel bella bell altrettanto auguri lavoro giornata serata natale feste ferie vacanze lupo bocca problema
	milego dnia milej zycze zyczymy wzajemnie swiat wesolych spokojnych powodzenia udanego pozdrowienia problemu sprawy`)

	speech = newPhrases(map[act][]string{
		demand: {
			`please, pls, can you, could you, would you, can we, could we, we need a, we need an, we need the, we need more, we still need, i need a, i need the, i need an, needs to, send me, send us, send the, send it, call me, call us, give me, give us, change*, go ahead,
		order*, book, proceed, approve*, accept*, asap, in advance, remind*, if you can, if you could, if you would, so long as, as long as, we take, we ll take, i take, i ll take, looking forward to your`,
			`merci de m*, merci de n*, merci de bien, merci d, merci de l*, merci de confirm*, merci de r*, svp, s il vous plait, s il te plait, pouvez, pourriez, peux tu, pourrais, envoyez*, prenons, faites, lancez, lancer, il me faudrait, il nous faudrait,
		commande*, commander, facturer, allez y, on y va, si vous, a condition, bon pour accord, en attente, dans l attente, par avance, d avance`,
			`per favore, per cortesia, cortesemente, potete, puo, puoi, potrebbe*, potreste, mandate*, mandami, mandatemi, inviatemi, inviate, fatemi sapere, fammi sapere, mi faccia, servono, serve, mi serve, procediamo,
		prendiamo, procedete, procedi, ordiniamo, confermiamo, anticipatamente, in attesa, se mi, se ci, a condizione`,
			`prosze, prosimy, prosilbym, poprosze, mozecie, moglby*, mozna, trzeba, potrzeb*, wyslij*, przeslij*, zamawia*, zamow*, akceptuj*, z gory, czekam*, bierzemy, zapraszam, pod warunkiem, jesli`},
		content: {
			`but, not, no longer, still, however, unfortunately, sorry, wrong, missing, need to, price, too high, too expensive, sign*, invoice*, for nothing, don t, doesn t, didn t, won t, can t, isn t, attached, see attachment, enclosed, never, here is, here s, here are,
		correction*, another supplier, somebody else, someone else`,
			`mais, pas, plus de, voici, manque*, erreur, jamais, d accord, entendu, ci joint*, piece jointe, malheureusement, desole*, autre fournisseur, aurez, recevrez`,
			`ma, pero, non, ecco, manca*, mai, va bene, d accordo, firmato, allegato, in allegato, purtroppo, ancora, non ci`,
			`ale, nie, oto, nigdy, brak*, niestety, jednak, w zalaczeniu, w zalaczniku, zalacza*, podpisa*, zgoda, czy`},
		comingBack: {
			`let _ know as soon, ll let _ know, will let _ know, get back to you, come back to you, back to you _ soon, ll be in touch, will be in touch, keep you posted, update you, ll answer, will answer, ll reply, will reply, have an answer, think about it, think it over, need some time, need time,
		ll discuss, will discuss, ll decide, will decide, who decides, ll review, will review, ll update, will update, ll confirm, will confirm, ll revert, will revert, ll ping, will ping, waiting for the, waiting for my, waiting for our`,
			`reviens vers*, revenons vers*, reviendrai*, reviendrons*, tiens au courant, tiendrai au courant, tenons au courant, tiendrons au courant, recontacterai, recontacterons, repondrai, repondrons, etudions, vais etudier,
		j en parle, on en parle, nous en parlons, reflechi*, redis, redirai, redirons, fais _ point, faisons _ point, donnerons _ reponse, donnons _ reponse, vois avec, voyons avec, regarde ca, regardons ca`,
			`faccio sapere, facciamo sapere, faro sapere, faremo sapere, aggiorno, aggiorniamo, valutiamo, la valuto, lo valuto, ne parlo, ne parliamo, ci penso, ci pensiamo, rispondiamo, rispondero, risponderemo, ricontatto, ricontattiamo,
		ci sentiamo la, ci sentiamo dopo, ci risentiamo, lo guardo, lo guardiamo, la guardo, la guardiamo`,
			`dam _ znac, damy _ znac, odezwe sie, odezwiemy sie, wroce z, wrocimy z, wroce do, wrocimy do, skontaktuje sie, skontaktujemy sie, odpisze, odpiszemy, zastanowie, zastanowimy, omowie, omowimy, przemysl*, rozwaz*, przeanaliz*,
		przejrze, przejrzymy, porozmawiam, odesle, odeslemy`},
		owing: {
			`you ll have, you will have, you ll get, you will get, you ll be the first, ll return, ll sign, ll ping, waiting on our, waiting on my`,
			`vous aurez, vous recevrez, retournerai, retournerons, m en occupe, j attends encore, nous attendons encore, ai transmis, avons transmis`,
			`avrete, ricevera, riceverete, lo firmo, la firmo, rimando, rimandiamo`,
			`podpisze, podpiszemy, przekaze, przekazemy, dosylam`},
		findingOut: {
			`ll check, will check, ll ask, will ask, let me check, let me ask, let me find, let me see, ll find out, will find out, ll look into, will look into, ll look that up, need to look, look that up, back to you this, ll send, will send, ll call you, will call you,
		ll prepare, will prepare, get that sorted`,
			`recontacterai, me renseigne, je verifie, je regarde, vous rappelle demain, vous confirme cela, vous confirme demain, vous l envoie demain, vous enverrai, vous confirmerai, vous rappellerai, t enverrai, je demande, vous transmettrai`,
			`ricontatto, richiamo, verifico, fammi verificare, mi faccia verificare, chiedo, sento il, sento la, sento l, sento con, controllo e, inviero, mandero, confermero, preparo, mi informo`,
			`sprawdze, dowiem sie, zadzwonie, oddzwonie, wysle, przesle, podesle, potwierdze, przygotuje, ustale, zapytam, wyslemy, przeslemy, sprawdzimy, potwierdzimy, zapytamy, napisze, napiszemy`},
		doing: {
			`ll send, will send, ll email, ll mail, ll forward, ll call, will call, ll ring, ll return, ll sign, will sign, ll transfer, will transfer, ll pay, will pay, ll have, will have, ll ping, ll drop, ll get, i m sending, we re sending`,
			`vous transmets, vous envoie, vous l envoie, vous renvoie, vous reponds, vous redis, vous confirme, vous rappelle, vous retourne, vous contacte, te transmets, t envoie, te reponds, te redis, te confirme, te rappelle, je signe, nous signons, enverrai, enverrons, rappellerai, rappellerons,
		ferai, ferons, transmettrai, transmettrons, confirmerai, confirmerons, retournerai, retournerons, virement`,
			`la richiamo, vi richiamo, ti richiamo, le dico, ti dico, vi dico, la informo, vi informo, ti informo, le giro, vi giro, ti giro, gliel*, mando, mandiamo, invio, inviamo, rimando, rimandiamo, spedisco, spediamo, confermo, bonifico, mandero, manderemo, inviero, invieremo, confermero, firmo, firmiamo`,
			`dosylam, wysle, wyslemy, przesle, przeslemy, podesle, podeslemy, napisze, napiszemy, zadzwonie, zadzwonimy, potwierdze, potwierdzimy, sprawdze, sprawdzimy, przygotuje, przygotujemy, ustale, ustalimy, zapytam, zapytamy, przekaze, przekazemy, podpisze, podpiszemy, zaproponuje, zaproponujemy, zaplace, zaplacimy`},
		soon: {
			`later, next month, end of, shortly, on monday, on tuesday, on wednesday, on thursday, on friday, by monday, by tuesday, by wednesday, by thursday, by friday, after, when i, when we`,
			`cet apres midi, dans la journee, d ici, fin de semaine, fin du mois, mois prochain, lundi, mardi, mercredi, jeudi, vendredi, au plus vite, rapidement, apres`,
			`nel pomeriggio, in giornata, entro, mese prossimo, lunedi, martedi, mercoledi, giovedi, venerdi, quanto prima, a breve, dopo`,
			`po poludniu, do konca, w przyszlym, w poniedzialek, we wtorek, w srode, w czwartek, w piatek, wkrotce, niebawem, zaraz, po weekendzie, po swietach, dzis`},
		once:    {`as soon as, soon as, once, when i m back, when i am back`, `a mon retour, des que`, `appena, al mio rientro`, `jak tylko, jak wroce, po powrocie`},
		laterOn: {`tomorrow, tonight, this afternoon, this evening, next week`, `demain, ce soir, semaine prochaine`, `domani, stasera, settimana prossima, prossima settimana`, `jutro, wieczorem, w przyszlym tygodniu`},
		handing: {
			`forwarding this, forwarded this, passed it on to, passing this, passing it, copying in, copied in, looping in, adding _ in copy, who looks after this, who will answer, who will get back`,
			`transmets a, transmets votre, transmets ce, fais suivre, je mets _ en copie, en copie qui`,
			`giro la mail, giro la sua, giro a, inoltro a, inoltro la, metto in copia, passo a`,
			`przekazuje, przekaze, dodaje do kopii, w kopii`},
		assent: {
			`yes, ok, okay, works, suits, fine, good, perfect, great, agreed, confirmed, see you`,
			`oui, ok, parfait, entendu, d accord, ca marche, c est bon, c bon, convient, me va, nous va, note, a lundi, a mardi, a mercredi, a jeudi, a vendredi`,
			`si, ok, va bene, perfetto, benissimo, d accordo, confermo, confermato, a lunedi, a martedi, a mercoledi, a giovedi, a venerdi`,
			`tak, ok, pasuje, dobrze, zgoda, swietnie, odpowiada, potwierdzam, do zobaczenia`},
		choosing: {`or, whichever, but, not, can t`, `ou, mais, pas, plutot`, `oppure, o, ma, non, piuttosto`, `albo, lub, ale, nie, raczej`},
	})
)

// weekdays, folded, as they are written and inflected, from Monday on.
var weekdays = weekdayWords(
	`monday mon lundi lunedi poniedzialek poniedzialku`, `tuesday tue tues mardi martedi wtorek wtorku`,
	`wednesday wed mercredi mercoledi sroda srode srody`, `thursday thu thurs jeudi giovedi czwartek czwartku`,
	`friday fri vendredi venerdi piatek piatku`, `saturday sat samedi sabato sobota sobote soboty`, `sunday sun dimanche domenica niedziela niedziele niedzieli`)

func weekdayWords(days ...string) map[string]int {
	out := map[string]int{}
	for i, day := range days {
		for w := range wordSet(day) {
			out[w] = i + 1
		}
	}
	return out
}
