/** The shape of the file: symbols of the outline (stages with their instructions) and ranges that fold. */

import {
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  SymbolKind,
} from 'vscode-languageserver/node';

import type { Comment, Instruction, Stage } from '../../core/dockerfile/types.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';

export const outline: Feature = {
  name: 'outline',
  capabilities: { documentSymbolProvider: true, foldingRangeProvider: true },
  start({ connection, documents }) {
    connection.onDocumentSymbol(({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : documentSymbols(document);
    });
    connection.onFoldingRanges(({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : foldingRanges(document);
    });
  },
};

/** The longest text shown beside an instruction in the outline. */
const MAX_DETAIL = 80;

function documentSymbols(document: OpenDocument): DocumentSymbol[] {
  const { preamble, stages } = document.dockerfile;
  return [
    ...preamble.map((instruction) => instructionSymbol(document, instruction)),
    ...stages.map((stage) => stageSymbol(document, stage)),
  ];
}

function stageSymbol(document: OpenDocument, stage: Stage): DocumentSymbol {
  const end = stage.instructions.at(-1)?.span.end ?? stage.from.span.end;
  return {
    name: stage.name ?? stage.from.image?.text ?? 'FROM',
    detail: `FROM ${stage.from.image?.text ?? ''}`,
    kind: SymbolKind.Module,
    range: document.rangeOf({ start: stage.from.span.start, end }),
    selectionRange: document.rangeOf(stage.from.stageName?.span ?? stage.from.keywordSpan),
    children: stage.instructions.map((instruction) => instructionSymbol(document, instruction)),
  };
}

function instructionSymbol(document: OpenDocument, instruction: Instruction): DocumentSymbol {
  return {
    name: instruction.keyword.toUpperCase(),
    detail: instruction.rest.text.slice(0, MAX_DETAIL),
    kind: symbolKind(instruction),
    range: document.rangeOf(instruction.span),
    selectionRange: document.rangeOf(instruction.keywordSpan),
  };
}

function symbolKind(instruction: Instruction): SymbolKind {
  if (instruction.name === 'ARG' || instruction.name === 'ENV') return SymbolKind.Variable;
  if (instruction.name === 'COPY' || instruction.name === 'ADD') return SymbolKind.File;
  if (instruction.name === 'RUN') return SymbolKind.Function;
  return SymbolKind.Property;
}

/** Stages, instructions of several lines, heredocs, and blocks of comments. */
function foldingRanges(document: OpenDocument): FoldingRange[] {
  const { stages, instructions, comments } = document.dockerfile;
  const spans = [
    ...stages.map((stage) => ({
      start: stage.from.span.start,
      end: stage.instructions.at(-1)?.span.end ?? stage.from.span.end,
    })),
    ...instructions.map((instruction) => instruction.span),
  ];
  const ranges = spans.map((span): FoldingRange => {
    const { start, end } = document.rangeOf(span);
    // A span that ends at the start of a line does not reach into it.
    return { startLine: start.line, endLine: end.character === 0 ? end.line - 1 : end.line };
  });
  return [...ranges, ...commentBlocks(document, comments)].filter((range) => range.endLine > range.startLine);
}

function commentBlocks(document: OpenDocument, comments: readonly Comment[]): FoldingRange[] {
  const blocks: FoldingRange[] = [];
  for (const comment of comments) {
    if (comment.isInsideInstruction) continue;
    const { line } = document.positionAt(comment.span.start);
    const last = blocks.at(-1);
    if (last !== undefined && last.endLine === line - 1) last.endLine = line;
    else blocks.push({ startLine: line, endLine: line, kind: FoldingRangeKind.Comment });
  }
  return blocks;
}
