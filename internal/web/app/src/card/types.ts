// The card JSON of Google Workspace add-ons (google.apps.card.v1, JSON form of
// protocol buffers), as far as the sidebar of Gmail shows it. Every object may
// hold fields that are not named here; they are ignored.

export interface Card {
  name?: string;
  header?: { title: string; subtitle?: string; imageUrl?: string; imageType?: string; imageAltText?: string };
  sections?: Section[];
  cardActions?: { actionLabel: string; onClick: OnClick }[];
  fixedFooter?: { primaryButton?: Button; secondaryButton?: Button };
}

export interface Section {
  header?: string;
  widgets?: Widget[];
  collapsible?: boolean;
  uncollapsibleWidgetsCount?: number;
  collapseControl?: { expandButton?: Button; collapseButton?: Button };
}

// Widget holds exactly one of its fields.
export interface Widget {
  textParagraph?: { text: string; maxLines?: number };
  decoratedText?: DecoratedText;
  buttonList?: { buttons: Button[] };
  chipList?: { layout?: string; chips: Chip[] };
  image?: { imageUrl: string; altText?: string; onClick?: OnClick };
  divider?: object;
  selectionInput?: SelectionInput;
  textInput?: TextInput;
  dateTimePicker?: DateTimePicker;
}

export interface Icon {
  knownIcon?: string;
  iconUrl?: string;
  altText?: string;
  imageType?: string;
  materialIcon?: { name: string };
}

export interface DecoratedText {
  startIcon?: Icon;
  icon?: Icon; // the older name of startIcon
  endIcon?: Icon;
  topLabel?: string;
  text: string;
  bottomLabel?: string;
  wrapText?: boolean;
  onClick?: OnClick;
  button?: Button;
  switchControl?: { name: string; value?: string; selected?: boolean; onChangeAction?: Action };
}

export interface Button {
  text?: string;
  icon?: Icon;
  altText?: string;
  color?: { red?: number; green?: number; blue?: number; alpha?: number };
  type?: string;
  disabled?: boolean;
  onClick?: OnClick;
}

export interface Chip {
  label?: string;
  icon?: Icon;
  disabled?: boolean;
  altText?: string;
  onClick?: OnClick;
}

export interface SelectionInput {
  name: string;
  label?: string;
  type?: string;
  items?: { text: string; value: string; selected?: boolean; bottomText?: string }[];
  onChangeAction?: Action;
}

export interface TextInput {
  name: string;
  label?: string;
  hintText?: string;
  value?: string;
  type?: string;
  validation?: { inputType?: string; characterLimit?: number };
  initialSuggestions?: { items: { text: string }[] };
  autoCompleteAction?: Action;
  onChangeAction?: Action;
}

export interface DateTimePicker {
  name: string;
  label?: string;
  type?: string; // DATE_AND_TIME, DATE_ONLY, TIME_ONLY
  valueMsEpoch?: string | number;
  onChangeAction?: Action;
}

export interface OnClick {
  action?: Action;
  openLink?: OpenLink;
  openDynamicLinkAction?: Action;
  card?: Card;
  overflowMenu?: { items: { text: string; startIcon?: Icon; disabled?: boolean; onClick: OnClick }[] };
}

export interface OpenLink {
  url: string;
  openAs?: string;
  onClose?: string;
}

export interface Action {
  function: string;
  parameters?: { key: string; value: string }[];
  requiredWidgets?: string[];
  allWidgetsAreRequired?: boolean;
  loadIndicator?: string;
}

// Navigation holds exactly one of its fields.
export interface Navigation {
  pushCard?: Card;
  updateCard?: Card;
  pop?: boolean;
  popToRoot?: boolean;
  popToCard?: string;
}

// Reply is what an envelope asks the host to do.
export interface Reply {
  navigations: Navigation[];
  notification?: string;
  link?: OpenLink;
  suggestions?: string[];
  draft?: { html: string; subject: string | undefined } | undefined; // for the mail that is being written
  created?: string | undefined; // the draft that the host opens, as it calls it
}
