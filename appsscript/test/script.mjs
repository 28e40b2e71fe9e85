// Loads the script as Apps Script does: all files into one space of names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { kindOf, Mock } from "./mock.mjs";

export const folder = join(import.meta.dirname, "..");
const files = ["cards.js", "answers.js", "main.js"];

export class Script {
  cards = new Mock("card-service");
  scripts = new Mock("script");
  gmail = new Mock("gmail");
  sent = [];
  answer = { status: 200, body: {} };

  constructor() {
    const fetch = (url, options) => {
      this.sent.push({ url, options });
      const { status, body } = this.answer;
      return { getResponseCode: () => status, getContentText: () => JSON.stringify(body) };
    };
    const app = this.scripts.make("ScriptApp");
    // Tokens are text, which the types alone do not make.
    const tokens = { getIdentityToken: () => "identity", getOAuthToken: () => "access" };
    const ScriptApp = new Proxy(app, { get: (target, key) => (key in tokens && target[key] ? tokens[key] : target[key]) });
    this.space = vm.createContext({ CardService: this.cards.make("CardService"), ScriptApp, GmailApp: this.gmail.make("GmailApp"), UrlFetchApp: { fetch }, JSON, Object, Error });
    for (const file of files) vm.runInContext(readFileSync(join(folder, file), "utf8"), this.space, { filename: file });
  }

  // run calls a function of the script with an event, for which the server has
  // an answer.
  run(name, body, event = {}) {
    this.answer = { status: 200, body };
    return this.space[name](event);
  }

  // said is every text that CardService was given.
  said() {
    const out = [];
    const walk = (value) => {
      if (typeof value === "string") out.push(value);
      else if (value && typeof value === "object" && !value[kindOf]) Object.values(value).forEach(walk);
    };
    for (const { args } of this.cards.calls) args.forEach(walk);
    return out;
  }
}
