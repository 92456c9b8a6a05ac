/** The projects that are built: the same bytes every time, whatever the machine. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeRandom } from './random.ts';

const N_FOLDERS = 200;
const FILES_PER_FOLDER = 100;

/** Three stages, 20,000 files of 0.5 to 20 kB, 178 MB. */
export function writeLargeProject(folder: string): void {
  const random = makeRandom(1);
  const noise = Buffer.from(Array.from({ length: 20_000 }, () => 32 + Math.floor(random() * 90)));
  for (let nth = 0; nth < N_FOLDERS; nth += 1) {
    const directory = join(folder, 'src', `folder${nth}`);
    mkdirSync(directory, { recursive: true });
    for (let file = 0; file < FILES_PER_FOLDER; file += 1) {
      const sizeBytes = 500 + Math.floor(19_500 * random() ** 1.32);
      const head = Buffer.from(`${nth}/${file}\n`);
      const content = Buffer.concat([head, noise.subarray(head.length)]).subarray(0, sizeBytes);
      writeFileSync(join(directory, `file${file}.txt`), content);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "name": "bench" }\n');
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM busybox AS deps
WORKDIR /app
COPY package.json .
RUN mkdir node_modules && cp package.json node_modules/installed

FROM busybox AS build
WORKDIR /app
COPY --from=deps /app/node_modules node_modules
COPY src src
RUN find src -type f | wc -l > count

FROM busybox
WORKDIR /srv
COPY --from=build /app .
RUN test -s count
RUN echo built > label
CMD ["cat", "count"]
`,
  );
}

/** The edit of one source file; each `version` differs. */
export function editLargeProject(folder: string, version: number): void {
  writeFileSync(join(folder, 'src/folder7/file7.txt'), `edited, version ${version}\n`);
}

/** 30 steps that do nothing, each depending on the one before; `version` keeps the cache away. */
export function writeStepsProject(folder: string, version: number): void {
  const steps = Array.from({ length: 30 }, (_, nth) => `RUN true ${nth} ${version}\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), `FROM busybox\n${steps.join('')}`);
}

/** 2 GB in 500 files, for the engine's memory. */
export function writeHugeContext(folder: string): void {
  const random = makeRandom(2);
  const block = Buffer.from(Array.from({ length: 4_000_000 }, () => Math.floor(random() * 256)));
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (let nth = 0; nth < 500; nth += 1) {
    block.writeUInt32LE(nth);
    writeFileSync(join(folder, 'data', String(nth)), block);
  }
  writeFileSync(join(folder, 'Dockerfile'), 'FROM busybox\nCOPY data /data\n');
}
