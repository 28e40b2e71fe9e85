// Draws the cards that the server sends with CardService: one function for each
// part of the card JSON, and nothing decided here. A part that this script does
// not know is an error, never left out in silence.

/** The card of the JSON of a google.apps.card.v1.Card. */
function cardOf(json) {
  const known = only(json, ["name", "header", "sections", "cardActions"]);
  const card = CardService.newCardBuilder().setHeader(headerOf(known.header));
  if (known.name) card.setName(known.name);
  known.sections.forEach((section) => card.addSection(sectionOf(section)));
  (known.cardActions || []).forEach((entry) => {
    card.addCardAction(clickable(CardService.newCardAction().setText(entry.actionLabel), entry.onClick));
  });
  return card.build();
}

function headerOf(json) {
  const known = only(json, ["title", "subtitle"]);
  const header = CardService.newCardHeader().setTitle(known.title);
  return known.subtitle ? header.setSubtitle(known.subtitle) : header;
}

function sectionOf(json) {
  const known = only(json, ["header", "collapsible", "uncollapsibleWidgetsCount", "widgets"]);
  const section = CardService.newCardSection();
  if (known.header) section.setHeader(known.header);
  if (known.collapsible) section.setCollapsible(true);
  if (known.uncollapsibleWidgetsCount) section.setNumUncollapsibleWidgets(known.uncollapsibleWidgetsCount);
  known.widgets.forEach((widget) => widgetsOf(widget).forEach((one) => section.addWidget(one)));
  return section;
}

/** The widgets of one widget of the JSON: chips become two, a text and buttons. */
function widgetsOf(json) {
  const kind = single(json);
  const body = json[kind];
  switch (kind) {
    case "textParagraph":
      return [CardService.newTextParagraph().setText(only(body, ["text"]).text)];
    case "decoratedText":
      return [rowOf(body)];
    case "buttonList":
      return [buttonsOf(only(body, ["buttons"]).buttons)];
    case "chipList":
      return chipsOf(only(body, ["layout", "chips"]).chips);
    case "image":
      return [imageOf(body)];
    case "divider":
      return [CardService.newDivider()];
    case "textInput":
      return [textInputOf(body)];
    case "selectionInput":
      return [selectionOf(body)];
    case "dateTimePicker":
      return [pickerOf(body)];
  }
  throw new Error("a card holds an unknown widget: " + kind);
}

function rowOf(json) {
  const known = only(json, ["startIcon", "topLabel", "text", "bottomLabel", "wrapText", "onClick", "button"]);
  const row = CardService.newDecoratedText().setText(known.text).setWrapText(known.wrapText === true);
  if (known.topLabel) row.setTopLabel(known.topLabel);
  if (known.bottomLabel) row.setBottomLabel(known.bottomLabel);
  if (known.startIcon) row.setStartIcon(iconOf(known.startIcon));
  if (known.button) row.setButton(buttonOf(known.button));
  return known.onClick ? clickable(row, known.onClick) : row;
}

function iconOf(json) {
  const known = only(json, ["knownIcon", "altText"]);
  const icon = CardService.newIconImage().setIcon(CardService.Icon[known.knownIcon]);
  return known.altText ? icon.setAltText(known.altText) : icon;
}

function imageOf(json) {
  const known = only(json, ["imageUrl", "altText"]);
  const image = CardService.newImage().setImageUrl(known.imageUrl);
  return known.altText ? image.setAltText(known.altText) : image;
}

function buttonsOf(list) {
  const set = CardService.newButtonSet();
  list.forEach((button) => set.addButton(buttonOf(button)));
  return set;
}

function buttonOf(json) {
  const known = only(json, ["text", "onClick"]);
  return clickable(CardService.newTextButton().setText(known.text), known.onClick);
}

/** CardService has no chips: those that do nothing are a line of text, the others buttons. */
function chipsOf(chips) {
  const all = chips.map((chip) => only(chip, ["label", "onClick"]));
  const labels = all.filter((chip) => !chip.onClick).map((chip) => escaped(chip.label));
  const buttons = all.filter((chip) => chip.onClick).map((chip) => ({ text: chip.label, onClick: chip.onClick }));
  const out = [];
  if (labels.length) out.push(CardService.newTextParagraph().setText(labels.join(" · ")));
  if (buttons.length) out.push(buttonsOf(buttons));
  return out;
}

