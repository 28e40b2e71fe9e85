// Written by scripts/types.mjs from the server's OpenAPI document. Do not edit.

export interface AboutBody {
  /** Without: that of the contact or the deal */
  company?: string;
  contact?: string;
  deal?: string;
  /** Which of the caller's addresses it speaks for; without: their main one */
  from?: string;
  /** Without a contact: the address of who gets it; nobody whom the caller may see leaves the fields missing */
  to?: string;
}

export interface AcceptInputBody {
  /** written_to: everybody to whom we wrote */
  mode: "written_to";
}

export interface ActBody {
  reason?: string;
}

export interface AskedFor {
  answered?: string;
  at: string;
  /** Takes a granted request back */
  batch?: string;
  by: string;
  id: string;
  level: "subject" | "full";
  message: string;
  /** Of who asks */
  name: string;
  note?: string;
  owner: string;
  state: "open" | "granted" | "refused";
  /** As the caller may see it */
  subject?: string;
}

export interface AuditBreak {
  change?: string;
  seq: number;
  what: string;
}

export interface AuditReport {
  broken?: AuditBreak;
  entries: number;
  head?: string;
  unsealed?: number;
}

export interface AuthWays {
  google: boolean;
  password: boolean;
  recovery: number;
  totp: boolean;
}

export interface AwayInputBody {
  /** Days in which one person gets one answer; 0: 7 */
  every?: number;
  /** Not before */
  from?: string;
  /** Answers contacts alone */
  known?: boolean;
  on: boolean;
  /** Empty: Re: and the subject of the mail that is answered */
  subject?: string;
  text: string;
  /** Not after */
  until?: string;
}

export interface Batched {
  /** To undo it: POST /api/v1/changes/{batch}/undo; empty when nothing changed */
  batch: string;
}

export interface BeginUndoRequest {
  batch: string;
}

export interface BulkEdit {
  at?: string;
  batch?: string;
  by?: string;
  counts?: Record<string, number>;
  created_at?: string;
  done: number;
  hint?: string;
  id: string;
  kind: string;
  /** Seconds, as it looks now; 0 when nobody knows */
  left: number;
  msg?: string;
  order: BulkOrder;
  /** Items a second of the present run, 0 when it stands */
  rate: number;
  stage?: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  title?: string;
  total: number;
}

export interface BulkEditLine {
  diff?: RecordsFieldDiff[] | null;
  do: "set" | "skip" | "error";
  fault?: BulkFault;
  name: string;
  record: string;
  /** Stands for what the record said when it was planned */
  seen?: string;
}

export interface BulkFault {
  code: string;
  detail: string;
  field?: string;
  hint?: string;
}

export interface BulkOrder {
  /** Values that lists gain, such as tags */
  add?: Record<string, unknown>;
  /** Values that lists lose */
  drop?: Record<string, unknown>;
  /** Such as: deals where stage = "Proposal" */
  query: string;
  /** Only these, whatever the query asks for beyond its kind */
  records?: string[] | null;
  /** Values by field, as for a single record; null clears */
  set?: Record<string, unknown>;
}

export interface CampaignBody {
  /** Contacts, in the query language */
  audience?: string;
  /** One of your own, by which it is sent */
  mailbox: string;
  /** Offers to many: needs the postal address and a way to leave */
  marketing?: boolean;
  name: string;
  pace: CrmPace;
  /** Key of what it is for, which people may leave by itself */
  purpose?: string;
  /** In place of an audience: id of a segment of contacts */
  segment?: string;
  spare?: CrmCampaignSpare;
  template: string;
  /** What is found out about reading; empty: nothing */
  track?: "" | "aggregate" | "individual";
}

export interface CampaignResults {
  /** Of whom an absence notice came */
  away: number;
  bounced: Record<string, number>;
  clickers: number;
  clicks: CrmHitCount;
  complained: number;
  /** Sent, and not sent back */
  delivered: number;
  /** When everybody will have been written to, by hours and budget; of a campaign that is not sending: when it began now */
  finish?: string;
  /** Recipients of whom a human opened it; of an aggregate campaign none */
  openers: number;
  opens: CrmHitCount;
  /** Sent in the last minute */
  rate_per_minute: number;
  recipients: Record<string, number>;
  replied: number;
  /** Why letters are tried again, or later */
  trouble?: CampaignTrouble;
  unsubscribed: number;
  /** Deals of recipients, won after they were written to */
  won: CampaignWon[] | null;
}

export interface CampaignTrouble {
  /** When the first of them is tried again */
  next: string;
  reason: string;
  /** The mailbox has sent what it may in 24 hours */
  spent?: boolean;
}

export interface CampaignView {
  /** Of a retry, or a word on who is not known: how many it is about */
  again?: number;
  /** Of the last change by a person */
  at: string;
  /** Contacts, in the query language */
  audience: string;
  /** Of the write just made, to undo it; what was sent cannot be undone */
  batch?: string;
  id: string;
  /** The template as it was when the recipients were written down */
  letter?: CrmTemplate;
  /** Whose mail system sends it */
  mailbox: string;
  /** Offers to many: needs the postal address and a way to leave */
  marketing?: boolean;
  name: string;
  owner: string;
  pace: CrmPace;
  /** Job that wrote the recipients down */
  prepared?: string;
  /** Key of what it is for, which people may leave by itself */
  purpose?: string;
  /** How many are in which state */
  recipients?: Record<string, number>;
  /** When it was found again after a restore or a long standstill: who was due before may have been written to by a past that is lost */
  restored?: string;
  /** In place of an audience: the members of a segment of contacts */
  segment?: string;
  spare: CrmCampaignSpare;
  status: "draft" | "ready" | "sending" | "paused" | "done" | "cancelled";
  template: string;
  /** What is found out about reading; empty: nothing */
  track?: "" | "aggregate" | "individual";
  /** For If-Match */
  version?: string;
  /** Of a pause that nobody asked for */
  why?: string;
}

export interface CampaignWatched {
  address: string;
  at: string;
  /** Until when they are out of office */
  away?: string;
  bounce?: "hard" | "soft" | "policy";
  bounced?: string;
  campaign: string;
  complained?: string;
  contact: string;
  /** Not before */
  due?: string;
  enrolment?: string;
  id: string;
  /** When they unsubscribed */
  left?: string;
  /** How often it was looked up in vain */
  looked?: number;
  reason?: string;
  /** What the mail system calls it */
  remote?: string;
  replied?: string;
  reply?: string;
  rfc_id?: string;
  /** By the server that sent it back */
  said?: string;
  seen?: CrmSeen;
  /** When it was handed over */
  sent?: string;
  state: "excluded" | "queued" | "claimed" | "sent" | "failed" | "unknown";
  /** From 1 */
  step?: number;
  /** Of a letter that others continue */
  subject?: string;
  tries?: number;
  /** IANA, of the recipient, where the hours are meant there */
  zone?: string;
}

export interface CampaignWon {
  /** In minor units */
  amount: number;
  currency: string;
  deals: number;
}

export interface CheckDuplicatesRequest {
  folder: string;
  values: Record<string, unknown>;
}

export interface ChooseNotificationsRequest {
  /** At which a digest is sent */
  hour?: number;
  /** By kind: never, now or digest */
  mail?: Record<string, string>;
  /** Kinds that are not told at all */
  muted?: string[] | null;
}

export interface CodeInputBody {
  code: string;
}

export interface Conflict {
  /** In which the change and the record differ */
  fields: RecordsContest[] | null;
  /** The record as it is now, with the version to send */
  present: RecordView;
}

export interface ConsentInputBody {
  address: string;
  /** When; left out: now */
  given?: string;
  /** How it was given */
  source: string;
}

export interface ConsentView {
  /** Open it in a browser; it is good for 15 minutes, in this session */
  url: string;
}

export interface CorrectImportRowsRequest {
  rows: IntakeDecision[] | null;
}

export interface CorrectionBody {
  /** Of an address or a domain: whose; without it that by which the message is linked to the record */
  address?: string;
  effect: "link" | "never" | "private" | "shared" | "split";
  /** Of never: the record to which it belongs */
  instead?: string;
  /** Of link and never: the record */
  record?: string;
  /** An address and a domain make a standing rule */
  scope?: "message" | "thread" | "address" | "domain";
}

export interface Counted {
  count: number;
}

export interface CrmAttachment {
  name: string;
  size: number;
  type: string;
}

export interface CrmAway {
  at: string;
  by?: string;
  /** Days in which one person gets one answer; 0: 7 */
  every?: number;
  /** Not before */
  from?: string;
  /** Answers contacts alone */
  known?: boolean;
  mailbox: string;
  on: boolean;
  /** Empty: Re: and the subject of the mail that is answered */
  subject?: string;
  text: string;
  /** Not after */
  until?: string;
}

export interface CrmBoxAudit {
  at: string;
  gone?: number;
  missing?: number;
  server: number;
}

export interface CrmCalendar {
  /** Days off: 2026-12-25, or 12-25 for every year */
  holidays?: string[] | null;
  /** Weekdays, 0 is Sunday; empty: Monday to Friday */
  workdays?: number[] | null;
}

