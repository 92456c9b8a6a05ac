/**
 * A multi-stage project with every kind of step that caches differently, written so that measured answers of other builders apply to it step by step.
 * Each step that BuildKit would show has a name, in a comment above its line.
 */

import type { MemoryFile } from '../../core/context/memory-tree.ts';

export const DOCKERFILE = `ARG GLOBAL=g1
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
COPY --from=deps /constant /deps/
# build.copysrc
COPY src/ src/
# build.wild
COPY wild/*.txt wild/
# build.run
RUN see build
# build.copyall
COPY . all/
FROM base AS unused
# unused.copy
COPY docs docs
# unused.run
RUN see unused
FROM base AS final
ARG OTHER=o
LABEL a=b
# final.copyfrom
COPY --from=build /app/src/a.txt out/
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

export type Files = Readonly<Record<string, string | MemoryFile>>;

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
