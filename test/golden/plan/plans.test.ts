/** Dockerfiles and the plans made of them. `plans/NAME.Dockerfile` may begin with `# args: …`; `NARU_GOLDENS=write` rewrites `plans/NAME.plan`. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { planText } from './plan-text.ts';
import { planCase } from './planned-case.ts';

const FOLDER = join(import.meta.dirname, 'plans');

/** The context of all of them. */
const FILES = {
  '.dockerignore': 'ignored\nDockerfile\n',
  'a.txt': 'a\n',
  'b.txt': { content: 'bb\n', mode: 0o600 },
  'run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
  'src/one': '1',
  'src/two.md': '2',
  'src/deep/': { mode: 0o700 },
  'src/deep/three': '3',
  'src/link': { linkTarget: 'one' },
  'empty/': '',
  'archive.tar': 'not really',
  'ignored/x': 'x',
};

describe('plans', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.Dockerfile'))) {
    const name = file.replace('.Dockerfile', '');
    it(name, async () => {
      const dockerfile = readFileSync(join(FOLDER, file), 'utf8');
      const args = /^# args: (.*)$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
      const planned = planText(await planCase({ name, dockerfile, args, files: FILES }));
      const golden = join(FOLDER, `${name}.plan`);
      if (process.env['NARU_GOLDENS'] === 'write') writeFileSync(golden, planned);
      assert.equal(planned, readFileSync(golden, 'utf8'));
    });
  }
});