export interface CrmCampaign {
  /** Of the last change by a person */
  at: string;
  /** Contacts, in the query language */
  audience: string;
  id: string;
  /** The template as it was when the recipients were written down */
  letter?: CrmTemplate;
  /** Whose mail system sends it */
  mailbox: string;
  /** Offers to many: needs the postal address and a way to leave */
  marketing?: boolean;
  name: string;
  owner: string;
  pace: CrmPace;
  /** Job that wrote the recipients down */
  prepared?: string;
  /** Key of what it is for, which people may leave by itself */
  purpose?: string;
  /** When it was found again after a restore or a long standstill: who was due before may have been written to by a past that is lost */
  restored?: string;
  /** In place of an audience: the members of a segment of contacts */
  segment?: string;
  spare: CrmCampaignSpare;
  status: "draft" | "ready" | "sending" | "paused" | "done" | "cancelled";
  template: string;
  /** What is found out about reading; empty: nothing */
  track?: "" | "aggregate" | "individual";
  /** Of a pause that nobody asked for */
  why?: string;
}

export interface CrmCampaignSpare {
  /** Contacts with whom anybody here had mail in as many days */
  days?: number;
  /** Contacts of deals that are open */
  open_deals?: boolean;
}

export interface CrmConsent {
  address: string;
  /** Who wrote it down; empty: the person themselves */
  by?: string;
  given: string;
  id: string;
  /** How it was given */
  source: string;
}

export interface CrmCopyRef {
  box: string;
  copy: string;
  flags?: string[] | null;
  mailbox: string;
  role?: string;
}

export interface CrmDuplicateRule {
  effect: "warn" | "forbid";
  field: string;
  like: "exact" | "folded";
}

export interface CrmDuplicateRules {
  kind: string;
  rules: CrmDuplicateRule[] | null;
}

export interface CrmEnrolment {
  address?: string;
  at: string;
  began: string;
  by?: string;
  contact: string;
  /** That the letters are about */
  deal?: string;
  id: string;
  reason?: string;
  /** How often they were put in again */
  round?: number;
  sequence: string;
  /** When it began, or last went on: what came before does not stop it */
  since: string;
  state: "active" | "paused" | "finished" | "stopped" | "left" | "excluded";
  /** IANA, of the person, where it is known */
  zone?: string;
}

export interface CrmEvidence {
  address?: string;
  by?: string;
  domain?: string;
  message?: string;
  quote?: string;
  role?: string;
  via?: string;
}

export interface CrmException {
  level: "none" | "metadata" | "subject" | "full";
  message?: string;
  record?: string;
  /** A colleague; empty for all of them */
  to?: string;
}

export interface CrmExclusion {
  at: string;
  by?: string;
  effect: "drop_participant" | "drop_copy" | "owner_only" | "metadata_only" | "never_store";
  id: string;
  mailbox?: string;
  owner?: string;
  /** a:address, d:domain and what is below it, l:folder and what is below it or a label (IMAP keyword), s:words of the subject, h:name or h:name:words of a header field */
  pattern: string;
}

export interface CrmFieldDef {
  /** Hidden; its values are kept */
  archived?: boolean;
  choices?: string[] | null;
  /** Made by the workspace */
  custom?: boolean;
  /** Value of a new record that says none */
  default?: unknown;
  /** Of a number: decimals */
  digits?: number;
  /** Of a formula */
  expr?: string;
  /** People sort and filter by it */
  indexed?: boolean;
  key: string;
  kind: string;
  /** Language to the name that people read */
  labels?: Record<string, string>;
  /** A list of values */
  many?: boolean;
  /** Of a rating: its best */
  max?: number;
  /** Of a number: it counts minor units of the currency in this field */
  money?: string;
  /** Says something about a person */
  personal?: boolean;
  position?: number;
  required?: boolean;
  /** Of a relation: what a link may be */
  roles?: string[] | null;
  /** Of a statistic */
  stat?: CrmStatistic;
  /** Set by the program, refused from outside */
  system?: boolean;
  /** Of a relation: the kind it points to; empty for any */
  to?: string;
  type: string;
  /** No two records of the folder have the same value */
  unique?: boolean;
}

export interface CrmFieldRule {
  effect: "hidden" | "read_only";
  field: string;
  kind: string;
}

export interface CrmFolder {
  /** What happens with records, such as a visit: it stands on their timelines */
  activity?: boolean;
  key: string;
  /** Language to the name of one */
  labels?: Record<string, string>;
  plural: string;
  /** Its records move through a pipeline */
  staged?: boolean;
}

export interface CrmFolderRights {
  create?: "none" | "own" | "team" | "subtree" | "all";
  delete?: "none" | "own" | "team" | "subtree" | "all";
  read?: "none" | "own" | "team" | "subtree" | "all";
  update?: "none" | "own" | "team" | "subtree" | "all";
}

export interface CrmHitCount {
  human: number;
  machine: number;
  unknown: number;
}

export interface CrmLink {
  confidence: number;
  evidence: CrmEvidence;
  record: string;
  rule: string;
}

export interface CrmMailing {
  /** Who reads what is found out of those alone who agreed */
  consent?: boolean;
  /** Postal address under marketing mails */
  postal?: string;
  /** What mails are for; people may leave each by itself */
  purposes?: CrmPurpose[] | null;
  /** The most that may be found out about the reading of single mails; empty: nothing */
  single_mails?: "" | "aggregate" | "individual";
}

export interface CrmMemberRole {
  fields?: CrmFieldRule[] | null;
  /** By kind */
  folders?: Record<string, CrmFolderRights>;
  key: string;
  name: string;
  /** In folders that are not named */
  others: CrmFolderRights;
  rights?: ("import" | "export" | "bulk_edit" | "campaigns" | "reports" | "workflows" | "settings" | "admin" | "others_tasks" | "billing_only")[] | null;
}

export interface CrmMembership {
  /** Key of a role; empty for member */
  role?: string;
  /** Keys of teams */
  teams?: string[] | null;
  user: string;
}

export interface CrmMoney {
  currency: string;
  minor: number;
}

export interface CrmMove {
  now?: string;
  was: string;
}

export interface CrmNoticeChoices {
  /** Of the day, in the zone of the user, at which a digest is sent */
  hour: number;
  mail?: Record<string, string>;
  /** Not told at all */
  muted?: string[] | null;
  user: string;
}

export interface CrmOutgoing {
  answers?: string;
  attempts?: number;
  by: string;
  created: string;
  files?: CrmSentFile[] | null;
  /** The message that it passes on */
  forward?: string;
  from: string;
  hint?: string;
  id: string;
  mailbox: string;
  next_at?: string;
  origin?: string;
  /** What stands above the mail that it answers or passes on, which stands below it; none: it is not quoted */
  quoted?: string[] | null;
  remote?: string;
  /** The message that it answers */
  reply?: string;
  rfc_id: string;
  sent_at?: string;
  state: "draft" | "queued" | "sending" | "sent" | "failed" | "unknown";
  subject?: string;
  thread?: string;
  to: string[] | null;
  /** What is found out about its reading; aggregate: of recipients who did not agree to be named */
  track?: "" | "aggregate" | "individual";
  trouble?: string;
}

export interface CrmPace {
  /** Weekdays, 0 is Sunday; empty: all */
  days?: number[] | null;
  /** Minute of the day from which it sends */
  from?: number;
  /** Sends on the holidays of the workspace too */
  on_holidays?: boolean;
  /** Mails of the mailbox in any 24 hours */
  per_day: number;
  /** Mails a minute to one domain; 0: as many as a minute */
  per_domain?: number;
  per_minute: number;
  /** Days and hours are meant where the recipient is, when that is known */
  recipient?: boolean;
  /** Minute of the day up to which it sends; 0: midnight */
  to?: number;
  /** Mails of the mailbox on its first day; half as many again on each day after; 0: per_day at once */
  warmup?: number;
  /** IANA; empty: the workspace's */
  zone?: string;
}

export interface CrmParticipant {
  address?: string;
  name?: string;
  raw?: string;
  role: string;
}

export interface CrmPipeline {
  key: string;
  /** Whose records move through it; empty for deals */
  kind?: string;
  name: string;
  /** After so many days in a stage a record is stuck; 0 for never */
  rot_days?: number;
  stages: CrmStage[] | null;
}

export interface CrmProposal {
  by: string;
  end?: string;
  of?: string;
  series?: boolean;
  start: string;
}

export interface CrmPurpose {
  /** Small letters, digits and _ */
  key: string;
  /** As people read it who choose */
  name: string;
}

export interface CrmRecipient {
  address: string;
  at: string;
  /** Until when they are out of office */
  away?: string;
  bounce?: "hard" | "soft" | "policy";
  bounced?: string;
  campaign: string;
  complained?: string;
  contact: string;
  /** Not before */
  due?: string;
  enrolment?: string;
  id: string;
  /** When they unsubscribed */
  left?: string;
  /** How often it was looked up in vain */
  looked?: number;
  reason?: string;
  /** What the mail system calls it */
  remote?: string;
  replied?: string;
  reply?: string;
  rfc_id?: string;
  /** By the server that sent it back */
  said?: string;
  /** When it was handed over */
  sent?: string;
  state: "excluded" | "queued" | "claimed" | "sent" | "failed" | "unknown";
  /** From 1 */
  step?: number;
  /** Of a letter that others continue */
  subject?: string;
  tries?: number;
  /** IANA, of the recipient, where the hours are meant there */
  zone?: string;
}

