// Turns the answers of the server into what Apps Script callbacks return.

/** The cards of the answer to a trigger. */
function cardsOf(answer) {
  const kind = single(answer);
  switch (kind) {
    case "action":
      return pushed(answer.action);
    case "custom_authorization_prompt":
      return pushed(answer.custom_authorization_prompt.action);
    case "requesting_google_scopes":
      return requireScopes(answer.requesting_google_scopes);
  }
  throw new Error("the server gives a trigger an unknown answer: " + kind);
}

function pushed(steps) {
  return only(steps, ["navigations"]).navigations.map((step) => cardOf(only(step, ["pushCard"]).pushCard));
}

/** Asks the person for scopes; this ends the callback, and Gmail runs it again afterwards. */
function requireScopes(request) {
  if (request.all_scopes) ScriptApp.requireAllScopes(ScriptApp.AuthMode.FULL);
  else ScriptApp.requireScopes(ScriptApp.AuthMode.FULL, request.scopes);
  return [];
}

/** The response of the answer to a click, a change or a completion. */
function responseOf(answer) {
  only(answer, ["renderActions", "stateChanged", "autoComplete", "custom_authorization_prompt", "requesting_google_scopes"]);
  if (answer.autoComplete) return suggestionsOf(answer.autoComplete);
  if (answer.requesting_google_scopes) requireScopes(answer.requesting_google_scopes);
  const prompt = answer.custom_authorization_prompt;
  const render = only(answer.renderActions || prompt || {}, ["action", "hostAppAction"]);
  if (render.hostAppAction) return draftOf(render.hostAppAction);
  return stepsOf(render.action || {}, answer.stateChanged === true);
}

function stepsOf(json, changed) {
  const known = only(json, ["navigations", "notification", "link"]);
  const response = CardService.newActionResponseBuilder().setStateChanged(changed);
  if (known.navigations) response.setNavigation(navigationOf(known.navigations));
  if (known.notification) response.setNotification(CardService.newNotification().setText(known.notification.text));
  if (known.link) response.setOpenLink(linkOf(known.link));
  return response.build();
}

function navigationOf(steps) {
  const navigation = CardService.newNavigation();
  steps.forEach((step) => {
    const kind = single(step);
    switch (kind) {
      case "pushCard":
        return navigation.pushCard(cardOf(step.pushCard));
      case "updateCard":
        return navigation.updateCard(cardOf(step.updateCard));
      case "pop":
        return navigation.popCard();
      case "popToRoot":
        return navigation.popToRoot();
      case "popToCard":
        return navigation.popToNamedCard(step.popToCard);
    }
    throw new Error("the server sends an unknown step: " + kind);
  });
  return navigation;
}

function suggestionsOf(json) {
  const texts = only(json, ["items"]).items.map((item) => only(item, ["text"]).text);
  const suggestions = CardService.newSuggestions().addSuggestions(texts);
  return CardService.newSuggestionsResponseBuilder().setSuggestions(suggestions).build();
}

function draftOf(json) {
  const gmail = only(only(json, ["gmailAction"]).gmailAction, ["updateDraftActionMarkup", "openCreatedDraftActionMarkup"]);
  if (gmail.openCreatedDraftActionMarkup) return openedOf(gmail.openCreatedDraftActionMarkup);
  const change = gmail.updateDraftActionMarkup;
  const known = only(change, ["updateBody", "updateSubject"]);
  const body = CardService.newUpdateDraftBodyAction().setUpdateType(CardService.UpdateDraftBodyType[known.updateBody.type]);
  known.updateBody.insertContents.forEach((part) => body.addUpdateContent(part.content, CardService.ContentType[part.contentType]));
  const response = CardService.newUpdateDraftActionResponseBuilder().setUpdateDraftBodyAction(body);
  if (known.updateSubject) {
    response.setUpdateDraftSubjectAction(CardService.newUpdateDraftSubjectAction().addUpdateSubject(known.updateSubject.subject));
  }
  return response.build();
}

/** Opens the draft that the server made. */
function openedOf(json) {
  const id = only(json, ["draftId", "draftThreadId"]).draftId;
  return CardService.newComposeActionResponseBuilder().setGmailDraft(GmailApp.getDraft(id)).build();
}

/**
 * The response of the answer to a click that begins a mail. Gmail takes nothing but a
 * draft for it, so whatever else the server says is told as an error.
 */
function begunOf(answer) {
  only(answer, ["renderActions", "stateChanged", "requesting_google_scopes"]);
  if (answer.requesting_google_scopes) requireScopes(answer.requesting_google_scopes);
  const render = only(answer.renderActions || {}, ["action", "hostAppAction"]);
  if (render.hostAppAction) return draftOf(render.hostAppAction);
  throw new Error(toldBy(render.action || {}));
}

function toldBy(action) {
  if (action.notification) return action.notification.text;
  const cards = (action.navigations || []).map((step) => step.pushCard || step.updateCard).filter((card) => card);
  return cards.length ? cards[0].header.title : "Threadline made no draft";
}
