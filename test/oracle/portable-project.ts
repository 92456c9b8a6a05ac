/** A multi-stage project with every kind of step that caches differently, written so that the measured answers apply to it step by step. */

import type { Files } from './oracle-edit.ts';

/** Verbs of RUN: see test/unit/build/memory-builder.ts. */
export const DOCKERFILE = `ARG GLOBAL=g1
ARG IDLE=i
FROM base AS base
# base.workdir
WORKDIR /app
FROM base AS deps
ARG VERSION=1
# deps.copy
COPY package.json ./
# deps.run
RUN constant installed
FROM base AS build
ARG UNUSED=x
ENV MODE=prod
# build.copyfrom
COPY --from=deps /constant /deps
# build.copysrc
COPY src/ src/
# build.wild
COPY wild/*.txt wild/
# build.run
RUN find a.txt
# build.copyall
COPY . all/
FROM base AS unused
# unused.copy
COPY docs docs
# unused.run
RUN see unused
FROM base AS final
ARG GLOBAL
LABEL a=b
# final.copyfrom
COPY --from=build /found out/
# final.chown
COPY --chown=1000:1000 conf.ini conf.ini
# final.run
RUN see final
USER 1000
# final.run2
RUN see second
EXPOSE 80
CMD ["run"]
`;

export const CONTEXT: Files = {
  '.dockerignore': 'node_modules\n*.log\n.dockerignore\nDockerfile\n',
  Dockerfile: 'FROM x\n',
  'package.json': '{}',
  'conf.ini': 'k=v',
  'docs/d.md': 'doc',
  'src/a.txt': 'a',
  'src/sub/c.txt': 'c',
  'src/link': { linkTarget: 'a.txt' },
  'wild/w.txt': 'w',
  'wild/x.md': 'x',
};

export const SRC = ['build.copysrc', 'build.wild', 'build.run', 'build.copyall'];
export const FINAL = ['final.copyfrom', 'final.chown', 'final.run', 'final.run2'];
export const RUNS_AND_AFTER = ['deps.run', 'build.run', 'build.copyall', 'final.run', 'final.run2'];
/** Everything below a change of the base. */
export const ALL = ['base.workdir', 'deps.copy', 'deps.run', 'build.copyfrom', ...SRC, ...FINAL];

/** The Dockerfile with one thing replaced. */
export function text(from: string | RegExp, to: string): string {
  return DOCKERFILE.replace(from, to);
}

/** With a line more before `final.run`. */
export function inserted(line: string): string {
  return text('# final.run\n', `${line}\n# final.run\n`);
}