export interface CrmRecord {
  at?: string;
  created_at: string;
  created_by?: string;
  derived?: Record<string, unknown>;
  id: string;
  kind: string;
  values: Record<string, unknown>;
}

export interface CrmRetention {
  /** By kind: mail_bodies, activities, tracking */
  days: Record<string, number>;
}

export interface CrmRule {
  at: string;
  by?: string;
  effect: "link" | "never";
  id: string;
  record: string;
  scope: "address" | "domain";
  value: string;
}

export interface CrmSeen {
  /** When a human clicked first */
  clicked?: string;
  /** Of a campaign: recipients of whom a human clicked */
  clickers?: number;
  clicks: CrmHitCount;
  id: string;
  /** When a human opened it first */
  opened?: string;
  /** Of a campaign: recipients of whom a human opened it */
  openers?: number;
  opens: CrmHitCount;
}

export interface CrmSentFile {
  /** Of a file that was uploaded: its blob */
  blob: string;
  /** Empty: the name under which it was uploaded */
  name?: string;
  /** A picture that stands in the text */
  shown?: boolean;
  /** Bytes */
  size?: number;
  type?: string;
}

export interface CrmSequence {
  /** Of the last change by a person */
  at: string;
  id: string;
  /** Whose mail system sends it */
  mailbox: string;
  marketing?: boolean;
  name: string;
  owner: string;
  pace: CrmPace;
  /** Key of what it is for, which people may leave by itself */
  purpose?: string;
  /** When it was found again after a restore or a long standstill: who was due before may have been written to by a past that is lost */
  restored?: string;
  status: "draft" | "active" | "paused";
  steps: CrmSequenceStep[] | null;
  /** Ends for a person when a deal of theirs moves to another stage */
  stop_on_deal?: boolean;
  track?: "" | "aggregate" | "individual";
  /** Of a pause that nobody asked for */
  why?: string;
}

export interface CrmSequenceStep {
  /** Sent to those alone who fit: contacts where …, or deals where … of one of their deals */
  if?: string;
  /** The template as it was when the sequence was saved: this is sent */
  letter?: CrmTemplate;
  /** Begins a conversation of its own; else it continues that of the step before */
  new?: boolean;
  template: string;
  /** Working days after the step before, or after somebody was put in */
  wait?: number;
}

export interface CrmSharing {
  exceptions?: CrmException[] | null;
  /** What colleagues see of the mail in a mailbox */
  mailboxes?: Record<string, string>;
  owner: string;
}

export interface CrmStage {
  /** What must hold of a record that enters, in the query language */
  gate?: string;
  key: string;
  kind: "open" | "won" | "lost";
  name: string;
  probability: number;
  /** After so many days here it is stuck; 0 as the pipeline says */
  rot_days?: number;
}

export interface CrmStatistic {
  do: "count" | "sum" | "first" | "last" | "min" | "max";
  /** mail, inbound, outbound, the plural of an activity, or <plural>.<relation>: records that point here */
  over: string;
  /** Field of those records; without: their time */
  value?: string;
  /** Days back from now; 0 for all */
  within?: number;
}

export interface CrmSuggestion {
  address: string;
  at: string;
  contact?: string;
  id: string;
  name?: string;
  state: string;
}

export interface CrmSuppression {
  address?: string;
  at: string;
  by?: string;
  /** That led to it */
  campaign?: string;
  id: string;
  /** Of what alone they do not want mail; empty: of anything */
  purpose?: string;
  reason: "unsubscribed" | "bounced" | "complained" | "manual";
}

export interface CrmTeam {
  key: string;
  /** Belongs to the team; a reach of team goes for them down to the teams below */
  lead?: string;
  name: string;
  /** Key of the team above */
  parent?: string;
}

export interface CrmTemplate {
  at: string;
  by?: string;
  html: string;
  id: string;
  kind: string;
  name: string;
  /** Empty: of the whole workspace */
  owner?: string;
  subject?: string;
  /** Empty: made from the HTML */
  text?: string;
}

export interface CrmTerritory {
  key: string;
  manager?: string;
  members?: string[] | null;
  name: string;
  /** Key of the territory above */
  parent?: string;
  /** Queries over single records, one for each folder: companies where country = "PL" */
  rules?: string[] | null;
}

export interface CrmTrouble {
  hint?: string;
  kind: string;
  msg: string;
  since: string;
}

export interface CrowdInputBody {
  /** Contacts, in the query language */
  audience?: string;
  /** In place of it: id of a segment of contacts */
  segment?: string;
}

export interface DeadView {
  copy: string;
  detail?: string;
  folder: string;
  /** UID on the server */
  key: number;
  reason: string;
}

export interface DealChoiceBody {
  /** Id of the deal, or none */
  deal: string;
}

export interface DecreeInputBody {
  effect: "link" | "never";
  /** An address, or a domain */
  pattern: string;
  record: string;
}

export interface DraftView {
  answers?: string;
  attempts?: number;
  by: string;
  created: string;
  files?: CrmSentFile[] | null;
  /** The message that it passes on */
  forward?: string;
  from: string;
  hint?: string;
  id: string;
  /** Of what was just written: why each picture that does not go along was left out */
  left?: ("within" | "insecure" | "hidden" | "nowhere")[] | null;
  mailbox: string;
  next_at?: string;
  origin?: string;
  /** What stands above the mail that it answers or passes on, which stands below it; none: it is not quoted */
  quoted?: string[] | null;
  remote?: string;
  /** The message that it answers */
  reply?: string;
  rfc_id: string;
  sent_at?: string;
  state: "draft" | "queued" | "sending" | "sent" | "failed" | "unknown";
  subject?: string;
  thread?: string;
  to: string[] | null;
  /** What is found out about its reading; aggregate: of recipients who did not agree to be named */
  track?: "" | "aggregate" | "individual";
  trouble?: string;
  /** For If-Match */
  version: string;
  words: DraftWords;
}

export interface DraftWords {
  bcc: string[] | null;
  cc: string[] | null;
  html?: string;
  text: string;
  to: string[] | null;
}

export interface EditFolderRequest {
  labels: Record<string, string>;
}

export interface Ended {
  ended: number;
}

export interface EngineAnswer {
  /** Folders that were not looked through, because the server does not open them */
  closed?: string[] | null;
  copy?: string;
  dead?: string;
  detail?: string;
  folder?: string;
  skip?: string;
  state: string;
}

export interface EngineBoxStatus {
  audit?: CrmBoxAudit;
  balanced: boolean;
  closed?: CrmTrouble;
  dead?: Record<string, number>;
  gone?: boolean;
  id: string;
  listed: string;
  name: string;
  queued: number;
  retrying: number;
  role?: string;
  server: number;
  skipped?: Record<string, number>;
  stored: number;
}

export interface EngineFolderAudit {
  folder: string;
  gone: number;
  known: number;
  missing: number;
  proven: boolean;
  server: number;
  skipped: number;
  waiting: number;
}

export interface EngineTrace {
  copy?: string;
  date: string;
  dead?: string;
  detail?: string;
  folder?: string;
  from: CrmParticipant;
  message?: string;
  message_id?: string;
  skip?: string;
  state: string;
  subject?: string;
}

export interface EngineTraces {
  /** Folders that were not looked through, because the server does not open them */
  closed?: string[] | null;
  items: EngineTrace[] | null;
  /** Others fit, too: say more of the mail */
  more: boolean;
}

export interface EnrolInputBody {
  /** From the first step on, although they were in it before */
  again?: boolean;
  contact: string;
  /** That the letters are about */
  deal?: string;
}

export interface Enrolment {
  /** The same as a picture: a data: address */
  qr?: string;
  /** To be typed into the app */
  secret: string;
  /** The same as an otpauth address */
  url: string;
}

export interface EraseHeld {
  activities: CrmRecord[] | null;
  consents: CrmConsent[] | null;
  enrolments: CrmEnrolment[] | null;
  mails: EraseHeldMail[] | null;
  outgoing: CrmOutgoing[] | null;
  recipients: CrmRecipient[] | null;
  record: CrmRecord;
  rules: CrmRule[] | null;
  suggestions: CrmSuggestion[] | null;
  suppressed: CrmSuppression[] | null;
}

export interface EraseHeldMail {
  attachments?: CrmAttachment[] | null;
  class: string;
  copies?: CrmCopyRef[] | null;
  date: string;
  direction: string;
  excluded?: string;
  flags?: string[] | null;
  id: string;
  in_reply_to?: string[] | null;
  links?: CrmLink[] | null;
  marks?: string[] | null;
  omitted?: number;
  origin?: string;
  owners?: string[] | null;
  participants?: CrmParticipant[] | null;
  private?: boolean;
  references?: string[] | null;
  rfc_id?: string;
  rule_set: number;
  size: number;
  snippet?: string;
  stub?: boolean;
  subject?: string;
  text: string;
  thread: string;
}

