/** Links: base images to the page of their registry, sources of COPY and ADD to the file. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { DocumentLink } from 'vscode-languageserver/node';

import type { Instruction, Word } from '../../core/dockerfile/types.ts';
import type { OpenDocument } from '../documents.ts';
import type { Feature } from '../feature.ts';

export const links: Feature = {
  name: 'links',
  capabilities: { documentLinkProvider: { resolveProvider: false } },
  start({ connection, documents, contextOf }) {
    connection.onDocumentLinks(async ({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      return document === undefined ? null : documentLinks(document, contextOf(document.uri));
    });
  },
};

async function documentLinks(document: OpenDocument, context: string | undefined): Promise<DocumentLink[]> {
  const { stages, instructions } = document.dockerfile;
  const names = new Set(stages.map((stage) => stage.name?.toLowerCase()));
  const images = stages.flatMap((stage) => {
    const { image } = stage.from;
    if (image === undefined || names.has(image.text.toLowerCase())) return [];
    const target = imagePage(image.text);
    return target === undefined ? [] : [{ range: document.rangeOf(image.span), target }];
  });
  const files = await Promise.all(
    instructions.flatMap(contextSources).map((word) => fileLink(document, context, word)),
  );
  return [...images, ...files.filter((link) => link !== undefined)];
}

/** The page that shows an image's tags; undefined for names with variables and for registries without such a page. */
function imagePage(image: string): string | undefined {
  if (image === 'scratch' || /[$"']/.test(image)) return undefined;
  const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  const [registry = '', ...path] = name.split('/');
  if (path.length === 0) return `https://hub.docker.com/_/${name}`;
  if (registry === 'docker.io') return imagePage(path.filter((part) => part !== 'library').join('/'));
  if (!/[.:]|^localhost$/.test(registry)) return `https://hub.docker.com/r/${name}`;
  if (registry === 'quay.io') return `https://quay.io/repository/${path.join('/')}`;
  if (registry === 'mcr.microsoft.com') return `https://mcr.microsoft.com/artifact/mar/${path.join('/')}`;
  if (registry === 'gcr.io' || registry === 'ghcr.io') return `https://${name}`;
  return undefined;
}

function contextSources(instruction: Instruction): readonly Word[] {
  if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return [];
  if (instruction.flags.some((flag) => flag.name === 'from')) return [];
  return instruction.sources.filter((word) => !/[*?[$"'\\<]|:\/\//.test(word.text));
}

/** Only for files that exist: a link to nowhere is worse than none. */
async function fileLink(
  document: OpenDocument,
  context: string | undefined,
  word: Word,
): Promise<DocumentLink | undefined> {
  if (context === undefined) return undefined;
  const path = join(context, word.text);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile()
    ? { range: document.rangeOf(word.span), target: pathToFileURL(path).href }
    : undefined;
}
