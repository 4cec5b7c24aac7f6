/** Small forms: what is typed is asked of the kernel, and what comes of it is told. */

import { h } from '../dom';

export interface Field {
  name: string;
  label: string;
  placeholder?: string;
  isLong?: boolean;
  kind?: 'text' | 'number';
  isNeeded?: boolean;
}

export type Values = Record<string, string>;

/** Does what the form asks for; true if it was done, and the form can be emptied. */
export type Submit = (values: Values) => Promise<boolean>;

/** A form of these fields with one button. Enter in a line, and Ctrl+Enter in a text, press it. */
export function form(fields: Field[], button: string, submit: Submit): HTMLFormElement {
  const inputs = fields.map(inputOf);
  const lines = inputs.map((input, at) => labelled(fields[at]?.label ?? '', input));
  const pressed = h('button', { class: 'ao-button', type: 'submit' }, button);
  const element = h('form', { class: 'ao-form' }, ...lines, pressed);
  element.addEventListener('submit', event => {
    event.preventDefault();
    const values = Object.fromEntries(inputs.map(input => [input.name, input.value]));
    pressed.disabled = true;
    void submit(values).then(isDone => {
      pressed.disabled = false;
      if (isDone) {
        element.reset();
      }
    });
  });
  element.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      element.requestSubmit();
    }
    // What is typed here is not for the notebook's shortcuts.
    event.stopPropagation();
  });
  return element;
}

type Input = HTMLInputElement | HTMLTextAreaElement;

function inputOf(field: Field): Input {
  const attributes = {
    class: 'ao-input',
    name: field.name,
    placeholder: field.placeholder ?? '',
    autocomplete: 'off',
    spellcheck: 'false',
    required: field.isNeeded ?? false
  };
  return field.isLong ? h('textarea', { ...attributes, rows: '2' }) : h('input', { ...attributes, type: field.kind ?? 'text', min: '0' });
}

function labelled(label: string, input: Input): HTMLLabelElement {
  return h('label', { class: 'ao-field' }, h('span', {}, label), input);
}
