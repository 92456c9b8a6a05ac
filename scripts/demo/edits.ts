/**
 * The edits of the demo: what is changed in the project, and which steps a right builder runs again for it.
 * The expectation is written down by hand, so that a wrong cache key is seen even though preview and builder would agree on it.
 */

import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Edit {
  readonly title: string;
  /** Changes the project; answers more arguments for preview and build. */
  readonly apply: (project: string) => readonly string[];
  /** Steps that must run again, as `stage:INSTRUCTION first-words`; everything else must be CACHED, FREE or SKIPPED. */
  readonly runs: readonly string[];
  /** A text that the page must show afterwards. */
  readonly page: string;
}

/** Tags of the two base images: same busybox, another file in it. */
export const BASES = { first: 'naru-demo-base:1', second: 'naru-demo-base:2' } as const;

const FINAL_COPY = 'stage-3:COPY --from=build /app/page.html /www/index.html';
const BUILD_RUN = 'build:RUN sh src/build.sh "$VERSION" > page.html && sleep 1';
const BUILD_COPIES = ['build:COPY --from=deps /app/sorted.txt ./', 'build:COPY src/ src/'];
const DEPS = ['deps:COPY words.txt ./', 'deps:RUN sort -u words.txt > sorted.txt && sleep 1'];
const WORKDIR = 'base:WORKDIR /app';
const MKDIR = 'stage-3:RUN mkdir -p /www';

export const EDITS: readonly Edit[] = [
  {
    title: 'the first build',
    apply: () => [],
    runs: [WORKDIR, ...DEPS, ...BUILD_COPIES, BUILD_RUN, MKDIR, FINAL_COPY],
    page: 'naru demo 1',
  },
  { title: 'nothing changed', apply: () => [], runs: [], page: 'The ferry has landed.' },
  {
    title: 'a source file: src/parts/greeting.txt',
    apply(project) {
      writeFileSync(join(project, 'src/parts/greeting.txt'), 'The ferry has landed twice.\n');
      return [];
    },
    runs: [BUILD_COPIES[1] ?? '', BUILD_RUN, FINAL_COPY],
    page: 'landed twice',
  },
  {
    title: 'an ignored file: notes/todo.txt',
    apply(project) {
      appendFileSync(join(project, 'notes/todo.txt'), 'One more thing.\n');
      return [];
    },
    runs: [],
    page: 'landed twice',
  },
  {
    title: 'a line of the Dockerfile: sort -u becomes sort -ur',
    apply(project) {
      replaceIn(join(project, 'Dockerfile'), 'sort -u words.txt', 'sort -ur words.txt');
      return [];
    },
    runs: ['deps:RUN sort -ur words.txt > sorted.txt && sleep 1', ...BUILD_COPIES, BUILD_RUN, FINAL_COPY],
    page: '<li>river</li>\n<li>pier</li>',
  },
  {
    title: 'a metadata line of the Dockerfile: LABEL',
    apply(project) {
      replaceIn(join(project, 'Dockerfile'), 'title="naru demo"', 'title="the naru demo"');
      return [];
    },
    runs: [],
    page: 'landed twice',
  },
  {
    title: 'a build argument: --build-arg VERSION=2',
    apply: () => ['--build-arg', 'VERSION=2'],
    runs: [BUILD_RUN, FINAL_COPY],
    page: 'naru demo 2',
  },
  {
    title: 'the mode of a folder: chmod 700 src/parts',
    apply(project) {
      chmodSync(join(project, 'src/parts'), 0o700);
      return ['--build-arg', 'VERSION=2'];
    },
    runs: [BUILD_COPIES[1] ?? '', BUILD_RUN],
    page: 'naru demo 2',
  },
  {
    title: 'the base image',
    apply: () => ['--build-arg', 'VERSION=2', '--build-arg', `BASE=${BASES.second}`],
    runs: [
      WORKDIR,
      'deps:COPY words.txt ./',
      'deps:RUN sort -ur words.txt > sorted.txt && sleep 1',
      ...BUILD_COPIES,
      BUILD_RUN,
      MKDIR,
      FINAL_COPY,
    ],
    page: 'naru demo 2',
  },
];

function replaceIn(path: string, from: string, to: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}
