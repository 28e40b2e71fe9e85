import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { type ReactNode, type Ref, type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { Sign } from "../look/sign";
import { useSaid } from "../words/catalogue";
import { lettersIn, placeOf } from "./cursor";
import { addressOf, stands } from "./pictures";
import styles from "./rich.module.css";
import { Picture } from "./rich_picture";
import { said } from "./rich_words";

export interface Pen {
  insert: (piece: { text: string; html: string }) => void; // where the cursor is
}

interface Props {
  label: string;
  html: string;
  change: (html: string, text: string) => void;
  paste?: (files: readonly File[]) => void;
  above?: boolean; // begin above what is there
  pen?: Ref<Pen>;
  cursor?: RefObject<number | null>; // the letters before it; whoever comes from plain text goes on there
}

const marks = { bold: "bold", italic: "italic", bullets: "bulletList", numbers: "orderedList", quote: "blockquote" };
type Mark = keyof typeof marks;
const none: readonly string[] = [];

// Rich writes formatted text. It takes no more than what mail may hold, whatever is
// pasted into it.
export default function Rich({ label, html, change, paste, above = false, pen, cursor }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const known = useRef(html); // what the editor has, as it was told or told us
  const tell = useRef({ change, paste });
  tell.current = { change, paste };
  const [editor, setEditor] = useState<Editor>();
  const [on, setOn] = useState(none);
  useEffect(() => {
    const made = new Editor({
      element: box.current,
      content: known.current,
      injectCSS: false, // the policy of the page allows no styles but its own
      autofocus: above ? "start" : false,
      extensions: [StarterKit.configure(kit), Picture],
      editorProps: {
        attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, class: styles.page ?? "" },
        // Ctrl-Enter sends: no line is broken for it.
        handleKeyDown: (_, event) => event.key === "Enter" && (event.ctrlKey || event.metaKey),
        handlePaste: (_, event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (files.length === 0 || !tell.current.paste) return false;
          let written = known.current.length;
          const pictures = files.filter((file) => {
            const fits = stands(file, written);
            if (fits) written += file.size * 1.4;
            return fits;
          });
          const others = files.filter((file) => !pictures.includes(file));
          if (others.length > 0) tell.current.paste(others);
          void put(made, pictures);
          return true;
        },
      },
      onUpdate: ({ editor: at }) => {
        known.current = at.getHTML();
        tell.current.change(known.current, at.getText());
      },
      onTransaction: ({ editor: at }) => {
        const now = [...Object.values(marks), "link"].filter((mark) => at.isActive(mark));
        setOn((before) => (before.join() === now.join() ? before : now));
      },
      onSelectionUpdate: ({ editor: { state } }) => {
        if (cursor) cursor.current = lettersIn(state.doc.textBetween(0, state.selection.from, "\n", "\n"));
      },
    });
    const from = cursor?.current ?? null;
    if (from !== null) made.commands.focus(from > 0 ? placeOf(made.state.doc, from) : "start");
    setEditor(made);
    return () => made.destroy();
  }, [label, above, cursor]);
  // What was written elsewhere takes the place of what stands here.
  useEffect(() => {
    if (!editor || html === known.current) return;
    known.current = html;
    editor.commands.setContent(html, { emitUpdate: false });
  }, [editor, html]);
  useImperativeHandle(pen, () => ({
    insert: ({ html: piece }) => void editor?.chain().focus().insertContent(piece).run(),
  }));
  return (
    <div className={styles.rich}>
      {editor ? <Tools editor={editor} on={on} /> : null}
      <div ref={box} />
    </div>
  );
}

// put shows pasted pictures in the text, one after another.
async function put(editor: Editor, pictures: readonly File[]) {
  for (const file of pictures) {
    const src = await addressOf(file);
    if (!editor.isDestroyed) editor.commands.insertContent({ type: "image", attrs: { src, alt: file.name } });
  }
}

