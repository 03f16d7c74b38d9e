interface Fields {
  readonly getInputNode: (path: string) => HTMLElement | null;
}

/** For `onSubmit` of a form: who sent it with something wrong stands at the first field that is, and hears why. */
export function focusFirst(form: Fields): (errors: Readonly<Record<string, unknown>>) => void {
  return (errors) => {
    const [first] = Object.keys(errors);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
}
