/** Edits of the Dockerfile of the portable project. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';

import type { OracleEdit } from './oracle-edit.ts';
import { ALL, DOCKERFILE, FINAL, inserted, RUNS_AND_AFTER, SRC, text } from './portable-project.ts';

const FINAL_RUNS = ['final.run', 'final.run2'];

/** With a file /picked beside /constant that has the same content. */
const WITH_TWO = text('RUN constant installed', 'RUN constant installed\nRUN pick /constant');

function lowerCaseKeywords(): string {
  return DOCKERFILE.replace(/^(?:FROM|RUN|COPY|ENV|ARG|USER|LABEL|CMD|EXPOSE|WORKDIR)/gm, (word) =>
    word.toLowerCase(),
  );
}

export const DOCKERFILE_EDITS: readonly OracleEdit[] = [
  { name: 'a comment', dockerfile: `# c\n${DOCKERFILE}`, buildkit: [] },
  {
    name: 'blank lines, blanks at the end, indentation',
    dockerfile: text(/\n(?=[A-Z])/g, '  \n\n  '),
    buildkit: [],
  },
  { name: 'keywords in lower case', dockerfile: lowerCaseKeywords(), buildkit: [] },
  { name: 'CRLF', dockerfile: text(/\n/g, '\r\n'), buildkit: [] },
  {
    name: 'blanks inside RUN',
    dockerfile: text('RUN find a.txt', 'RUN find   a.txt'),
    buildkit: ['build.run', 'build.copyall'],
  },
  { name: 'blanks inside COPY', dockerfile: text('COPY src/ src/', 'COPY   src/   src/'), buildkit: [] },
  {
    name: 'a continuation that adds blanks',
    dockerfile: text('RUN constant installed', 'RUN constant \\\n  installed'),
    buildkit: ['deps.run'],
  },
  {
    name: 'a continuation without added blanks',
    dockerfile: text('RUN constant installed', 'RUN constant \\\ninstalled'),
    buildkit: [],
  },
  {
    name: 'a comment inside a continuation',
    dockerfile: text('RUN constant installed', 'RUN constant \\\n# c\ninstalled'),
    buildkit: [],
  },
  {
    name: 'RUN text, same output',
    dockerfile: text('constant installed', 'constant installed again'),
    buildkit: ['deps.run'],
  },
  {
    name: 'RUN text, other output in the file that is copied',
    dockerfile: text('constant installed', 'constant other'),
    buildkit: ['deps.run', 'build.copyfrom', ...SRC],
  },
  {
    name: 'RUN as equal exec form',
    dockerfile: text('RUN find a.txt', 'RUN ["/bin/sh","-c","find a.txt"]'),
    buildkit: [],
  },
  {
    name: 'two COPY swapped',
    dockerfile: text(/(# final.copyfrom\n.*\n)(# final.chown\n.*\n)/, '$2$1'),
    buildkit: FINAL,
  },
  {
    name: 'LABEL moved to the end',
    dockerfile: text('LABEL a=b\n', '').replace('EXPOSE', 'LABEL a=b\nEXPOSE'),
    buildkit: [],
  },
  {
    name: 'ENV before ARG',
    dockerfile: text('ARG UNUSED=x\nENV MODE=prod', 'ENV MODE=prod\nARG UNUSED=x'),
    buildkit: ['build.run', 'build.copyall'],
    ours: { kind: 'fewer', runs: [], because: 'the order of variables cannot be observed' },
  },
  { name: 'a RUN removed', dockerfile: text('# final.run\nRUN see final\n', ''), buildkit: ['final.run2'] },
  {
    name: 'a stage renamed',
    dockerfile: text(/\bdeps\b(?!\.)/g, 'd').replace('constant /d\n', 'constant /deps\n'),
    buildkit: [],
  },
  { name: '--from by number', dockerfile: text('--from=deps', '--from=1'), buildkit: [] },
  { name: 'COPY ./src/', dockerfile: text('COPY src/ src/', 'COPY ./src/ src/'), buildkit: [] },
  { name: 'COPY src without slash', dockerfile: text('COPY src/ src/', 'COPY src src/'), buildkit: [] },
  { name: 'absolute destination', dockerfile: text('COPY src/ src/', 'COPY src/ /app/src/'), buildkit: [] },
  { name: 'other destination', dockerfile: text('COPY src/ src/', 'COPY src/ other/'), buildkit: SRC },
  {
    name: 'a source directory of another name, same content',
    dockerfile: text('COPY src/ src/', 'COPY lib/ src/'),
    prepare: (folder) =>
      cpSync(join(folder, 'src'), join(folder, 'lib'), { recursive: true, verbatimSymlinks: true }),
    buildkit: SRC,
    ours: { kind: 'fewer', runs: [], because: 'the name of a directory does not reach the image' },
  },
  { name: 'COPY becomes ADD', dockerfile: text('COPY src/ src/', 'ADD src/ src/'), buildkit: SRC },
  {
    name: 'another file of a stage, same content',
    before: WITH_TWO,
    dockerfile: WITH_TWO.replace('--from=deps /constant', '--from=deps /picked'),
    buildkit: ['build.copyfrom', ...SRC],
    ours: { kind: 'fewer', runs: [], because: 'the name of the source does not reach the image' },
  },
  {
    name: '--chown',
    dockerfile: text('1000:1000', '1001:1001'),
    buildkit: ['final.chown', 'final.run', 'final.run2'],
  },
  { name: 'RUN of an unused stage', dockerfile: text('see unused', 'see used'), buildkit: [] },
  {
    name: 'one more unused stage',
    dockerfile: text('FROM base AS final', 'FROM base AS idle\nRUN see idle\nFROM base AS final'),
    buildkit: [],
  },
  { name: 'WORKDIR', dockerfile: text('WORKDIR /app', 'WORKDIR /ap2'), buildkit: ALL },
  {
    name: 'WORKDIR /app/',
    dockerfile: text('WORKDIR /app', 'WORKDIR /app/'),
    buildkit: RUNS_AND_AFTER,
    ours: { kind: 'fewer', runs: [], because: 'it is the same directory' },
  },
  { name: 'ENV value', dockerfile: text('MODE=prod', 'MODE=dev'), buildkit: ['build.run', 'build.copyall'] },
  { name: 'ENV in the old form', dockerfile: text('MODE=prod', 'MODE prod'), buildkit: [] },
  { name: 'ENV late', dockerfile: inserted('ENV LATE=1'), buildkit: FINAL_RUNS },
  { name: 'LABEL value', dockerfile: text('LABEL a=b', 'LABEL a=c'), buildkit: [] },
  { name: 'USER value', dockerfile: text('USER 1000', 'USER 1001'), buildkit: ['final.run2'] },
  { name: 'EXPOSE value', dockerfile: text('EXPOSE 80', 'EXPOSE 81'), buildkit: [] },
  { name: 'CMD value', dockerfile: text('CMD ["run"]', 'CMD ["walk"]'), buildkit: [] },
  { name: 'HEALTHCHECK', dockerfile: inserted('HEALTHCHECK CMD true'), buildkit: [] },
  { name: 'VOLUME', dockerfile: inserted('VOLUME /v'), buildkit: [] },
  { name: 'STOPSIGNAL', dockerfile: inserted('STOPSIGNAL 9'), buildkit: [] },
  { name: 'ENTRYPOINT', dockerfile: inserted('ENTRYPOINT ["e"]'), buildkit: [] },
  { name: 'SHELL', dockerfile: inserted('SHELL ["/bin/sh","-ec"]'), buildkit: FINAL_RUNS },
  { name: 'ONBUILD', dockerfile: inserted('ONBUILD RUN x'), buildkit: [] },
  { name: 'ARG without value', dockerfile: inserted('ARG NONE'), buildkit: [] },
  { name: 'ARG with default', dockerfile: inserted('ARG SOME=1'), buildkit: FINAL_RUNS },
  {
    name: 'default of an ARG that is not mentioned',
    dockerfile: text('UNUSED=x', 'UNUSED=y'),
    buildkit: ['build.run', 'build.copyall'],
  },
  { name: 'global ARG that no stage declares', dockerfile: text('IDLE=i', 'IDLE=j'), buildkit: [] },
  { name: 'global ARG declared in a stage', dockerfile: inserted('ARG IDLE'), buildkit: FINAL_RUNS },
  { name: 'MAINTAINER', dockerfile: inserted('MAINTAINER m'), buildkit: [] },
];
