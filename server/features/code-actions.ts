/** Quick fixes: what a rule offers for its finding, ignoring a rule on one instruction, and all fixes of a file at once. */

import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';

import type { Finding, Fix } from '../../core/lint/rule.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';

const FIX_ALL = `${CodeActionKind.SourceFixAll}.naru`;

export const codeActions: Feature = {
  name: 'code-actions',
  capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] } },
  start({ connection, documents }) {
    connection.onCodeAction(({ textDocument, range, context }) => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return null;
      const isWanted = (kind: string): boolean =>
        context.only?.some((only) => kind.startsWith(only)) ?? kind !== FIX_ALL;
      return [
        ...(isWanted(CodeActionKind.QuickFix) ? quickFixes(document, range, context.diagnostics) : []),
        ...(isWanted(FIX_ALL) ? fixAll(document) : []),
      ];
    });
  },
};

function quickFixes(document: OpenDocument, range: Range, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  const findings = document.findings.filter(({ span }) => span.start <= end && start <= span.end);
  const fixes = findings.flatMap((finding) => fixAction(document, finding, diagnostics));
  return [...fixes, ...ignoreActions(document, findings, diagnostics)];
}

function fixAction(
  document: OpenDocument,
  finding: Finding,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  if (finding.fix === undefined) return [];
  return [
    {
      title: finding.fix.title,
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      diagnostics: diagnosticsOf(finding, diagnostics),
      edit: { changes: { [document.uri]: edits(document, finding.fix) } },
    },
  ];
}

/** One action per rule, however often it was found. */
function ignoreActions(
  document: OpenDocument,
  findings: readonly Finding[],
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  const byRule = new Map(findings.map((finding) => [finding.ruleId, finding]));
  return [...byRule.values()].flatMap((finding) => {
    const instruction = document.dockerfile.instructions.find(
      ({ span }) => span.start <= finding.span.start && finding.span.start <= span.end,
    );
    if (instruction === undefined) return [];
    return [
      {
        title: `Ignore ${finding.ruleId} for this instruction`,
        kind: CodeActionKind.QuickFix,
        diagnostics: diagnosticsOf(finding, diagnostics),
        edit: { changes: { [document.uri]: [ignoreEdit(document, instruction.line, finding)] } },
      },
    ];
  });
}

/** Adds to the comment that is there, or writes one; BuildKit's checks and hadolint's rules have their own comments. */
function ignoreEdit(document: OpenDocument, line: number, finding: Finding): TextEdit {
  const above = line === 0 ? '' : document.textOf(document.dockerfile.lines.lineSpan(line - 1));
  const comment = finding.family === 'buildkit' ? 'check=skip=' : 'hadolint ignore=';
  const match = new RegExp(`^\\s*#\\s*${comment}[\\w,]+`).exec(above);
  if (match !== null) {
    const at = { line: line - 1, character: match[0].length };
    return { range: { start: at, end: at }, newText: `,${finding.ruleId}` };
  }
  const at = { line, character: 0 };
  return { range: { start: at, end: at }, newText: `# ${comment}${finding.ruleId}\n` };
}

/** Fixes that do not overlap, in file order; the next run takes the others. */
function fixAll(document: OpenDocument): CodeAction[] {
  const fixes = document.findings.flatMap((finding) => finding.fix ?? []);
  let end = 0;
  const taken = fixes.filter((fix) => {
    const isFree = fix.edits.every((edit) => edit.span.start >= end);
    if (isFree) end = Math.max(end, ...fix.edits.map((edit) => edit.span.end));
    return isFree;
  });
  if (taken.length === 0) return [];
  const all = taken.flatMap((fix) => edits(document, fix));
  return [{ title: 'Fix all', kind: FIX_ALL, edit: { changes: { [document.uri]: all } } }];
}

function edits(document: OpenDocument, fix: Fix): TextEdit[] {
  return fix.edits.map(({ span, text }) => ({ range: document.rangeOf(span), newText: text }));
}

function diagnosticsOf(finding: Finding, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.code === finding.ruleId);
}
