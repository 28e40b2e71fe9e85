package match

import "strings"

// How much of a word of a title a kindred word says.
const (
	saysSame = 0.7  // the same in another language, or another word for it
	saysNear = 0.4  // what belongs to it: a trainer, where it is a training
	saysMore = 1.5  // times as much, where several such words stand
	mostNear = 0.65 // which is less than naming it
)

// trade is a field of business in which a word is at home, and whether it names
// the field or merely belongs to it.
type trade struct {
	field int
	names bool
}

// kin tells how much words of a mail say of a word of a title by what they mean,
// 0 for nothing: one that names the field as much as the title does, or those
// that belong to it. Two that merely belong to one field say nothing of each other.
func kin(title []trade, words []known) float64 {
	same, near, more := 0.0, 0.0, 0
	for _, w := range words {
		switch related(title, w.of) {
		case 2:
			same = max(same, saysSame*w.at)
		case 1:
			near = max(near, saysNear*w.at)
			more++
		}
	}
	if more > 1 {
		near = min(saysMore*near, mostNear)
	}
	return max(same, near)
}

// related is 2 for words that name one field, 1 when one of them does and the
// other belongs to it.
func related(title, word []trade) int {
	best := 0
	for _, a := range title {
		for _, b := range word {
			if a.field == b.field && (a.names || b.names) {
				best = max(best, 1)
				if a.names && b.names {
					best = 2
				}
			}
		}
	}
	return best
}

// tradesOf lists the fields of a word, by the longest beginning that is known.
func tradesOf(word string) []trade {
	_, of, _ := trades.find(word)
	return of
}

