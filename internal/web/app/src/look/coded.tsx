import { fixed } from "./fixed";

// Coded shows a sentence whose parts between backticks are commands.
export function Coded({ text }: { text: string }) {
  return fixed(text.split("`"), (part, at) => (at % 2 === 1 ? <code>{part}</code> : part));
}
