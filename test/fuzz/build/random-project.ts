/** Random projects and edits of them: Dockerfiles of up to four stages, small contexts, build options. Everything is made by fast-check, so failures shrink. */

import fc from 'fast-check';

import type { MemoryFile } from '../../../core/context/memory-tree.ts';

/** A stage: base, and one line per instruction. */
export interface RandomStage {
  readonly from: number;
  readonly lines: readonly string[];
}

export interface RandomProject {
  readonly globalArg: string;
  readonly stages: readonly RandomStage[];
  readonly files: Readonly<Record<string, MemoryFile>>;
  readonly ignore: string;
}

export interface RandomOptions {
  readonly target: number | undefined;
  readonly version: string | undefined;
  readonly noCache: boolean;
  readonly noCacheFilter: number | undefined;
  readonly host: string | undefined;
  readonly epoch: number | undefined;
  readonly base: 'base' | 'other' | 'same' | 'onbuild';
}

export type Edit =
  | { readonly kind: 'file'; readonly path: string; readonly file: MemoryFile | undefined }
  | { readonly kind: 'line'; readonly stage: number; readonly at: number; readonly line: string | undefined }
  | { readonly kind: 'swap'; readonly stage: number; readonly at: number }
  | { readonly kind: 'ignore'; readonly ignore: string }
  | { readonly kind: 'global'; readonly value: string }
  | { readonly kind: 'options'; readonly options: RandomOptions }
  | { readonly kind: 'none' };

const PATHS = [
  'a.txt',
  'b.txt',
  'src/a.txt',
  'src/b.txt',
  'src/sub/c.txt',
  'docs/d.md',
  '.git/x',
  'package.json',
];

const content = fc.constantFrom('one', 'two', 'three', '');
const file: fc.Arbitrary<MemoryFile> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ content, mode: fc.constantFrom(0o644, 0o755, 0o600), mtimeNs: fc.bigInt(0n, 9n) }),
  },
  { weight: 1, arbitrary: fc.record({ linkTarget: fc.constantFrom('a.txt', 'b.txt') }) },
);
const files = fc.dictionary(fc.constantFrom(...PATHS), file, { minKeys: 3, maxKeys: 8 });
const ignore = fc.constantFrom('', '.git\n', 'docs\n# c\n', 'src/sub\n', '*.md\n!docs/d.md\n');

const word = fc.constantFrom('x', 'y', '$VERSION', 'z');
const flags = fc.constantFrom(
  '',
  '--chmod=600 ',
  '--chmod=u+x ',
  '--chown=1000 ',
  '--link ',
  '--parents ',
  '--exclude=*.md ',
);
const line: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'RUN see',
      'RUN see more',
      'RUN constant k',
      'RUN constant l',
      'RUN pick /app/a.txt',
      'RUN pick /copied/a.txt',
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        flags,
        fc.constantFrom('. /app/', 'src/ /app/', 'a.txt /app/', 'a.txt /app', '*.txt ./', 'src /copied'),
      )
      .map(([f, w]) => `COPY ${f}${w}`),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(flags, fc.nat(3), fc.constantFrom('/constant /got', '/picked /got/', '/app /copied', '/ /all/'))
      .map(([f, n, w]) => `COPY --from=${n} ${f}${w}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(3), fc.constantFrom('/app', '/', '/constant'))
      .map(([n, p]) => `RUN --mount=type=bind,from=${n},source=${p},target=/m see`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'RUN --mount=type=bind,source=src,target=/m see',
      'RUN --mount=type=cache,target=/c see',
      'RUN --mount=type=secret,id=s see',
      'RUN --network=none see',
    ),
  },
  { weight: 2, arbitrary: word.map((w) => `ENV A=${w}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'ENV B=1 A=2',
      'ARG VERSION',
      'ARG VERSION=1',
      'ARG VERSION=2',
      'ARG GLOBAL',
      'ARG OTHER',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'WORKDIR /app',
      'WORKDIR sub',
      'WORKDIR /',
      'USER 1000',
      'USER root',
      'SHELL ["/bin/sh","-ec"]',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('LABEL a=b', 'EXPOSE 80', 'CMD ["x"]', 'VOLUME /v', '# a comment', ''),
  },
  { weight: 1, arbitrary: fc.constantFrom('COPY <<EOF /h\nbody $A\nEOF', 'RUN <<EOF\nsee this\nEOF') },
);
const stage = fc.record({ from: fc.nat(5), lines: fc.array(line, { maxLength: 6 }) });