export interface ExcludeInputBody {
  effect: "drop_participant" | "drop_copy" | "owner_only" | "metadata_only" | "never_store";
  /** Of never_store: for this mailbox only */
  mailbox?: string;
  /** For the mail in the caller's mailboxes only */
  mine?: boolean;
  /** What the pattern is; without it an address or a domain */
  on?: "address" | "domain" | "folder" | "subject" | "header";
  /** An address, a domain, a folder, words of the subject, or a header field: its name, or name: words */
  pattern: string;
}

export interface ExplainedAccess {
  /** Of a message */
  level?: string;
  role: string;
  sees: boolean;
  sentence: string;
  user: string;
  why: string;
}

export interface ExtractOrder {
  /** Fields of csv; without: those of the view, or all */
  columns?: string[] | null;
  format: "csv" | "jsonl" | "eml";
  /** Which records; of eml: whose mail. Without, and without view and record, jsonl holds all records and eml all mail */
  query?: string;
  /** Of eml: the record whose mail it is */
  record?: string;
  /** Id of a view, instead of a query: its records and columns */
  view?: string;
}

export interface FieldEditBody {
  /** Hide the field and keep its values */
  archived?: boolean;
  choices?: string[];
  default?: unknown;
  expr?: string;
  labels?: Record<string, string>;
  personal?: boolean;
  position?: number;
  required?: boolean;
  roles?: string[];
  stat?: CrmStatistic;
}

export interface FieldView {
  choices?: string[] | null;
  /** Made by the workspace */
  custom?: boolean;
  /** Value of a new record that says none */
  default?: unknown;
  /** Of a number: decimals */
  digits?: number;
  /** Of a formula */
  expr?: string;
  /** People sort and filter by it */
  indexed?: boolean;
  key: string;
  /** Language to the name that people read */
  labels?: Record<string, string>;
  /** A list of values */
  many?: boolean;
  /** Of a rating: its best */
  max?: number;
  /** Of a number: it counts minor units of the currency in this field */
  money?: string;
  /** Says something about a person */
  personal?: boolean;
  required?: boolean;
  /** Of a relation: what a link may be */
  roles?: string[] | null;
  /** Of a statistic */
  stat?: CrmStatistic;
  /** Set by the program, refused from outside */
  system?: boolean;
  /** Of a relation: the kind it points to; empty for any */
  to?: string;
  type: string;
  /** No two records of the folder have the same value */
  unique?: boolean;
  widget: string;
}

export interface FileValue {
  blob: string;
  name: string;
  size: number;
  type: string;
}

export interface FolderMade {
  /** What names its records elsewhere */
  kind: string;
}

export interface FolderView {
  /** What happens with records: it stands on their timelines */
  activity?: boolean;
  /** The caller may make records in it */
  create?: boolean;
  custom?: boolean;
  fields: FieldView[] | null;
  kind: string;
  labels?: Record<string, string>;
  /** The caller may make one record of several in it */
  merge?: boolean;
  plural: string;
  /** The ids of its records begin with it. */
  prefix: string;
  /** Its records move through a pipeline */
  staged?: boolean;
}

export interface GmailBeginBody {
  /** Ask for the permission to keep drafts and to send, too */
  drafts?: boolean;
  /** Through IMAP and SMTP, with one permission for both, in place of the Gmail API */
  imap?: boolean;
  /** Of the mail before it is connected: only that of people and companies who are known, and the rest of it when they become so */
  known_only?: boolean;
  /** Connect this one again */
  mailbox?: string;
  /** Address of the user whose mail it is; the caller when empty */
  owner?: string;
  /** Of a program on the user's machine: http://127.0.0.1:PORT/; else this server */
  redirect?: string;
  /** Ask for the permission to send, too */
  send?: boolean;
  /** Older mail is counted and left out */
  since?: string;
}

export interface GmailEndBody {
  code: string;
  state: string;
}

export interface ImportedSuppressions {
  added: number;
  /** To undo it; empty when nothing changed */
  batch: string;
  /** Suppressed before, or named before in this list */
  known: number;
  refused: RefusedItem[] | null;
}

export interface IntakeDecision {
  /** Without: as the plan says */
  do?: "create" | "update" | "merge" | "skip";
  /** The record that the row is about */
  record?: string;
  /** As a spreadsheet counts */
  row: number;
}

export interface IntakeFault {
  code: string;
  detail: string;
  field?: string;
  hint?: string;
  /** As a spreadsheet counts, headings included */
  row: number;
  /** The row is brought in all the same */
  warning?: boolean;
}

export interface IntakeImport {
  at?: string;
  batch?: string;
  by?: string;
  counts?: Record<string, number>;
  created_at?: string;
  done: number;
  hint?: string;
  id: string;
  kind: string;
  /** Seconds, as it looks now; 0 when nobody knows */
  left: number;
  msg?: string;
  /** Items a second of the present run, 0 when it stands */
  rate: number;
  spec: IntakeSpec;
  stage?: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  title?: string;
  total: number;
}

export interface IntakeLine {
  do: "create" | "update" | "merge" | "skip" | "error";
  fault?: IntakeFault;
  /** What the row calls its record */
  name?: string;
  record?: string;
  /** As a spreadsheet counts, headings included */
  row: number;
}

export interface IntakeOptions {
  /** Corrections of the guess: heading of a column, or its number from 1, to a field; to nothing leaves it out */
  columns?: Record<string, string>;
  delimiter?: "comma" | "semicolon" | "tab" | "bar";
  encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1252";
  /** Whether the first row holds headings */
  header?: boolean;
  /** Make records that a column names and that are not there; on unless said otherwise */
  make?: boolean;
  /** The field of each column, empty for a column that is left out */
  map?: string[] | null;
  /** Fields by which a row finds the record that it is about */
  match?: string[] | null;
  /** What to do with a row whose record is there: merge fills what is empty, update replaces; both add to lists */
  then?: "merge" | "update" | "skip" | "create" | "error";
}

export interface IntakeSpec {
  columns: string[] | null;
  /** On single rows, by their number */
  decided?: IntakeDecision[] | null;
  dialect: TableDialect;
  file?: string;
  kind: string;
  make: boolean;
  map: string[] | null;
  match: string[] | null;
  /** What people said; the rest is guessed */
  said: IntakeOptions;
  /** The first rows as they are read */
  sample: (string[] | null)[] | null;
  size: number;
  then: "merge" | "update" | "skip" | "create" | "error";
}

export interface InvitationBody {
  /** What stands after # in the link of the invitation */
  token: string;
}

export interface ItemsAlike {
  items: RecordsAlike[] | null;
  next?: string;
}

export interface ItemsAskedFor {
  items: AskedFor[] | null;
  next?: string;
}

export interface ItemsCampaign {
  items: CrmCampaign[] | null;
  next?: string;
}

export interface ItemsClash {
  items: RecordsClash[] | null;
  next?: string;
}

export interface ItemsConsent {
  items: CrmConsent[] | null;
  next?: string;
}

export interface ItemsDeadView {
  items: DeadView[] | null;
  next?: string;
}

export interface ItemsDuplicate {
  items: RecordsDuplicate[] | null;
  next?: string;
}

export interface ItemsEditLine {
  items: BulkEditLine[] | null;
  next?: string;
}

export interface ItemsEnrolled {
  items: SequenceEnrolled[] | null;
  next?: string;
}

export interface ItemsExclusion {
  items: CrmExclusion[] | null;
  next?: string;
}

export interface ItemsFieldDef {
  items: CrmFieldDef[] | null;
  next?: string;
}

export interface ItemsFinding {
  items: PreflightFinding[] | null;
  next?: string;
}

export interface ItemsFolderAudit {
  items: EngineFolderAudit[] | null;
  next?: string;
}

export interface ItemsFolderView {
  items: FolderView[] | null;
  next?: string;
}

export interface ItemsHit {
  items: SearchHit[] | null;
  next?: string;
}

export interface ItemsKey {
  items: KeysKey[] | null;
  next?: string;
}

export interface ItemsKeyView {
  items: KeyView[] | null;
  next?: string;
}

export interface ItemsLine {
  items: IntakeLine[] | null;
  next?: string;
}

export interface ItemsLook {
  items: Look[] | null;
  next?: string;
}

export interface ItemsMailboxView {
  items: MailboxView[] | null;
  next?: string;
}

export interface ItemsMemberRole {
  items: CrmMemberRole[] | null;
  next?: string;
}

export interface ItemsMembership {
  items: CrmMembership[] | null;
  next?: string;
}

export interface ItemsMergeField {
  items: RecordsMergeField[] | null;
  next?: string;
}

export interface ItemsOpenedMail {
  items: OpenedMail[] | null;
  next?: string;
}

export interface ItemsOutgoing {
  items: CrmOutgoing[] | null;
  next?: string;
}

export interface ItemsPerson {
  items: LedgerPerson[] | null;
  next?: string;
}

export interface ItemsPipeline {
  items: CrmPipeline[] | null;
  next?: string;
}

export interface ItemsProgress {
  items: JobProgress[] | null;
  next?: string;
}

export interface ItemsRelated {
  items: RecordsRelated[] | null;
  next?: string;
}

export interface ItemsRule {
  items: CrmRule[] | null;
  next?: string;
}

export interface ItemsSeatView {
  items: SeatView[] | null;
  next?: string;
}

export interface ItemsSegmentView {
  items: SegmentView[] | null;
  next?: string;
}

