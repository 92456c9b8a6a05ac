/** Random projects: Dockerfiles of up to four stages, small contexts, build options. Everything is made by fast-check, so failures shrink. Edits of them are in edit-kinds.ts. */

import fc from 'fast-check';

import type { BuildOptions } from '../../../core/build/options.ts';
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
  /** How the Dockerfile is written. */
  readonly style: 'plain' | 'comments' | 'blank lines' | 'lower case' | 'CRLF' | 'continued';
}

export interface RandomOptions {
  readonly target: number | undefined;
  readonly version: string | undefined;
  readonly noCache: boolean;
  readonly noCacheFilter: number | undefined;
  readonly host: string | undefined;
  readonly epoch: number | undefined;
  readonly base: 'base' | 'other' | 'same' | 'onbuild';
  /** As they are. */
  readonly more: Partial<BuildOptions>;
}

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
  style: fc.constant('plain' as const),
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
  more: fc.constant({}),
});

/** FROM chooses the base image or an earlier stage; references to later stages are bent to earlier ones. */
export function dockerfileText(project: RandomProject, base: string): string {
  const lines = [`ARG GLOBAL=${project.globalArg}`];
  project.stages.forEach(({ from, lines: body }, index) => {
    const name = from < index ? `s${from}` : from === 5 ? 'scratch' : base;
    lines.push(`FROM ${name} AS s${index}`);
    for (const text of body)
      lines.push(text.replace(/from=(\d)/, (_, n: string) => fromText(Number(n), index)));
  });
  return styled(`${lines.join('\n')}\n`, project.style);
}

/** The same instructions, written otherwise. Bodies of heredocs stay as they are, but for line ends. */
function styled(text: string, style: RandomProject['style']): string {
  switch (style) {
    case 'plain':
      return text;
    case 'comments':
      return text.replace(/^(?=FROM|COPY)/gm, '# a comment\n');
    case 'blank lines':
      return text.replace(/^(?=FROM|COPY|ENV)/gm, '\n\n');
    case 'lower case':
      return text.replace(/^(?:FROM|COPY|RUN|ENV|ARG|WORKDIR)(?= )/gm, (word) => word.toLowerCase());
    case 'CRLF':
      return text.replaceAll('\n', '\r\n');
    case 'continued':
      return text.replace(/^(COPY|ENV|WORKDIR) (?!.*<<)/gm, '$1 \\\n');
  }
}

function fromText(wanted: number, index: number): string {
  return index === 0 ? 'from=other' : `from=s${wanted % index}`;
}
