package crm

// maxExpr is the longest expression of a formula, in bytes.
const maxExpr = 2000

// formulaType is a value that an expression gives, computed when it is read.
// Package formula reads the expression.
func formulaType() fieldType {
	return fieldType{widget: "formula", derived: true, parse: refuseDerived, format: plainText,
		check: func(f Field) error {
			if f.Expr == "" || len(f.Expr) > maxExpr {
				return Errorf(Invalid, "crm.Field", "a formula has an expression of at most %d bytes", maxExpr).WithField("expr")
			}
			return nil
		}}
}

func refuseDerived(f Field, _ any) (any, error) {
	return nil, Errorf(Invalid, "crm.Field", "%s is computed", f.Key)
}
