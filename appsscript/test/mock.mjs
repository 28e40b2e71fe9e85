// A CardService, and the other services that the script calls, made of the
// published types: a method, an enumeration or a member that they do not have,
// and an argument of another type, are errors. Calls are written down.
import { read } from "./types.mjs";

export class Mock {
  calls = [];

  constructor(name) {
    this.types = read(name);
  }

  // make is an object of a class.
  make(className) {
    const { methods, properties } = this.types.classes.get(className) ?? unknown("class", className);
    return new Proxy(
      {},
      {
        get: (_, key) => {
          if (key === kindOf) return className;
          if (typeof key === "symbol") return undefined;
          if (properties.has(key)) return this.enumeration(properties.get(key));
          const forms = methods.get(key) ?? unknown("method", `${className}.${key}`);
          return (...args) => this.called(className, key, forms, args);
        },
        set: (_, key) => unknown("property", `${className}.${String(key)}`),
      },
    );
  }

  called(className, method, forms, args) {
    const form = forms.find((one) => one.args.length === args.length && one.args.every((type, i) => this.fits(type, args[i])));
    if (!form) throw new TypeError(`${className}.${method} does not take (${args.map(describe).join(", ")})`);
    this.calls.push({ method: `${className}.${method}`, args });
    return this.types.classes.has(form.returns) ? this.make(form.returns) : undefined;
  }

  enumeration(name) {
    const members = this.types.enums.get(name) ?? unknown("enumeration", name);
    return new Proxy(
      {},
      { get: (_, key) => (members.includes(key) ? { [kindOf]: name, member: key } : unknown("member", `${name}.${String(key)}`)) },
    );
  }

  fits(type, value) {
    if (value === undefined || value === null) return false;
    if (type.endsWith("[]")) return Array.isArray(value) && value.every((one) => this.fits(type.slice(0, -2), one));
    switch (type) {
      case "any":
        return true;
      case "string":
      case "boolean":
      case "number":
        return typeof value === type;
      case "Integer":
        return Number.isInteger(value);
      case "object":
        return Object.values(value).every((one) => typeof one === "string");
    }
    const own = type.slice(type.lastIndexOf(".") + 1); // of another service
    return value[kindOf] === own || this.alike(own, value[kindOf]);
  }

  // alike tells whether one class may stand for another: the types say so by
  // having the same methods. Widget has none, so whatever is no builder's
  // result fits; those that a section takes are known by name.
  alike(wanted, given) {
    const want = this.types.classes.get(wanted);
    const have = this.types.classes.get(given);
    if (!want || !have) return false;
    if (want.methods.size === 0) return widgets.has(given);
    return [...want.methods.keys()].every((method) => have.methods.has(method));
  }
}

export const kindOf = Symbol("kind");
const widgets = new Set(
  "TextParagraph DecoratedText ButtonSet TextButton Image Divider TextInput SelectionInput DatePicker DateTimePicker TimePicker Grid".split(" "),
);

function unknown(what, name) {
  throw new TypeError(`the published types have no ${what} ${name}`);
}

function describe(value) {
  return String(value?.[kindOf] ?? (value && typeof value === "object" ? "object" : `${typeof value} ${value}`));
}
