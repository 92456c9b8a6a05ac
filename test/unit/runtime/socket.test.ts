/** Sockets whose path the system does not take: said in bytes, by the engine and by whoever wants to reach it. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { unixConnect } from '../../../local/http/unix.ts';
import { listenOnSocket } from '../../../runtime/socket.ts';

const LONG = join(tmpdir(), 'ㅁ'.repeat(40));

describe('a socket with a long path', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip(); // other limits elsewhere
  });

  const nBytes = Buffer.byteLength(LONG);

  it('is refused by the engine', async () => {
    await assert.rejects(listenOnSocket(createServer(), LONG), (error) => {
      assert.ok(error instanceof NaruError);
      assert.equal(error.kind, 'invalid-argument');
      const text = `the path of the socket has ${nBytes} bytes, and 107 is the limit of the system: ${LONG}`;
      assert.equal(error.message, text);
      return true;
    });
  });

  it('cannot be connected to, for that reason', async () => {
    await assert.rejects(unixConnect(LONG)(), (error) => {
      assert.ok(error instanceof NaruError);
      assert.equal(error.hint, `the path has ${nBytes} bytes, and 107 is the limit of the system`);
      return true;
    });
  });
});
