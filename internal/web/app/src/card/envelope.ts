import type { Card, Navigation, OpenLink, Reply } from "./types";

// readReply unwraps an answer of the add-on endpoint: the answer of a trigger
// ({action}), of an action ({renderActions: {action}}), of a text that is being
// typed ({autoComplete}), a bare card, or a card that asks to sign in. Anything
// else is refused, so that a broken answer is seen and not shown as an empty
// card.
export function readReply(answer: unknown): Reply {
  const body = fields(answer);
  if (Array.isArray(body.sections)) return { navigations: [{ pushCard: answer as Card }] };
  const action = fields(
    body.action ?? fields(body.renderActions).action ?? fields(body.custom_authorization_prompt).action,
  );
  const completion = fields(body.autoComplete).items;
  const reply: Reply = { navigations: list(action.navigations) as Navigation[] };
  const text = fields(action.notification).text;
  if (typeof text === "string") reply.notification = text;
  const draft = draftOf(fields(fields(body.renderActions).hostAppAction));
  if (draft) reply.draft = draft;
  const created = createdBy(fields(fields(body.renderActions).hostAppAction));
  if (created) reply.created = created;
  if (typeof fields(action.link).url === "string") reply.link = action.link as OpenLink;
  if (Array.isArray(completion)) reply.suggestions = completion.map((item) => String(fields(item).text ?? ""));
  if (!["action", "renderActions", "autoComplete", "custom_authorization_prompt"].some((key) => key in body)) {
    throw new TypeError("the answer is no card");
  }
  return reply;
}

// draftOf is what an answer puts into the open draft, if it does.
function draftOf(host: Record<string, unknown>): Reply["draft"] {
  const update = fields(fields(host.gmailAction).updateDraftActionMarkup);
  const html = list(fields(update.updateBody).insertContents).map((part) => String(fields(part).content ?? ""));
  const subject = fields(update.updateSubject).subject;
  if (html.length === 0 && subject === undefined) return undefined;
  return { html: html.join(""), subject: typeof subject === "string" ? subject : undefined };
}

// createdBy is the draft that an answer opens, if it does.
function createdBy(host: Record<string, unknown>): string | undefined {
  const { draftId } = fields(fields(host.gmailAction).openCreatedDraftActionMarkup);
  return typeof draftId === "string" && draftId !== "" ? draftId : undefined;
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
