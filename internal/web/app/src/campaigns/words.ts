import type { Catalogue } from "../words/catalogue";
import { count } from "../words/pl";

type Named = Readonly<Record<string, string>>;

interface Said {
  title: string;
  none: string;
  noneText: string;
  make: string;
  name: string;
  audience: string;
  reach: (n: number) => string;
  template: string;
  newTemplate: string;
  templateName: string;
  subject: string;
  letter: string;
  letterHint: string;
  preview: string;
  missing: (fields: string) => string;
  mailbox: string;
  perMinute: string;
  perDay: string;
  spareDays: string;
  spareDeals: string;
  statuses: Named;
  draftText: string;
  prepare: string;
  prepareAgain: string;
  start: string;
  goOn: string;
  pause: string;
  cancel: string;
  sureCancel: string;
  ledger: string;
  states: Named;
  reasons: Named;
  all: string;
  sentOf: (sent: string, all: string) => string;
  noTemplate: string;
  noMailbox: string;
  doubt: (n: number) => string;
  doubtText: string;
  doubtSend: string;
  doubtSent: string;
  sureSend: (n: number) => string;
  settled: string;
}

export const said: Catalogue<Said> = {
  en: {
    title: "Campaigns",
    none: "No campaign yet",
    noneText:
      "A campaign sends one letter to many contacts, each at most once, from your own mailbox. Before the first mail leaves you see everybody who gets it, and everybody who does not, with the reason.",
    make: "New campaign",
    name: "Name",
    audience: "To whom (a query over contacts)",
    reach: (n) => (n === 1 ? "1 contact matches" : `${n} contacts match`),
    template: "Letter",
    newTemplate: "Write a new letter",
    templateName: "Name of the letter",
    subject: "Subject",
    letter: "Text",
    letterHint: "{{contact.first_name|you}} puts in a field; after the bar stands what is written when it is empty.",
    preview: "As one of them reads it",
    missing: (fields) => `Empty for this contact: ${fields}`,
    mailbox: "Sent from",
    perMinute: "Mails a minute",
    perDay: "Mails a day",
    spareDays: "Leave out who had mail with us in so many days",
    spareDeals: "Leave out contacts of open deals",
    statuses: {
      draft: "Draft",
      ready: "Ready",
      sending: "Sending",
      paused: "Paused",
      done: "Done",
      cancelled: "Cancelled",
    },
    draftText: "Nothing is sent by this: every recipient is written down, with why they get the letter or not.",
    prepare: "Write the recipients down",
    prepareAgain: "Write them down anew",
    start: "Start sending",
    goOn: "Go on sending",
    pause: "Pause",
    cancel: "Stop for good",
    sureCancel: "Stop this campaign for good? What was sent stays sent.",
    ledger: "Who gets it, and who does not",
    states: {
      excluded: "Left out",
      queued: "Waits",
      claimed: "On its way",
      sent: "Sent",
      failed: "Failed",
      unknown: "Not known",
    },
    reasons: {
      no_address: "has no address",
      duplicate: "the address stands here already",
      internal: "a colleague",
      open_deal: "has an open deal",
      recent_mail: "had mail with us lately",
      missing: "a field of the letter is empty",
      unsubscribed: "unsubscribed",
      bounced: "mail came back",
      complained: "complained",
      manual: "is on the list of exceptions",
      contact_deleted: "the contact was deleted",
      restored: "may have got it before the data was restored",
      told_sent: "counted as sent by a person",
    },
    all: "All",
    sentOf: (sent, all) => `${sent} of ${all} sent`,
    noTemplate: "Choose a letter or write one.",
    noMailbox: "None of your mailboxes can send: give one an SMTP server in the settings.",
    doubt: (n) =>
      n === 1
        ? "Of 1 person it is not known whether they got it"
        : `Of ${n} people it is not known whether they got it`,
    doubtText:
      "While the campaign sends, they are looked up among the sent mail. Who is not found there, and nobody looks for any more, waits for your word: look for them in the log of the mail server first.",
    doubtSend: "Send it to them",
    doubtSent: "Count it as sent",
    sureSend: (n) => `Send the letter to ${n} people who may have it already?`,
    settled: "It holds as you say",
  },
  fr: {
    title: "Campagnes",
    none: "Aucune campagne",
    noneText:
      "Une campagne envoie une lettre à de nombreux contacts, à chacun une fois au plus, depuis votre boîte. Avant le premier envoi vous voyez qui la reçoit, qui ne la reçoit pas, et pourquoi.",
    make: "Nouvelle campagne",
    name: "Nom",
    audience: "À qui (une requête sur les contacts)",
    reach: (n) => (n === 1 ? "1 contact correspond" : `${n} contacts correspondent`),
    template: "Lettre",
    newTemplate: "Écrire une nouvelle lettre",
    templateName: "Nom de la lettre",
    subject: "Objet",
    letter: "Texte",
    letterHint: "{{contact.first_name|vous}} insère un champ ; après la barre, ce qui est écrit s’il est vide.",
    preview: "Telle qu’un destinataire la lit",
    missing: (fields) => `Vide pour ce contact : ${fields}`,
    mailbox: "Envoyée depuis",
    perMinute: "Messages par minute",
    perDay: "Messages par jour",
    spareDays: "Épargner qui a échangé avec nous depuis (jours)",
    spareDeals: "Épargner les contacts d’opportunités ouvertes",
    statuses: {
      draft: "Brouillon",
      ready: "Prête",
      sending: "Envoi en cours",
      paused: "En pause",
      done: "Terminée",
      cancelled: "Abandonnée",
    },
    draftText:
      "Rien n’est envoyé : chaque destinataire est inscrit, avec la raison pour laquelle il reçoit la lettre ou non.",
    prepare: "Inscrire les destinataires",
    prepareAgain: "Les inscrire à nouveau",
    start: "Lancer l’envoi",
    goOn: "Reprendre l’envoi",
    pause: "Pause",
    cancel: "Arrêter définitivement",
    sureCancel: "Arrêter définitivement cette campagne ? Ce qui est parti reste parti.",
    ledger: "Qui la reçoit, et qui non",
    states: {
      excluded: "Écartés",
      queued: "En attente",
      claimed: "En route",
      sent: "Envoyés",
      failed: "Échecs",
      unknown: "Inconnus",
    },
    reasons: {
      no_address: "sans adresse",
      duplicate: "adresse déjà présente",
      internal: "un collègue",
      open_deal: "opportunité ouverte",
      recent_mail: "échange récent",
      missing: "un champ de la lettre est vide",
      unsubscribed: "désinscrit",
      bounced: "message revenu",
      complained: "plainte",
      manual: "dans la liste d’exceptions",
      contact_deleted: "le contact a été supprimé",
      restored: "l’a peut-être reçue avant la restauration des données",
      told_sent: "comptée comme envoyée par une personne",
    },
    all: "Tous",
    sentOf: (sent, all) => `${sent} envoyés sur ${all}`,
    noTemplate: "Choisissez une lettre ou écrivez-en une.",
    noMailbox: "Aucune de vos boîtes ne peut envoyer : donnez-lui un serveur SMTP dans les réglages.",
    doubt: (n) =>
      n === 1
        ? "Pour 1 personne, on ne sait pas si elle l’a reçue"
        : `Pour ${n} personnes, on ne sait pas si elles l’ont reçue`,
    doubtText:
      "Pendant l’envoi, la campagne les cherche parmi les messages envoyés. Qui n’y est pas, et n’est plus cherché, attend votre décision : consultez d’abord le journal du serveur de messagerie.",
    doubtSend: "La leur envoyer",
    doubtSent: "La compter comme envoyée",
    sureSend: (n) => `Envoyer la lettre à ${n} personnes qui l’ont peut-être déjà ?`,
    settled: "Votre décision est prise en compte",
  },
  it: {
    title: "Campagne",
    none: "Nessuna campagna",
    noneText:
      "Una campagna invia una lettera a molti contatti, a ciascuno al massimo una volta, dalla tua casella. Prima del primo invio vedi chi la riceve, chi no, e perché.",
    make: "Nuova campagna",
    name: "Nome",
    audience: "A chi (una query sui contatti)",
    reach: (n) => (n === 1 ? "1 contatto corrisponde" : `${n} contatti corrispondono`),
    template: "Lettera",
    newTemplate: "Scrivi una nuova lettera",
    templateName: "Nome della lettera",
    subject: "Oggetto",
    letter: "Testo",
    letterHint: "{{contact.first_name|Lei}} inserisce un campo; dopo la barra sta ciò che si scrive quando è vuoto.",
    preview: "Come la legge uno di loro",
    missing: (fields) => `Vuoto per questo contatto: ${fields}`,
    mailbox: "Inviata da",
    perMinute: "Messaggi al minuto",
    perDay: "Messaggi al giorno",
    spareDays: "Escludi chi ci ha scritto negli ultimi giorni",
    spareDeals: "Escludi i contatti di opportunità aperte",
    statuses: {
      draft: "Bozza",
      ready: "Pronta",
      sending: "Invio in corso",
      paused: "In pausa",
      done: "Conclusa",
      cancelled: "Annullata",
    },
    draftText: "Non parte nulla: ogni destinatario viene annotato, con il motivo per cui riceve la lettera o no.",
    prepare: "Annota i destinatari",
    prepareAgain: "Annotali di nuovo",
    start: "Avvia l’invio",
    goOn: "Riprendi l’invio",
    pause: "Pausa",
    cancel: "Ferma per sempre",
    sureCancel: "Fermare per sempre questa campagna? Ciò che è partito resta partito.",
    ledger: "Chi la riceve, e chi no",
    states: {
      excluded: "Esclusi",
      queued: "In attesa",
      claimed: "In partenza",
      sent: "Inviati",
      failed: "Falliti",
      unknown: "Non noti",
    },
    reasons: {
      no_address: "senza indirizzo",
      duplicate: "indirizzo già presente",
      internal: "un collega",
      open_deal: "opportunità aperta",
      recent_mail: "scambio recente",
      missing: "un campo della lettera è vuoto",
      unsubscribed: "disiscritto",
      bounced: "messaggio tornato",
      complained: "reclamo",
      manual: "nell’elenco delle eccezioni",
      contact_deleted: "il contatto è stato eliminato",
      restored: "forse l’ha ricevuta prima del ripristino dei dati",
      told_sent: "contata come inviata da una persona",
    },
    all: "Tutti",
    sentOf: (sent, all) => `${sent} di ${all} inviati`,
    noTemplate: "Scegli una lettera o scrivine una.",
    noMailbox: "Nessuna tua casella può inviare: assegnale un server SMTP nelle impostazioni.",
    doubt: (n) =>
      n === 1 ? "Di 1 persona non si sa se l’ha ricevuta" : `Di ${n} persone non si sa se l’hanno ricevuta`,
    doubtText:
      "Mentre la campagna invia, vengono cercate fra la posta inviata. Chi non vi si trova, e non è più cercato, attende la tua parola: guarda prima nel registro del server di posta.",
    doubtSend: "Inviala a loro",
    doubtSent: "Contala come inviata",
    sureSend: (n) => `Inviare la lettera a ${n} persone che forse l’hanno già?`,
    settled: "Vale la tua parola",
  },
  pl: {
    title: "Kampanie",
    none: "Nie ma jeszcze kampanii",
    noneText:
      "Kampania wysyła jeden list do wielu kontaktów, do każdego najwyżej raz, z Twojej skrzynki. Przed pierwszą wysyłką widzisz, kto go dostanie, kto nie, i dlaczego.",
    make: "Nowa kampania",
    name: "Nazwa",
    audience: "Do kogo (zapytanie o kontakty)",
    reach: (n) => `Pasuje ${count(n, "kontakt", "kontakty", "kontaktów")}`,
    template: "List",
    newTemplate: "Napisz nowy list",
    templateName: "Nazwa listu",
    subject: "Temat",
    letter: "Treść",
    letterHint: "{{contact.first_name|Państwa}} wstawia pole; po kresce stoi to, co pisać, gdy jest puste.",
    preview: "Tak czyta go jeden z odbiorców",
    missing: (fields) => `Puste dla tego kontaktu: ${fields}`,
    mailbox: "Wysyłka ze skrzynki",
    perMinute: "Wiadomości na minutę",
    perDay: "Wiadomości na dobę",
    spareDays: "Pomiń tych, z którymi była korespondencja w ciągu (dni)",
    spareDeals: "Pomiń kontakty otwartych szans",
    statuses: {
      draft: "Szkic",
      ready: "Gotowa",
      sending: "Wysyłanie",
      paused: "Wstrzymana",
      done: "Zakończona",
      cancelled: "Anulowana",
    },
    draftText:
      "Nic nie jest wysyłane: każdy odbiorca zostaje zapisany wraz z powodem, dla którego dostanie list albo nie.",
    prepare: "Zapisz odbiorców",
    prepareAgain: "Zapisz ich ponownie",
    start: "Zacznij wysyłkę",
    goOn: "Wznów wysyłkę",
    pause: "Wstrzymaj",
    cancel: "Zatrzymaj na dobre",
    sureCancel: "Zatrzymać tę kampanię na dobre? Co wysłano, pozostaje wysłane.",
    ledger: "Kto dostanie, a kto nie",
    states: {
      excluded: "Pominięci",
      queued: "Czekają",
      claimed: "W drodze",
      sent: "Wysłane",
      failed: "Nieudane",
      unknown: "Nieznane",
    },
    reasons: {
      no_address: "bez adresu",
      duplicate: "adres już tu jest",
      internal: "współpracownik",
      open_deal: "ma otwartą szansę",
      recent_mail: "niedawna korespondencja",
      missing: "pole listu jest puste",
      unsubscribed: "wypisany",
      bounced: "wiadomość wróciła",
      complained: "skarga",
      manual: "na liście wyjątków",
      contact_deleted: "kontakt został usunięty",
      restored: "być może dostała list przed odtworzeniem danych",
      told_sent: "uznane za wysłane przez człowieka",
    },
    all: "Wszyscy",
    sentOf: (sent, all) => `Wysłano ${sent} z ${all}`,
    noTemplate: "Wybierz list albo napisz nowy.",
    noMailbox: "Żadna z Twoich skrzynek nie wysyła: podaj jej serwer SMTP w ustawieniach.",
    doubt: (n) => `Nie wiadomo, czy dostali: ${count(n, "osoba", "osoby", "osób")}`,
    doubtText:
      "Podczas wysyłki kampania szuka ich wśród wysłanych wiadomości. Kogo tam nie ma i kogo nikt już nie szuka, czeka na Twoją decyzję: najpierw sprawdź dziennik serwera poczty.",
    doubtSend: "Wyślij do nich",
    doubtSent: "Uznaj za wysłane",
    sureSend: (n) => `Wysłać list do osób (${n}), które być może już go mają?`,
    settled: "Zapisano Twoją decyzję",
  },
};
