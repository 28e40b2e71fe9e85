import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useWords } from "../words/words";

// Secret is an input for a password, which can be shown.
export function Secret(props: PasswordInputProps) {
  const { showPassword } = useWords();
  return <PasswordInput {...props} visibilityToggleButtonProps={{ "aria-label": showPassword }} />;
}
