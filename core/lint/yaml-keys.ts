/** Reads YAML for a decoder that wants to say where something stands. */

import { type Document, isMap, isScalar, parseDocument } from 'yaml';

import type { Problem, Span } from '../source.ts';

export interface YamlText {
  /** As JSON would have it; undefined where the text is no YAML or empty. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the last of these keys stands, each below the one before; the nearest above it that there is, else the whole text. */
  readonly spanOfKey: (path: readonly string[]) => Span;
}

/** A text that is no YAML has one problem, of this code. */
export function readYaml(text: string, code: string): YamlText {
  const document = parseDocument(text, { prettyErrors: false });
  const all = { start: 0, end: text.length };
  const spanOfKey = (path: readonly string[]): Span => keySpan(document, path) ?? all;
  const refuse = (message: string, span: Span): YamlText => {
    return { value: undefined, problems: [{ code, severity: 'error', message, span }], spanOfKey };
  };
  const [error] = document.errors;
  if (error !== undefined) return refuse(error.message, { start: error.pos[0], end: error.pos[1] });
  try {
    const value: unknown = document.toJS();
    return { value, problems: [], spanOfKey };
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause), all); // of aliases without end
  }
}

function keySpan(document: Document.Parsed, path: readonly string[]): Span | undefined {
  let node: unknown = document.contents;
  let span: Span | undefined;
  for (const name of path) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      : undefined;
    if (pair === undefined) return span;
    if (isScalar(pair.key) && pair.key.range) span = { start: pair.key.range[0], end: pair.key.range[1] };
    node = pair.value;
  }
  return span;
}
