// A filter as data, as the server reads and writes it (see package query).

export interface Condition {
  field: string;
  op: string;
  values?: string[];
}

export interface Expr {
  and?: Expr[];
  or?: Expr[];
  not?: Expr;
  test?: Condition;
}

export interface Query {
  kind: string;
  where?: Expr;
  order?: string;
  desc?: boolean;
  limit?: number;
}

export type Joint = "and" | "or";

// Group is what a filter shows: conditions and groups that are joined, perhaps
// turned around. Every expression can be read as one, and back.
export interface Group {
  joint: Joint;
  not: boolean;
  parts: Part[];
}

export type Part = { id: number; test: Condition } | { id: number; group: Group };

let last = 0;
const fresh = () => ++last;

export const newTest = (field: string): Part => ({ id: fresh(), test: { field, op: "", values: [] } });
export const newGroup = (field: string): Part => ({
  id: fresh(),
  group: { joint: "or", not: false, parts: [newTest(field)] },
});

// groupOf reads an expression.
export function groupOf(expr: Expr | undefined): Group {
  if (!expr) return { joint: "and", not: false, parts: [] };
  if (expr.not) {
    const inner = groupOf(expr.not);
    if (!inner.not) return { ...inner, not: true };
    return { joint: "and", not: true, parts: [{ id: fresh(), group: inner }] };
  }
  if (expr.test) return { joint: "and", not: false, parts: [partOf(expr)] };
  return { joint: expr.or ? "or" : "and", not: false, parts: (expr.or ?? expr.and ?? []).map(partOf) };
}

function partOf(expr: Expr): Part {
  return expr.test ? { id: fresh(), test: expr.test } : { id: fresh(), group: groupOf(expr) };
}

// exprOf writes a group; what is not complete yet is left out.
export function exprOf(group: Group): Expr | undefined {
  const parts = group.parts
    .map((part) =>
      "test" in part ? (complete(part.test) ? { test: trimmed(part.test) } : undefined) : exprOf(part.group),
    )
    .filter((one): one is Expr => one !== undefined);
  const [only] = parts;
  if (!only) return undefined;
  const joined = parts.length === 1 ? only : { [group.joint]: parts };
  return group.not ? { not: joined } : joined;
}

export const valueless = (op: string) => op === "is empty" || op === "is not empty";

export function complete({ field, op, values }: Condition): boolean {
  const said = (values ?? []).filter((one) => one.trim() !== "");
  return field !== "" && op !== "" && (valueless(op) || said.length >= (op === "between" ? 2 : 1));
}

function trimmed({ field, op, values }: Condition): Condition {
  if (valueless(op)) return { field, op };
  return { field, op, values: (values ?? []).map((one) => one.trim()).filter(Boolean) };
}

// and adds a condition to a query.
export function and(query: Query, test: Condition): Query {
  const where = query.where ? { and: [...(query.where.and ?? [query.where]), { test }] } : { test };
  return { ...query, where };
}
