import type { Catalogue } from "../words/catalogue";

interface Said {
  title: string;
  replyTitle: string;
  from: string;
  to: string;
  cc: string;
  bcc: string;
  more: string;
  noAddress: (text: string) => string;
  takeOff: (address: string) => string;
  people: string;
  subject: string;
  text: string;
  wrote: (date: string, name: string) => string;
  quotedBelow: string;
  passedBelow: string;
  formatted: string;

  send: string;
  sendKeys: string;
  discard: string;
  discardSure: string;
  discarded: string;
  close: string;
  saving: string;
  saved: string;
  typed: string;
  waits: string;
  gone: string;
  toNobody: string;
  filesWait: string;

  attach: string;
  drop: string;
  limit: (used: string) => string;
  most: string;
  tooLarge: (names: string) => string;
  uploading: (name: string) => string;
  notUploaded: string;
  retry: (name: string) => string;
  remove: (name: string) => string;

  noMailboxTitle: string;
  noMailboxText: string;
  connect: string;
  noDrafts: string;
  noDraftsText: string;
  noOutgoing: string;
  noOutgoingText: string;
  onlyHere: string;
  nobody: string;
  lost: string;
  lostText: string;

  states: Readonly<Record<string, string>>;
  again: string;
  giveUp: string;
  toMailbox: string;
}

