/** Every endpoint file is in the index, and every method and path is unique. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { coveragePage } from '../../runtime/api/coverage.ts';
import { ENDPOINTS } from '../../runtime/api/endpoints.ts';
import { UNIMPLEMENTED_ENDPOINTS } from '../../runtime/api/unimplemented/index.ts';

const API = join(import.meta.dirname, '../../runtime/api');

describe('endpoints', () => {
  const folders = readdirSync(API).filter((name) => statSync(join(API, name)).isDirectory());

  it('has every resource folder in endpoints.ts', () => {
    const index = readFileSync(join(API, 'endpoints.ts'), 'utf8');
    const missing = folders.filter((folder) => !index.includes(`./${folder}/index.ts`));
    assert.deepEqual(missing, []);
  });

  it('has every endpoint file in the index of its folder', () => {
    const missing = folders.flatMap((folder) => {
      const index = readFileSync(join(API, folder, 'index.ts'), 'utf8');
      return readdirSync(join(API, folder))
        .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
        .filter((file) => /: Endpoint = \{/.test(readFileSync(join(API, folder, file), 'utf8')))
        .filter((file) => !index.includes(`./${file}'`))
        .map((file) => `${folder}/${file}`);
    });
    assert.deepEqual(missing, []);
  });

  it('answers each method and path once', () => {
    const keys = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(
      keys.filter((key, at) => keys.indexOf(key) !== at),
      [],
    );
  });

  it('are all in docs/engine-api.md', () => {
    const path = join(API, '../../docs/engine-api.md');
    const there = ENDPOINTS.filter((endpoint) => !UNIMPLEMENTED_ENDPOINTS.includes(endpoint));
    const page = coveragePage(there, UNIMPLEMENTED_ENDPOINTS);
    if (process.env['NARU_UPDATE_DOCS'] === '1') writeFileSync(path, page);
    assert.equal(readFileSync(path, 'utf8'), page, 'run NARU_UPDATE_DOCS=1 npm run tidy');
  });
});
