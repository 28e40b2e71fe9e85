import styles from "./card.module.css";
import type { Icon } from "./types";

// The built-in icons of cards, drawn by us as strokes on a grid of 24. The host
// has its own drawings; these only mean the same.
const paths: Readonly<Record<string, string>> = {
  AIRPLANE:
    "M21 15.5v-1.8l-7.5-4.6V4.4a1.5 1.5 0 0 0-3 0v4.7L3 13.7v1.8l7.5-2.2v4.2L8.5 19v1.4l3.5-1 3.5 1V19l-2-1.5v-4.2z",
  BOOKMARK: "M6.5 4h11v16.5L12 16.6l-5.5 3.9z",
  BUS: "M5 16.5V6.5C5 4.5 8 4 12 4s7 .5 7 2.5v10zM5 11h14M7.5 16.5v2.5M16.5 16.5v2.5M8.5 13.7h.01M15.5 13.7h.01",
  CAR: "M4.5 17v-4.5l2-6h11l2 6V17zM4.5 12.5h15M7 17v2M17 17v2M7.8 14.8h.01M16.2 14.8h.01",
  CLOCK: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
  CONFIRMATION_NUMBER_ICON: "M3.5 7h17v3.2a2 2 0 0 0 0 3.6V17h-17v-3.2a2 2 0 0 0 0-3.6zM14 7.5v9",
  DESCRIPTION: "M6 3.5h8l4 4v13H6zM13.5 3.8V8H18M9 12h6M9 15.5h6",
  DOLLAR:
    "M12 3.5v17M16 7.5c-.8-1.2-2.2-1.7-4-1.7-2.3 0-4 1-4 2.9 0 4.3 8.2 2 8.2 6.4 0 2-1.9 3.1-4.2 3.1-2 0-3.6-.7-4.4-2.1",
  EMAIL: "M3.5 5.5h17v13h-17zM4 6.2l8 6.5 8-6.5",
  EVENT_SEAT: "M7 4.5h10v9H7zM4.5 9v8h15V9M7 17v3M17 17v3",
  FLIGHT_ARRIVAL: "M4 20h16M20 14.5L4.5 10.3V5.5l2 .8 1 2.5 4 1.1-1-6 2 .6 3 6.6 4 1.2a1.2 1.2 0 0 1 .5 2.2z",
  FLIGHT_DEPARTURE: "M4 20h16M3.5 9.5l2-.4 2 1.7 4-1.1-3.5-5 2-.5 5.2 4.2 4.2-1.1a1.3 1.3 0 0 1 .7 2.5L6 13.7z",
  HOTEL: "M3.5 6v12M3.5 15.5h17V18M20.5 15.5v-3a3 3 0 0 0-3-3H11v6M7.3 9.5a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  HOTEL_ROOM_TYPE: "M5 12V7.5h14V12M3.5 18v-6h17v6M3.5 16h17",
  INVITE: "M4.5 5.5h15v14.5h-15zM4.5 10h15M8.5 3.5v4M15.5 3.5v4M9 15l2 2 4-4",
  MAP_PIN: "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11zM12 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
  MEMBERSHIP:
    "M4 5h16v14H4zM8.5 8.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5.5 16c.5-1.5 1.6-2.3 3-2.3s2.5.8 3 2.3M14.5 10h3M14.5 13.5h3",
  MULTIPLE_PEOPLE:
    "M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 9 5zM2.8 18.5c.6-3 3-4.7 6.2-4.7s5.6 1.7 6.2 4.7zM15.5 5.3a3.2 3.2 0 0 1 0 5.9M17.5 14.2c2 .6 3.3 2.1 3.7 4.3",
  OFFER: "M4 11.5V4h7.5l8.5 8.5-7.5 7.5zM8 8h.01",
  PERSON: "M12 4a3.8 3.8 0 1 0 0 7.6A3.8 3.8 0 0 0 12 4zM4.5 20c.7-3.7 3.5-5.7 7.5-5.7s6.8 2 7.5 5.7z",
  PHONE: "M7.5 4H4.7C4 12.5 11.5 20 20 19.3v-2.8l-4-1.6-2 1.9c-2.8-1.3-5.5-4-6.8-6.8l1.9-2z",
  RESTAURANT_ICON: "M7 3.5v17M4.5 3.5v5a2.5 2.5 0 0 0 5 0v-5M16.5 20.5v-17c-2 1-3 3.5-3 6.5v3h3",
  SHOPPING_CART: "M3 4.5h2.5l2.3 10.5h9.7l2-7.5H6.3M9 19.5h.01M16.5 19.5h.01",
  STAR: "M12 3.7l2.5 5.3 5.8.7-4.3 4 1.2 5.8-5.2-2.9-5.2 2.9L8 13.7l-4.3-4L9.5 9z",
  STORE:
    "M4 9.5l1.5-5h13l1.5 5a2.7 2.7 0 0 1-5.3.5 2.7 2.7 0 0 1-5.4 0A2.7 2.7 0 0 1 4 9.5zM5.5 12.5v7.5h13v-7.5M9.5 20v-4.5h5V20",
  TICKET: "M3.5 7h17v3.2a2 2 0 0 0 0 3.6V17h-17v-3.2a2 2 0 0 0 0-3.6zM9 10.5h6M9 13.5h6",
  TRAIN: "M6 4h12v12H6zM6 10h12M9 20l1.5-4M15 20l-1.5-4M9 13h.01M15 13h.01",
  VIDEO_CAMERA: "M3.5 6.5h11.5v11H3.5zM15 10.5l5.5-3v9l-5.5-3z",
  VIDEO_PLAY: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM10 8.5l5.5 3.5-5.5 3.5z",
};

// CardIcon shows an icon of a card. A picture from elsewhere is not asked for:
// the policy of this page allows pictures of its own origin only.
export function CardIcon({ icon }: { icon: Icon }) {
  const path = paths[icon.knownIcon ?? ""];
  if (path) return <Stroke path={path} label={icon.altText} />;
  if (icon.iconUrl) return <img className={styles.picture} src={icon.iconUrl} alt={icon.altText ?? ""} />;
  return <Stroke path="M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z" label={icon.altText} />;
}

function Stroke({ path, label }: { path: string; label?: string | undefined }) {
  if (!label) {
    return (
      <svg className={styles.icon} viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>
    );
  }
  return (
    <svg className={styles.icon} viewBox="0 0 24 24" role="img" aria-label={label}>
      <title>{label}</title>
      <path d={path} />
    </svg>
  );
}
