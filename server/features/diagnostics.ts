/**
 * Diagnostics: what the reader could not understand, and what the lint rules found.
 * Pushed after every change, also of the files beside it that lint reads; changes that arrive together are answered once.
 */

import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';

import type { Severity } from '../../core/lint/severity.ts';
import { ruleUrl } from '../../core/lint/rule-url.ts';
import type { OpenDocument } from '../documents.ts';
import { errorText } from '../error-text.ts';
import type { Feature } from '../feature.ts';

/** Where changes never stop. */
const MAX_WAIT_MS = 500;

export const diagnostics: Feature = {
  name: 'diagnostics',
  capabilities: {},
  start({ connection, documents, onLintChange }) {
    const waiting = new Set<OpenDocument>();
    let nChanges = 0;

    /** Whatever is in the queue is read first: a turn of the event loop without a change says that it is empty. */
    function publishWhenRead(since: number): void {
      const nSeen = nChanges;
      setImmediate(() =>
        setImmediate(() => {
          if (nSeen === nChanges || Date.now() - since > MAX_WAIT_MS) publish();
          else publishWhenRead(since);
        }),
      );
    }
    function publish(): void {
      const now = [...waiting];
      waiting.clear();
      for (const document of now) {
        const { uri, version } = document;
        try {
          void connection.sendDiagnostics({ uri, version, diagnostics: diagnose(document) });
        } catch (error) {
          // Nobody waits for an answer, and the other files shall have theirs.
          connection.console.error(`diagnostics of ${uri}: ${errorText(error)}`);
        }
      }
    }
    function publishSoon(document: OpenDocument): void {
      nChanges += 1;
      if (waiting.size === 0) publishWhenRead(Date.now());
      waiting.add(document);
    }
    documents.onDidChangeContent(({ document }) => publishSoon(document));
    function lintAgain(): void {
      for (const document of documents.all()) {
        document.forgetFindings();
        publishSoon(document);
      }
    }
    // The editor watches the files that lint reads beside a Dockerfile: its configuration and ignore files.
    connection.onDidChangeWatchedFiles(lintAgain);
    onLintChange(lintAgain);
    documents.onDidClose(({ document }) => {
      waiting.delete(document);
      void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    });
  },
};

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  style: DiagnosticSeverity.Hint,
};

function diagnose(document: OpenDocument): Diagnostic[] {
  return document.findings.map((finding) => {
    const href = ruleUrl(finding.family, finding.ruleId);
    return {
      range: document.rangeOf(finding.span),
      severity: SEVERITIES[finding.severity],
      code: finding.ruleId,
      source: 'naru',
      message: finding.message,
      ...(href === undefined ? {} : { codeDescription: { href } }),
    };
  });
}
