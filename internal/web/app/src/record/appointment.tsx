import type { TimelineEntry } from "../api/api";
import { exactWhen } from "../look/when";
import { nameOf, useTongue } from "../words/words";
import { Proposed } from "./proposed";
import styles from "./record.module.css";

// Appointment says when a meeting of a timeline is, and what of its times was
// changed: the old one and the new.
export function Appointment({ entry }: { entry: TimelineEntry }) {
  const { tag, words } = useTongue();
  const meeting = entry.meeting;
  if (!meeting) return null;
  const when = (iso: string) => exactWhen(iso, tag, meeting.all_day);
  const said = [
    when(entry.date),
    meeting.all_day ? words.desk.allDay : "",
    meeting.repeats ? nameOf(words.desk.every, meeting.repeats) : "",
    meeting.attendance ? nameOf(words.desk.choices, meeting.attendance) : "",
  ];
  return (
    <>
      <p className={styles.because}>{said.filter((one) => one !== "").join(" · ")}</p>
      {meeting.moves?.map((move) => (
        <p key={move.was} className={styles.because}>
          {move.now ? words.desk.movedFrom(when(move.was), when(move.now)) : words.desk.calledOff(when(move.was))}
        </p>
      ))}
      {meeting.proposed ? <Proposed meeting={entry.id} proposed={meeting.proposed} allDay={meeting.all_day} /> : null}
    </>
  );
}