const link = { openOnClick: false, HTMLAttributes: { target: null, rel: null, class: null }, defaultProtocol: "https" };

const kit = {
  code: false,
  codeBlock: false,
  horizontalRule: false,
  dropcursor: false,
  gapcursor: false,
  trailingNode: false,
  link,
} as const;

function Tools({ editor, on }: { editor: Editor; on: readonly string[] }) {
  const its = useSaid(said);
  const [asking, setAsking] = useState<"" | "link" | "picture">("");
  const ask = (what: "link" | "picture") => setAsking(asking === what ? "" : what);
  const asked = () => setAsking("");
  const turn: Record<Mark, () => unknown> = {
    bold: () => editor.chain().focus().toggleBold().run(),
    italic: () => editor.chain().focus().toggleItalic().run(),
    bullets: () => editor.chain().focus().toggleBulletList().run(),
    numbers: () => editor.chain().focus().toggleOrderedList().run(),
    quote: () => editor.chain().focus().toggleBlockquote().run(),
  };
  return (
    <>
      <div className={styles.tools} role="toolbar" aria-label={its.formatting}>
        {(Object.keys(marks) as Mark[]).map((mark) => (
          <Tool key={mark} label={its[mark]} on={on.includes(marks[mark])} act={turn[mark]}>
            <Sign name={mark} />
          </Tool>
        ))}
        <Tool label={its.link} on={on.includes("link")} act={() => ask("link")}>
          <Sign name="link" />
        </Tool>
        <Tool label={its.picture} on={asking === "picture"} act={() => ask("picture")}>
          <Sign name="picture" />
        </Tool>
      </div>
      {asking === "link" ? <Link editor={editor} close={asked} /> : null}
      {asking === "picture" ? <PictureFrom editor={editor} close={asked} /> : null}
    </>
  );
}

function Tool({ label, on, act, children }: { label: string; on: boolean; act: () => unknown; children: ReactNode }) {
  return (
    <button
      type="button"
      className={styles.mark}
      aria-label={label}
      title={label}
      aria-pressed={on}
      onMouseDown={(event) => event.preventDefault()} // what is chosen in the text stays chosen
      onClick={act}
    >
      {children}
    </button>
  );
}

// Link makes what is chosen lead somewhere, or puts the address itself.
function Link({ editor, close }: { editor: Editor; close: () => void }) {
  const its = useSaid(said);
  const put = (address: string) => {
    const href = whole(address);
    const at = editor.chain().focus().extendMarkRange("link");
    if (!address) at.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive("link"))
      at.insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href } }] }).run();
    else at.setLink({ href }).run();
  };
  const first = String(editor.getAttributes("link").href ?? "");
  return <Address label={its.address} first={first} put={put} close={close} />;
}

// PictureFrom puts a picture that recipients load from an address.
function PictureFrom({ editor, close }: { editor: Editor; close: () => void }) {
  const its = useSaid(said);
  const put = (address: string) => {
    if (address)
      editor
        .chain()
        .focus()
        .insertContent({ type: "image", attrs: { src: whole(address) } })
        .run();
  };
  return <Address label={its.pictureAddress} first="" put={put} close={close} />;
}

const whole = (address: string) => (/^[a-z]+:/i.test(address) ? address : `https://${address}`);

interface AddressProps {
  label: string;
  first: string;
  put: (address: string) => void;
  close: () => void;
}

function Address({ label, first, put, close }: AddressProps) {
  const its = useSaid(said);
  const [address, setAddress] = useState(first);
  const done = () => {
    put(address.trim());
    close();
  };
  return (
    <div className={styles.link}>
      <input
        type="url"
        aria-label={label}
        placeholder="https://"
        value={address}
        // biome-ignore lint/a11y/noAutofocus: it was asked for by its button
        autoFocus
        onChange={(event) => setAddress(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
          else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) done();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <button type="button" className={styles.mark} onClick={done}>
        {its.put}
      </button>
    </div>
  );
}
