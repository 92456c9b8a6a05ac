/**
 * The cache preview in the editor: text beside each instruction (inlay hints), a summary and build actions above stages (code lenses), and a message from which the editor makes colours and icons.
 * What a step will do is computed by core/preview; this file only shows it.
 */

import { pathToFileURL } from 'node:url';

import * as l10n from '@vscode/l10n';
import { type CodeLens, type InlayHint, MarkupKind, type Range } from 'vscode-languageserver/node';

import type { PreviewReport, PreviewStep } from '../../core/preview/report.ts';
import { LSP_PREVIEW, LSP_PREVIEW_REFRESH, type LspPreviewParams } from '../../core/protocol/lsp.ts';
import type { Problem } from '../../core/source.ts';
import { documentPath } from '../document-path.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';
import {
  detailsText,
  hintText,
  keptOutText,
  refusalText,
  refusedDetails,
  refusedText,
  summaryText,
} from '../preview/labels.ts';
import { Previewer, type PreviewResult } from '../preview/previewer.ts';

export const cachePreview: Feature = {
  name: 'cache-preview',
  capabilities: { inlayHintProvider: true, codeLensProvider: { resolveProvider: false } },
  isOffered: (options) => options.isPreviewEnabled,
  start({ connection, documents }) {
    const previewer = new Previewer(connection, (document, result) => {
      void connection.sendNotification(LSP_PREVIEW, message(document, result));
      void connection.languages.inlayHint.refresh();
      void connection.sendRequest('workspace/codeLens/refresh');
    });
    documents.onDidChangeContent(({ document }) => {
      const file = documentPath(document.uri);
      if (file !== undefined) previewer.refresh(document, file);
    });
    documents.onDidClose(({ document }) => previewer.forget(document.uri));
    connection.onNotification(LSP_PREVIEW_REFRESH, () => {
      for (const document of documents.all()) {
        const file = documentPath(document.uri);
        if (file !== undefined) previewer.lookAgain(document, file);
      }
    });
    connection.languages.inlayHint.on(async ({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      const result = await previewer.latest(textDocument.uri);
      return document === undefined ? null : hints(document, result);
    });
    connection.onCodeLens(async ({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      const result = await previewer.latest(textDocument.uri);
      return document === undefined ? null : lenses(document, result);
    });
  },
};

function message(document: OpenDocument, { version, report, trouble }: PreviewResult): LspPreviewParams {
  return {
    uri: document.uri,
    version,
    ...(report === undefined ? {} : { report }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

/** One per line: triggers of a base image share the line of their FROM, and the first that is not free stands for them. */
function hints(document: OpenDocument, result: PreviewResult | undefined): InlayHint[] {
  if (result?.report === undefined || result.version !== document.version) return [];
  const { report } = result;
  const byLine = new Map<number, PreviewStep>();
  for (const step of report.steps) {
    const known = byLine.get(step.line);
    if (known === undefined || known.state === 'FREE') byLine.set(step.line, step);
  }
  const refusal = refusalOf(result);
  const refusedLine = refusal === undefined ? undefined : lineOf(document, refusal);
  const steps = [...byLine.values()].filter(({ line }) => line !== refusedLine);
  return [
    ...steps.flatMap((step) => hint(document, step.line, hintText(step), detailsText(step))),
    ...(refusal === undefined || refusedLine === undefined
      ? []
      : hint(document, refusedLine, refusedText(refusal.message), refusedDetails(refusal))),
  ];
}

/** What a build will stop at first: something wrong, or an image that is nowhere. */
function refusalOf({ problems }: PreviewResult): Problem | undefined {
  const refusal = problems.find(({ severity }) => severity === 'error');
  return refusal ?? problems.find(({ code }) => code === 'E_NO_IMAGE');
}

/** Of the instruction that holds it, from 1. A file without one is wrong as a whole. */
function lineOf({ dockerfile }: OpenDocument, { span }: Problem): number | undefined {
  const holder = dockerfile.instructions.findLast((instruction) => instruction.span.start <= span.start);
  return holder === undefined ? undefined : holder.line + 1;
}

/** `line` is counted from 1. */
function hint(document: OpenDocument, line: number, label: string | undefined, details: string): InlayHint[] {
  if (label === undefined) return [];
  const { end } = document.dockerfile.lines.lineSpan(line - 1);
  const tooltip = { kind: MarkupKind.Markdown, value: details };
  return [{ position: document.positionAt(end), label, tooltip, paddingLeft: true }];
}

/** Above every stage that can be asked for: build up to here. Above the first one also what the next build will do. */
function lenses(document: OpenDocument, result: PreviewResult | undefined): CodeLens[] {
  const { stages } = document.dockerfile;
  const [first] = stages;
  if (first === undefined) return [];
  const range = document.rangeOf(first.from.keywordSpan);
  if (documentPath(document.uri) === undefined) return unsavedLenses(document, range);
  const lens: CodeLens[] = [];
  const summary = summaryOf(document, result);
  if (summary !== undefined)
    lens.push({ range, command: { title: summary, command: 'naru.preview.refresh' } });
  const wanted = result?.target?.toLowerCase();
  const next = stages.findLast(({ name }) => wanted === undefined || name?.toLowerCase() === wanted);
  for (const stage of stages) {
    const target = stage === next ? undefined : stage.name;
    // Docker: no target is a number (28.5.2: `target stage "0" could not be found`).
    if (target === undefined && stage !== next) continue;
    const title = target === undefined ? l10n.t('Build') : l10n.t('Build stage {0}', target);
    lens.push({
      range: document.rangeOf(stage.from.keywordSpan),
      command: {
        title,
        command: 'naru.image.build',
        arguments: [{ uri: document.uri, ...(target && { target }) }],
      },
    });
  }
  return [...lens, ...missingLens(document, result)];
}

/** A build reads a folder, and what is no file lies in none. Other documents without a path, such as old versions of a file, are not for building. */
function unsavedLenses({ uri }: OpenDocument, range: Range): CodeLens[] {
  if (!uri.startsWith('untitled:')) return [];
  const title = l10n.t('Save this file first: its folder is what a build may read');
  return [{ range, command: { title, command: 'workbench.action.files.save' } }];
}

/** Above the instruction that will be refused: what keeps its file out, or the context that was meant, perhaps. */
function missingLens(document: OpenDocument, result: PreviewResult | undefined): CodeLens[] {
  const missing = result?.missing;
  const refusal = result === undefined ? undefined : refusalOf(result);
  if (missing === undefined || refusal === undefined || result?.version !== document.version) return [];
  const range = document.rangeOf(refusal.span);
  if (missing.kind === 'elsewhere') {
    const title = l10n.t('{0} is in the workspace folder: build with that as context', missing.path);
    const argument = { uri: document.uri, context: '.' };
    return [{ range, command: { title, command: 'naru.context.choose', arguments: [argument] } }];
  }
  const file = pathToFileURL(missing.ignoreFile);
  if (missing.line !== undefined) file.hash = `L${missing.line}`;
  return [
    { range, command: { title: keptOutText(missing), command: 'vscode.open', arguments: [file.href] } },
  ];
}

function summaryOf(document: OpenDocument, result: PreviewResult | undefined): string | undefined {
  const report: PreviewReport | undefined = result?.report;
  if (result === undefined || report === undefined) return result?.trouble?.message;
  const refusal = result.version === document.version ? refusalOf(result) : undefined;
  if (refusal === undefined) return summaryText(report);
  const { line } = document.dockerfile.lines.positionAt(refusal.span.start);
  return refusalText(line + 1, refusal.message);
}
