/** The floors of docs/architecture.md: who may import whom, who may touch the machine. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, normalize, join } from 'node:path';

import { sourceFiles } from './source-files.ts';

/** Floor -> floors it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  local: ['core'],
  server: ['core', 'local'],
  runtime: ['core', 'local'],
  'client/driver': ['core', 'local'],
  'client/cli': ['core', 'local', 'client/driver'],
  'client/vscode': ['core', 'local', 'client/driver'],
};

/** Package -> the only places that may import it (prefixes). */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  vscode: ['client/vscode/'],
  koffi: ['runtime/host/libc.ts', 'local/statx.ts'],
  'dockerfile-ast': [],
  unbash: ['core/lint/shell/'],
  ssh2: ['client/driver/ssh/'],
  'node:child_process': ['runtime/host/', 'client/driver/', 'client/vscode/', 'client/cli/', 'local/'],
  'node:sqlite': ['runtime/store/'],
};

/** Node's own modules that pure code may use: they compute, they don't touch the world. */
const PURE_NODE_MODULES: ReadonlySet<string> = new Set([
  'node:crypto',
  'node:buffer',
  'node:util',
  'node:path/posix',
]);

interface Import {
  readonly file: string;
  readonly from: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*(?:\{[^}]*\}[^'"\n;]*)?['"]([^'"]+)['"]/g,
  );
  return [...found].map((match) => ({ file, from: match[1] ?? '' }));
}

function floorOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((floor) => file.startsWith(`${floor}/`));
}

const imports = Object.keys(MAY_IMPORT)
  .flatMap((floor) => sourceFiles(floor))
  .flatMap(importsOf);

describe('floors', () => {
  it('no floor imports one above or beside it', () => {
    const wrong = imports.filter(({ file, from }) => {
      if (!from.startsWith('.')) return false;
      const own = floorOf(file);
      const target = floorOf(normalize(join(dirname(file), from)));
      return own !== target && !(own && target && MAY_IMPORT[own]?.includes(target));
    });
    assert.deepEqual(wrong, []);
  });

  it('packages that touch the world have one importer', () => {
    const wrong = imports.filter(({ file, from }) => {
      const allowed = ONLY_IN[from];
      return allowed !== undefined && !allowed.some((prefix) => file.startsWith(prefix));
    });
    assert.deepEqual(wrong, []);
  });

  it('core imports no Node module that reaches files, sockets, processes or clocks', () => {
    const wrong = imports.filter(
      ({ file, from }) =>
        file.startsWith('core/') && from.startsWith('node:') && !PURE_NODE_MODULES.has(from),
    );
    assert.deepEqual(wrong, []);
  });
});
