/**
 * Semantic tokens: what a grammar can't know. Names of stages and variables that are declared, flags, heredoc delimiters, commands of the shell.
 * One pass over the instructions, so 5,000 lines take milliseconds.
 */

import { SemanticTokensBuilder } from 'vscode-languageserver/node';

import type { ScriptReader } from '../../core/lint/shell/parsed-script.ts';
import { readShell } from '../../core/lint/shell/script.ts';
import type { Instruction } from '../../core/dockerfile/types.ts';
import type { Span } from '../../core/source.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';

const TYPES = ['namespace', 'variable', 'property', 'function', 'label'] as const;
const MODIFIERS = ['declaration'] as const;

interface Token {
  readonly span: Span;
  readonly type: (typeof TYPES)[number];
  readonly isDeclaration: boolean;
}

export const semanticTokens: Feature = {
  name: 'semantic-tokens',
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] },
      full: true,
      range: false,
    },
  },
  start({ connection, documents, readScript }) {
    connection.languages.semanticTokens.on(({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      const builder = new SemanticTokensBuilder();
      for (const token of document === undefined ? [] : tokensOf(document, readScript)) {
        const { line, character } = document?.positionAt(token.span.start) ?? { line: 0, character: 0 };
        const length = token.span.end - token.span.start;
        builder.push(line, character, length, TYPES.indexOf(token.type), token.isDeclaration ? 1 : 0);
      }
      return builder.build();
    });
  },
};

/** In file order, on one line each, not overlapping. */
function tokensOf(document: OpenDocument, readScript: ScriptReader): readonly Token[] {
  const symbols = document.symbols.symbols.flatMap((symbol) =>
    symbol.occurrences.map(({ span, isDeclaration }): Token => {
      return { span, type: symbol.kind === 'stage' ? 'namespace' : 'variable', isDeclaration };
    }),
  );
  const parts = document.dockerfile.instructions.flatMap((instruction) =>
    instructionTokens(instruction, readScript),
  );
  const sorted = [...symbols, ...parts].toSorted((a, b) => a.span.start - b.span.start);
  const tokens: Token[] = [];
  let end = 0;
  for (const token of sorted) {
    if (token.span.start < end || document.textOf(token.span).includes('\n')) continue;
    tokens.push(token);
    ({ end } = token.span);
  }
  return tokens;
}

function instructionTokens(instruction: Instruction, readScript: ScriptReader): readonly Token[] {
  const flags = instruction.flags.map((flag) => token(flag.nameSpan, 'property'));
  const heredocs = instruction.heredocs.map((heredoc) => token(heredoc.span, 'label'));
  const trigger =
    instruction.name === 'ONBUILD' && instruction.trigger
      ? instructionTokens(instruction.trigger, readScript)
      : [];
  return [...flags, ...heredocs, ...trigger, ...commandTokens(instruction, readScript)];
}

function commandTokens(instruction: Instruction, readScript: ScriptReader): readonly Token[] {
  if (instruction.name !== 'RUN' || instruction.command.kind !== 'shell') return [];
  return readShell(instruction.rest, readScript).commands.map((command) =>
    token(command.name.span, 'function'),
  );
}

function token(span: Span, type: Token['type']): Token {
  return { span, type, isDeclaration: false };
}
