/** Hover: what an instruction, a flag, a variable, a stage or a directive means, in its own place; and why a rule complains there. */

import { type Hover, MarkupKind } from 'vscode-languageserver/node';

import { instructionSpec } from '../../core/dockerfile/instructions/index.ts';
import { predefinedVariables } from '../../core/dockerfile/predefined-variables.ts';
import type { Occurrence } from '../../core/dockerfile/symbols.ts';
import type { Instruction } from '../../core/dockerfile/types.ts';
import { variableReferences } from '../../core/dockerfile/variable-references.ts';
import type { Span } from '../../core/source.ts';
import { type CursorTarget, contains, cursorTarget, instructionAt } from '../cursor.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';
import { explainFindings } from '../finding-explanation.ts';

export const hover: Feature = {
  name: 'hover',
  capabilities: { hoverProvider: true },
  start({ connection, documents }) {
    connection.onHover(({ textDocument, position }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : (hoverAt(document, document.offsetAt(position)) ?? null);
    });
  },
};

interface Explanation {
  readonly markdown: string;
  readonly span: Span;
}

const DIRECTIVES: Readonly<Record<string, string>> = {
  syntax:
    'The frontend that reads this file, as an image reference. Naru reads the file itself, as `docker/dockerfile:1` does.',
  escape: 'The character that continues a line and escapes others: `\\` or, for Windows paths, `` ` ``.',
  check:
    'Settings of the build checks: `skip=A,B` or `skip=all`, `error=true`, `experimental=…`, separated by semicolons.',
};

function hoverAt(document: OpenDocument, offset: number): Hover | undefined {
  const occurrence = document.symbols.at(offset);
  const explanation =
    occurrence === undefined
      ? (predefinedAt(document, offset) ?? explainTarget(cursorTarget(document.dockerfile, offset)))
      : explainSymbol(document, occurrence);
  const findings = document.findings.filter(({ span }) => contains(span, offset));
  const reasons = explainFindings(findings);
  const span = explanation?.span ?? findings[0]?.span;
  if (span === undefined || (explanation === undefined && reasons === undefined)) return undefined;
  const parts = [explanation?.markdown, reasons].filter((part) => part !== undefined);
  return {
    contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n---\n\n') },
    range: document.rangeOf(span),
  };
}

/** The instruction that declares the name, quoted, and where that is. */
function explainSymbol(document: OpenDocument, occurrence: Occurrence): Explanation {
  const definition = document.symbols.definitionOf(occurrence);
  const declaring = instructionAt(document.dockerfile, definition.span.start);
  const lines = declaring === undefined ? '' : firstLine(document, declaring);
  const line = document.positionAt(definition.span.start).line + 1;
  const uses = occurrence.symbol.occurrences.filter((other) => !other.isDeclaration).length;
  const kind = occurrence.symbol.kind === 'stage' ? 'Stage' : 'Variable';
  const markdown = `\`\`\`dockerfile\n${lines}\n\`\`\`\n${kind} of line ${line}, used ${uses === 1 ? 'once' : `${uses} times`}.`;
  return { markdown, span: occurrence.span };
}

function firstLine(document: OpenDocument, instruction: Instruction): string {
  return document.textOf(document.dockerfile.lines.lineSpan(instruction.line)).trim();
}

function predefinedAt(document: OpenDocument, offset: number): Explanation | undefined {
  const instruction = instructionAt(document.dockerfile, offset);
  if (instruction === undefined) return undefined;
  const references = variableReferences(document.dockerfile, instruction);
  const reference = references.find((candidate) => contains(candidate.span, offset));
  const variable = predefinedVariables.find((candidate) => candidate.name === reference?.name);
  if (reference === undefined || variable === undefined) return undefined;
  return { markdown: `\`${variable.name}\`: ${variable.text}`, span: reference.span };
}

function explainTarget(target: CursorTarget): Explanation | undefined {
  switch (target.kind) {
    case 'keyword':
      return explainInstruction(target.instruction, target.span);
    case 'flag-name': {
      const flag = instructionSpec(target.instruction.name)?.flags.find(
        (spec) => spec.name === target.flag.name,
      );
      return flag && { markdown: `\`--${flag.name}\`: ${flag.summary}`, span: target.span };
    }
    case 'flag-value':
      return target.key && { markdown: `\`${target.key.name}=\`: ${target.key.summary}`, span: target.span };
    case 'directive': {
      const text = DIRECTIVES[target.directive.name];
      return text === undefined ? undefined : { markdown: text, span: target.span };
    }
    case 'rest':
    case 'outside':
      return undefined;
  }
}

function explainInstruction(instruction: Instruction, span: Span): Explanation | undefined {
  const spec = instructionSpec(instruction.name);
  if (spec === undefined) return undefined;
  const syntax = `\`\`\`dockerfile\n${spec.syntax.join('\n')}\n\`\`\``;
  const reference = `https://docs.docker.com/reference/dockerfile/#${spec.name.toLowerCase()}`;
  return { markdown: `${syntax}\n${spec.summary}\n\n[Reference](${reference})`, span };
}