export interface ItemsSequence {
  items: CrmSequence[] | null;
  next?: string;
}

export interface ItemsSessionView {
  items: SessionView[] | null;
  next?: string;
}

export interface ItemsSignerView {
  items: SignerView[] | null;
  next?: string;
}

export interface ItemsStageStay {
  items: RecordsStageStay[] | null;
  next?: string;
}

export interface ItemsString {
  items: string[] | null;
  next?: string;
}

export interface ItemsSuppression {
  items: CrmSuppression[] | null;
  next?: string;
}

export interface ItemsTeam {
  items: CrmTeam[] | null;
  next?: string;
}

export interface ItemsTemplate {
  items: CrmTemplate[] | null;
  next?: string;
}

export interface ItemsTerritory {
  items: CrmTerritory[] | null;
  next?: string;
}

export interface ItemsUpdate {
  items: TimelineUpdate[] | null;
  next?: string;
}

export interface ItemsUserView {
  items: UserView[] | null;
  next?: string;
}

export interface ItemsViewView {
  items: ViewView[] | null;
  next?: string;
}

export interface ItemsWatched {
  items: CampaignWatched[] | null;
  next?: string;
}

export interface JobProgress {
  at?: string;
  batch?: string;
  by?: string;
  counts?: Record<string, number>;
  created_at?: string;
  done: number;
  hint?: string;
  id: string;
  kind: string;
  /** Seconds, as it looks now; 0 when nobody knows */
  left: number;
  msg?: string;
  /** Items a second of the present run, 0 when it stands */
  rate: number;
  stage?: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  title?: string;
  total: number;
}

export interface KeyInputBody {
  /** How long it works; for good when 0 */
  days?: number;
  /** What the key is for */
  name?: string;
  /** read, write, mail, admin; everything when empty */
  scopes?: string[] | null;
  /** Id or address of the user as whom the key acts; the caller when empty */
  user?: string;
}

export interface KeyView {
  created_at: string;
  email: string;
  expires?: string;
  id: string;
  /** The key itself, when it was made just now */
  key?: string;
  name?: string;
  /** What it opens; everything when empty */
  scopes?: string[] | null;
  /** Last use, to a minute */
  used?: string;
  user: string;
}

export interface KeysKey {
  id: string;
  known: boolean;
  primary: boolean;
  secrets: number;
}

export interface KeysRotated {
  primary: string;
  removed: number;
  sealed: number;
}

export interface LedgerPerson {
  address: string;
  copied: number;
  domain?: string;
  example: string;
  last: string;
  name?: string;
  received: number;
  written: number;
}

export interface LedgerShift {
  gained: number;
  lost: number;
  name: string;
  record: string;
}

export interface LetterFilled {
  html: string;
  /** Fields that have neither value nor fallback */
  missing: string[] | null;
  subject: string;
  text: string;
}

export interface Linked {
  /** Works once, for an hour; that of an invitation for three days */
  link: string;
  user: UserView;
}

export interface Look {
  /** What to do */
  hint?: string;
  ok: boolean;
  told: string;
  what: string;
}

export interface MailboxEditBody {
  /** Other addresses that are its owner's; mail that is stored is decided anew within a minute */
  aliases?: string[];
  /** There is no since-date any more */
  all_time?: boolean;
  /** Mails in any 24 hours, its owner's own included; 0 is the usual */
  budget?: number;
  /** Only these; an empty list: all that reach a timeline. Mail of a folder that is left out stays */
  folders?: string[];
  /** Of Gmail, of the mail before it was connected: only that of people and companies who are known, and the rest of it when they become so; what is stored stays */
  known_only?: boolean;
  /** Tried before it is kept */
  password?: string;
  paused?: boolean;
  /** Mails of campaigns and sequences a minute; 0 is what its kind allows */
  per_minute?: number;
  /** Older mail is counted and left out; what is stored stays */
  since?: string;
  /** host:port of the server that mail is sent through; empty: none is sent */
  smtp?: string;
  smtp_tls?: "tls" | "starttls" | "none";
}

export interface MailboxGone {
  id: string;
  mail: string;
  /** deleted, or deleting while copies are taken away */
  state: string;
  /** Always false; the mail server is not touched, so the mailbox can be added again */
  undoable: boolean;
}

export interface MailboxInputBody {
  /** Address of the mailbox; else the login, if it is one, or that of the owner */
  address?: string;
  /** Other addresses whose mail arrives here */
  aliases?: string[] | null;
  /** Only these; else all that reach a timeline */
  folders?: string[] | null;
  /** Fetch no bodies */
  headers_only?: boolean;
  login: string;
  /** Address of the user whose mail it is; the caller when empty */
  owner?: string;
  password: string;
  /** host:port of the IMAP server */
  server: string;
  /** Older mail is counted and left out */
  since?: string;
  /** host:port of the server that mail is sent through; empty: none is sent */
  smtp?: string;
  smtp_tls?: "tls" | "starttls" | "none";
  /** none is for loopback only */
  tls?: "tls" | "starttls" | "none";
}

export interface MailboxView {
  address: string;
  /** Other addresses that one may write from */
  aliases?: string[] | null;
  audited_at?: string;
  boxes: EngineBoxStatus[] | null;
  created_at: string;
  done: number;
  folders?: string[] | null;
  headers_only?: boolean;
  id: string;
  kind: string;
  known_only?: boolean;
  last_ok?: string;
  login: string;
  next_at?: string;
  owner: string;
  queued: number;
  rate: number;
  /** Of the consent at Google */
  scopes?: string[] | null;
  server: string;
  since?: string;
  smtp?: string;
  state: string;
  synced: boolean;
  time_left: number;
  tls: string;
  total: number;
  trouble?: CrmTrouble;
  /** Until when Google tells of new mail; it is renewed every day */
  watch_until?: string;
}

export interface MeView {
  /** The caller has proved themselves moments ago */
  fresh?: boolean;
  /** A mailbox can be connected by consent at Google */
  gmail?: boolean;
  operator?: boolean;
  /** What the caller's role lets them do besides records */
  rights: string[] | null;
  /** What the caller puts under their mail */
  signature?: string;
  /** The same where it is formatted */
  signature_html?: string;
  user?: UserView;
  /** How the caller can prove who they are */
  ways?: AuthWays;
  workspace: WorkspaceView;
  /** By which the caller lives: their own, else the workspace's */
  zone: string;
}

export interface MergeProblem {
  /** In characters, from 1 */
  column: number;
  hint?: string;
  /** From 1 */
  line: number;
  text: string;
}

export interface MovePipelineRequest {
  /** Every stage here to one there */
  stages: Record<string, string>;
  to: string;
}

export interface MovedRecords {
  batch?: string;
  moved: number;
}

export interface MyAccess {
  /** Fields that the caller sees and does not change, by kind */
  fixed: Record<string, string[] | null>;
  /** By kind */
  folders: Record<string, CrmFolderRights>;
  rights: string[] | null;
  role?: string;
  user?: string;
}

export interface Named {
  /** By id */
  names: Record<string, string>;
}

export interface NotifyItem {
  about: string;
  at: string;
  by?: string;
  due?: string;
  id: string;
  kind: string;
  message?: string;
  /** What the task or the comment is about */
  records?: string[] | null;
  /** The beginning of a comment or a note */
  text?: string;
  /** What people call that which it is about */
  title: string;
  unread: boolean;
  user: string;
}

export interface NotifyPage {
  items: NotifyItem[] | null;
  next?: string;
  /** How many are unread, at most 100 */
  unread: number;
}

export interface OpenedMail {
  at: string;
  by: string;
  id: string;
  message: string;
  /** Of who opened it */
  name: string;
  owner: string;
  subject?: string;
  ways: string[] | null;
}

export interface OutboxBudget {
  campaigns: number;
  free_at?: string;
  limit: number;
  manual: number;
  ours: number;
}

export interface OutgoingBody {
  /** Not before */
  at?: string;
  bcc?: string[] | null;
  cc?: string[] | null;
  /** Uploaded before by POST /api/v1/files; 18 MB together */
  files?: CrmSentFile[] | null;
  /** Id of the message that it passes on, in a conversation of its own; its attachments are kept as files before */
  forward?: string;
  /** Its address, or one of its aliases */
  from?: string;
  /** Made safe: no scripts, and of pictures those at an https address that people can see, and PNG, JPEG, GIF and WebP in data: addresses, which become parts of the mail; the answer says which were left out. Its text is made of it where none is given */
  html?: string;
  /** Id of one's own mailbox */
  mailbox: string;
  /** The mail that is answered or passed on stands below, with its formatting where this one has HTML; these lines stand above it: who wrote when, or its header. None: it is not quoted */
  quote?: string[] | null;
  /** Id of the message that it answers */
  reply?: string;
  /** Empty in a reply: that of the mail that is answered */
  subject?: string;
  text?: string;
  to?: string[] | null;
  /** What is found out about its reading; individual becomes aggregate where somebody did not agree and has to, or the workspace allows no more */
  track?: "" | "aggregate" | "individual";
}

