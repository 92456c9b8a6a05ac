/** What the manifest promises is there: every command has a file and a line in the list, and the other way round; the same for language features. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, matchesGlob } from 'node:path';

import { sourceFiles } from './source-files.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly languages: readonly {
      readonly id: string;
      readonly filenames?: readonly string[];
      readonly filenamePatterns?: readonly string[];
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
}

// Ours; a wrong shape fails the tests below.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const declared = manifest.contributes.commands.map((command) => command.command);

describe('extension', () => {
  it('every command of the manifest has its file `<noun>-<verb>.ts`, and no file has none', () => {
    const files = sourceFiles('client/vscode/commands')
      .map((file) => basename(file, '.ts'))
      .filter((name) => name !== 'index' && name !== 'command');
    const expected = declared.map((id) => id.replace(/^naru\./, '').replace('.', '-'));
    assert.deepEqual(files.toSorted(), expected.toSorted());
  });

  it('the list of commands has them all, in the order of the manifest', () => {
    const list = /= \[([^\]]*)\];/.exec(readFileSync('client/vscode/commands/index.ts', 'utf8'))?.[1] ?? '';
    const names = list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const expected = declared.map((id) =>
      id.replace(/^naru\./, '').replace(/\.(\w)/, (_, letter: string) => letter.toUpperCase()),
    );
    assert.deepEqual(names, expected);
  });

  // As the editor decides (languagesAssociations): a whole name, then the longest pattern.
  it('an ignore file of a Dockerfile is not taken for a Dockerfile', () => {
    const { languages } = manifest.contributes;
    const languageOf = (name: string): string | undefined => {
      const whole = languages.find(({ filenames }) => filenames?.includes(name));
      if (whole !== undefined) return whole.id;
      const patterns = languages.flatMap(({ id, filenamePatterns = [] }) =>
        filenamePatterns.filter((pattern) => matchesGlob(name, pattern)).map((pattern) => ({ id, pattern })),
      );
      return patterns.toSorted((a, b) => b.pattern.length - a.pattern.length)[0]?.id;
    };
    const names = ['Dockerfile.dockerignore', 'Containerfile.dockerignore', 'web.Dockerfile.dockerignore'];
    assert.deepEqual(names.map(languageOf), ['ignore', 'ignore', 'ignore']);
    assert.deepEqual(['Dockerfile', 'Dockerfile.web', 'web.Dockerfile'].map(languageOf), [
      'dockerfile',
      'dockerfile',
      'dockerfile',
    ]);
  });

  it('menus name only commands that exist', () => {
    const used = Object.values(manifest.contributes.menus)
      .flat()
      .map((item) => item.command);
    assert.deepEqual(
      used.filter((command) => !declared.includes(command)),
      [],
    );
  });

  it('every language feature is in the list', () => {
    const index = readFileSync('server/features/index.ts', 'utf8');
    const missing = sourceFiles('server/features')
      .map((file) => basename(file))
      .filter((name) => name !== 'index.ts' && !index.includes(`./${name}'`));
    assert.deepEqual(missing, []);
  });
});
