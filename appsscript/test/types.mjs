// Reads the published types of Apps Script: for each class its methods with the
// types of their arguments, for each enumeration its members.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const folder = dirname(createRequire(import.meta.url).resolve("@types/google-apps-script/package.json"));

const kept = new Map();

export function read(name) {
  if (!kept.has(name)) kept.set(name, parse(name));
  return kept.get(name);
}

function parse(name) {
  const text = readFileSync(join(folder, `google-apps-script.${name}.d.ts`), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\/\/.*$/gm, "");
  const classes = new Map();
  const enums = new Map();
  for (const [, kind, name, body] of text.matchAll(/\b(interface|enum)\s+(\w+)[^{]*\{((?:[^{}]|\{[^{}]*\})*)\}/g)) {
    if (kind === "enum") enums.set(name, body.split(",").map((m) => m.replace(/=.*/s, "").trim()).filter(Boolean));
    else classes.set(name, members(body));
  }
  return { classes, enums };
}

// members are the methods of a class with all their forms, and its properties
// that stand for enumerations.
function members(body) {
  const methods = new Map();
  const properties = new Map();
  for (const line of body.split(";")) {
    const method = /^\s*(\w+)\s*\(([\s\S]*)\)\s*:\s*([\s\S]+)$/.exec(line);
    if (method) {
      const [, name, args, returns] = method;
      const forms = methods.get(name) ?? [];
      forms.push({ args: types(args), returns: returns.trim() });
      methods.set(name, forms);
      continue;
    }
    const property = /^\s*(\w+)\s*:\s*typeof\s+(\w+)/.exec(line);
    if (property) properties.set(property[1], property[2]);
  }
  return { methods, properties };
}

// types are those of a list of arguments; a comma within braces parts nothing.
function types(args) {
  return args
    .replace(/\{[^}]*\}/g, "object")
    .split(",")
    .filter((arg) => arg.trim())
    .map((arg) => arg.slice(arg.indexOf(":") + 1).trim());
}
