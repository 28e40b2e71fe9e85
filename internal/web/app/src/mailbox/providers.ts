// Where the mail of well-known providers lies, and what they want of a program.
// Of a domain of one's own the usual names are tried.

export interface Way {
  server: string;
  tls: "tls" | "starttls" | "none";
  smtp: string;
  smtp_tls: "tls" | "starttls" | "none";
}

export type Want = "app_password" | "no_password" | "bridge" | "allow_imap";

export interface Guess {
  ways: readonly Way[];
  want?: Want | undefined;
}

const way = (server: string, smtp: string, starttls = smtp.endsWith(":587")): Way => ({
  server,
  tls: "tls",
  smtp,
  smtp_tls: starttls ? "starttls" : "tls",
});

interface Provider {
  domains: string;
  way: Way;
  want?: Want;
}

const providers: readonly Provider[] = [
  { domains: "gmail.com googlemail.com", way: way("imap.gmail.com:993", "smtp.gmail.com:465"), want: "app_password" },
  {
    domains: "outlook.com hotmail.com live.com msn.com hotmail.fr hotmail.it outlook.fr live.fr",
    way: way("outlook.office365.com:993", "smtp-mail.outlook.com:587"),
    want: "no_password",
  },
  {
    domains: "icloud.com me.com mac.com",
    way: way("imap.mail.me.com:993", "smtp.mail.me.com:587"),
    want: "app_password",
  },
  {
    domains: "yahoo.com yahoo.fr yahoo.it yahoo.co.uk ymail.com",
    way: way("imap.mail.yahoo.com:993", "smtp.mail.yahoo.com:465"),
    want: "app_password",
  },
  {
    domains: "fastmail.com fastmail.fm",
    way: way("imap.fastmail.com:993", "smtp.fastmail.com:465"),
    want: "app_password",
  },
  { domains: "zoho.com zohomail.com", way: way("imap.zoho.com:993", "smtp.zoho.com:465"), want: "app_password" },
  { domains: "gmx.de gmx.net gmx.at gmx.ch", way: way("imap.gmx.net:993", "mail.gmx.net:587"), want: "allow_imap" },
  { domains: "gmx.com gmx.fr", way: way("imap.gmx.com:993", "mail.gmx.com:587"), want: "allow_imap" },
  { domains: "web.de", way: way("imap.web.de:993", "smtp.web.de:587"), want: "allow_imap" },
  { domains: "orange.fr wanadoo.fr", way: way("imap.orange.fr:993", "smtp.orange.fr:465") },
  { domains: "free.fr", way: way("imap.free.fr:993", "smtp.free.fr:465") },
  { domains: "laposte.net", way: way("imap.laposte.net:993", "smtp.laposte.net:465") },
  { domains: "libero.it", way: way("imapmail.libero.it:993", "smtp.libero.it:465") },
  { domains: "wp.pl", way: way("imap.wp.pl:993", "smtp.wp.pl:465"), want: "allow_imap" },
  { domains: "o2.pl", way: way("poczta.o2.pl:993", "poczta.o2.pl:465"), want: "allow_imap" },
  { domains: "onet.pl op.pl", way: way("imap.poczta.onet.pl:993", "smtp.poczta.onet.pl:465"), want: "allow_imap" },
  { domains: "interia.pl", way: way("poczta.interia.pl:993", "poczta.interia.pl:465") },
  { domains: "posteo.de posteo.net", way: way("posteo.de:993", "posteo.de:465") },
  { domains: "mailbox.org", way: way("imap.mailbox.org:993", "smtp.mailbox.org:465") },
  {
    domains: "proton.me protonmail.com pm.me",
    way: { server: "127.0.0.1:1143", tls: "starttls", smtp: "127.0.0.1:1025", smtp_tls: "starttls" },
    want: "bridge",
  },
];

const domainOf = (address: string) =>
  address
    .slice(address.lastIndexOf("@") + 1)
    .trim()
    .toLowerCase();

const providerOf = (domain: string) => providers.find((one) => one.domains.split(" ").includes(domain));

// ownDomain is the domain of an address that belongs to its company; of a
// provider's it is empty.
export const ownDomain = (address: string) => (providerOf(domainOf(address)) ? "" : domainOf(address));

// guess says where the mail of an address lies most likely, the likeliest first.
export function guess(address: string): Guess {
  const domain = domainOf(address);
  if (!address.includes("@") || !domain.includes(".")) return { ways: [] };
  const known = providerOf(domain);
  if (known) return { ways: [known.way], want: known.want };
  return {
    ways: ["imap", "mail"].map((host) =>
      way(`${host}.${domain}:993`, `${host === "imap" ? "smtp" : host}.${domain}:465`),
    ),
  };
}
