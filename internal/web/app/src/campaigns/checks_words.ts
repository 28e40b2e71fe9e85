import type { Catalogue } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

interface Said {
  title: string;
  busy: string;
  checks: Named;
  levels: Named;
  anyway: string;
  sureAnyway: string;
}

// What is looked at before the first mail of a campaign.
export const said: Catalogue<Said> = {
  en: {
    title: "Before the first mail",
    busy: "Looking at your domain as receivers do…",
    checks: {
      mx: "Mail for your domain",
      spf: "SPF",
      dkim: "DKIM signature",
      dmarc: "DMARC",
      ptr: "Name of the sending server",
      unsubscribe: "Unsubscribing by one click",
      size: "Size of a mail",
      links: "Links",
    },
    levels: { ok: "fine", warning: "better mend it", refused: "mend it first" },
    anyway: "Send it anyway",
    sureAnyway: "Receivers will probably refuse this mail or put it among spam. Send it anyway?",
  },
  fr: {
    title: "Avant le premier message",
    busy: "Votre domaine est examiné comme le font les destinataires…",
    checks: {
      mx: "Courrier pour votre domaine",
      spf: "SPF",
      dkim: "Signature DKIM",
      dmarc: "DMARC",
      ptr: "Nom du serveur d’envoi",
      unsubscribe: "Désabonnement en un clic",
      size: "Taille d’un message",
      links: "Liens",
    },
    levels: { ok: "bien", warning: "à corriger de préférence", refused: "à corriger d’abord" },
    anyway: "Envoyer quand même",
    sureAnyway: "Les destinataires refuseront sans doute ce message ou le classeront en spam. L’envoyer quand même ?",
  },
  it: {
    title: "Prima del primo messaggio",
    busy: "Il tuo dominio viene esaminato come fanno i destinatari…",
    checks: {
      mx: "Posta per il tuo dominio",
      spf: "SPF",
      dkim: "Firma DKIM",
      dmarc: "DMARC",
      ptr: "Nome del server che invia",
      unsubscribe: "Disiscrizione con un clic",
      size: "Dimensione di un messaggio",
      links: "Link",
    },
    levels: { ok: "bene", warning: "meglio correggere", refused: "da correggere prima" },
    anyway: "Invia comunque",
    sureAnyway:
      "I destinatari probabilmente rifiuteranno questo messaggio o lo metteranno nello spam. Inviarlo comunque?",
  },
  pl: {
    title: "Przed pierwszą wiadomością",
    busy: "Sprawdzamy Twoją domenę tak, jak robią to odbiorcy…",
    checks: {
      mx: "Poczta dla Twojej domeny",
      spf: "SPF",
      dkim: "Podpis DKIM",
      dmarc: "DMARC",
      ptr: "Nazwa serwera wysyłającego",
      unsubscribe: "Wypisanie jednym kliknięciem",
      size: "Rozmiar wiadomości",
      links: "Linki",
    },
    levels: { ok: "dobrze", warning: "lepiej poprawić", refused: "najpierw popraw" },
    anyway: "Wyślij mimo to",
    sureAnyway: "Odbiorcy prawdopodobnie odrzucą tę wiadomość albo uznają ją za spam. Wysłać mimo to?",
  },
};