/** A label is plain, a paragraph is markup. */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function textInputOf(json) {
  const known = only(json, ["name", "label", "hintText", "value", "type", "validation", "onChangeAction", "autoCompleteAction"]);
  const input = CardService.newTextInput().setFieldName(known.name).setTitle(known.label);
  if (known.hintText) input.setHint(known.hintText);
  if (known.value) input.setValue(known.value);
  if (known.type === "MULTIPLE_LINE") input.setMultiline(true);
  if (known.validation) input.setValidation(validationOf(known.validation));
  if (known.onChangeAction) input.setOnChangeAction(actionOf(known.onChangeAction));
  if (known.autoCompleteAction) input.setSuggestionsAction(actionOf(known.autoCompleteAction));
  return input;
}

function validationOf(json) {
  const known = only(json, ["inputType", "characterLimit"]);
  const validation = CardService.newValidation();
  if (known.inputType) validation.setInputType(CardService.InputType[known.inputType]);
  if (known.characterLimit) validation.setCharacterLimit(known.characterLimit);
  return validation;
}

function selectionOf(json) {
  const known = only(json, ["name", "label", "type", "items", "onChangeAction"]);
  const input = CardService.newSelectionInput().setFieldName(known.name).setType(CardService.SelectionInputType[known.type]);
  if (known.label) input.setTitle(known.label);
  known.items.forEach((item) => input.addItem(item.text, item.value, item.selected === true));
  if (known.onChangeAction) input.setOnChangeAction(actionOf(known.onChangeAction));
  return input;
}

function pickerOf(json) {
  const known = only(json, ["name", "label", "type", "valueMsEpoch", "onChangeAction"]);
  const picker = (known.type === "DATE_ONLY" ? CardService.newDatePicker() : CardService.newDateTimePicker()).setFieldName(known.name);
  if (known.label) picker.setTitle(known.label);
  if (known.valueMsEpoch) picker.setValueInMsSinceEpoch(known.valueMsEpoch);
  if (known.onChangeAction) picker.setOnChangeAction(actionOf(known.onChangeAction));
  return picker;
}

/** Lets a part be clicked. CardService wants to know before which clicks begin a mail. */
function clickable(part, click) {
  if (single(click) !== "action") return part.setOpenLink(linkOf(click.openLink));
  const begins = (click.action.parameters || []).some((parameter) => parameter.key === "compose");
  if (!begins) return part.setOnClickAction(actionOf(click.action));
  const action = actionOf(click.action).setFunctionName("onDraft");
  // The published types and Google's pages call it differently.
  const kinds = CardService.ComposedEmailType;
  return part.setComposeAction(action, kinds.STANDALONE_DRAFT || kinds.STANDALONE_AS_DRAFT);
}

/** Every action of the server comes back through onAction; its address is this script's own. */
function actionOf(json) {
  const known = only(json, ["function", "parameters", "loadIndicator", "requiredWidgets"]);
  const action = CardService.newAction().setFunctionName("onAction");
  const parameters = {};
  (known.parameters || []).forEach((parameter) => {
    parameters[parameter.key] = parameter.value;
  });
  action.setParameters(parameters);
  if (known.loadIndicator) action.setLoadIndicator(CardService.LoadIndicator[known.loadIndicator]);
  (known.requiredWidgets || []).forEach((name) => action.addRequiredWidget(name));
  return action;
}

function linkOf(json) {
  const known = only(json, ["url", "openAs", "onClose"]);
  const link = CardService.newOpenLink().setUrl(known.url);
  if (known.openAs) link.setOpenAs(CardService.OpenAs[known.openAs]);
  if (known.onClose) link.setOnClose(CardService.OnClose[known.onClose]);
  return link;
}

/** The one key of a union. */
function single(json) {
  const keys = Object.keys(json);
  if (keys.length !== 1) throw new Error("a union holds " + keys.join(" and "));
  return keys[0];
}

/** Refuses keys that this script would leave out. */
function only(json, keys) {
  Object.keys(json).forEach((key) => {
    if (keys.indexOf(key) < 0) throw new Error("a card holds an unknown field: " + key);
  });
  return json;
}
