import type { Catalogue } from "../words/catalogue";

interface Said {
  welcome: (workspace: string) => string;
  lead: string;
  steps: Readonly<Record<"connect" | "sync" | "people" | "timeline", string>>;
  demo: string;
  internal: (domains: string) => string;
  change: string;
  syncWaits: string;
  syncText: string;
  peopleWaits: string;
  peopleText: (n: number) => string;
  peopleMore: (n: number) => string;
  written: (n: number) => string;
  accept: (n: number) => string;
  nobody: string;
  import: string;
  accepted: (contacts: number, companies: number) => string;
  known: string;
  timelineWaits: string;
  timelineText: string;
  toDay: string;
  toInbox: string;
  setUp: string;
  setUpText: string;
}

// What the first minutes say.
export const said: Catalogue<Said> = {
  en: {
    welcome: (workspace) => `Welcome to ${workspace}`,
    lead: "Four steps to the first timeline that explains itself, in about two minutes.",
    steps: {
      connect: "Connect your mailbox",
      sync: "The newest mail arrives",
      people: "Who you write to",
      timeline: "The first timeline",
    },
    demo: "Just looking? This starts a made-up company with mail, deals and a sidebar. Nothing of it is kept:",
    internal: (domains) => `mail among people at ${domains} is internal.`,
    change: "Change",
    syncWaits: "Begins as soon as a mailbox is connected, with the newest mail.",
    syncText: "You can go on: the newest mail comes first, the rest follows by itself.",
    peopleWaits: "Shows up while the mail is being read.",
    peopleText: (n) =>
      n === 1
        ? "One person to whom you wrote is no contact yet."
        : `${n} people to whom you wrote are no contacts yet.`,
    peopleMore: (n) => `and ${n} more`,
    written: (n) => (n === 1 ? "1 mail from you" : `${n} mails from you`),
    accept: (n) => (n === 1 ? "Make a contact of them" : `Make ${n} contacts, and their companies`),
    nobody: "Nobody was found to whom you wrote and who is no contact. Contacts can be made by hand, or imported.",
    import: "Import contacts",
    accepted: (contacts, companies) => `${contacts} contacts and ${companies} companies made`,
    known: "Everybody to whom you wrote is a contact.",
    timelineWaits: "Needs a contact with whom you had mail.",
    timelineText:
      "Every line says why it stands here. Is one wrong? “Why is this here?” corrects it for the message, the conversation, an address or a domain.",
    toDay: "Go to my day",
    toInbox: "Look at the inbox",
    setUp: "Connect your mailbox",
    setUpText: "Threadline puts your mail on the timelines of contacts, companies and deals, and says why.",
  },
  fr: {
    welcome: (workspace) => `Bienvenue chez ${workspace}`,
    lead: "Quatre étapes jusqu’à la première chronologie qui s’explique, en deux minutes environ.",
    steps: {
      connect: "Connectez votre boîte",
      sync: "Les derniers messages arrivent",
      people: "À qui vous écrivez",
      timeline: "La première chronologie",
    },
    demo: "Juste pour voir ? Ceci lance une entreprise inventée avec messages, opportunités et barre latérale. Rien n’en est gardé :",
    internal: (domains) => `le courrier entre personnes de ${domains} est interne.`,
    change: "Modifier",
    syncWaits: "Commence dès qu’une boîte est connectée, par les messages les plus récents.",
    syncText: "Vous pouvez continuer : le plus récent vient d’abord, le reste suit tout seul.",
    peopleWaits: "Apparaît pendant la lecture du courrier.",
    peopleText: (n) =>
      n === 1
        ? "Une personne à qui vous avez écrit n’est pas encore un contact."
        : `${n} personnes à qui vous avez écrit ne sont pas encore des contacts.`,
    peopleMore: (n) => `et ${n} autres`,
    written: (n) => (n === 1 ? "1 message de vous" : `${n} messages de vous`),
    accept: (n) => (n === 1 ? "En faire un contact" : `Créer ${n} contacts, et leurs entreprises`),
    nobody: "Personne à qui vous avez écrit n’est encore inconnu. Les contacts se créent à la main ou s’importent.",
    import: "Importer des contacts",
    accepted: (contacts, companies) => `${contacts} contacts et ${companies} entreprises créés`,
    known: "Tous ceux à qui vous avez écrit sont des contacts.",
    timelineWaits: "Il faut un contact avec qui vous avez échangé.",
    timelineText:
      "Chaque ligne dit pourquoi elle est là. L’une est fausse ? « Pourquoi ici ? » la corrige pour le message, la conversation, une adresse ou un domaine.",
    toDay: "Aller à ma journée",
    toInbox: "Voir la boîte de réception",
    setUp: "Connectez votre boîte",
    setUpText:
      "Threadline place votre courrier sur les chronologies des contacts, entreprises et opportunités, et dit pourquoi.",
  },
  it: {
    welcome: (workspace) => `Benvenuto in ${workspace}`,
    lead: "Quattro passi fino alla prima cronologia che si spiega da sé, in due minuti circa.",
    steps: {
      connect: "Collega la tua casella",
      sync: "Arriva la posta più recente",
      people: "A chi scrivi",
      timeline: "La prima cronologia",
    },
    demo: "Solo per guardare? Questo avvia un’azienda inventata con posta, opportunità e barra laterale. Nulla viene conservato:",
    internal: (domains) => `la posta tra persone di ${domains} è interna.`,
    change: "Cambia",
    syncWaits: "Comincia appena una casella è collegata, dalla posta più recente.",
    syncText: "Puoi proseguire: prima arriva la posta più recente, il resto segue da sé.",
    peopleWaits: "Compare mentre la posta viene letta.",
    peopleText: (n) =>
      n === 1
        ? "Una persona a cui hai scritto non è ancora un contatto."
        : `${n} persone a cui hai scritto non sono ancora contatti.`,
    peopleMore: (n) => `e altre ${n}`,
    written: (n) => (n === 1 ? "1 messaggio da te" : `${n} messaggi da te`),
    accept: (n) => (n === 1 ? "Fanne un contatto" : `Crea ${n} contatti e le loro aziende`),
    nobody: "Non c’è nessuno a cui hai scritto che non sia un contatto. I contatti si creano a mano o si importano.",
    import: "Importa contatti",
    accepted: (contacts, companies) => `Creati ${contacts} contatti e ${companies} aziende`,
    known: "Tutti quelli a cui hai scritto sono contatti.",
    timelineWaits: "Serve un contatto con cui hai scambiato posta.",
    timelineText:
      "Ogni riga dice perché sta qui. Una è sbagliata? «Perché è qui?» la corregge per il messaggio, la conversazione, un indirizzo o un dominio.",
    toDay: "Vai alla mia giornata",
    toInbox: "Guarda la posta",
    setUp: "Collega la tua casella",
    setUpText: "Threadline mette la tua posta sulle cronologie di contatti, aziende e opportunità, e dice perché.",
  },
  pl: {
    welcome: (workspace) => `Witaj w ${workspace}`,
    lead: "Cztery kroki do pierwszej osi czasu, która sama się tłumaczy, w około dwie minuty.",
    steps: {
      connect: "Połącz swoją skrzynkę",
      sync: "Przychodzi najnowsza poczta",
      people: "Do kogo piszesz",
      timeline: "Pierwsza oś czasu",
    },
    demo: "Tylko się rozglądasz? To uruchamia zmyśloną firmę z pocztą, szansami i paskiem bocznym. Nic z tego nie zostaje:",
    internal: (domains) => `poczta między osobami z ${domains} jest wewnętrzna.`,
    change: "Zmień",
    syncWaits: "Zaczyna się, gdy tylko skrzynka jest połączona, od najnowszej poczty.",
    syncText: "Możesz iść dalej: najnowsza poczta jest pierwsza, reszta przyjdzie sama.",
    peopleWaits: "Pojawia się w trakcie czytania poczty.",
    peopleText: (n) =>
      n === 1
        ? "Jedna osoba, do której piszesz, nie jest jeszcze kontaktem."
        : `Osoby, do których piszesz, a które nie są jeszcze kontaktami: ${n}.`,
    peopleMore: (n) => `i jeszcze ${n}`,
    written: (n) => `Wiadomości od Ciebie: ${n}`,
    accept: (n) => (n === 1 ? "Utwórz z niej kontakt" : `Utwórz kontakty (${n}) i ich firmy`),
    nobody: "Nie ma nikogo, do kogo piszesz, a kto nie jest kontaktem. Kontakty można dodać ręcznie albo zaimportować.",
    import: "Importuj kontakty",
    accepted: (contacts, companies) => `Utworzono kontakty: ${contacts}, firmy: ${companies}`,
    known: "Każdy, do kogo piszesz, jest kontaktem.",
    timelineWaits: "Potrzebny jest kontakt, z którym wymieniasz pocztę.",
    timelineText:
      "Każdy wiersz mówi, dlaczego tu jest. Któryś jest błędny? „Dlaczego to tu jest?” poprawia go dla wiadomości, rozmowy, adresu lub domeny.",
    toDay: "Przejdź do mojego dnia",
    toInbox: "Zobacz pocztę",
    setUp: "Połącz swoją skrzynkę",
    setUpText: "Threadline umieszcza pocztę na osiach czasu kontaktów, firm i szans, i mówi dlaczego.",
  },
};
