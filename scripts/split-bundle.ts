/**
 * A program as one CommonJS file with all that most runs need, and one for each part that few need.
 * esbuild splits ES modules alone (esbuild.github.io/api/#splitting), so these are made first and each is turned into CommonJS:
 * the loader of ES modules would cost a start more than the split saves.
 * Of the pieces, those that are not apart are put into one file, each a function that runs when it is first imported:
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
  const common = commonPieces(bundle, metafile);
  const main = `${bundle.name}.cjs`;
  const apart = pieces.filter(({ name }) => !common.has(name));
  const files = [
    {
      name: main,
      code: mainFile(
        main,
        pieces.filter(({ name }) => common.has(name)),
      ),
    },
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

/** Names of what the program reaches without what is apart. */
function commonPieces({ name, apart = [] }: Bundle, { outputs }: Metafile): ReadonlySet<string> {
  const isApart = new Set(apart);
  const found = new Set<string>();
  const pending = Object.keys(outputs).filter((path) => basename(path) === `${name}.cjs`);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const output = outputs[path];
    if (output === undefined || found.has(basename(path)) || isApart.has(output.entryPoint ?? '')) continue;
    found.add(basename(path));
    pending.push(...output.imports.filter(({ external }) => external !== true).map((item) => item.path));
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
function mainFile(main: string, pieces: readonly Piece[]): string {
  const functions = pieces.map(
    ({ name, code }) => `${JSON.stringify(`./${name}`)}:(function(exports,require,module){${code}\n})`,
  );
  return `"use strict";const __made={},__pieces={${functions.join(',\n')}};
const __slow=new Set(${JSON.stringify(SLOW_MODULES)});
const __later=(id)=>new Proxy({},{get:(_,key)=>require(id)[key],has:(_,key)=>key in require(id),ownKeys:()=>Reflect.ownKeys(require(id)),getOwnPropertyDescriptor:(_,key)=>({value:require(id)[key],enumerable:true,configurable:true})});
const __piece=(id)=>{if(!Object.hasOwn(__pieces,id))return __slow.has(id)?__later(id):require(id);if(__made[id])return __made[id].exports;const made=__made[id]={exports:{}};__pieces[id](made.exports,__piece,made);return made.exports};
exports.__piece=__piece;__piece("./${main}");
`;
}

function apartFile(main: string, code: string): string {
  return `"use strict";(function(require){${code}\n})(require("./${main}").__piece);\n`;
}

/** What `import.meta.url` became (bundles.ts), where it is used. */
function withUrl(code: string): string {
  if (!code.includes('__naruUrl')) return code;
  return `const __naruUrl=require("node:url").pathToFileURL(__filename).href;${code}`;
}
