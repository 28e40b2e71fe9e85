import { expect, test } from "vitest";
import { typesOf } from "./types.mjs";

const named = (schemas) => typesOf({ openapi: "3.1.0", components: { schemas } }).split("\n").slice(2).join("\n");

test("an object: optional, nullable, list, map, reference, description", () => {
  const source = named({
    Mailbox: {
      type: "object",
      description: "One mailbox.",
      required: ["id", "boxes", "counts"],
      properties: {
        $schema: { type: "string", format: "uri" },
        id: { type: "string" },
        boxes: { type: ["array", "null"], items: { $ref: "#/components/schemas/Box" } },
        counts: { type: "object", additionalProperties: { type: "integer", format: "int64" } },
        state: { type: "string", enum: ["live", "failed"], description: "Where it stands." },
        "last-seen": { type: ["string", "null"], format: "date-time" },
        extra: {},
      },
    },
    Box: { type: "object", properties: { tags: { type: "array", items: { enum: ["a", "b"] } } } },
  });
  expect(source).toBe(`export interface Box {
  tags?: ("a" | "b")[];
}

/** One mailbox. */
export interface Mailbox {
  id: string;
  boxes: Box[] | null;
  counts: Record<string, number>;
  /** Where it stands. */
  state?: "live" | "failed";
  "last-seen"?: string | null;
  extra?: unknown;
}
`);
});

test("what is no object becomes a name for its type", () => {
  expect(named({ Either: { oneOf: [{ type: "string" }, { type: "integer" }] } })).toBe(
    "export type Either = string | number;\n",
  );
  expect(named({ Anything: {} })).toBe("export type Anything = unknown;\n");
});

test("what cannot be written rightly is refused", () => {
  expect(() => named({ "Not a name": { type: "string" } })).toThrow("no name of a type");
  expect(() => named({ Odd: { type: "datetime" } })).toThrow("unknown type");
  expect(() => named({ Far: { $ref: "https://elsewhere.example/x" } })).toThrow("cannot follow");
});
