/** Colours and icons of the cache preview: a mark in the margin of every step, in the colour of its state. The words are inlay hints of the server. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import type { PreviewState } from '../../../core/preview/report.ts';
import { LSP_PREVIEW, type LspPreviewParams } from '../../../core/protocol/lsp.ts';

type Look = 'cached' | 'run' | 'depends' | 'unknown';

const LOOKS: readonly Look[] = ['cached', 'run', 'depends', 'unknown'];

/** Shapes differ as well as colours, for those who can't tell the colours apart. 16 × 16. */
const SHAPES: Readonly<Record<Look, string>> = {
  cached: '<path d="M3 8.5l3.2 3.2L13 4.8" fill="none" stroke="COLOR" stroke-width="2"/>',
  run: '<path d="M4.5 3l8 5-8 5z" fill="COLOR"/>',
  depends: '<path d="M4 3v10M4 8h4a4 4 0 0 0 4-4V3" fill="none" stroke="COLOR" stroke-width="2"/>',
  unknown: '<circle cx="8" cy="8" r="4" fill="none" stroke="COLOR" stroke-width="2"/>',
};

/** Margin icons are images and can't use theme colours; these are the defaults of package.json. */
const ICON_COLORS: Readonly<Record<Look, { readonly dark: string; readonly light: string }>> = {
  cached: { dark: '#4ec97a', light: '#1a7f37' },
  run: { dark: '#e5a04b', light: '#9a5b00' },
  depends: { dark: '#6cb6ff', light: '#0a5fb4' },
  unknown: { dark: '#8b949e', light: '#656d76' },
};

/** Shows what the server says until it is disposed. */
export function showPreviewDecorations(client: LanguageClient): vscode.Disposable {
  const types = {
    cached: decorationType('cached'),
    run: decorationType('run'),
    depends: decorationType('depends'),
    unknown: decorationType('unknown'),
  };
  const latest = new Map<string, LspPreviewParams>();

  function showAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const params = latest.get(editor.document.uri.toString());
      if (params?.version !== editor.document.version) continue;
      const ranges = rangesByLook(editor.document, params);
      for (const look of LOOKS) editor.setDecorations(types[look], ranges[look]);
    }
  }
  return vscode.Disposable.from(
    ...Object.values(types),
    client.onNotification(LSP_PREVIEW, (params: LspPreviewParams) => {
      latest.set(vscode.Uri.parse(params.uri).toString(), params);
      showAll();
    }),
    vscode.window.onDidChangeVisibleTextEditors(showAll),
    vscode.workspace.onDidCloseTextDocument((document) => {
      latest.delete(document.uri.toString());
    }),
  );
}

function decorationType(look: Look): vscode.TextEditorDecorationType {
  const { dark, light } = ICON_COLORS[look];
  const color = new vscode.ThemeColor(`naru.preview.${look}`);
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: color,
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    gutterIconSize: '75%',
    dark: { gutterIconPath: icon(look, dark) },
    light: { gutterIconPath: icon(look, light) },
  });
}

function icon(look: Look, color: string): vscode.Uri {
  const shape = SHAPES[look].replaceAll('COLOR', color);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}

/** The first line of every step; steps that cost nothing are left out. */
function rangesByLook(
  document: vscode.TextDocument,
  { report }: LspPreviewParams,
): Record<Look, vscode.Range[]> {
  const ranges: Record<Look, vscode.Range[]> = { cached: [], run: [], depends: [], unknown: [] };
  const seen = new Set<number>();
  for (const step of report?.steps ?? []) {
    const look = lookOf(step.state);
    const { line } = document.positionAt(step.span.start);
    if (look === undefined || seen.has(line)) continue;
    seen.add(line);
    ranges[look].push(new vscode.Range(line, 0, line, 0));
  }
  return ranges;
}

function lookOf(state: PreviewState): Look | undefined {
  if (state === 'FREE' || state === 'SKIPPED') return undefined;
  if (state === 'UNKNOWN') return 'unknown';
  if (state === 'DEPENDS') return 'depends';
  return state === 'CACHED' || state === 'CACHED?' || state === 'RELINK' ? 'cached' : 'run';
}
