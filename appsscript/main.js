// The functions that appsscript.json names. Each sends the event to the server
// and draws its answer.

const ENDPOINT = "https://threadline.example/addon/v1/event";

function onHomepage(event) {
  return cardsOf(ask("home", event));
}

function onMessage(event) {
  return cardsOf(ask("message", event));
}

function onCompose(event) {
  return cardsOf(ask("compose", event));
}

function onSettings(event) {
  const cards = cardsOf(ask("settings", event));
  return CardService.newUniversalActionResponseBuilder().displayAddOnCards(cards).build();
}

/** Every action of every card. */
function onAction(event) {
  return responseOf(ask("", event));
}

/** Every action that begins a mail. */
function onDraft(event) {
  return begunOf(ask("", event));
}

/**
 * Sends an event as Gmail would send it to a server. The identity token says who
 * clicked; the access token lets the server read the headers of the open
 * message. Gmail shows its own notice when this fails.
 */
function ask(trigger, event) {
  const authorization = { userOAuthToken: ScriptApp.getOAuthToken() };
  const answer = UrlFetchApp.fetch(ENDPOINT + "?t=" + trigger, {
    method: "post",
    contentType: "application/json",
    headers: { Authorization: "Bearer " + ScriptApp.getIdentityToken() },
    payload: JSON.stringify(Object.assign({}, event, { authorizationEventObject: authorization })),
    muteHttpExceptions: true,
  });
  const status = answer.getResponseCode();
  if (status !== 200) throw new Error("Threadline answers " + status);
  return JSON.parse(answer.getContentText());
}
