// Writes TypeScript types from the OpenAPI document of the server:
//
//   threadline serve &  curl -s localhost:8080/openapi.json > openapi.json
//   npm run types -- openapi.json src/api.gen.ts
//
// Every schema of the document becomes an exported type. Only what huma writes
// is understood; anything else stops the run, so that no type is quietly wrong.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const marker = "// Written by scripts/types.mjs from the server's OpenAPI document. Do not edit.\n";

/** Returns the source of all schemas of an OpenAPI 3.1 document. */
export function typesOf(document) {
  const schemas = document.components?.schemas ?? {};
  const names = Object.keys(schemas).sort();
  return `${marker}\n${names.map((name) => declare(name, schemas[name])).join("\n")}`;
}

function declare(name, schema) {
  const doc = comment(schema.description, "");
  if (isObject(schema) && !schema.allOf && !schema.oneOf && !schema.anyOf) {
    return `${doc}export interface ${identifier(name)} ${members(schema, "")}\n`;
  }
  return `${doc}export type ${identifier(name)} = ${typeOf(schema, "")};\n`;
}

function isObject(schema) {
  return schema.type === "object" && schema.properties !== undefined;
}

function members(schema, indent) {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties)
    // huma adds the address of the schema itself to every answer.
    .filter(([key]) => key !== "$schema")
    .map(([key, value]) => {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
      const mark = required.has(key) ? "" : "?";
      return `${comment(value.description, inner)}${inner}${name}${mark}: ${typeOf(value, inner)};\n`;
    });
  const rest = schema.additionalProperties;
  if (rest && typeof rest === "object") lines.push(`${inner}[key: string]: unknown;\n`);
  return `{\n${lines.join("")}${indent}}`;
}

function typeOf(schema, indent) {
  if (schema === true || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return reference(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, indent)).join(" & ");
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) return union(choice.map((part) => typeOf(part, indent)));
  if (Array.isArray(schema.type)) {
    return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
  }
  return plain(schema, indent);
}

function plain(schema, indent) {
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array": {
      const item = typeOf(schema.items ?? true, indent);
      return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      return isObject(schema) ? members(schema, indent) : `Record<string, ${rest(schema, indent)}>`;
    case undefined:
      // Only words about the value, no constraint on its kind.
      return "unknown";
    default:
      throw new Error(`a schema has the unknown type ${JSON.stringify(schema.type)}`);
  }
}

function rest(schema, indent) {
  const values = schema.additionalProperties;
  return values && typeof values === "object" ? typeOf(values, indent) : "unknown";
}

function reference(ref) {
  const prefix = "#/components/schemas/";
  if (!ref.startsWith(prefix)) throw new Error(`cannot follow ${ref}`);
  return identifier(ref.slice(prefix.length));
}

// identifier writes the name of a schema; huma names the bodies of operations
// with hyphens.
function identifier(schema) {
  const name = schema.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`${name} is no name of a type`);
  return name;
}

function union(parts) {
  return [...new Set(parts)].join(" | ");
}

function comment(text, indent) {
  return text ? `${indent}/** ${text.replaceAll("*/", "* /").replace(/\s+/g, " ").trim()} */\n` : "";
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [from, to = "src/api.gen.ts"] = process.argv.slice(2);
  if (!from) {
    process.stderr.write("usage: npm run types -- openapi.json [src/api.gen.ts]\n");
    process.exit(2);
  }
  writeFileSync(to, typesOf(JSON.parse(readFileSync(from, "utf8"))));
}