export interface OutgoingView {
  answers?: string;
  attempts?: number;
  by: string;
  created: string;
  files?: CrmSentFile[] | null;
  /** The message that it passes on */
  forward?: string;
  from: string;
  hint?: string;
  id: string;
  /** Of what was just written: why each picture that does not go along was left out. within: its bytes stand in the text and are no such picture, attach it as a file; insecure: http; hidden: too small to be seen; nowhere: recipients could not load it */
  left?: ("within" | "insecure" | "hidden" | "nowhere")[] | null;
  mailbox: string;
  next_at?: string;
  origin?: string;
  /** What stands above the mail that it answers or passes on, which stands below it; none: it is not quoted */
  quoted?: string[] | null;
  remote?: string;
  /** The message that it answers */
  reply?: string;
  rfc_id: string;
  /** Of a mail that is tracked by name */
  seen?: CrmSeen;
  sent_at?: string;
  state: "draft" | "queued" | "sending" | "sent" | "failed" | "unknown";
  subject?: string;
  thread?: string;
  to: string[] | null;
  /** What is found out about its reading; aggregate: of recipients who did not agree to be named */
  track?: "" | "aggregate" | "individual";
  trouble?: string;
}

export interface PasswordChangeBody {
  /** At least 10 characters; empty takes the password away */
  password: string;
}

export interface PasswordInputBody {
  email: string;
  password: string;
}

export interface PickMembersRequest {
  add?: string[] | null;
  remove?: string[] | null;
}

export interface PlanErasureRequest {
  /** Of a contact or a lead */
  record: string;
}

export interface PreflightFinding {
  check: "mx" | "spf" | "dkim" | "dmarc" | "ptr" | "unsubscribe" | "size" | "links";
  /** What to do */
  fix?: string;
  level: "ok" | "warning" | "refused";
  text: string;
}

export interface Problem {
  code: "invalid" | "not_found" | "exists" | "conflict" | "denied" | "unauthorized" | "throttled" | "unavailable" | "missing_index" | "too_large" | "internal";
  conflict?: Conflict;
  /** What happened, in a sentence for a person */
  detail?: string;
  /** Path of the value that is to blame */
  field?: string;
  /** What to do about it */
  hint?: string;
  /** Id of the request, by which the log knows more */
  request?: string;
  status: number;
  title: string;
}

export interface ProofInputBody {
  /** Of the second factor, where there is one */
  code?: string;
  password?: string;
}

export interface QueryCompletion {
  /** Character, from 1, from which on the words replace the text */
  at: number;
  words: string[] | null;
}

export interface QueryCondition {
  field: string;
  op: string;
  values?: string[] | null;
}

export interface QueryExpr {
  and?: QueryExpr[] | null;
  not?: QueryExpr;
  or?: QueryExpr[] | null;
  test?: QueryCondition;
}

export interface QueryFault {
  /** Character, from 1, at which reading stopped; 0 when it is no single one */
  at: number;
  detail: string;
  hint?: string;
}

export interface QueryMeaning {
  /** What may be written at the end of the text */
  complete: QueryCompletion;
  error?: QueryFault;
  ok: boolean;
  plan?: RecordsExplained;
  /** The same as data: kind, where (and, or, not, test), order, desc, limit */
  query?: unknown;
  /** The query as it is kept */
  text?: string;
}

export interface QueryQuery {
  desc?: boolean;
  kind: string;
  limit?: number;
  order?: string;
  where?: QueryExpr;
}

export interface ReadNotificationsRequest {
  all?: boolean;
  ids?: string[] | null;
}

export interface RecordList {
  items: RecordView[] | null;
  /** When asked for: of records that these point to, by id */
  names?: Record<string, string>;
  next?: string;
  plan?: RecordsExplained;
}

export interface RecordView {
  at?: string;
  /** Of the write just made, to undo it */
  batch?: string;
  created_at: string;
  created_by?: string;
  derived?: Record<string, unknown>;
  duplicates?: RecordsDuplicate[] | null;
  id: string;
  kind: string;
  values: Record<string, unknown>;
  /** For If-Match */
  version: string;
}

export interface RecordsAccepted {
  batch: string;
  companies: number;
  contacts: number;
}

export interface RecordsAlike {
  duplicates: RecordsDuplicate[] | null;
  name: string;
  record: string;
}

export interface RecordsChangePage {
  items: RecordsChangeView[] | null;
  next: string;
}

export interface RecordsChangeView {
  actor?: string;
  at: string;
  batch: string;
  cause: string;
  entries: RecordsEntityDiff[] | null;
  id: string;
  title?: string;
  undoes?: string;
}

export interface RecordsClash {
  code: string;
  collection: string;
  detail: string;
  /** What the batch left there, and what is there now */
  fields?: RecordsFieldDiff[] | null;
  hint?: string;
  id: string;
}

export interface RecordsContest {
  field: string;
  /** What the record says; null: nothing */
  now: unknown;
  /** What the change says; null clears */
  yours: unknown;
}

export interface RecordsConversion {
  /** Without id and values: the one of the contact, else a new one where the lead names a company */
  company?: RecordsTarget;
  contact?: RecordsTarget;
  deal?: RecordsTarget;
  /** Field of the lead to <contact|company|deal>.<field>, besides those of the same name */
  map?: Record<string, string>;
}

export interface RecordsConverted {
  batch: string;
  company?: string;
  contact?: string;
  deal?: string;
}

export interface RecordsDuplicate {
  effect: "warn" | "forbid";
  /** In which they agree */
  field: string;
  name: string;
  record: string;
  value: string;
}

export interface RecordsEntityDiff {
  collection: string;
  did: "created" | "updated" | "deleted";
  fields: RecordsFieldDiff[] | null;
  id: string;
}

export interface RecordsExplained {
  /** How many records are looked at for one answer, when not all of them are in it */
  bound?: number;
  /** The bound was reached: of a sorted answer, what lies behind it is missing; of any other, the page is short and the next goes on */
  cut?: boolean;
  /** Conditions that no index answers: records are read and tested */
  filtered?: string[] | null;
  /** Fields of the index that is read, in their order */
  index: string;
  /** As it was understood */
  query: string;
  /** How many were looked at for this page */
  scanned?: number;
  /** The order is made after reading, not by an index */
  sorted?: boolean;
}

export interface RecordsFieldDiff {
  after: unknown;
  before: unknown;
  field: string;
}

export interface RecordsMergeField {
  field: string;
  result: unknown;
  values: Record<string, unknown>;
}

export interface RecordsMerged {
  /** To undo it */
  batch: string;
  /** Records, activities and answers that pointed to those that went */
  moved: number;
  record: CrmRecord;
}

export interface RecordsMerging {
  /** Records that go: what points to them, their addresses and mail follow */
  from: string[] | null;
  /** The record that stays */
  into: string;
  /** Field to the record whose value it has. Without: lists are joined; else the first value that there is, that of the one that stays before others */
  take?: Record<string, string>;
  /** Values that none of them has */
  values?: Record<string, unknown>;
}

export interface RecordsRelated {
  /** Relation that holds the link */
  field: string;
  /** The other record points here */
  from?: boolean;
  id: string;
  kind: string;
  name: string;
  role?: string;
}

export interface RecordsStageStay {
  by?: string;
  /** Stage before; empty for the first */
  from?: string;
  pipeline?: string;
  /** Spent in the stage before */
  seconds: number;
  to: string;
  when: string;
}

export interface RecordsTarget {
  /** One that there is: its empty fields are filled, its addresses and phones added to */
  id?: string;
  skip?: boolean;
  /** Values that go before those of the lead */
  values?: Record<string, unknown>;
}

export interface Recovery {
  /** Each stands in for the app once */
  recovery_codes: string[] | null;
}

export interface RefusedItem {
  detail: string;
  /** In the list, from 0 */
  index: number;
}

export interface RematchInputBody {
  /** Only say what would change */
  dry_run?: boolean;
}

export interface RequestMessageRequest {
  level?: "subject" | "full";
  /** Why; the owners read it */
  note?: string;
}

export interface SearchHit {
  /** An address, a domain, or who wrote the message */
  about?: string;
  at: string;
  /** A name, an address or a domain begins with what was asked */
  begins?: boolean;
  /** Of a record, an activity or a message */
  id: string;
  /** A kind of record, or message */
  kind: string;
  /** What people call it; of a message whose subject the caller may not read: empty */
  title: string;
}

export interface SeatView {
  current?: boolean;
  user?: UserView;
  workspace: WorkspaceView;
}

export interface SegmentBody {
  /** Ids of segments whose members are left out */
  exclude?: string[] | null;
  kind: string;
  mode?: string;
  name: string;
  /** Of a dynamic one: a whole query */
  query?: string;
  sharing?: string;
  team?: string;
}

export interface SegmentView {
  /** Of the write just made, to undo it */
  batch?: string;
  by?: string;
  created_at: string;
  /** Segments whose members are no members of this one */
  exclude?: string[] | null;
  id: string;
  kind: string;
  mode: "dynamic" | "static";
  name: string;
  owner?: string;
  /** Of a dynamic one */
  query?: string;
  sharing: "private" | "team" | "workspace";
  team?: string;
  /** For If-Match */
  version: string;
}

