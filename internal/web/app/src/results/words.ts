import type { Catalogue } from "../words/catalogue";

type Named = Readonly<Record<string, string>>;

interface Said {
  title: string;
  bars: Named;
  of: (percent: string) => string;
  came: string;
  bounces: Named;
  won: (deals: number) => string;
  machine: (n: string) => string;
  finish: (when: string) => string;
  rate: (n: string) => string;
  again: (when: string) => string;
  spent: (when: string) => string;
  retry: (n: number) => string;
  retryText: string;
  retried: string;
}

// What came of letters that were sent to many.
export const said: Catalogue<Said> = {
  en: {
    title: "Results",
    bars: {
      people: "Chosen",
      sent: "Sent",
      delivered: "Delivered",
      openers: "Opened",
      clickers: "Clicked",
      replied: "Answered",
    },
    of: (percent) => `${percent} of those sent`,
    came: "What came back",
    bounces: {
      hard: "No such address",
      soft: "Full or unreachable",
      policy: "Refused by rule",
      complained: "Complained",
      unsubscribed: "Unsubscribed",
      away: "Out of office",
      failed: "Failed",
      unknown: "Not known",
    },
    won: (n) => (n === 1 ? "1 deal won since" : `${n} deals won since`),
    machine: (n) => `${n} by machines, not counted`,
    finish: (when) => `Through by ${when}`,
    rate: (n) => `${n} in the last minute`,
    again: (when) => `Letters could not be handed over and are tried again at ${when}`,
    spent: (when) => `The mailbox has sent as many mails as it may in 24 hours and goes on at ${when}`,
    retry: (n) => (n === 1 ? "Try the one that failed again" : `Try the ${n} that failed again`),
    retryText: "None of them had the letter. Those whose outcome is not known are left alone.",
    retried: "They wait to be sent again",
  },
  fr: {
    title: "Résultats",
    bars: {
      people: "Choisis",
      sent: "Envoyés",
      delivered: "Remis",
      openers: "Ouverts",
      clickers: "Cliqués",
      replied: "Répondus",
    },
    of: (percent) => `${percent} des envois`,
    came: "Ce qui est revenu",
    bounces: {
      hard: "Adresse inexistante",
      soft: "Pleine ou injoignable",
      policy: "Refusé par règle",
      complained: "Plaintes",
      unsubscribed: "Désabonnés",
      away: "Absents",
      failed: "Échoués",
      unknown: "Inconnus",
    },
    won: (n) => (n === 1 ? "1 opportunité gagnée depuis" : `${n} opportunités gagnées depuis`),
    machine: (n) => `${n} par des machines, non comptés`,
    finish: (when) => `Terminé vers ${when}`,
    rate: (n) => `${n} dans la dernière minute`,
    again: (when) => `Des lettres n’ont pas pu être remises ; nouvel essai à ${when}`,
    spent: (when) => `La boîte a envoyé tout ce qu’elle peut en 24 heures ; elle reprend à ${when}`,
    retry: (n) => (n === 1 ? "Réessayer celui qui a échoué" : `Réessayer les ${n} échoués`),
    retryText: "Aucun d’eux n’a reçu la lettre. Ceux dont l’issue est inconnue sont laissés.",
    retried: "Ils attendent un nouvel envoi",
  },
  it: {
    title: "Risultati",
    bars: {
      people: "Scelti",
      sent: "Inviati",
      delivered: "Consegnati",
      openers: "Aperti",
      clickers: "Cliccati",
      replied: "Risposte",
    },
    of: (percent) => `${percent} degli inviati`,
    came: "Che cosa è tornato",
    bounces: {
      hard: "Indirizzo inesistente",
      soft: "Piena o irraggiungibile",
      policy: "Rifiutato per regola",
      complained: "Reclami",
      unsubscribed: "Disiscritti",
      away: "Fuori ufficio",
      failed: "Falliti",
      unknown: "Ignoti",
    },
    won: (n) => (n === 1 ? "1 opportunità vinta da allora" : `${n} opportunità vinte da allora`),
    machine: (n) => `${n} da macchine, non contati`,
    finish: (when) => `Finito verso ${when}`,
    rate: (n) => `${n} nell’ultimo minuto`,
    again: (when) => `Alcune lettere non sono state consegnate; nuovo tentativo alle ${when}`,
    spent: (when) => `La casella ha inviato quanto può in 24 ore e riprende alle ${when}`,
    retry: (n) => (n === 1 ? "Riprova quello fallito" : `Riprova i ${n} falliti`),
    retryText: "Nessuno di loro ha avuto la lettera. Quelli di esito ignoto restano fermi.",
    retried: "Attendono un nuovo invio",
  },
  pl: {
    title: "Wyniki",
    bars: {
      people: "Wybrani",
      sent: "Wysłane",
      delivered: "Doręczone",
      openers: "Otwarte",
      clickers: "Kliknięte",
      replied: "Odpowiedzi",
    },
    of: (percent) => `${percent} wysłanych`,
    came: "Co wróciło",
    bounces: {
      hard: "Nie ma takiego adresu",
      soft: "Pełna lub nieosiągalna",
      policy: "Odrzucone regułą",
      complained: "Skargi",
      unsubscribed: "Wypisani",
      away: "Nieobecni",
      failed: "Nieudane",
      unknown: "Nieznane",
    },
    won: (n) => `Wygrane od tego czasu szanse: ${n}`,
    machine: (n) => `Przez maszyny, nieliczone: ${n}`,
    finish: (when) => `Koniec około ${when}`,
    rate: (n) => `W ostatniej minucie: ${n}`,
    again: (when) => `Części listów nie udało się przekazać; ponowna próba: ${when}`,
    spent: (when) => `Skrzynka wysłała tyle listów, ile może w 24 godziny; wznowi wysyłkę: ${when}`,
    retry: (n) => `Ponów nieudane (${n})`,
    retryText: "Żadna z tych osób nie dostała listu. Te o nieznanym wyniku zostają.",
    retried: "Czekają na ponowną wysyłkę",
  },
};
