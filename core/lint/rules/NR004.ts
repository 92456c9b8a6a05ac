/** NR004: ownership or mode is changed of what was just copied. */

import type { CopyInstruction, Stage } from '../../dockerfile/types.ts';
import type { Rule } from '../rule.ts';
import { stepsWith } from '../runs.ts';

export const NR004: Rule = {
  id: 'NR004',
  family: 'naru',
  severity: 'info',
  message: 'set owner and mode while copying, with --chown and --chmod',
  why: 'Changing the owner or the mode of a file stores the whole file once more in the layer of the RUN. COPY and ADD can set both while they copy.',
  examples: {
    bad: ['FROM debian:12\nCOPY . /app\nRUN chown -R 1000:1000 /app'],
    good: ['FROM debian:12\nCOPY --chown=1000:1000 . /app'],
  },
  check(context, report) {
    const landedIn = new Map<Stage | undefined, ReadonlyMap<string, number>>();
    for (const { commands, run, stage } of stepsWith(context, 'chown', 'chmod')) {
      const landed = landedIn.get(stage) ?? landings(stage);
      landedIn.set(stage, landed);
      const isCopied = (path: string): boolean =>
        (landed.get(path) ?? Number.POSITIVE_INFINITY) <= run.span.start;
      for (const { args, program, span } of commands) {
        if (program !== 'chown' && program !== 'chmod') continue;
        const [mode, ...words] = args.filter(({ value }) => !value.startsWith('-'));
        const isWhole =
          args.some(({ value }) => /^(?:-\w*R|--recursive$)/.test(value)) ||
          /^[augo]*\+x$/.test(mode?.value ?? '');
        // Of a directory alone no file is stored again, and --chmod would be for all that is in it.
        const paths = words
          .map(({ value }) => plainPath(value))
          .filter((path) => isWhole || /[^/]\.\w+$/.test(path));
        if (paths.some((path) => path.startsWith('/') && isCopied(path))) {
          report({ span, message: `use COPY --${program}, which needs no second copy of the files` });
        }
      }
    }
  },
};

/** Paths that instructions of a stage copy to, with the end of the first one that does. */
function landings(stage: Stage | undefined): ReadonlyMap<string, number> {
  const landed = new Map<string, number>();
  for (const instruction of stage?.instructions ?? []) {
    if (instruction.name !== 'COPY' && instruction.name !== 'ADD') continue;
    for (const path of landingPaths(instruction)) {
      if (!landed.has(path)) landed.set(path, instruction.span.end);
    }
  }
  return landed;
}

/** The destination, and inside a folder the files that are named. */
function landingPaths({ destination, sources }: CopyInstruction): readonly string[] {
  if (destination === undefined) return [];
  const folder = plainPath(destination.text);
  const files = sources.map(({ text }) => `${folder === '/' ? '' : folder}/${text.replace(/^.*\//, '')}`);
  return folder === '/' ? files : [folder, ...files];
}

function plainPath(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
