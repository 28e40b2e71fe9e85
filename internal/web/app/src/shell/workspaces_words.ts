import type { Catalogue } from "../words/catalogue";

// What the menu of a person says.
export const said: Catalogue<{
  menu: (who: string) => string;
  workspaces: string;
  join: string;
  joinText: string;
  link: string;
  settings: string;
}> = {
  en: {
    menu: (who) => `${who}: workspaces and account`,
    workspaces: "Workspaces",
    join: "Join another workspace…",
    joinText: "Paste the link of the invitation. You stay who you are, and see that workspace beside this one.",
    link: "Link of the invitation",
    settings: "My account",
  },
  fr: {
    menu: (who) => `${who} : espaces de travail et compte`,
    workspaces: "Espaces de travail",
    join: "Rejoindre un autre espace…",
    joinText: "Collez le lien de l’invitation. Vous gardez votre compte et voyez cet espace à côté de celui-ci.",
    link: "Lien de l’invitation",
    settings: "Mon compte",
  },
  it: {
    menu: (who) => `${who}: spazi di lavoro e account`,
    workspaces: "Spazi di lavoro",
    join: "Entra in un altro spazio…",
    joinText: "Incolla il link dell’invito. Il tuo account resta lo stesso e vedi quello spazio accanto a questo.",
    link: "Link dell’invito",
    settings: "Il mio account",
  },
  pl: {
    menu: (who) => `${who}: obszary robocze i konto`,
    workspaces: "Obszary robocze",
    join: "Dołącz do innego obszaru…",
    joinText: "Wklej link z zaproszenia. Twoje konto pozostaje to samo, a tamten obszar będzie widoczny obok tego.",
    link: "Link z zaproszenia",
    settings: "Moje konto",
  },
};
