/**
 * A program as one CommonJS file with all that most runs need, and one for each part that few need.
 * esbuild splits ES modules alone (esbuild.github.io/api/#splitting), so these are made first and each is turned into CommonJS:
 * the loader of ES modules would cost a start more than the split saves.
 * Of the pieces, those that are not apart are put into one file (or two: what is `early`, and the rest), each a function that runs when it is first imported:
 * a file costs a start 1 ms, code that does not run next to nothing.
 */

import { basename, join } from 'node:path';

import { build, type Metafile, transform } from 'esbuild';

import { type Bundle, bundleOptions } from './bundles.ts';

export interface SplitFile {
  /** Absolute, in `outDirectory`. */
  readonly path: string;
  readonly contents: string;
}

/** The program as `<name>.cjs` and `<name>-*.cjs`; nothing is written. */
export async function buildSplit(
  bundle: Bundle,
  root: string,
  outDirectory: string,
): Promise<{ readonly outputFiles: readonly SplitFile[]; readonly metafile: Metafile }> {
  const { outfile: _outfile, banner: _banner, ...shared } = bundleOptions(bundle, root, outDirectory);
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: [{ in: bundle.entry, out: bundle.name }],
    outdir: outDirectory,
    format: 'esm',
    splitting: true,
    chunkNames: `${bundle.name}-[name]-[hash]`,
    outExtension: { '.js': '.cjs' },
    metafile: true,
    write: false,
  });
  const pieces = await Promise.all(
    outputFiles.map(async ({ path, text }): Promise<Piece> => {
      const { code } = await transform(text, {
        format: 'cjs',
        platform: 'node',
        target: bundle.target,
        supported: { 'dynamic-import': false },
        minifyWhitespace: true,
        minifySyntax: true,
        legalComments: 'none',
        // What there is to warn of was said when it was made.
        logLevel: 'error',
      });
      return { name: basename(path), code };
    }),
  );
  const { early, late } = commonPieces(bundle, metafile);
  const main = `${bundle.name}.cjs`;
  const rest = `${bundle.name}-rest.cjs`;
  const those = (names: ReadonlySet<string>): Piece[] => pieces.filter(({ name }) => names.has(name));
  const apart = pieces.filter(({ name }) => !early.has(name) && !late.has(name));
  const files = [
    { name: main, code: mainFile(main, those(early), late.size === 0 ? undefined : { rest, names: late }) },
    ...(late.size === 0 ? [] : [{ name: rest, code: `module.exports=${functionsOf(those(late))};` }]),
    ...apart.map(({ name, code }) => ({ name, code: apartFile(main, code) })),
  ];
  return {
    outputFiles: files.map(({ name, code }) => ({ path: join(outDirectory, name), contents: withUrl(code) })),
    metafile,
  };
}

interface Piece {
  /** File name: what another piece imports as `./name`. */
  readonly name: string;
  readonly code: string;
}

interface CommonPieces {
  /** Names of what runs before anything is imported dynamically but `early` sources. */
  readonly early: ReadonlySet<string>;
  readonly late: ReadonlySet<string>;
}

/** What the program reaches without what is apart. */
function commonPieces({ name, apart = [], early }: Bundle, { outputs }: Metafile): CommonPieces {
  const entries = Object.keys(outputs).filter((path) => basename(path) === `${name}.cjs`);
  const all = reached(outputs, entries, (_kind, entryPoint) => !apart.includes(entryPoint));
  if (early === undefined) return { early: all, late: new Set() };
  const first = Object.keys(outputs).filter((path) => early.includes(outputs[path]?.entryPoint ?? ''));
  const soon = reached(outputs, [...entries, ...first], (kind) => kind === 'import-statement');
  return { early: soon, late: new Set([...all].filter((piece) => !soon.has(piece))) };
}

/** Names of outputs, from those of some paths along the imports that are followed. */
function reached(
  outputs: Metafile['outputs'],
  from: readonly string[],
  isFollowed: (kind: string, entryPoint: string) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...from];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(basename(path))) continue;
    found.add(basename(path));
    for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
      if (external !== true && isFollowed(kind, outputs[next]?.entryPoint ?? '')) pending.push(next);
  }
  return found;
}

/** Node's modules that take milliseconds to load and that many runs do without: loaded when something of them is first used. https reads certificates as well. */
const SLOW_MODULES = ['crypto', 'child_process', 'https', 'zlib', 'readline', 'worker_threads'].flatMap(
  (name) => [name, `node:${name}`],
);

/**
 * `__piece` is the `require` of every piece: it knows those in this file and leaves the rest to Node's.
 * A function in parentheses is compiled with the file; else Node's compile cache would keep next to nothing of it (measured, Node 24: 8 kB instead of 219).
 */
function mainFile(
  main: string,
  pieces: readonly Piece[],
  late: { readonly rest: string; readonly names: ReadonlySet<string> } | undefined,
): string {
  const ids = Array.from(late?.names ?? [], (name) => `./${name}`);
  return `"use strict";const __made={},__pieces=${functionsOf(pieces)};
const __late=new Set(${JSON.stringify(ids)}),__slow=new Set(${JSON.stringify(SLOW_MODULES)});
const __later=(id)=>new Proxy({},{get:(_,key)=>require(id)[key],has:(_,key)=>key in require(id),ownKeys:()=>Reflect.ownKeys(require(id)),getOwnPropertyDescriptor:(_,key)=>({value:require(id)[key],enumerable:true,configurable:true})});
const __piece=(id)=>{if(__late.delete(id)&&!Object.hasOwn(__pieces,id))Object.assign(__pieces,require("./${late?.rest ?? ''}"));if(!Object.hasOwn(__pieces,id))return __slow.has(id)?__later(id):require(id);if(__made[id])return __made[id].exports;const made=__made[id]={exports:{}};__pieces[id](made.exports,__piece,made);return made.exports};
exports.__piece=__piece;__piece("./${main}");
`;
}

function functionsOf(pieces: readonly Piece[]): string {
  const functions = pieces.map(
    ({ name, code }) => `${JSON.stringify(`./${name}`)}:(function(exports,require,module){${code}\n})`,
  );
  return `{${functions.join(',\n')}}`;
}

function apartFile(main: string, code: string): string {
  return `"use strict";(function(require){${code}\n})(require("./${main}").__piece);\n`;
}

/** What `import.meta.url` became (bundles.ts), where it is used. */
function withUrl(code: string): string {
  if (!code.includes('__naruUrl')) return code;
  return `const __naruUrl=require("node:url").pathToFileURL(__filename).href;${code}`;
}
