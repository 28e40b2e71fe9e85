import styles from "./settings.module.css";

// Form is a line of inputs with one button.
export function Form({ submit, children }: { submit: () => void; children: React.ReactNode }) {
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
    </form>
  );
}

// Once shows a secret that is told one time only.
export function Once({ title, text }: { title: string; text: string }) {
  return (
    <div className={styles.once} role="status">
      <strong>{title}</strong>
      <code>{text}</code>
    </div>
  );
}
