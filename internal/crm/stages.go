package crm

// Priorities are the priorities of a deal or a ticket, the lowest first.
func Priorities() []string { return []string{"low", "medium", "high", "urgent"} }

// staged are the fields of a noun whose records move through a pipeline. What
// the program sets is kept by package records when the stage moves.
func staged() []Field {
	return []Field{
		{Key: "pipeline", Type: FieldText, Required: true},
		{Key: "stage", Type: FieldText, Required: true},
		{Key: "stage_kind", Type: FieldText, System: true},
		{Key: "created", Type: FieldTime},
		{Key: "closed_at", Type: FieldTime, System: true},
		{Key: "lost_reason", Type: FieldText},
		{Key: "priority", Type: FieldChoice, Choices: Priorities()},
		{Key: "stage_history", Type: FieldText, Many: true, System: true}, // see StageMove
	}
}