// trades are the fields of business: before the bar the words that name one, in
// English, French, Italian and Polish, then what belongs to it. All are folded.
var trades = tradeSet(`
training trainings formation formations formazione szkoleni kurs. kursy corso. corsi. onboarding | trainer formateur formatrice formatore szkoleniow trener participant partecipant uczestni workshop warsztat seminar seminair instructor istruttor instruktor classroom beginners debutants
maintenance manutenzion entretien konserwacj serwis servicing upkeep | technician technicien tecnico. tecnici. technik inspection inspections ispezion przeglad breakdown panne guasto awari filter. filters. filtre. filtres. filtri. filtry. oil. olio. olej.
licence license licences licenses licenz licencj logiciel software oprogramowan abonnement abbonament subscription | user. users. utilisateur utent. utente. utenti. uzytkownik seat. seats. activation attivazion aktywacj login. module moduli. modul. moduly.
website websites site. sites. sito. siti. strona. strony. strone. stronie. witryn homepage web. relaunch | hosting domain. domaine. dominio. domena. domeny. page. pages. pagina pagine landing slider wordpress wireframe mockup maquette makiet menu. footer banner cookie seo.
webshop eshop ecommerce boutique sklep. sklepu. negozio. | cart. checkout panier carrello koszyk. koszyka. paypal stripe payment paiement pagament platnosc
security securite sicurezz bezpieczenst cybersecurity | firewall phishing pentest antivirus malware vulnerab password passe. hasel
alarm. alarms. allarm alarme alarmow camera. cameras. telecamer kamer. kamery. kamer videosorv videosurv cctv. surveillance monitoring | recorder enregistreur rejestrator detector detecteur rilevator czujk sensor capteur
solar. solaire solar solare fotovolt fotowolt photovolt paneles | panel. panels. panneau pannell panele. paneli. inverter onduleur falownik roof. toiture tetto. dach. dachu. kwp.
heating chauffage riscaldament ogrzewan climatisation climatiz klimatyzac hvac. aircon boiler caldaia caldaie chaudiere kociol kotla kotly kotlownia heatpump | radiator radiateur grzejnik thermostat termostat temperature temperatura burner bruleur palnik pellet
lighting eclairage illuminazion oswietlen lights. lampadaire lampion | lamp. lamps. lampe. lampes. lampad lampy. lumen lux. luminaire dimm fixture oprawy leds. bulb. bulbs. ampoule zarowk
furniture mobilier meuble mobili. arredo arredament meble mebli. meblow desk. desks. chair. chairs. scrivani biurek biurka krzesla krzesel fauteuil chaises | seat. seats. cushion fabric. tissu. tessuto tapicerk drawer tiroir cassett szuflad
printing printer printers imprimante stampant stampa. drukarka drukark druk. druku. impression brochure brochures flyer flyers depliant ulotk katalog catalog catalogue | toner ink. encre inchiostro tusz. paper. papier papieru carta. proof. proofs. bozza bozze epreuve gsm. cmyk. pdf. logo. artwork pantone
label. labels. labelling etiquet etichett etykiet | roll. rolls. rouleau rouleaux rotol rolk. rolki. rolek sticker adhesi adesiv klej. glue. ean. barcode diametre diametro srednic core.
packaging emballag imballag opakowan carton cartons cardboard kartony kartonow scatol boxes. | lid. couvercle coperchi pokryw pallet palette pallett foil. film.
vehicle vehicles vehicule veicol pojazd samochod cars. voiture auto. vans. van. furgon fourgon fleet. flotte. flotta flota. floty. truck trucks camion. ciezarow | tyre tyres pneu. pneus. gomme. opony. mileage kilometr driver drivers chauffeur autist kierowc
forklift chariot muletto wozek. wozki. wozkow widlow | forks. fork. fourche mast. maszt battery batterie batteria akumulator
rental. rent. lease. leasing location. noleggio wynajem najem. najmu dzierzaw hire. | deposit. caution. kaucj cauzion
install installation montage montaggio montaz. montazu instalacj posa. assembly | fitter. fitters. installateur installator monter monterzy monteur scaffold
migration migrazion migracj import. | export. mapping csv. database legacy. data. dane. danych dati. donnees archiv
integration integrazion integracj interface connector connettor connecteur api. | endpoint webhook token. sandbox developer developpeur sviluppator
audit. audits. audyt. audytu consulting consulenz conseil. doradztw diagnosi diagnostic | auditor auditeur audytor findings report. rapport. raport. interview interviews
translat traduct traduzion traduttor tlumacz | glossar languag langue. langues. lingua lingue. jezyk proofread relecture korekta sworn.
interpret | booth. cabine cabina kabin simultan consecutiv
catering traiteur banquet bankiet event. events. evenement evento. eventi. wydarzen impreza party. seminar. dinner. cena. kolacj diner. | menu. guest. guests. invites convives ospiti ospite gosci. gosciom buffet bufet dessert vegetarian vegetarien wegetaria vegan allerg wine. vino. vin. tables. table. waiter cake. gateau torta. tort.
wedding mariage matrimoni. matrimonio wesele. wesela. slub. slubu | bride. groom. mariee sposa. sposi. mloda. guests. invites gosci. cake. band. flowers. fleurs. fiori. kwiaty
recruit recrut selezion rekrut headhunt staffing | candidat kandydat interview colloqui rozmow shortlist cv. vacancy salary
insurance assuranc assicuraz ubezpiecz polic. polisa polizza polisy | claim. claims. sinistre sinistr premium. prime. premio skladk
garden jardin giardin ogrod ogrodu landscap paysag zielen | lawn. pelouse prato. trawnik trawa. trawe. hedge. haie. siepe. zywoplot plants. plantes piante. rosliny tree. trees. arbres alberi. drzewa irrigation arrosage irrigazion nawadnian
kitchen cuisine. cuisines cucina. cucine kuchnia kuchni. kuchnie | worktop plan. oven. four. forno. piekarnik sink. evier. lavello zlew. cabinet facades fronts. fronty blat. hob. fridge frigo lodowk hotte
bathroom bagno. bagni. lazienk sanitaire sdb. | shower. douche. doccia prysznic tile. tiles. carrelage piastrell plytki plytek basin. lavabo. umywalk wanna. vasca. baignoire toilet
window. windows. fenetre finestr infiss okna. okien. okno. stolark serrament menuiserie | glazing vitrage vetro. vetri. szyba. szyby. glass. pane. shutter shutters volet. volets. persian rolety
roof. roofing toiture couverture tetto. tetti. dach. dachu. dachow | gutter. gutters gouttiere grondai rynna rynny leak. leaks. fuite. infiltraz przeciek slate. tuile. tegole dachowk
floor. flooring parquet pavimen podlog posadzk moquette revetement | carpet wykladzin plank lames. doghe screed chape. massetto skirting plinthe
elevator ascenseur ascensor winda. windy. windach dzwig. dzwigu lift. lifts. | cabin. cabine cabina shaft. floor. etage. piano. pietro. pietra. szyb.
pump. pumps. pumping pompe. pompes. pompa. pompy. pomp. | flow. debit. portata przeplyw pressure pression pressione cisnien impeller seal. seals.
cleaning nettoyag pulizi. pulizia pulizie sprzatan czyszczen janitor | cleaner. cleaners detergent windows. vitres. vetri. toilets. hygien igien higien
network. reseau. reseaux siec. sieci. wifi. wlan. lan. cabling cablage cablaggio okablowan | router. routeur switch. switches antenna antenne access. coverage couverture copertura zasieg cable. cables. cavo. cavi. kabel. signal. segnale sygnal bandwidth
telephony telephon telefoni. telefonia telefonii voip. mobile. mobiles. phones. centralino | extension. call. calls. appels. chiamate headset casque cuffie sim. roaming minutes.
laptop laptops notebook portatil. portatili ordinateur computer computers komputer hardware workstation pc. tablet tablets tablette | ram. ssd. docking screen. screens. ecran. ecrans. schermo monitor. monitors. monitory keyboard clavier tastier klawiatur charger. mouse.
server. servers. serveur serwer cloud chmura chmury hosting | backup. backups sauvegarde kopia. storage virtual vm. disk. disco. disque dysk. rack. downtime
marketing campaign campagn kampani advertis publicit pubblicit reklam | clicks. click. budget. impressions banner. social. instagram facebook linkedin influencer post. posts. newsletter slogan
video. videos. film. filmu filmato photo. photos. foto. fotograf photograph zdjec | shooting riprese nagran tournage drone. dron. editing edit. actor. subtitle napisy
audio. sound. sonoris sonorisation naglosn acoustic acustic akusty | microphone micro. micros. microfon mikrofon speaker speakers enceinte casse. altoparl glosnik mixer. mixage
payroll paie. paghe. place. plac. kadry. kadrow | payslip payslips bulletin bulletins cedolin salary salaire stipend wynagrodz employees salaries dipendent pracownik
accounting comptabilite contabilita ksiegowosc bookkeeping bilan. bilancio | ledger. bilanc vat. tva. iva. expenses receipts ecritures
ultrasound echograph ecograf usg. | probe. probes. sonde. sonda. glowic transducer gel.
xray radiolog rtg. scanner. mri. irm. tac. | image. images. dose. dawk pacs. patient
workwear uniform vetement abbigliament odziez blouse. blouses. camici. divis. | size. sizes. taille. tailles. taglia. taglie. rozmiar embroid brod ricam haft. haftem trousers pantalon spodni
shoe. shoes. footwear chaussur scarpe. buty. butow obuwi | size. sizes. pointure numero. rozmiar sole. semelle suola. podeszw
charging charger chargers recharge borne. bornes. colonnin wallbox ladowark ladowania | kw. electric electriq elettric elektrycz plug. cable. parking
fire. incendie antincend pozar przeciwpoz ppoz. gasnic extinguish | sprinkler smoke. fumee. fumo. dymu. hydrant evacuation evacuaz ewakuac
water. acqua. acque. eaux. woda. wody. purification osmosis osmos | hardness durezza durete. twardosc tank. cuve. serbato zbiornik filter. filtre. filtro. filtr.
waste. dechet dechets rifiut odpad odpady odpadow recycling | skip. benne. bennes. cassone kontener collection. ritiro. odbior. collecte bins.
transport transports trasport shipping spedizion freight fret. spedyc logistic logisti | customs douane. dogana. clo. cla. container. conteneur pallets. palettes truck. incoterm
scales. scale. pesee. pesage bilance bilancia. waga. wagi. weighing weighbridge | calibrat etalonn taratur legaliz kalibrac tonne. tonnes. tonnell kilo.
energy energie energia energii electricity elettricit prad. pradu gas. gaz. gazu | kwh. meter. meters. compteur contator licznik tariff tarif. tariffa taryf consumption consommation consumi zuzyci
stand. stands. booth. fiera. fiere. targi. targow targach salon. exhibition expo. | rendering carpet hall. pavilion padiglion pawilon graphics brochure visitors
warehouse entrepot magazzin magazyn racking rack. racks. shelving rayonnage scaffal regal. regaly regalow | aisle. allee. upright montant beam. beams. pallet. pallets. palette palet load.
crane. cranes. grue. grues. gru. suwnic dzwig. hoist | hook. crochet gancio. hak. tonne. tonnes. load. rope.
machine. machines. machinery macchin maszyn tornio tokark tour. press. presse. pressa. prasa. | spare. spindle broche. mandrin wrzecion operator operateur
legal. lawyer avocat avvocat prawn kancelar lawsuit litigation contenzios contentieux | hearing. court. tribunal udienza sad. sadu judge. clause. clauses. clausol klauzul
trademark marque. marques. marchio. marchi. znak. znaku patent brevet brevett | registration opposition infringement office. class.
privacy gdpr. rgpd. rodo. | consent consens consentement zgod. notice. register. registro registre. informativa dpo.
medical chairs. dental dentist dentair dentyst stomatolog | patient pazient pacjent implant surgery surgeon
hotel booking reservation prenotazion rezerwac | room. rooms. camera. camere chambre chambres pokoj. pokoje pokoi night. nights. nuits. notti. breakfast
access. acces. accessi dostep dostepu badge badges | door. doors. porte. portes. porta. drzwi. card. cards. carte. key. keys. cles. chiav klucz gate. reader lecteur lettor czytnik
crm. | pipeline leads. lead. contacts. import. users.
erp. gestional | warehouse invoices. module stock. accounting
elearning lms. | course. courses. quiz. lesson lessons learner learners
analysis analyses analyse. analisi analiz laboratory laboratoire laborator lab. | sample. samples. echantillon campion. campioni probk sampling prelievi pobran
playground | swing. slide. surfacing
aquarium pool. pools. piscine piscin basen basenu | chlorine chlore cloro. chlor. swimmer liner.
`)

func tradeSet(text string) stems[[]trade] {
	out := newStems[[]trade]()
	for field, line := range strings.Split(strings.TrimSpace(text), "\n") {
		names, belongs, _ := strings.Cut(line, "|")
		for _, w := range strings.Fields(names) {
			in, key := out.at(w)
			in[key] = append(in[key], trade{field, true})
		}
		for _, w := range strings.Fields(belongs) {
			in, key := out.at(w)
			in[key] = append(in[key], trade{field, false})
		}
	}
	return out
}
