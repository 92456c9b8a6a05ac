/** `HEAD`, `GET` and `PUT /containers/{id}/archive`: what `docker cp` uses. */

import { pipeline } from 'node:stream/promises';

import { NaruError } from '../../../core/errors.ts';
import { empty, type Endpoint } from '../endpoint.ts';
import type { Query } from '../query.ts';
import { pathStatHeader } from './wire/path-stat.ts';

const PATH = '/containers/{id}/archive';

export const containerArchiveStat: Endpoint = {
  method: 'HEAD',
  path: PATH,
  handle: async ({ params, query }, { containers }) => {
    const stat = await containers.archiveStat(params('id'), pathOf(query));
    return { kind: 'empty', status: 200, headers: pathStatHeader(stat) };
  },
};

export const containerArchiveGet: Endpoint = {
  method: 'GET',
  path: PATH,
  handle: async ({ params, query, signal }, { containers }) => {
    const { stat, tar } = await containers.archiveGet(params('id'), pathOf(query));
    return {
      kind: 'stream',
      contentType: 'application/x-tar',
      headers: pathStatHeader(stat),
      write: (out) => pipeline(tar, out, { end: false, signal }),
    };
  },
};

export const containerArchivePut: Endpoint = {
  method: 'PUT',
  path: PATH,
  handle: async ({ params, query, body, signal }, { containers }) => {
    await containers.archivePut(params('id'), pathOf(query), body, {
      noOverwriteDirNonDir: query.flag('noOverwriteDirNonDir'),
      copyUidGid: query.flag('copyUIDGID'),
      signal,
    });
    return empty(200);
  },
};

function pathOf(query: Query): string {
  const path = query.text('path');
  if (path === '') throw new NaruError('invalid-argument', 'E_PATH', 'missing path');
  return path;
}