export interface SequenceBody {
  /** One of your own, by which it is sent */
  mailbox: string;
  /** Offers to many: needs the postal address and a way to leave */
  marketing?: boolean;
  name: string;
  pace: CrmPace;
  /** Key of what it is for, which people may leave by itself */
  purpose?: string;
  steps: StepBody[] | null;
  /** Ends for a person when a deal of theirs moves to another stage */
  stop_on_deal?: boolean;
  track?: "" | "aggregate" | "individual";
}

export interface SequenceEnrolled {
  address?: string;
  at: string;
  /** Until when they are out of office */
  away?: string;
  /** Of the write just made, to undo it; what was sent cannot be undone */
  batch?: string;
  began: string;
  by?: string;
  contact: string;
  /** That the letters are about */
  deal?: string;
  /** When the next letter goes, hours of sending apart */
  due?: string;
  id: string;
  /** State of the last letter */
  last?: string;
  /** The letters, of which the last one may be still to come */
  lines?: CrmRecipient[] | null;
  /** Of the sequence */
  name?: string;
  reason?: string;
  /** How often they were put in again */
  round?: number;
  /** What tracking knows of the letters, by line */
  seen?: Record<string, CrmSeen>;
  sequence: string;
  /** When it began, or last went on: what came before does not stop it */
  since: string;
  state: "active" | "paused" | "finished" | "stopped" | "left" | "excluded";
  /** Steps behind them, sent or passed over */
  step: number;
  steps: number;
  /** IANA, of the person, where it is known */
  zone?: string;
}

export interface SequenceResults {
  /** Of whom an absence notice came */
  away: number;
  bounced: Record<string, number>;
  clickers: number;
  clicks: CrmHitCount;
  complained: number;
  /** Sent, and not sent back */
  delivered: number;
  /** When everybody will have been written to, by hours and budget; of a campaign that is not sending: when it began now */
  finish?: string;
  /** Recipients of whom a human opened it; of an aggregate campaign none */
  openers: number;
  opens: CrmHitCount;
  people: Record<string, number>;
  /** Sent in the last minute */
  rate_per_minute: number;
  recipients: Record<string, number>;
  replied: number;
  steps: SequenceStepCount[] | null;
  /** Why letters are tried again, or later */
  trouble?: CampaignTrouble;
  unsubscribed: number;
  /** Deals of recipients, won after they were written to */
  won: CampaignWon[] | null;
}

export interface SequenceStepCount {
  lines: Record<string, number>;
  step: number;
}

export interface SequenceView {
  /** Of the last change by a person */
  at: string;
  /** Of the write just made, to undo it */
  batch?: string;
  id: string;
  /** Whose mail system sends it */
  mailbox: string;
  marketing?: boolean;
  name: string;
  owner: string;
  pace: CrmPace;
  /** Key of what it is for, which people may leave by itself */
  purpose?: string;
  /** When it was found again after a restore or a long standstill: who was due before may have been written to by a past that is lost */
  restored?: string;
  status: "draft" | "active" | "paused";
  steps: CrmSequenceStep[] | null;
  /** Ends for a person when a deal of theirs moves to another stage */
  stop_on_deal?: boolean;
  track?: "" | "aggregate" | "individual";
  /** For If-Match */
  version?: string;
  /** Of a pause that nobody asked for */
  why?: string;
}

export interface ServerView {
  address: string;
  /** Folders that were not looked through, because the server does not open them */
  closed?: string[] | null;
  copy?: string;
  dead?: string;
  detail?: string;
  folder?: string;
  mailbox: string;
  /** Why this server could not be asked */
  problem?: string;
  skip?: string;
  state: string;
}

export interface SessionView {
  /** IP address, when it began */
  address?: string;
  /** What the browser calls itself */
  agent?: string;
  created?: string;
  current?: boolean;
  expires: string;
  id: string;
  means?: string;
  seen?: string;
}

export interface SetDuplicateRulesRequest {
  rules: CrmDuplicateRule[] | null;
}

export interface SetMembershipRequest {
  /** Key of a role; empty for member */
  role?: string;
  /** Keys of teams */
  teams?: string[] | null;
}

export interface SetPipelineRequest {
  /** Whose records move through it; empty for deals */
  kind?: string;
  name: string;
  rot_days?: number;
  stages: CrmStage[] | null;
}

export interface SetRoleRequest {
  fields?: CrmFieldRule[] | null;
  folders?: Record<string, CrmFolderRights>;
  name: string;
  others?: CrmFolderRights;
  rights?: string[] | null;
}

export interface SetSharingRequest {
  exceptions?: CrmException[] | null;
  /** What colleagues see of the mail in a mailbox: none, metadata, subject or full */
  mailboxes?: Record<string, string>;
}

export interface SetSignatureRequest {
  /** Of a formatted one; its text is made of it */
  html?: string;
  /** At most 2,000 characters; empty for none */
  text?: string;
}

export interface SetTeamRequest {
  lead?: string;
  name: string;
  /** Key of the team above */
  parent?: string;
}

export interface SetTerritoryRequest {
  manager?: string;
  members?: string[] | null;
  name: string;
  /** Key of the territory above */
  parent?: string;
  /** Queries over single records: companies where country = "PL" */
  rules?: string[] | null;
}

export interface SetZoneRequest {
  /** IANA, such as Europe/Warsaw; empty for the workspace's */
  zone: string;
}

export interface SettleInputBody {
  /** Left out: all of them */
  addresses?: string[] | null;
  /** Send them the letter, which they may have; else they count as having got it */
  send: boolean;
}

export interface SignInBody {
  /** What stands after # in a sign-in link */
  token: string;
}

export interface SignedInBody {
  /** Go on with /session/code */
  second_factor: boolean;
}

export interface SignedView {
  /** Why each picture that cannot be sent was left out */
  left?: ("within" | "insecure" | "hidden" | "nowhere")[] | null;
}

export interface SignerInputBody {
  domain: string;
  method?: "rsa-sha256" | "ed25519-sha256";
  /** Name of the key in the DNS */
  selector?: string;
}

export interface SignerView {
  at: string;
  by?: string;
  domain: string;
  id: string;
  method: "rsa-sha256" | "ed25519-sha256";
  /** Of its DNS record */
  name: string;
  /** Mail is signed with it; first its record has to be in the DNS */
  on: boolean;
  /** Value of the p tag of its DNS record */
  public: string;
  /** TXT record to put there */
  record: string;
  selector: string;
}

export interface StandingExclusion {
  batch: string;
  item: CrmExclusion;
}

export interface StandingRule {
  batch: string;
  item: CrmRule;
}

export interface StepBody {
  /** Sent to those alone who fit: contacts where …, or deals where … of one of their deals */
  if?: string;
  /** Begins a conversation of its own; else it continues that of the step before */
  new?: boolean;
  template: string;
  /** Working days after the step before, or after somebody was put in */
  wait?: number;
}

export interface SuppressInputBody {
  address: string;
}

export interface SuppressionsInputBody {
  addresses: string[] | null;
  /** Key of what alone they do not want mail about; empty: anything */
  purpose?: string;
}

export interface TableDialect {
  delimiter: "comma" | "semicolon" | "tab" | "bar";
  encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1252";
  /** The first row holds headings */
  header: boolean;
}

export interface TemplateBody {
  html?: string;
  kind?: "email" | "snippet";
  /** Nobody else's to use */
  mine?: boolean;
  name: string;
  subject?: string;
  /** Empty: made from the HTML */
  text?: string;
}

export interface TemplateMistakes {
  /** By part: subject, html, text; none when the template can be saved */
  problems: Record<string, MergeProblem[] | null>;
}

export interface TemplatePreviewBody {
  /** Without: that of the contact or the deal */
  company?: string;
  contact?: string;
  deal?: string;
  /** Which of the caller's addresses it speaks for; without: their main one */
  from?: string;
  html?: string;
  kind?: "email" | "snippet";
  /** Nobody else's to use */
  mine?: boolean;
  name: string;
  subject?: string;
  /** Empty: made from the HTML */
  text?: string;
  /** Without a contact: the address of who gets it; nobody whom the caller may see leaves the fields missing */
  to?: string;
}

export interface TemplateView {
  at: string;
  /** Of the write just made, to undo it */
  batch?: string;
  by?: string;
  html: string;
  id: string;
  kind: string;
  /** Of what was just written: why each picture that cannot be sent was left out */
  left?: ("within" | "insecure" | "hidden" | "nowhere")[] | null;
  name: string;
  /** Empty: of the whole workspace */
  owner?: string;
  subject?: string;
  /** Empty: made from the HTML */
  text?: string;
  /** For If-Match */
  version: string;
}

export interface TimelineAppointment {
  all_day?: boolean;
  attendance?: string;
  ends?: string;
  moves?: CrmMove[] | null;
  proposed?: CrmProposal;
  repeats?: string;
}

export interface TimelineBody {
  blocked?: number;
  html?: string;
  quoted?: number;
  text: string;
}

export interface TimelineConversation {
  decides?: string;
  id: string;
  messages: TimelineRow[] | null;
  origin?: TimelineRow;
  since?: string;
  splits: string[] | null;
  turn?: "ours" | "theirs" | "done";
}

export interface TimelineCopy {
  box: string;
  flags?: string[] | null;
  id: string;
  mailbox: string;
  role?: string;
}

