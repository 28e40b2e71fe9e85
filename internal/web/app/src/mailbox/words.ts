import type { Catalogue } from "../words/catalogue";
import type { Want } from "./providers";

type Named = Readonly<Record<string, string>>;

interface Said {
  address: string;
  password: string;
  passwordKept: string;
  wants: Readonly<Record<Want, string>>;
  settings: (server: string) => string;
  settingsUnknown: string;
  server: string;
  protection: string;
  protections: Named;
  login: string;
  smtp: string;
  smtpText: string;
  smtpProtection: string;
  since: string;
  sinceText: string;
  connect: string;
  onlyRead: string;
  asking: (server: string) => string;
  tried: (servers: string) => string;
  google: string;
  googleText: string;
  googleTrouble: string;
  again: string;
  own: string;
  ownText: string;
  knownOnly: string;
  knownText: string;
  what: string;
  closed: string;
  notAllOpen: string;
  foldersClosed: string;
  butClosed: string;
}

// What the form says that connects a mailbox.
export const said: Catalogue<Said> = {
  en: {
    address: "Email address",
    password: "Password",
    passwordKept: "It is sealed on your server and used for nothing but this mailbox.",
    wants: {
      app_password:
        "This provider wants a password made for this app alone. Make one in the security settings of your account; the usual one is refused.",
      no_password:
        "Microsoft takes passwords over IMAP only where an administrator allows it. Most private accounts are refused.",
      bridge: "Proton’s mail is reached through its Bridge, which must run on the server’s own machine.",
      allow_imap: "This provider wants IMAP to be allowed first, in the settings of its web mail.",
    },
    settings: (server) => `Server settings: ${server}`,
    settingsUnknown: "Server settings",
    server: "IMAP server and port",
    protection: "Protection",
    protections: { tls: "TLS", starttls: "STARTTLS", none: "None (this machine only)" },
    login: "Name to sign in with",
    smtp: "Server to send through",
    smtpText: "Empty: nothing is sent from this mailbox.",
    smtpProtection: "Protection of sending",
    since: "Only mail since",
    sinceText: "Empty: all of it. Older mail is counted, and left out.",
    connect: "Connect",
    onlyRead: "Reading changes nothing on the server: no flag, no folder.",
    asking: (server) => `Signing in to ${server}…`,
    tried: (servers) => `Tried in vain: ${servers}. Write the name of your mail server under “Server settings”.`,
    google: "Connect with Google",
    googleText: "Google asks you whether Threadline may read this mailbox. No password is needed.",
    googleTrouble: "Google did not connect the mailbox. Try again, and grant what it asks for.",
    again: "Connect again",
    own: "Other addresses of yours",
    ownText: "One on each line. Mail from them counts as yours, and you can write from them.",
    knownOnly: "Of the mail so far, only that of known people and companies",
    knownText: "The rest comes as soon as they become contacts. What is stored stays.",
    what: "Addresses and mail",
    closed:
      "The mail server does not open this folder. Its mail is left out, and it is tried again by itself. The account may lack the right to read it.",
    notAllOpen: "not all are open to us",
    foldersClosed: "not every folder is open to us",
    butClosed: "Every mail is accounted for but that of folders which are closed to us.",
  },
  fr: {
    address: "Adresse e-mail",
    password: "Mot de passe",
    passwordKept: "Il est scellé sur votre serveur et ne sert qu’à cette boîte.",
    wants: {
      app_password:
        "Ce fournisseur veut un mot de passe d’application. Créez-en un dans les réglages de sécurité de votre compte ; l’habituel est refusé.",
      no_password:
        "Microsoft n’accepte les mots de passe en IMAP que si un administrateur le permet. La plupart des comptes privés sont refusés.",
      bridge: "Le courrier de Proton passe par son Bridge, qui doit tourner sur la machine du serveur.",
      allow_imap: "Ce fournisseur veut que l’IMAP soit d’abord autorisé, dans les réglages de son webmail.",
    },
    settings: (server) => `Réglages du serveur : ${server}`,
    settingsUnknown: "Réglages du serveur",
    server: "Serveur IMAP et port",
    protection: "Protection",
    protections: { tls: "TLS", starttls: "STARTTLS", none: "Aucune (cette machine seulement)" },
    login: "Nom de connexion",
    smtp: "Serveur d’envoi",
    smtpText: "Vide : rien n’est envoyé depuis cette boîte.",
    smtpProtection: "Protection de l’envoi",
    since: "Seulement le courrier depuis",
    sinceText: "Vide : tout. Le courrier plus ancien est compté et laissé de côté.",
    connect: "Connecter",
    onlyRead: "La lecture ne change rien sur le serveur : ni drapeau, ni dossier.",
    asking: (server) => `Connexion à ${server}…`,
    tried: (servers) => `Essayés en vain : ${servers}. Donnez le nom du serveur sous « Réglages du serveur ».`,
    google: "Connecter avec Google",
    googleText: "Google vous demande si Threadline peut lire cette boîte. Aucun mot de passe n’est nécessaire.",
    googleTrouble: "Google n’a pas connecté la boîte. Réessayez et accordez ce qu’il demande.",
    again: "Reconnecter",
    own: "Vos autres adresses",
    ownText: "Une par ligne. Le courrier qui en vient compte comme le vôtre, et vous pouvez écrire depuis elles.",
    knownOnly: "Du courrier existant, seulement celui des personnes et entreprises connues",
    knownText: "Le reste arrive dès qu’elles deviennent des contacts. Ce qui est enregistré reste.",
    what: "Adresses et courrier",
    closed:
      "Le serveur de messagerie n’ouvre pas ce dossier. Son courrier est laissé de côté, et l’essai se répète de lui-même. Le compte n’a peut-être pas le droit de le lire.",
    notAllOpen: "pas tous ouverts",
    foldersClosed: "certains dossiers nous sont fermés",
    butClosed: "Chaque message est compté, sauf ceux des dossiers qui nous sont fermés.",
  },
  it: {
    address: "Indirizzo e-mail",
    password: "Password",
    passwordKept: "È sigillata sul tuo server e serve solo per questa casella.",
    wants: {
      app_password:
        "Questo fornitore vuole una password per app. Creala nelle impostazioni di sicurezza dell’account; quella solita viene rifiutata.",
      no_password:
        "Microsoft accetta password via IMAP solo dove un amministratore lo permette. La maggior parte degli account privati viene rifiutata.",
      bridge: "La posta di Proton passa dal suo Bridge, che deve girare sulla macchina del server.",
      allow_imap: "Questo fornitore vuole che l’IMAP sia prima abilitato nelle impostazioni della webmail.",
    },
    settings: (server) => `Impostazioni del server: ${server}`,
    settingsUnknown: "Impostazioni del server",
    server: "Server IMAP e porta",
    protection: "Protezione",
    protections: { tls: "TLS", starttls: "STARTTLS", none: "Nessuna (solo questa macchina)" },
    login: "Nome di accesso",
    smtp: "Server di invio",
    smtpText: "Vuoto: da questa casella non si invia nulla.",
    smtpProtection: "Protezione dell’invio",
    since: "Solo posta dal",
    sinceText: "Vuoto: tutta. La posta più vecchia è contata e tralasciata.",
    connect: "Collega",
    onlyRead: "La lettura non cambia nulla sul server: né segni né cartelle.",
    asking: (server) => `Accesso a ${server}…`,
    tried: (servers) => `Provati invano: ${servers}. Scrivi il nome del server sotto «Impostazioni del server».`,
    google: "Collega con Google",
    googleText: "Google ti chiede se Threadline può leggere questa casella. Non serve alcuna password.",
    googleTrouble: "Google non ha collegato la casella. Riprova e concedi ciò che chiede.",
    again: "Ricollega",
    own: "Altri tuoi indirizzi",
    ownText: "Uno per riga. La posta che ne arriva conta come tua, e puoi scrivere da essi.",
    knownOnly: "Della posta esistente, solo quella di persone e aziende note",
    knownText: "Il resto arriva appena diventano contatti. Ciò che è salvato resta.",
    what: "Indirizzi e posta",
    closed:
      "Il server di posta non apre questa cartella. La sua posta è tralasciata e il tentativo si ripete da solo. Forse l’account non ha il diritto di leggerla.",
    notAllOpen: "non tutte aperte",
    foldersClosed: "alcune cartelle ci sono chiuse",
    butClosed: "Ogni messaggio è conteggiato, tranne quelli delle cartelle che ci sono chiuse.",
  },
  pl: {
    address: "Adres e-mail",
    password: "Hasło",
    passwordKept: "Jest zapieczętowane na Twoim serwerze i służy tylko tej skrzynce.",
    wants: {
      app_password:
        "Ten dostawca wymaga hasła aplikacji. Utwórz je w ustawieniach bezpieczeństwa konta; zwykłe zostanie odrzucone.",
      no_password:
        "Microsoft przyjmuje hasła przez IMAP tylko tam, gdzie pozwala na to administrator. Większość prywatnych kont jest odrzucana.",
      bridge: "Poczta Proton jest dostępna przez Bridge, który musi działać na maszynie serwera.",
      allow_imap: "Ten dostawca wymaga najpierw włączenia IMAP w ustawieniach poczty internetowej.",
    },
    settings: (server) => `Ustawienia serwera: ${server}`,
    settingsUnknown: "Ustawienia serwera",
    server: "Serwer IMAP i port",
    protection: "Zabezpieczenie",
    protections: { tls: "TLS", starttls: "STARTTLS", none: "Brak (tylko ta maszyna)" },
    login: "Nazwa logowania",
    smtp: "Serwer wysyłania",
    smtpText: "Puste: z tej skrzynki nic się nie wysyła.",
    smtpProtection: "Zabezpieczenie wysyłania",
    since: "Tylko poczta od",
    sinceText: "Puste: cała. Starsza poczta jest liczona i pomijana.",
    connect: "Połącz",
    onlyRead: "Czytanie niczego nie zmienia na serwerze: ani flag, ani folderów.",
    asking: (server) => `Logowanie do ${server}…`,
    tried: (servers) => `Na próżno: ${servers}. Podaj nazwę serwera w „Ustawieniach serwera”.`,
    google: "Połącz przez Google",
    googleText: "Google zapyta, czy Threadline może czytać tę skrzynkę. Hasło nie jest potrzebne.",
    googleTrouble: "Google nie połączył skrzynki. Spróbuj ponownie i udziel zgody.",
    again: "Połącz ponownie",
    own: "Twoje inne adresy",
    ownText: "Po jednym w wierszu. Poczta z nich liczy się jako Twoja i możesz z nich pisać.",
    knownOnly: "Z dotychczasowej poczty tylko ta od znanych osób i firm",
    knownText: "Reszta przyjdzie, gdy staną się kontaktami. To, co zapisane, zostaje.",
    what: "Adresy i poczta",
    closed:
      "Serwer poczty nie otwiera tego folderu. Jego poczta jest pomijana, a próba ponawia się sama. Konto może nie mieć prawa go czytać.",
    notAllOpen: "nie wszystkie otwarte",
    foldersClosed: "niektóre foldery są dla nas zamknięte",
    butClosed: "Każda wiadomość jest rozliczona, poza tymi z folderów, które są dla nas zamknięte.",
  },
};
