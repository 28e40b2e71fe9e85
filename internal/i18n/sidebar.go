package i18n

import "maps"

// tongues is a message in all languages, in the order of Langs.
type tongues [4]message

// with adds the words of the sidebar to a catalogue; n is the place of its
// language in Langs.
func with(m map[Key]message, n int) map[Key]message {
	out := maps.Clone(m)
	for k, t := range sidebar {
		out[k] = t[n]
	}
	return out
}

func plain(en, fr, it, pl string) tongues { return tongues{text(en), text(fr), text(it), text(pl)} }

// sidebar are the words of the cards that change records.
var sidebar = map[Key]tongues{

	NoticeReminder: plain("Reminder: {0}", "Rappel : {0}", "Promemoria: {0}", "Przypomnienie: {0}"),
	NoticeDue:      plain("Due today: {0}", "À faire aujourd’hui : {0}", "In scadenza oggi: {0}", "Termin dzisiaj: {0}"),
	NoticeAssigned: plain("A task for you: {0}", "Une tâche pour vous : {0}", "Un’attività per te: {0}", "Zadanie dla Ciebie: {0}"),
	NoticeMention:  plain("You were mentioned: {0}", "Vous avez été mentionné : {0}", "Sei stato menzionato: {0}", "Wspomniano o Tobie: {0}"),
	NoticeReply:    plain("The reply has come: {0}", "La réponse est arrivée : {0}", "È arrivata la risposta: {0}", "Przyszła odpowiedź: {0}"),
	NoticeAsked:    plain("A colleague asks to read your mail: {0}", "Un collègue demande à lire votre message : {0}", "Un collega chiede di leggere il tuo messaggio: {0}", "Współpracownik prosi o dostęp do Twojej wiadomości: {0}"),
	NoticeGranted:  plain("You may read this mail now: {0}", "Vous pouvez maintenant lire ce message : {0}", "Ora puoi leggere questo messaggio: {0}", "Możesz już przeczytać tę wiadomość: {0}"),
	NoticeRefused:  plain("You may not read this mail: {0}", "L’accès à ce message vous est refusé : {0}", "L’accesso a questo messaggio è stato rifiutato: {0}", "Odmówiono dostępu do wiadomości: {0}"),
	NoticesTitle:   plain("New for you", "Nouveau pour vous", "Novità per te", "Nowości dla Ciebie"),
	NoticesRead:    plain("Mark all as read", "Tout marquer comme lu", "Segna tutto come letto", "Oznacz wszystko jako przeczytane"),
	NoticeDigest: {count("{0} notification", "{0} notifications"), count("{0} notification pour vous", "{0} notifications pour vous"),
		count("{0} notifica", "{0} notifiche"), countSlavic("{0} powiadomienie", "{0} powiadomienia", "{0} powiadomień")},

	ActionAdd:    plain("Add", "Ajouter", "Aggiungi", "Dodaj"),
	ActionCreate: plain("Create", "Créer", "Crea", "Utwórz"),
	ActionSave:   plain("Save", "Enregistrer", "Salva", "Zapisz"),
	ActionEdit:   plain("Change", "Modifier", "Modifica", "Zmień"),
	ActionWin:    plain("Won", "Gagnée", "Vinta", "Wygrana"),
	ActionLose:   plain("Lost", "Perdue", "Persa", "Przegrana"),
	ActionReopen: plain("Reopen", "Rouvrir", "Riapri", "Otwórz ponownie"),
	ActionRemove: plain("Remove", "Retirer", "Rimuovi", "Usuń"),
	ActionDial:   plain("Call now", "Appeler", "Chiama", "Zadzwoń"),
	Saved:        plain("Saved.", "Enregistré.", "Salvato.", "Zapisano."),
	Nobody:       plain("(nobody)", "(personne)", "(nessuno)", "(nikt)"),
	FormWrong:    plain("Please check: {0}", "À vérifier : {0}", "Da verificare: {0}", "Sprawdź pole: {0}"),
	FormTaken:    plain("Another record has this already: {0}", "Une autre fiche l’a déjà : {0}", "Un’altra scheda lo ha già: {0}", "Inny rekord już to ma: {0}"),

	FieldName:     plain("Name", "Nom", "Nome", "Imię i nazwisko"),
	FieldTitle:    plain("Job title", "Fonction", "Ruolo", "Stanowisko"),
	FieldEmail:    plain("Email", "E-mail", "Indirizzo e-mail", "Adres e-mail"),
	FieldPhone:    plain("Phone", "Téléphone", "Telefono", "Telefon"),
	FieldDomain:   plain("Domain", "Domaine", "Dominio", "Domena"),
	FieldStage:    plain("Stage", "Étape", "Fase", "Etap"),
	FieldAmount:   plain("Amount", "Montant", "Importo", "Kwota"),
	FieldClose:    plain("Expected close", "Clôture prévue", "Chiusura prevista", "Planowane zamknięcie"),
	FieldOwner:    plain("Owner", "Responsable", "Responsabile", "Opiekun"),
	FieldNext:     plain("Next step", "Prochaine étape", "Prossimo passo", "Następny krok"),
	FieldReason:   plain("Reason for losing", "Motif de la perte", "Motivo della perdita", "Powód przegranej"),
	FieldDue:      plain("Due", "Échéance", "Scadenza", "Termin"),
	FieldTask:     plain("What is to be done", "À faire", "Cosa fare", "Co trzeba zrobić"),
	FieldAssignee: plain("Who does it", "À la charge de", "Assegnata a", "Kto to zrobi"),
	FieldOutcome:  plain("Outcome", "Résultat", "Esito", "Wynik"),
	FieldPattern:  plain("Address or domain", "Adresse ou domaine", "Indirizzo o dominio", "Adres lub domena"),

	DealNext:     plain("Next step: {0}", "Prochaine étape : {0}", "Prossimo passo: {0}", "Następny krok: {0}"),
	DealLate:     {count("{0} day past its expected close", "{0} days past its expected close"), count("{0} jour de retard sur la clôture prévue", "{0} jours de retard sur la clôture prévue"), count("{0} giorno oltre la chiusura prevista", "{0} giorni oltre la chiusura prevista"), countSlavic("{0} dzień po planowanym zamknięciu", "{0} dni po planowanym zamknięciu", "{0} dni po planowanym zamknięciu")},
	DealMoved:    plain("Stage saved: {0}", "Étape enregistrée : {0}", "Fase salvata: {0}", "Zapisano etap: {0}"),
	DealWon:      plain("Won: {0}", "Gagnée : {0}", "Vinta: {0}", "Wygrana: {0}"),
	DealLost:     plain("Lost: {0}", "Perdue : {0}", "Persa: {0}", "Przegrana: {0}"),
	DealReopened: plain("Open again: {0}", "Rouverte : {0}", "Riaperta: {0}", "Otwarta ponownie: {0}"),
	LoseTitle:    plain("Why was it lost?", "Pourquoi l’avez-vous perdue ?", "Perché è stata persa?", "Dlaczego przegrana?"),

	SectionRecord: plain("Log something", "Consigner", "Registra attività", "Zapisz aktywność"),
	SectionTasks:  plain("Open tasks", "Tâches ouvertes", "Attività aperte", "Otwarte zadania"),
	ActionNote:    plain("Note", "Note", "Nota", "Notatka"),
	ActionCall:    plain("Call", "Appel", "Chiamata", "Rozmowa"),
	NoteSaved:     plain("Note saved.", "Note enregistrée.", "Nota salvata.", "Zapisano notatkę."),
	CallSaved:     plain("Call saved.", "Appel enregistré.", "Chiamata salvata.", "Zapisano rozmowę."),
	TaskQuick:     plain("Remind me to follow up:", "Me rappeler de relancer :", "Ricordami di ricontattare:", "Przypomnij o kontakcie:"),
	TaskTomorrow:  plain("Tomorrow", "Demain", "Domani", "Jutro"),
	TaskThree:     plain("In 3 days", "Dans 3 jours", "Fra 3 giorni", "Za 3 dni"),
	TaskWeek:      plain("Next week", "Dans une semaine", "Fra una settimana", "Za tydzień"),
	TaskOther:     plain("Other date…", "Autre date…", "Altra data…", "Inna data…"),
	TaskFollow:    plain("Follow up: {0}", "Relancer : {0}", "Ricontattare: {0}", "Skontaktować się: {0}"),
	TaskSaved:     plain("Task saved.", "Tâche enregistrée.", "Attività salvata.", "Zapisano zadanie."),
	TaskReply:     plain("When they reply", "À leur réponse", "Alla risposta", "Gdy odpiszą"),
	TaskWaits:     plain("Waits for a reply", "En attente d’une réponse", "In attesa di risposta", "Czeka na odpowiedź"),
	TaskSnoozed:   plain("The task comes back when they write.", "La tâche reviendra dès leur réponse.", "L’attività tornerà con la risposta.", "Zadanie wróci, gdy odpiszą."),
	TaskMove:      plain("Put it off until:", "Reporter :", "Rimanda:", "Odłóż:"),
	TaskMoved:     plain("Due {0}.", "Échéance : {0}.", "Scadenza: {0}.", "Termin: {0}."),
	TaskFinish:    plain("Done", "Terminée", "Fatto", "Zrobione"),
	TaskDone:      plain("Task done.", "Tâche terminée.", "Attività completata.", "Zadanie wykonane."),

	NewTitle:       plain("New in Threadline", "Ajouter à Threadline", "Aggiungi a Threadline", "Nowy w Threadline"),
	NewAs:          plain("Create as", "Créer en tant que", "Crea come", "Utwórz jako"),
	NewWithDeal:    plain("Contact with a deal", "Contact avec une opportunité", "Contatto con un’opportunità", "Kontakt z szansą sprzedaży"),
	NewCompanyOnly: plain("Company only", "Entreprise seulement", "Solo l’azienda", "Tylko firma"),
	NewDealName:    plain("Name of the deal (optional)", "Nom de l’opportunité (facultatif)", "Nome dell’opportunità (facoltativo)", "Nazwa szansy sprzedaży (opcjonalnie)"),
	NewDone:        plain("Created.", "Créé.", "Creato.", "Utworzono."),
	AlikeTitle:     plain("Is it one of these?", "Est-ce l’une de ces fiches ?", "È una di queste?", "Czy to jeden z tych rekordów?"),
	AlikeText:      plain("These records look the same", "Ces fiches se ressemblent", "Queste schede si somigliano", "Te rekordy są podobne"),
	AlikeUse:       plain("Use that one", "Utiliser celle-ci", "Usa questa", "Użyj tego"),
	AlikeUsed:      plain("The address now belongs to {0}.", "L’adresse appartient désormais à {0}.", "L’indirizzo ora appartiene a {0}.", "Adres należy teraz do: {0}."),
	AlikeAnyway:    plain("Create anyway", "Créer quand même", "Crea comunque", "Utwórz mimo to"),

	SearchTitle:    plain("Search", "Rechercher", "Cerca", "Szukaj"),
	SearchLabel:    plain("Name, address or domain", "Nom, adresse ou domaine", "Nome, indirizzo o dominio", "Nazwa, adres lub domena"),
	ActionSearch:   plain("Find", "Trouver", "Trova", "Znajdź"),
	SearchFound:    plain("Found", "Résultats", "Risultati", "Wyniki"),
	SearchNothing:  plain("Nothing was found.", "Aucun résultat.", "Nessun risultato.", "Nic nie znaleziono."),
	SectionRelated: plain("Related", "Fiches liées", "Collegati", "Powiązane"),
	ActionLink:     plain("Log this conversation here", "Consigner cet échange ici", "Registra qui la conversazione", "Zarejestruj tu tę rozmowę"),
	ActionUnlink:   plain("Take it off here", "Le retirer d’ici", "Toglila da qui", "Usuń ją stąd"),
	LinkDone:       plain("The conversation is logged at {0}.", "L’échange est consigné sous {0}.", "La conversazione è registrata in {0}.", "Rozmowa jest zarejestrowana przy: {0}."),
	UnlinkDone:     plain("The conversation is off {0}.", "L’échange est retiré de {0}.", "La conversazione è tolta da {0}.", "Rozmowa nie jest już przy: {0}."),

	SettingsTitle:    plain("Settings", "Paramètres", "Impostazioni", "Ustawienia"),
	SectionNever:     plain("Never log", "Ne jamais consigner", "Non registrare mai", "Nigdy nie rejestruj"),
	SectionPrivacy:   plain("Privacy", "Confidentialité", "Riservatezza", "Prywatność"),
	PrivacyText:      plain("One click on a message hides it from colleagues, whatever stands here.", "Un clic sur un message le cache à vos collègues, quel que soit ce réglage.", "Un clic su un messaggio lo nasconde ai colleghi, qualunque cosa si scelga qui.", "Jednym kliknięciem ukryjesz wiadomość przed współpracownikami, cokolwiek tu wybierzesz."),
	PrivacyBox:       plain("Colleagues see of {0}", "Vos collègues voient, pour {0}", "I colleghi vedono di {0}", "Współpracownicy widzą w {0}"),
	ShareNone:        plain("Nothing", "Rien", "Niente", "Nic"),
	ShareMetadata:    plain("Who wrote to whom and when", "Qui a écrit à qui et quand", "Chi ha scritto a chi e quando", "Kto do kogo i kiedy pisał"),
	ShareSubject:     plain("The subject as well", "L’objet aussi", "Anche l’oggetto", "Także temat"),
	ShareFull:        plain("The whole message", "Le message entier", "Tutto il messaggio", "Całą wiadomość"),
	NeverHint:        plain("Such as bank.example: what lies below the domain counts too", "Par exemple bank.example : les sous-domaines comptent aussi", "Per esempio bank.example: valgono anche i sottodomini", "Na przykład bank.example: także wszystko poniżej tej domeny"),
	ExcludeNever:     plain("Never store it", "Ne jamais le stocker", "Non archiviarlo mai", "Nigdy nie zapisuj"),
	ExcludeOwner:     plain("Only I see it", "Visible par moi seul", "Visibile solo a me", "Widoczne tylko dla mnie"),
	ExcludeCopy:      plain("Keep it off timelines", "Hors des historiques", "Fuori dalle cronologie", "Poza osiami czasu"),
	ExcludePerson:    plain("Do not match by it", "Ne pas s’en servir pour rapprocher", "Non usarlo per abbinare", "Nie dopasowuj po nim"),
	ExcludeMetadata:  plain("Others see metadata only", "Les autres ne voient que les métadonnées", "Gli altri vedono solo i metadati", "Inni widzą tylko metadane"),
	MailboxNone:      plain("No mailbox is connected yet.", "Aucune boîte n’est connectée.", "Nessuna casella collegata.", "Nie połączono jeszcze skrzynki."),
	MailboxPausedNow: plain("The mailbox is paused.", "La boîte est en pause.", "La casella è in pausa.", "Skrzynka jest wstrzymana."),
	MailboxGoesOn:    plain("The mailbox goes on.", "La boîte reprend.", "La casella riprende.", "Skrzynka działa dalej."),
	ActionPause:      plain("Pause", "Suspendre", "Sospendi", "Wstrzymaj"),
	ActionResume:     plain("Go on", "Reprendre", "Riprendi", "Wznów"),
	ActionRepair:     plain("Repair", "Réparer", "Ripara", "Napraw"),
	ActionConnect:    plain("Connect a mailbox", "Connecter une boîte", "Collega una casella", "Połącz skrzynkę"),
	SectionLanguage:  plain("Language", "Langue", "Lingua", "Język"),
	LanguageName:     plain("English", "Français", "Italiano", "Polski"),
	LanguageHint:     plain("Inside Gmail, cards follow the language of Gmail.", "Dans Gmail, les fiches suivent la langue de Gmail.", "In Gmail le schede seguono la lingua di Gmail.", "W Gmailu karty są w języku Gmaila."),

	ComposeTitle:   plain("Insert a template", "Insérer un modèle", "Inserisci un modello", "Wstaw szablon"),
	ComposeChoose:  plain("Templates", "Modèles", "Modelli", "Szablony"),
	ComposeNone:    plain("There are no templates yet.", "Aucun modèle pour l’instant.", "Non ci sono ancora modelli.", "Nie ma jeszcze szablonów."),
	ComposeFrom:    plain("Write as", "Écrire avec l’adresse", "Scrivi come", "Pisz z adresu"),
	ComposeFromTip: plain("Choose it in Gmail’s From line, too: no add-on may change that line.", "Choisissez-la aussi dans le champ De de Gmail : aucune extension ne peut le modifier.", "Sceglilo anche nel campo Da di Gmail: nessun componente può modificarlo.", "Wybierz go także w polu Od w Gmailu: żaden dodatek nie może go zmienić."),
	ComposeMissing: plain("No value for", "Sans valeur", "Senza valore", "Brak wartości"),
	ComposeSubject: plain("Use the subject of the template", "Reprendre l’objet du modèle", "Usa l’oggetto del modello", "Użyj tematu z szablonu"),
	ActionInsert:   plain("Insert", "Insérer", "Inserisci", "Wstaw"),
	FieldSubject:   plain("Subject", "Objet", "Oggetto", "Temat"),
}