export interface TimelineEntry {
  because?: TimelineLogged;
  class?: string;
  date: string;
  direction?: string;
  due?: string;
  from?: TimelinePerson;
  id: string;
  kind: "mail" | "call" | "note" | "task";
  level: "full" | "metadata";
  meeting?: TimelineAppointment;
  seen?: CrmSeen;
  snippet?: string;
  status?: string;
  thread?: string;
  title?: string;
  to?: TimelinePerson[] | null;
}

export interface TimelineExplained {
  asked: TimelineLogged[] | null;
  class: string;
  copies: TimelineCopy[] | null;
  date: string;
  id: string;
  level: "full" | "metadata";
  links: TimelineReason[] | null;
  marks: string[] | null;
  not_logged?: string;
  not_logged_text?: string;
  rfc_id?: string;
  rule_set: number;
  subject?: string;
  thread: string;
}

export interface TimelineHome {
  answers: TimelineHomeMail[] | null;
  as_of: string;
  idle: TimelineSheetDeal[] | null;
  mailboxes: TimelineHomeMailbox[] | null;
  mailings?: TimelineHomeMailing[] | null;
  more: TimelineHomeMore;
  notices?: TimelineHomeNotice[] | null;
  tasks: TimelineHomeTask[] | null;
  waiting: TimelineHomeMail[] | null;
  zone: string;
}

export interface TimelineHomeMail {
  date: string;
  days: number;
  from: TimelinePerson;
  id: string;
  subject?: string;
  thread: string;
}

export interface TimelineHomeMailbox {
  address: string;
  dead: number;
  id: string;
  queued: number;
  server: number;
  skipped: number;
  state: string;
  stored: number;
  trouble?: string;
}

export interface TimelineHomeMailing {
  finish?: string;
  id: string;
  name: string;
  people: number;
  rate_per_minute: number;
  replied: number;
  sent: number;
  status: string;
  trouble?: string;
}

export interface TimelineHomeMore {
  idle?: boolean;
  tasks?: boolean;
  waiting?: boolean;
}

export interface TimelineHomeNotice {
  about?: string;
  at: string;
  id: string;
  kind: string;
  message?: string;
  title: string;
}

export interface TimelineHomeTask {
  due: string;
  id: string;
  late: number;
  title: string;
}

export interface TimelineList {
  items: TimelineRow[] | null;
  next?: string;
}

export interface TimelineLogged {
  because: string;
  confidence: number;
  kind: "contact" | "company" | "deal" | "task" | "note" | "call";
  name: string;
  record: string;
  rule: string;
}

export interface TimelineMessage {
  attachments: CrmAttachment[] | null;
  body?: TimelineBody;
  class: "person" | "bulk" | "auto_reply" | "bounce" | "calendar" | "notification";
  copies: TimelineCopy[] | null;
  date: string;
  direction: "inbound" | "outbound" | "internal";
  flags: string[] | null;
  from: TimelinePerson;
  id: string;
  level: "full" | "metadata";
  links: TimelineLogged[] | null;
  marks: string[] | null;
  not_logged?: string;
  omitted?: number;
  participants: CrmParticipant[] | null;
  rfc_id?: string;
  seen?: CrmSeen;
  size: number;
  snippet?: string;
  subject?: string;
  thread: string;
  to: TimelinePerson[] | null;
}

export interface TimelineMove {
  date: string;
  from?: string;
  gained: TimelineLogged[] | null;
  lost: TimelineLogged[] | null;
  message: string;
  /** Only for who may read it */
  subject?: string;
  /** Who may know of it */
  turned?: "private" | "shared" | "metadata_only";
}

export interface TimelinePage {
  items: TimelineEntry[] | null;
  next?: string;
}

export interface TimelinePerson {
  address: string;
  name?: string;
}

export interface TimelinePreview {
  /** Messages that would change, of those that the caller may know of */
  changed: number;
  /** Messages that others would not know of any more */
  hidden?: number;
  /** There are more: counting stopped */
  more?: boolean;
  /** Records whose timelines would change, the most changed first */
  records: LedgerShift[] | null;
  /** The newest of the messages */
  sample: TimelineMove[] | null;
  /** Messages that others would know of again */
  shown?: number;
}

export interface TimelineQuestion {
  date: string;
  deals: TimelineLogged[] | null;
  from: TimelinePerson;
  level: "full" | "metadata";
  message: string;
  subject?: string;
  thread: string;
  to: TimelinePerson[] | null;
}

export interface TimelineQuestionList {
  items: TimelineQuestion[] | null;
  next?: string;
}

export interface TimelineReason {
  because: string;
  by?: string;
  confidence: number;
  evidence: CrmEvidence;
  kind: "contact" | "company" | "deal" | "task" | "note" | "call";
  name: string;
  record: string;
  rule: string;
  via?: string;
}

export interface TimelineRow {
  attachments: number;
  class: "person" | "bulk" | "auto_reply" | "bounce" | "calendar" | "notification";
  date: string;
  direction: "inbound" | "outbound" | "internal";
  flags: string[] | null;
  from: TimelinePerson;
  id: string;
  level: "full" | "metadata";
  links: TimelineLogged[] | null;
  not_logged?: string;
  snippet?: string;
  subject?: string;
  thread: string;
  to: TimelinePerson[] | null;
}

export interface TimelineSheetDeal {
  amount: CrmMoney;
  expected_close?: string;
  id: string;
  kind: string;
  late?: number;
  linked?: boolean;
  name: string;
  next_step?: string;
  pipeline?: string;
  stage: string;
  stage_key?: string;
  stages?: TimelineSheetStage[] | null;
}

export interface TimelineSheetStage {
  key: string;
  kind: string;
  name: string;
}

export interface TimelineUpdate {
  field: "phone" | "title" | "company" | "website";
  line: string;
  message: string;
  record: string;
  value: string;
}

export interface TrackKey {
  /** Of the key that signs from now on */
  id: string;
}

export interface Trackable {
  /** The most that may be found out; empty: nothing. individual: everybody agreed to be named, or nobody has to be asked */
  most: "" | "aggregate" | "individual";
}

export interface Undoable {
  /** To undo it */
  batch: string;
}

export interface UpdateInputBody {
  field: "phone" | "title" | "company" | "website";
  /** One of the proposed values */
  value: string;
}

export interface UserInputBody {
  email: string;
  /** Language of cards and sentences: en, fr, it, pl */
  locale?: string;
  name?: string;
}

export interface UserView {
  email: string;
  id: string;
  locale?: string;
  name: string;
  status: string;
}

export interface ViewBody {
  columns?: string[] | null;
  date?: string;
  group_by?: string;
  kind: string;
  name: string;
  /** A whole query; without: all records */
  query?: string;
  sharing?: string;
  sums?: string[] | null;
  team?: string;
  type?: string;
}

export interface ViewGroup {
  count: number;
  /** What people call it */
  name?: string;
  sums?: ViewSum[] | null;
  /** Empty for records without one */
  value: string;
}

export interface ViewGroups {
  /** There are more records than were read: counts and sums are of the first ones */
  cut?: boolean;
  groups: ViewGroup[] | null;
  /** From sums that are kept, which may lag by seconds */
  kept?: boolean;
  total: ViewGroup;
}

export interface ViewSum {
  currency?: string;
  field: string;
  /** Of money in minor units */
  value: number;
}

export interface ViewView {
  /** Of the write just made, to undo it */
  batch?: string;
  /** Who made it; empty for the operator */
  by?: string;
  /** Fields that are shown, computed ones too */
  columns?: string[] | null;
  created_at: string;
  /** Of a calendar: the field that gives the day */
  date?: string;
  /** Field whose values make groups, of a board its columns */
  group_by?: string;
  id: string;
  kind: string;
  name: string;
  /** Of a private one */
  owner?: string;
  /** A whole query, with its order */
  query: string;
  sharing: "private" | "team" | "workspace";
  /** Fields of numbers that are added up in each group */
  sums?: string[] | null;
  /** Key of the team */
  team?: string;
  type: "table" | "board" | "calendar";
  /** For If-Match */
  version: string;
}

export interface WaysView {
  /** Begin at /auth/google/start */
  google: boolean;
  password: boolean;
}

export interface WhyView {
  ref: string;
  rule_set: number;
  /** What the mail servers say of a message that is not stored */
  servers?: ServerView[] | null;
  stored: TimelineExplained[] | null;
}

export interface WorkspaceEdit {
  /** Telephone numbers that name none are of it, as ISO 3166; empty for nowhere */
  country?: string;
  /** Of deals that say none, as ISO 4217 */
  currency?: string;
  /** Language of people who chose none */
  locale?: string;
  name?: string;
  /** Mail among these is internal. Stored mail is decided anew within a minute */
  own_domains?: string[];
  /** Where its days begin, as IANA */
  zone?: string;
}

export interface WorkspaceInputBody {
  /** As ISO 4217; EUR without */
  currency?: string;
  locale?: string;
  name: string;
  /** Mail among these is internal */
  own_domains?: string[] | null;
  /** As IANA; UTC without */
  zone?: string;
}

export interface WorkspaceView {
  /** Of which telephone numbers are that name none */
  country?: string;
  currency: string;
  id: string;
  locale: string;
  name: string;
  own_domains: string[] | null;
  zone: string;
}