export const project: fc.Arbitrary<RandomProject> = fc.record({
  globalArg: word,
  stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
  files,
  ignore,
});

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined, freq: 3 });

export const options: fc.Arbitrary<RandomOptions> = fc.record({
  target: optional(fc.nat(3)),
  version: optional(fc.constantFrom('1', '2')),
  noCache: fc.nat(9).map((n) => n === 0),
  noCacheFilter: fc.option(fc.nat(3), { nil: undefined, freq: 1 }),
  host: optional(fc.constantFrom('h', 'i')),
  epoch: fc.option(fc.constantFrom(1, 2), { nil: undefined, freq: 1 }),
  base: fc.constantFrom('base', 'base', 'base', 'other', 'same', 'onbuild'),
});

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('file' as const),
      path: fc.constantFrom(...PATHS),
      file: optional(file),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('line' as const),
      stage: fc.nat(3),
      at: fc.nat(6),
      line: optional(line),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('swap' as const), stage: fc.nat(3), at: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ignore' as const), ignore }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('global' as const), value: word }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('options' as const), options }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'none' as const }) },
);

/** FROM chooses the base image or an earlier stage; references to later stages are bent to earlier ones. */
export function dockerfileText(project: RandomProject, base: string): string {
  const lines = [`ARG GLOBAL=${project.globalArg}`];
  project.stages.forEach(({ from, lines: body }, index) => {
    const name = from < index ? `s${from}` : from === 5 ? 'scratch' : base;
    lines.push(`FROM ${name} AS s${index}`);
    for (const text of body)
      lines.push(text.replace(/from=(\d)/, (_, n: string) => fromText(Number(n), index)));
  });
  return `${lines.join('\n')}\n`;
}

export function applyEdit(project: RandomProject, change: Edit): RandomProject {
  switch (change.kind) {
    case 'file': {
      const { [change.path]: _, ...rest } = project.files;
      return {
        ...project,
        files: change.file === undefined ? rest : { ...rest, [change.path]: change.file },
      };
    }
    case 'line':
      return {
        ...project,
        stages: withLines(project, change.stage, (lines) => replaced(lines, change.at, change.line)),
      };
    case 'swap':
      return { ...project, stages: withLines(project, change.stage, (lines) => swapped(lines, change.at)) };
    case 'ignore':
      return { ...project, ignore: change.ignore };
    case 'global':
      return { ...project, globalArg: change.value };
    case 'options':
    case 'none':
      return project;
  }
}

function fromText(wanted: number, index: number): string {
  return index === 0 ? 'from=other' : `from=s${wanted % index}`;
}

function withLines(
  project: RandomProject,
  stageIndex: number,
  change: (lines: readonly string[]) => readonly string[],
): readonly RandomStage[] {
  const at = stageIndex % project.stages.length;
  return project.stages.map((stage, index) =>
    index === at ? { ...stage, lines: change(stage.lines) } : stage,
  );
}

function replaced(lines: readonly string[], at: number, text: string | undefined): readonly string[] {
  const copy = [...lines];
  copy.splice(
    Math.min(at, copy.length),
    text === undefined || at % 2 === 0 ? 1 : 0,
    ...(text === undefined ? [] : [text]),
  );
  return copy;
}

function swapped(lines: readonly string[], at: number): readonly string[] {
  const copy = [...lines];
  const [moved] = copy.splice(at, 1);
  if (moved !== undefined) copy.splice(Math.max(0, at - 1), 0, moved);
  return copy;
}
