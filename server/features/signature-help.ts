/** Signature help: the forms of the instruction that is being written, with the part at the cursor. */

import type { SignatureHelp } from 'vscode-languageserver/node';

import { instructionSpec } from '../../core/dockerfile/instructions/index.ts';
import { type CompletionRequest, completionRequest } from '../completion/request.ts';
import type { Feature } from '../feature.ts';
import { type Form, parameterAt, readForm, type WordPlace } from '../signature.ts';

/** What follows these is a command: a popup at every blank would only be in the way. */
const COMMANDS: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'UNKNOWN']);

export const signatureHelp: Feature = {
  name: 'signature-help',
  capabilities: { signatureHelpProvider: { triggerCharacters: [' '] } },
  start({ connection, documents }) {
    connection.onSignatureHelp(({ textDocument, position }) => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return null;
      return helpFor(completionRequest(document, document.offsetAt(position))) ?? null;
    });
  },
};

/** The forms that what is written may become; undefined if there is none. */
function helpFor(request: CompletionRequest): SignatureHelp | undefined {
  const { instruction } = request;
  if (instruction === undefined || COMMANDS.has(instruction.name)) return undefined;
  const forms = (instructionSpec(instruction.name)?.syntax ?? []).map(readForm);
  const words = [...request.wordsBefore.filter((word) => !word.startsWith('--')), request.typed];
  const isJson = words[0]?.startsWith('[') === true && forms.some((form) => form.isJson);
  const isOpen = words.join('') === '' || forms.every((form) => form.isJson);
  const place = isJson ? placeInArray(words.join(' ')) : placeOf(instruction.name, words);
  const isInFlag = request.typed.startsWith('--');
  const fitting = forms
    .filter((form) => isOpen || form.isJson === isJson)
    .map((form) => ({ form, active: parameterAt(form, place) }))
    .filter(({ active, form }) => isInFlag || (active !== undefined && fits(form, words)));
  const [first] = fitting;
  if (first === undefined) return undefined;
  const signatures = fitting.map(({ active, form: { label, parameters } }) => ({
    label,
    parameters: parameters.map(([start, end]) => ({ label: [start, end] satisfies [number, number] })),
    ...(active === undefined ? {} : { activeParameter: active }),
  }));
  const active = first.active === undefined ? {} : { activeParameter: first.active };
  return { signatures, activeSignature: 0, ...active };
}

/** `ENV name value` has no `=`. */
function placeOf(name: string, words: readonly string[]): WordPlace {
  const [first = ''] = words;
  const isLegacy = (name === 'ENV' || name === 'LABEL') && words.length > 1 && !first.includes('=');
  return isLegacy
    ? { nWords: 0, typed: `${first}=` }
    : { nWords: words.length - 1, typed: words.at(-1) ?? '' };
}

/** Commas outside strings part the strings. */
function placeInArray(written: string): WordPlace {
  return { nWords: written.replaceAll(/"(?:[^"\\]|\\.)*"?/g, '').split(',').length - 1, typed: '' };
}

/** Words of the form itself, such as NONE, must be those that are written, as far as they are. */
function fits({ label, parameters, slots }: Form, words: readonly string[]): boolean {
  return slots.every(({ parts: [part] }, nth) => {
    const [start, end] = parameters[part?.parameter ?? -1] ?? [0, 0];
    const literal = label.slice(start, end);
    const word = words[nth];
    if (word === undefined || literal.startsWith('<')) return true;
    const isWhole = nth < words.length - 1;
    return isWhole
      ? literal.toLowerCase() === word.toLowerCase()
      : literal.toLowerCase().startsWith(word.toLowerCase());
  });
}
