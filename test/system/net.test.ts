/** Networking of containers, each file of cases inside a network namespace of its own. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { requireRoot } from '../support/skip.ts';
import { runInOwnHost } from './net/own-host.ts';

const CASES_DIR = join(import.meta.dirname, 'net');

describe('networking', () => {
  before(function () {
    requireRoot(this);
  });

  for (const file of readdirSync(CASES_DIR).filter((name) => name.endsWith('.cases.ts'))) {
    it(file, function () {
      this.timeout(300_000);
      runInOwnHost(join(CASES_DIR, file));
    });
  }
});
