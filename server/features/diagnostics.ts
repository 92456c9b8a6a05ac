/**
 * Diagnostics: what the reader could not understand, and what the lint rules found.
 * Pushed after every change; changes that arrive together are answered once.
 */

import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';

import type { Finding, Severity } from '../../core/lint/rule.ts';
import type { Problem } from '../../core/source.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';

export const diagnostics: Feature = {
  name: 'diagnostics',
  capabilities: {},
  start({ connection, documents }) {
    const waiting = new Set<OpenDocument>();

    function publish(): void {
      for (const document of waiting) {
        const { uri, version } = document;
        void connection.sendDiagnostics({ uri, version, diagnostics: diagnose(document) });
      }
      waiting.clear();
    }
    documents.onDidChangeContent(({ document }) => {
      if (waiting.size === 0) setImmediate(publish);
      waiting.add(document);
    });
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
  const problems = document.parsed.problems.map((problem) => problemDiagnostic(document, problem));
  return [...problems, ...document.findings.map((finding) => findingDiagnostic(document, finding))];
}

function problemDiagnostic(document: OpenDocument, problem: Problem): Diagnostic {
  return {
    range: document.rangeOf(problem.span),
    severity: SEVERITIES[problem.severity],
    code: problem.code,
    source: 'naru',
    message: problem.hint === undefined ? problem.message : `${problem.message}; ${problem.hint}`,
  };
}

function findingDiagnostic(document: OpenDocument, finding: Finding): Diagnostic {
  return {
    range: document.rangeOf(finding.span),
    severity: SEVERITIES[finding.severity],
    code: finding.ruleId,
    source: 'naru',
    message: finding.message,
  };
}