// What writing, drafts and outgoing mail say.
export const said: Catalogue<Said> = {
  en: {
    title: "New mail",
    replyTitle: "Reply",
    from: "From",
    to: "To",
    cc: "Cc",
    bcc: "Bcc",
    more: "Cc, Bcc",
    noAddress: (text) => `“${text}” is no email address`,
    takeOff: (address) => `Take off: ${address}`,
    people: "Name or address",
    subject: "Subject",
    text: "Text",
    wrote: (date, name) => `On ${date}, ${name} wrote:`,
    quotedBelow: "The mail that you answer stands below, as it came",
    passedBelow: "The mail that you pass on stands below, as it came",
    formatted: "Parts of this draft were formatted elsewhere in a way that is lost once you change it here.",
    send: "Send",
    sendKeys: "Send (Ctrl+Enter)",
    discard: "Delete draft",
    discardSure: "Really delete?",
    discarded: "The draft is deleted",
    close: "Close; the draft is kept",
    saving: "Saving…",
    saved: "Saved among your drafts",
    typed: "Kept on this machine",
    waits: "The server cannot be reached. What you type is kept on this machine and saved as soon as it can be.",
    gone: "The draft was sent or deleted elsewhere. What you wrote here is kept as a new one.",
    toNobody: "Say to whom it goes.",
    filesWait: "Files are still on their way up.",
    attach: "Attach files",
    drop: "Drop files to attach them",
    limit: (used) => `${used} of 18 MB`,
    most: "up to 18 MB in all",
    tooLarge: (names) =>
      `Not attached: ${names}. All files of one mail have 18 MB together at most; send a link to what is larger.`,
    uploading: (name) => `Uploading ${name}`,
    notUploaded: "Not uploaded",
    retry: (name) => `Try again: ${name}`,
    remove: (name) => `Remove: ${name}`,
    noMailboxTitle: "No mailbox to send from",
    noMailboxText: "Connect a mailbox of your own; mail is sent through it.",
    connect: "Connect a mailbox",
    noDrafts: "No drafts",
    noDraftsText: "Mail that you begin is kept here until you send it, and among the drafts of your mailbox.",
    noOutgoing: "Nothing was sent from here",
    noOutgoingText: "Mail that you send from Threadline stands here with what became of it.",
    onlyHere: "On this machine only",
    nobody: "to nobody yet",
    lost: "The draft is not here",
    lostText: "It was sent or deleted meanwhile.",
    states: {
      queued: "Waits",
      sending: "Is being sent",
      sent: "Sent",
      failed: "Not sent",
      unknown: "May have gone out",
    },
    again: "Send again",
    giveUp: "Give up",
    toMailbox: "Mailbox",
  },
  fr: {
    title: "Nouveau message",
    replyTitle: "Réponse",
    from: "De",
    to: "À",
    cc: "Cc",
    bcc: "Cci",
    more: "Cc, Cci",
    noAddress: (text) => `« ${text} » n’est pas une adresse e-mail`,
    takeOff: (address) => `Retirer : ${address}`,
    people: "Nom ou adresse",
    subject: "Objet",
    text: "Texte",
    wrote: (date, name) => `Le ${date}, ${name} a écrit :`,
    quotedBelow: "Le message auquel vous répondez suit, tel qu’il est arrivé",
    passedBelow: "Le message transféré suit, tel qu’il est arrivé",
    formatted: "Une partie de la mise en forme, faite ailleurs, se perd dès que vous modifiez ce brouillon ici.",
    send: "Envoyer",
    sendKeys: "Envoyer (Ctrl+Entrée)",
    discard: "Supprimer le brouillon",
    discardSure: "Vraiment supprimer ?",
    discarded: "Le brouillon est supprimé",
    close: "Fermer ; le brouillon est conservé",
    saving: "Enregistrement…",
    saved: "Enregistré dans vos brouillons",
    typed: "Gardé sur cet appareil",
    waits: "Le serveur est injoignable. Votre texte est gardé sur cet appareil et sera enregistré dès que possible.",
    gone: "Le brouillon a été envoyé ou supprimé ailleurs. Votre texte est gardé comme nouveau brouillon.",
    toNobody: "Indiquez un destinataire.",
    filesWait: "Des fichiers sont encore en cours d’envoi.",
    attach: "Joindre des fichiers",
    drop: "Déposez les fichiers pour les joindre",
    limit: (used) => `${used} sur 18 Mo`,
    most: "jusqu’à 18 Mo en tout",
    tooLarge: (names) =>
      `Non joint : ${names}. Les fichiers d’un message font au plus 18 Mo ensemble ; au-delà, envoyez un lien.`,
    uploading: (name) => `Envoi de ${name}`,
    notUploaded: "Non envoyé",
    retry: (name) => `Réessayer : ${name}`,
    remove: (name) => `Retirer : ${name}`,
    noMailboxTitle: "Aucune boîte pour envoyer",
    noMailboxText: "Connectez votre propre boîte aux lettres : les messages partent par elle.",
    connect: "Connecter une boîte",
    noDrafts: "Aucun brouillon",
    noDraftsText: "Les messages commencés restent ici jusqu’à leur envoi, et dans les brouillons de votre boîte.",
    noOutgoing: "Rien n’a été envoyé d’ici",
    noOutgoingText: "Les messages envoyés depuis Threadline figurent ici, avec leur sort.",
    onlyHere: "Sur cet appareil seulement",
    nobody: "sans destinataire",
    lost: "Le brouillon n’est plus là",
    lostText: "Il a été envoyé ou supprimé entre-temps.",
    states: {
      queued: "En attente",
      sending: "Envoi en cours",
      sent: "Envoyé",
      failed: "Non envoyé",
      unknown: "Peut-être parti",
    },
    again: "Renvoyer",
    giveUp: "Abandonner",
    toMailbox: "Boîte",
  },
  it: {
    title: "Nuovo messaggio",
    replyTitle: "Risposta",
    from: "Da",
    to: "A",
    cc: "Cc",
    bcc: "Ccn",
    more: "Cc, Ccn",
    noAddress: (text) => `“${text}” non è un indirizzo e-mail`,
    takeOff: (address) => `Togli: ${address}`,
    people: "Nome o indirizzo",
    subject: "Oggetto",
    text: "Testo",
    wrote: (date, name) => `Il ${date}, ${name} ha scritto:`,
    quotedBelow: "Segue il messaggio a cui rispondi, così com’è arrivato",
    passedBelow: "Segue il messaggio inoltrato, così com’è arrivato",
    formatted: "Una parte della formattazione, fatta altrove, si perde appena modifichi qui questa bozza.",
    send: "Invia",
    sendKeys: "Invia (Ctrl+Invio)",
    discard: "Elimina la bozza",
    discardSure: "Eliminare davvero?",
    discarded: "La bozza è eliminata",
    close: "Chiudi; la bozza resta",
    saving: "Salvataggio…",
    saved: "Salvata tra le bozze",
    typed: "Conservato su questo dispositivo",
    waits: "Il server non è raggiungibile. Il testo resta su questo dispositivo e sarà salvato appena possibile.",
    gone: "La bozza è stata inviata o eliminata altrove. Il testo scritto qui resta come nuova bozza.",
    toNobody: "Indica un destinatario.",
    filesWait: "Alcuni file sono ancora in caricamento.",
    attach: "Allega file",
    drop: "Rilascia i file per allegarli",
    limit: (used) => `${used} di 18 MB`,
    most: "fino a 18 MB in tutto",
    tooLarge: (names) =>
      `Non allegato: ${names}. I file di un messaggio hanno al massimo 18 MB in tutto; oltre, invia un link.`,
    uploading: (name) => `Caricamento di ${name}`,
    notUploaded: "Non caricato",
    retry: (name) => `Riprova: ${name}`,
    remove: (name) => `Togli: ${name}`,
    noMailboxTitle: "Nessuna casella da cui inviare",
    noMailboxText: "Collega una tua casella: i messaggi partono da lì.",
    connect: "Collega una casella",
    noDrafts: "Nessuna bozza",
    noDraftsText: "I messaggi iniziati restano qui fino all’invio, e tra le bozze della tua casella.",
    noOutgoing: "Da qui non è stato inviato nulla",
    noOutgoingText: "I messaggi inviati da Threadline stanno qui, con il loro esito.",
    onlyHere: "Solo su questo dispositivo",
    nobody: "ancora senza destinatario",
    lost: "La bozza non c’è più",
    lostText: "Nel frattempo è stata inviata o eliminata.",
    states: {
      queued: "In attesa",
      sending: "Invio in corso",
      sent: "Inviato",
      failed: "Non inviato",
      unknown: "Forse partito",
    },
    again: "Invia di nuovo",
    giveUp: "Rinuncia",
    toMailbox: "Casella",
  },
  pl: {
    title: "Nowa wiadomość",
    replyTitle: "Odpowiedź",
    from: "Od",
    to: "Do",
    cc: "DW",
    bcc: "UDW",
    more: "DW, UDW",
    noAddress: (text) => `„${text}” nie jest adresem e-mail`,
    takeOff: (address) => `Usuń: ${address}`,
    people: "Nazwisko lub adres",
    subject: "Temat",
    text: "Treść",
    wrote: (date, name) => `${date} ${name} pisze:`,
    quotedBelow: "Poniżej znajdzie się wiadomość, na którą odpowiadasz, w swojej postaci",
    passedBelow: "Poniżej znajdzie się przekazywana wiadomość, w swojej postaci",
    formatted: "Część formatowania, nadanego gdzie indziej, zniknie, gdy zmienisz tę wersję roboczą tutaj.",
    send: "Wyślij",
    sendKeys: "Wyślij (Ctrl+Enter)",
    discard: "Usuń wersję roboczą",
    discardSure: "Na pewno usunąć?",
    discarded: "Wersja robocza usunięta",
    close: "Zamknij; wersja robocza zostaje",
    saving: "Zapisywanie…",
    saved: "Zapisano w wersjach roboczych",
    typed: "Zachowane na tym urządzeniu",
    waits: "Serwer jest nieosiągalny. Tekst zostaje na tym urządzeniu i zapisze się, gdy tylko będzie można.",
    gone: "Wersję roboczą wysłano lub usunięto gdzie indziej. Twój tekst zostaje jako nowa.",
    toNobody: "Podaj adresata.",
    filesWait: "Pliki są jeszcze przesyłane.",
    attach: "Załącz pliki",
    drop: "Upuść pliki, aby je załączyć",
    limit: (used) => `${used} z 18 MB`,
    most: "razem do 18 MB",
    tooLarge: (names) =>
      `Nie załączono: ${names}. Pliki jednej wiadomości mają razem najwyżej 18 MB; większe wyślij jako odnośnik.`,
    uploading: (name) => `Przesyłanie: ${name}`,
    notUploaded: "Nie przesłano",
    retry: (name) => `Spróbuj ponownie: ${name}`,
    remove: (name) => `Usuń: ${name}`,
    noMailboxTitle: "Brak skrzynki do wysyłania",
    noMailboxText: "Podłącz własną skrzynkę: przez nią wychodzą wiadomości.",
    connect: "Podłącz skrzynkę",
    noDrafts: "Brak wersji roboczych",
    noDraftsText: "Zaczęte wiadomości czekają tu do wysłania, a także w wersjach roboczych skrzynki.",
    noOutgoing: "Stąd nic nie wysłano",
    noOutgoingText: "Tu stoją wiadomości wysłane z Threadline i to, co się z nimi stało.",
    onlyHere: "Tylko na tym urządzeniu",
    nobody: "jeszcze bez adresata",
    lost: "Nie ma tej wersji roboczej",
    lostText: "W międzyczasie ją wysłano lub usunięto.",
    states: {
      queued: "Czeka",
      sending: "Wysyłanie",
      sent: "Wysłano",
      failed: "Nie wysłano",
      unknown: "Może wyszła",
    },
    again: "Wyślij ponownie",
    giveUp: "Zrezygnuj",
    toMailbox: "Skrzynka",
  },
};
