/** Signature help: the forms of the instruction that is being written, with the part at the cursor. */

import type { SignatureHelp, SignatureInformation } from 'vscode-languageserver/node';

import { instructionSpec } from '../../core/dockerfile/instructions/index.ts';
import { type CompletionRequest, completionRequest } from '../completion/request.ts';
import type { Feature } from '../feature.ts';

/** What follows these is a command: a popup at every blank would only be in the way. */
const COMMANDS: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'UNKNOWN']);

export const signatureHelp: Feature = {
  name: 'signature-help',
  capabilities: { signatureHelpProvider: { triggerCharacters: [' '] } },
  start({ connection, documents }) {
    connection.onSignatureHelp(({ textDocument, position }) => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return null;
      return helpFor(completionRequest(document, document.offsetAt(position))) ?? null;
    });
  },
};

function helpFor({ instruction, wordsBefore }: CompletionRequest): SignatureHelp | undefined {
  if (instruction === undefined || COMMANDS.has(instruction.name)) return undefined;
  const spec = instructionSpec(instruction.name);
  if (spec === undefined) return undefined;
  const nArguments = wordsBefore.filter((word) => !word.startsWith('--')).length;
  const signatures = spec.syntax.map((form): SignatureInformation => {
    const parameters = placeholders(form);
    const active = Math.min(nArguments, parameters.length - 1);
    return { label: form, parameters, ...(active >= 0 ? { activeParameter: active } : {}) };
  });
  return { signatures, activeSignature: 0, activeParameter: nArguments };
}

function placeholders(form: string): { label: [number, number] }[] {
  return [...form.matchAll(/<[^>]+>…?/g)].map((match) => ({
    label: [match.index, match.index + match[0].length],
  }));
}
