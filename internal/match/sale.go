package match

// saleWords are beginnings of words, folded, in which people speak of something
// that they are about to buy, whatever it is; with a point they are whole words.
var saleWords = besideSet(
	// what it costs, and how it is paid
	beginnings{someDeal, 1, `price pricing cost budget discount quote quotation offer estimate proposal cheaper expensive deposit instalment upfront
		prix tarif coute cout remise ristourne devis offre chiffrage proposition acompte cher. chere. financement
		prezzo prezzi sconto sconti preventiv proposta caparra acconto rate. economic finanziament
		cena. ceny cene cenie koszt budzet rabat upust wycen ofert propozycj zaliczk rat. tansz tanio drozsz finansowan`},
	// yes, and whoever has to say it
	beginnings{someDeal, 1, `approv sign. signs. signed signing signature order. orders. ordered ordering purchase contract agreement agree. agreed confirm accept. accepted decide decision board. committee tender grant. chosen choose chose
		approuv valid signe command achat acheter contrat accord. accepte decid conseil. comite appel. subvention choisi choix retenu
		firma. firmato firmata firmare firmo firmiamo ordine. ordin acquist accett conferm consiglio. bando. contribut scegli scelto scelta
		zatwierdz akcept podpis zamow zamaw zakup kupuj kupi. umow potwierdz decyzj decyduj zarzad przetarg dotacj wybier wybral`},
	// when it comes, and what has to be done
	beginnings{someDeal, 1, `deliver shipment shipped ship. install fitted fitting mount start. starts. starting begin. finish deadline schedule lead. handover rollout launch ready. arrive
		livr expedi pose. poser montage. demarr commenc debut. delai planning echeanc pret. prete. prets. lancement arriv
		consegn spedi montare montaggio iniz cominci scadenz tempi. pronto. pronta. pronti. lancio
		dostaw dostarcz wysylk instal montaz zamont termin zaczyna zaczac zaczniem rozpocz gotow wdroz przyjed`},
	// how it has to be
	beginnings{someDeal, 1, `include size colour color model. models. version quantity quantities pieces pcs. units. compatib replace instead sample drawing plan. plans. dimension measure width height depth length weight thick capacity option variant spec. specs. specific requirement extra. additional
		inclus compris taille couleur modele quantite unites remplac plutot echantillon dessin mesure largeur hauteur profondeur longueur poids epaisseur capacite specifi exigenc supplement
		compres misura misure modello modelli quantita pezzi. unita sostitu invece. campion disegn piant. largh altezz profondit lungh peso. spessor capacit opzion requisit
		zawier wliczon rozmiar wymiar kolor wersj ilosc sztuk szt. kompatyb wymian zamiast probk rysun plany. pomiar szerok wysok gleb dlugosc waga. grubosc pojemn opcj wariant specyf wymaga dodatkow`},
	// how it is tried
	beginnings{someDeal, 1, `demo. demonstration trial pilot prototype draft mockup proof. survey. visit. test. tests. testing
		essai maquette. ebauche brouillon visite.
		dimostraz prova. prove. prototip bozza bozze sopralluog
		demonstrac probn prototyp projekt. wizj testy. testow`},
)
