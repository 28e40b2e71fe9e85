package crm

// userType is the id of a user of the workspace.
func userType() fieldType {
	return texted("user", viaText(func(s string) (UserID, error) { return ParseID[UserID](PrefixUser, s) }))
}
