/** Hover: what an instruction, a flag, a variable, a stage or a directive means, in its own place; and why a rule complains there. */

import { type Hover, type MarkupContent, MarkupKind } from 'vscode-languageserver/node';

import { predefinedVariables } from '../../core/dockerfile/predefined-variables.ts';
import { variableReferences } from '../../core/dockerfile/variable-references.ts';
import { contains, cursorTarget, instructionOrTriggerAt } from '../cursor.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';
import { explainFindings } from '../finding-explanation.ts';
import type { Explanation } from '../hover/explanation.ts';
import { explainSymbol } from '../hover/symbol.ts';
import { explainTarget } from '../hover/target.ts';
import { plainText } from '../plain-text.ts';

export const hover: Feature = {
  name: 'hover',
  capabilities: { hoverProvider: true },
  start({ connection, documents, options }) {
    const show = options.showsMarkdown ? markdown : plain;
    connection.onHover(({ textDocument, position }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : (hoverAt(document, document.offsetAt(position), show) ?? null);
    });
  },
};

type Show = (markdown: string) => MarkupContent;

const markdown: Show = (value) => ({ kind: MarkupKind.Markdown, value });
const plain: Show = (value) => ({ kind: MarkupKind.PlainText, value: plainText(value) });

function hoverAt(document: OpenDocument, offset: number, show: Show): Hover | undefined {
  const occurrence = document.symbols.at(offset);
  const explanation =
    occurrence === undefined
      ? (predefinedAt(document, offset) ?? explainTarget(cursorTarget(document.dockerfile, offset), offset))
      : explainSymbol(document, occurrence);
  const findings = document.findings.filter(({ span }) => contains(span, offset));
  const reasons = explainFindings(findings);
  const span = explanation?.span ?? findings[0]?.span;
  if (span === undefined || (explanation === undefined && reasons === undefined)) return undefined;
  const parts = [explanation?.markdown, reasons].filter((part) => part !== undefined);
  return { contents: show(parts.join('\n\n---\n\n')), range: document.rangeOf(span) };
}

function predefinedAt(document: OpenDocument, offset: number): Explanation | undefined {
  const instruction = instructionOrTriggerAt(document.dockerfile, offset);
  if (instruction === undefined) return undefined;
  const references = variableReferences(document.dockerfile, instruction);
  const reference = references.find((candidate) => contains(candidate.span, offset));
  const variable = predefinedVariables.find((candidate) => candidate.name === reference?.name);
  if (reference === undefined || variable === undefined) return undefined;
  return { markdown: `\`${variable.name}\`: ${variable.text}`, span: reference.span };
}
