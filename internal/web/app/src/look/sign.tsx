import styles from "./look.module.css";

// The signs of this app, drawn as strokes on a grid of 24.
const paths: Readonly<Record<string, string>> = {
  contact: "M12 4.2a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4zM4.8 19.8c.7-3.6 3.4-5.5 7.2-5.5s6.5 1.9 7.2 5.5",
  company: "M5 20V5h9v15M14 10h5v10M3 20h18M8 9h3M8 12.5h3M8 16h3",
  deal: "M4 12.5V5h7.5l8.5 8.5-7 7zM8.3 9.3h.01",
  clip: "M19 11.5l-7.2 7.2a4.3 4.3 0 0 1-6.1-6.1l8-8a2.9 2.9 0 0 1 4.1 4.1l-7.9 7.9a1.4 1.4 0 0 1-2-2l7-7",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  back: "M19 12H5.5M11 6l-6 6 6 6",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  check: "M5.5 12.5l4 4 9-9.5",
  warn: "M12 4.5l8.5 15h-17zM12 10v4.5M12 17v.01",
  note: "M6 4.5h12v15H6zM9 9h6M9 12.5h6M9 16h3.5",
  about: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.01",
  bell: "M6.5 16.5v-6a5.5 5.5 0 0 1 11 0v6l1.500 1.500H5zM10 20.500h4",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h15",
  view: "M4.5 5.5h15v13h-15zM4.5 10h15M10 10v8.5",
  eye: "M3 12c2.500-4.300 5.500-6 9-6s6.500 1.700 9 6c-2.500 4.300-5.500 6-9 6s-6.500-1.700-9-6zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  template: "M5 4.500h14v4H5zM5 12h6.500v7.500H5zM15 12h4v7.500h-4z",
  file: "M6.5 3.5h7.5l4 4v13H6.5zM13.5 4v4h4",
  leave: "M13.5 4.5H6v15h7.5M10.5 12H20M16.5 8.5L20 12l-3.5 3.5",
  day: "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2.8v1.6M12 19.6v1.6M2.8 12h1.6M19.6 12h1.6M5.5 5.5l1.1 1.1M17.4 17.4l1.1 1.1M5.5 18.5l1.1-1.1M17.4 6.6l1.1-1.1",
  inbox: "M4 13.5l2.5-8.5h11l2.5 8.5v5.5H4zM4 13.5h5l1 2.5h4l1-2.5h5",
  lead: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z",
  ticket: "M4 8V6h16v2.5a3 3 0 0 0 0 7V18H4v-2.5a3 3 0 0 0 0-7zM14 6v3M14 15v3",
  product: "M12 3.5l8 4.2v8.6l-8 4.2-8-4.2V7.7zM4 7.7l8 4.3 8-4.3M12 12v8.5",
  task: "M5 4.5h14v15H5zM8.5 12l2.5 2.5 4.5-5",
  call: "M7 4.5l3 .5 1 4-2 1.5a10 10 0 0 0 4.5 4.5l1.5-2 4 1 .5 3c-1 2-3 2.5-5 2C9 17.500 6.500 15 5 9.500c-.5-2 0-4 2-5z",
  board: "M4 5h4.500v14H4zM9.800 5h4.500v9H9.800zM15.500 5H20v11.500h-4.500z",
  health: "M3.500 12.500h4l2-6 4 11 2.500-7 1 2h3.500",
  settings:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 12h2M18 12h2M12 4v2M12 18v2M6.300 6.300l1.500 1.500M16.200 16.200l1.500 1.500M6.300 17.700l1.500-1.500M16.200 7.800l1.500-1.500",
  plus: "M12 5.500v13M5.500 12h13",
  pen: "M5 19l1-4L16.500 4.500l3 3L9 18zM14 7l3 3",
  filter: "M4 6h16M7 12h10M10 18h4",
  find: "M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
  import: "M12 4v10M7.500 10l4.500 4.500 4.500-4.500M5 19.500h14",
  twins: "M8.500 8.500h11v11h-11zM15.500 8.500v-4h-11v11h4",
  calendar: "M4.500 6h15v13.500h-15zM4.500 10.500h15M8.500 3.500V7M15.500 3.500V7",
  campaign: "M4 10v4l11 4.500v-13zM15 8.500a4 4 0 0 1 0 7M6.500 15v4.500h3V16",
  sequence: "M5 6.500h8M5 12h14M5 17.500h8M16 4l3 2.500-3 2.500M16 15l3 2.500-3 2.500",
  meeting: "M4.500 6h15v13.500h-15zM4.500 10.500h15M9 14.500h6",
  comment: "M4.500 5.500h15v10.500h-9l-4 3.500v-3.500h-2z",
  bold: "M7.5 5h5.500a3.500 3.500 0 0 1 0 7H7.5zM7.5 12h6.500a3.500 3.500 0 0 1 0 7H7.5z",
  italic: "M10 5h7M7 19h7M14 5l-4 14",
  bullets: "M5 7h.01M5 12h.01M5 17h.01M9 7h11M9 12h11M9 17h11",
  numbers:
    "M4.500 5.500L6 5v4.500M4.300 15c.8-1 2.500-.8 2.300.5-.2 1-1.500 1.500-2.300 3.500h2.500M10.500 7H20M10.500 12H20M10.500 17H20",
  quote: "M5 6v12M9 8h11M9 12h11M9 16h7",
  link: "M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1",
  trash: "M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.500 10.500v5.500M13.500 10.500v5.500",
  reply: "M9.500 6L4.500 11l5 5M4.500 11h9a6 6 0 0 1 6 6v1.500",
  replyAll: "M12 6l-5 5 5 5M7.500 6l-5 5 5 5M7 11h8a5.500 5.500 0 0 1 5.500 5.500v2",
  forward: "M14.500 6l5 5-5 5M19.500 11h-9a6 6 0 0 0-6 6v1.500",
  send: "M4 11.500L20 4l-5 16-4-6.500zM11 13.500L20 4",
  chevron: "M6.5 9.5l5.5 5.5 5.5-5.5",
};

export function Sign({ name }: { name: string }) {
  return (
    <svg className={styles.sign} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name] ?? paths.about} />
    </svg>
  );
}

// Mark is the sign of the product: a thread that leaves the line and goes on.
export function Mark() {
  return (
    <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M7 10h18M7 16c6 0 6 6 12 6h6" />
      <circle cx="7" cy="16" r="2.4" />
    </svg>
  );
}
