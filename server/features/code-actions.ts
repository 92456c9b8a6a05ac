/** Quick fixes: what a rule offers for its finding, ignoring a rule on one instruction, and all fixes of a file at once. */

import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';

import { lineEndOf } from '../../core/dockerfile/line-end.ts';
import type { Instruction } from '../../core/dockerfile/types.ts';
import { FILE_WIDE_CHECKS } from '../../core/lint/check-options.ts';
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
      title: titleOf(finding.fix.title, finding.fix),
      kind: CodeActionKind.QuickFix,
      isPreferred: finding.fix.needsReview !== true,
      diagnostics: diagnosticsOf(finding, diagnostics),
      edit: { changes: { [document.uri]: edits(document, finding.fix) } },
    },
  ];
}

function titleOf(title: string, { changesPlan }: { readonly changesPlan?: boolean }): string {
  return changesPlan === true ? `${title} (changes what is built)` : title;
}

/** One action per rule, however often it was found. */
function ignoreActions(
  document: OpenDocument,
  findings: readonly Finding[],
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  // What a builder refuses cannot be ignored.
  const rules = findings.filter(({ ruleId }) => !ruleId.startsWith('E_'));
  const byRule = new Map(rules.map((finding) => [finding.ruleId, finding]));
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
        edit: { changes: { [document.uri]: [ignoreEdit(document, instruction, finding)] } },
      },
    ];
  });
}

/** Adds to the comment that is there, or writes one. */
function ignoreEdit(document: OpenDocument, { line }: Instruction, { family, ruleId }: Finding): TextEdit {
  const { lines } = document.dockerfile;
  const above = line === 0 ? '' : document.textOf(lines.lineSpan(line - 1));
  const comments = ignoreComments(document, line, { family, ruleId });
  for (const comment of comments) {
    const match = new RegExp(`^\\s*#\\s*${comment}[\\w,]+`).exec(above);
    if (match === null) continue;
    const at = document.positionAt(lines.lineSpan(line - 1).start + match[0].length);
    return { range: { start: at, end: at }, newText: `,${ruleId}` };
  }
  const at = document.positionAt(lines.lineSpan(line).start);
  const end = lineEndOf(document.dockerfile.text);
  return { range: { start: at, end: at }, newText: `# ${comments[0]}${ruleId}${end}` };
}

type IgnoreComment = 'hadolint ignore=' | 'naru ignore=' | 'check=skip=';

/** Those that may stand there, the one to write first. Each tool's rules have its own, where the tool reads it. */
function ignoreComments(
  document: OpenDocument,
  line: number,
  { family, ruleId }: Pick<Finding, 'family' | 'ruleId'>,
): readonly [IgnoreComment, ...IgnoreComment[]] {
  if (family === 'hadolint' || family === 'shellcheck') return ['hadolint ignore='];
  const { comments, directives, instructions, lines } = document.dockerfile;
  const before = [...comments, ...instructions].filter(
    ({ span }) => lines.positionAt(span.start).line < line,
  );
  // At the top, BuildKit's would hold for the whole file.
  const isAtTop = before.length === 0 && line <= directives.length;
  if (family !== 'buildkit' || isAtTop || !isSilencedInPlace(ruleId)) return ['naru ignore='];
  return isReadByNewestFrontend(document) ? ['check=skip=', 'naru ignore='] : ['naru ignore=', 'check=skip='];
}

/** Not of the file as a whole, nor told at another instruction than the one it stands in. */
function isSilencedInPlace(check: string): boolean {
  return !FILE_WIDE_CHECKS.has(check) && check !== 'MultipleInstructionsDisallowed';
}

/** Docker: 28.5.2 reads `# check=` at the top alone; above an instruction BuildKit reads it since the end of 2025 (moby/buildkit 6334), and an older one fetches that by these names. */
function isReadByNewestFrontend({ dockerfile }: OpenDocument): boolean {
  const syntax = dockerfile.directives.find(({ name }) => name === 'syntax')?.value.trim();
  return /^(?:docker\.io\/)?docker\/dockerfile(?::(?:1|1-labs|labs|latest))?$/.test(syntax ?? '');
}

/** All fixes, also those that others make room for, as small edits. */
function fixAll(document: OpenDocument): CodeAction[] {
  const repaired = document.repair();
  const all = repaired.edits.map(({ end, start, text }) => ({
    range: document.rangeOf({ start, end }),
    newText: text,
  }));
  if (all.length === 0) return [];
  return [{ title: titleOf('Fix all', repaired), kind: FIX_ALL, edit: { changes: { [document.uri]: all } } }];
}

function edits(document: OpenDocument, fix: Fix): TextEdit[] {
  return fix.edits.map(({ span, text }) => ({ range: document.rangeOf(span), newText: text }));
}

function diagnosticsOf(finding: Finding, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.code === finding.ruleId);
}
