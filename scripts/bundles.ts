/**
 * Which files make up `dist/`: one CommonJS bundle per program and one per worker thread.
 * A program that is started often has the parts that few runs need in files beside it (`apart`), so that the others do not read them.
 * A source names its worker as `new URL('./hash-worker.ts', import.meta.url)`; the bundle then names `./hash-worker.cjs` beside itself.
 * CommonJS, because VS Code's extension host and the worker threads of Node 20 load it without a loader.
 */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { BuildOptions, Plugin } from 'esbuild';

/** A bundle to make. `name` is the file's name in `dist/` without `.cjs`. */
export interface Bundle {
  readonly name: string;
  readonly entry: string;
  readonly target: 'node20' | 'node24';
  readonly external: readonly string[];
  /** Sources that are imported dynamically and seldom: they and what they alone import become files `<name>-*.cjs`. */
  readonly apart?: readonly string[];
  /** Sources that are imported dynamically and at once in the runs that have the least time: what else is imported dynamically is read from a second file. */
  readonly early?: readonly string[];
}

const CLI_APART = [
  'client/cli/commands/lint.ts',
  'client/cli/commands/preview.ts',
  'client/cli/lint/check.ts',
  'client/driver/ssh/keys.ts',
  'client/driver/targets/ssh.ts',
];

/** The engine looks at a context while the rest of a build's client is read (decision 0052). */
const CLI_EARLY = ['client/cli/commands/build.ts'];

const PROGRAMS: readonly Bundle[] = [
  { name: 'client', entry: 'client/vscode/main.ts', target: 'node20', external: ['vscode'] },
  { name: 'server', entry: 'server/main.ts', target: 'node20', external: [] },
  {
    name: 'naru',
    entry: 'client/cli/main.ts',
    target: 'node20',
    external: [],
    apart: CLI_APART,
    early: CLI_EARLY,
  },
  { name: 'engine', entry: 'runtime/main.ts', target: 'node24', external: [] },
];

/** The bundles of this checkout in a fixed order: the programs, then the workers by path. */
export function listBundles(root: string): readonly Bundle[] {
  const programs = PROGRAMS.filter((bundle) => existsSync(join(root, bundle.entry)));
  const workers = globSync('{local,runtime,client/driver}/**/*-worker.ts', { cwd: root }).toSorted();
  return [...programs, ...workers.map(workerBundle)];
}

/** The esbuild options that turn one bundle of `root` into one file of `outDirectory`. */
export function bundleOptions(bundle: Bundle, root: string, outDirectory: string): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: [bundle.entry],
    outfile: join(outDirectory, `${bundle.name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: bundle.target,
    // ssh2 falls back to its own JavaScript where these two are absent.
    external: [...bundle.external, 'cpu-features', '*/sshcrypto.node'],
    mainFields: ['module', 'main'],
    // Names are kept, so that a stack trace in a report can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
    define: {
      'import.meta.url': '__naruUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    banner: { js: 'const __naruUrl=require("node:url").pathToFileURL(__filename).href;' },
    plugins: [workerUrls()],
  };
}

function workerBundle(entry: string): Bundle {
  const target = entry.startsWith('runtime/') ? 'node24' : 'node20';
  return { name: basename(entry, '.ts'), entry, target, external: [] };
}

/** Points worker URLs of our own sources at the bundled worker. */
function workerUrls(): Plugin {
  return {
    name: 'worker-urls',
    setup(build) {
      build.onLoad({ filter: /[\\/](?:client|local|runtime|server)[\\/].*\.ts$/ }, ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const source = readFileSync(path, 'utf8');
        const contents = source.replace(
          /new URL\(\s*'(?:\.{1,2}\/)(?:[\w-]+\/)*([\w-]+-worker)\.ts'/g,
          "new URL('./$1.cjs'",
        );
        return { contents, loader: 'ts' };
      });
    },
  };
}
