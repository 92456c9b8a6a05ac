/** Underlines in the Dockerfile where a build failed, until it is edited or built again. */

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';

export class BuildProblems implements vscode.Disposable {
  readonly #problems = vscode.languages.createDiagnosticCollection('naru.build');
  // Saving is such an event as well, one without changes.
  readonly #edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) this.clear(document);
  });

  clear(document: vscode.TextDocument): void {
    this.#problems.delete(document.uri);
  }

  /** Errors without a place in the file are left to the notification. */
  show(document: vscode.TextDocument, error: unknown): void {
    if (!(error instanceof NaruError) || error.location === undefined) return;
    const { line, column } = error.location.start;
    if (line >= document.lineCount) return;
    const range = new vscode.Range(line, column, line, document.lineAt(line).range.end.character);
    const problem = new vscode.Diagnostic(range, error.message, vscode.DiagnosticSeverity.Error);
    problem.source = 'naru build';
    problem.code = error.code;
    this.#problems.set(document.uri, [problem]);
  }

  dispose(): void {
    this.#edits.dispose();
    this.#problems.dispose();
  }
}
