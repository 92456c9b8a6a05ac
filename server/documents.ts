/**
 * The open Dockerfiles. Every version is read at most once, when the first feature asks for it.
 * Edits arrive as ranges (incremental sync); positions of LSP and offsets of core meet here and nowhere else.
 */

import type {
  Position,
  Range,
  TextDocumentContentChangeEvent,
  TextDocumentsConfiguration,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

import { readDockerfile } from '../core/dockerfile/read.ts';
import { type SymbolTable, symbolTable } from '../core/dockerfile/symbols.ts';
import type { Dockerfile } from '../core/dockerfile/types.ts';
import { repair, type Repaired } from '../core/lint/repair.ts';
import type { Finding } from '../core/lint/rule.ts';
import type { ScriptReader } from '../core/lint/shell/parsed-script.ts';
import { shellReferences } from '../core/lint/shell-references.ts';
import type { Parsed, Span } from '../core/source.ts';

/** Finds what the rules that the user chose say about a file. */
export interface Lint {
  /** To show it; other programs of this machine may be asked. */
  readonly find: (parsed: Parsed<Dockerfile>, uri: string) => readonly Finding[];
  /** To repair it: a text that may never be the file's is asked of nobody. */
  readonly findOfDraft: (parsed: Parsed<Dockerfile>, uri: string) => readonly Finding[];
  /** Remembers what lint has read. */
  readonly readScript: ScriptReader;
}

/** One open file at its newest version. */
export class OpenDocument {
  readonly #text: TextDocument;
  readonly #lint: Lint;
  #parsed: Parsed<Dockerfile> | undefined;
  #symbols: SymbolTable | undefined;
  #findings: readonly Finding[] | undefined;

  constructor(text: TextDocument, lint: Lint) {
    this.#text = text;
    this.#lint = lint;
  }

  get uri(): string {
    return this.#text.uri;
  }

  get version(): number {
    return this.#text.version;
  }

  get dockerfile(): Dockerfile {
    return this.parsed.value;
  }

  get parsed(): Parsed<Dockerfile> {
    this.#parsed ??= readDockerfile(this.#text.getText());
    return this.#parsed;
  }

  get symbols(): SymbolTable {
    this.#symbols ??= symbolTable(this.dockerfile, shellReferences(this.dockerfile, this.#lint.readScript));
    return this.#symbols;
  }

  get findings(): readonly Finding[] {
    this.#findings ??= this.#lint.find(this.parsed, this.uri);
    return this.#findings;
  }

  /** What all fixes together make of it. */
  repair(): Repaired {
    return repair(this.dockerfile.text, (text) => this.#lint.findOfDraft(readDockerfile(text), this.uri));
  }

  /** What lies beside the file may have changed, so the next question about findings lints again. */
  forgetFindings(): void {
    this.#findings = undefined;
  }

  /** Replaces the content of this object; what was derived from the old version is dropped. */
  update(changes: TextDocumentContentChangeEvent[], version: number): this {
    TextDocument.update(this.#text, changes, version);
    this.#parsed = undefined;
    this.#symbols = undefined;
    this.#findings = undefined;
    return this;
  }

  textOf(span: Span): string {
    return this.dockerfile.text.slice(span.start, span.end);
  }

  /** LSP ends a line at a lone CR, too, which to BuildKit is content: `dockerfile.lines` counts other lines then. */
  offsetAt(position: Position): number {
    return this.#text.offsetAt(position);
  }

  positionAt(offset: number): Position {
    return this.#text.positionAt(offset);
  }

  rangeOf(span: Span): Range {
    return { start: this.positionAt(span.start), end: this.positionAt(span.end) };
  }
}

/** What `TextDocuments` needs to keep OpenDocuments. */
export function openDocuments(lint: Lint): TextDocumentsConfiguration<OpenDocument> {
  return {
    create: (uri, languageId, version, content) =>
      new OpenDocument(TextDocument.create(uri, languageId, version, content), lint),
    update: (document, changes, version) => document.update(changes, version),
  };
}
