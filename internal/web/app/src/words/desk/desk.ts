type Named = Readonly<Record<string, string>>;

// DeskWords is what the screens of the workspace say: records, boards, settings.
export interface DeskWords {
  places: string;
  day: string;
  inbox: string;
  board: (pipeline: string) => string;
  health: string;
  settings: string;
  search: string;
  calendar: string;
  campaigns: string;
  sequences: string;
  templates: string;
  imports: string;
  duplicates: string;
  groups: Named;
  fold: (group: string) => string;

  lists: Named; // of threads that wait
  doneTitle: string;
  doneText: string;
  freeTitle: string;
  freeText: string;
  nobodyWaits: string;
  noTasks: string;
  idle: string;
  days: (n: number) => string;
  late: (days: number) => string;
  finish: (task: string) => string;
  taskDone: string;

  undo: string;
  undone: string;
  undoThis: string;
  saved: string;
  created: string;
  removed: string;
  save: string;
  cancel: string;
  apply: string;
  remove: string;
  create: string;
  clear: string;
  older: string;
  add: string;
  edit: (field: string) => string;

  record: string;
  noRecordTitle: string;
  noRecordText: string;
  noPageTitle: string;
  noPageText: string;
  noRecordsTitle: string;
  noRecordsText: string;
  noMatchText: string;
  itsMail: string;
  details: string;
  emptyFields: string;
  related: string;
  timeline: string;
  timelineKinds: Named;
  history: string;
  did: Named;
  causes: Named;
  what: string;
  newActivity: string;
  movedTo: (stage: string) => string;
  refused: (record: string, stage: string, why: string) => string;
  gate: (condition: string) => string;
  whyLost: string;
  stuck: (days: number) => string;
  lifted: (record: string) => string;
  dropped: (record: string, stage: string) => string;

  columns: string;
  query: string;
  queryHint: (plural: string) => string;

  whyHere: string;
  liesWhere: string;
  notStored: string;
  whereabouts: Named;
  ruleSet: (version: number) => string;
  rule: (name: string) => string;
  sure: string;
  wrong: string;
  forWhat: string;
  scopes: Named;
  corrected: string;
  wouldChange: (n: number) => string;

  whereIs: string;
  look: string;
  givenUp: string;
  retried: string;

  tabs: Named;
  email: string;
  invite: string;
  newLink: string;
  linkFor: (email: string) => string;
  leave: string;
  sureLeave: (email: string) => string;
  folder: string;
  fieldName: string;
  choicesOf: string;
  addField: string;
  hide: string;
  newFolder: string;
  nameOfOne: string;
  nameOfMany: string;
  stuckAfter: string;
  probability: string;
  gateLabel: string;
  connect: string;
  connected: string;
  pause: string;
  resume: string;
  lookNow: string;
  looking: string;
  noExclusions: string;
  pattern: string;
  effect: string;
  effects: Named;
  preview: string;
  noKeys: string;
  keyFor: string;
  keyOnce: string;
  makeKey: string;
  revoke: string;

  folders: Named;
  fields: Named;
  choices: Named;
  types: Named;
}
