/** Makes an element with attributes and children. Text goes in as text: nothing here reads markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes?: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K];
export function element(
  name: string,
  attributes?: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElement;
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Sets a text only when it differs, so that a screen reader hears no repetition and a selection stays. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
