/** Connections that attach and exec take over: what is on the wire, byte for byte. */

import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { connect } from 'node:net';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { ask, foreignEngine, startEngine, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: tcp\r\n';

describe('api: hijacked connections', function () {
  this.timeout(30_000);
  const foreign = foreignEngine();
  for (const name of ['naru', ...(foreign === undefined ? [] : [foreign.name])]) {
    describe(name, () => {
      let engine: EngineUnderTest;
      before(async function () {
        requireRoot(this);
        engine = name === 'naru' || foreign === undefined ? await startEngine() : foreign;
        await ask(engine.socketPath, 'POST', '/images/load', createReadStream(await busyboxArchive()));
      });
      after(() => engine?.stop());

      async function post(path: string, body: object): Promise<string> {
        const reply = await ask(engine.socketPath, 'POST', path, body);
        assert.ok(reply.status < 300, reply.text);
        return reply.text === '' ? '' : String((JSON.parse(reply.text) as { readonly Id?: string }).Id); // create answers an Id
      }

      /** Sends the head, then stdin once the answer's head is there; closes its side; answers everything received. */
      async function converse(
        head: string,
        stdin: string,
        whenAnswered?: () => Promise<unknown>,
      ): Promise<string> {
        const socket = connect({ path: engine.socketPath, allowHalfOpen: true });
        let got = '';
        const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        const answered = new Promise<void>((resolve) => {
          socket.on('data', (chunk) => {
            got += chunk.toString('latin1');
            if (got.includes('\r\n\r\n')) resolve();
          });
        });
        socket.write(head);
        await answered;
        await whenAnswered?.();
        socket.end(stdin);
        await ended;
        return got;
      }

      async function container(tty: boolean): Promise<string> {
        return post('/containers/create', {
          Image: 'busybox',
          Cmd: ['cat'],
          OpenStdin: true,
          StdinOnce: true,
          AttachStdin: true,
          Tty: tty,
        });
      }

      it('attach with an upgrade: 101, frames, and stdin ends with the client side', async () => {
        const id = await container(false);
        const head = `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`;
        const got = await converse(head, 'hello\n', () => post(`/containers/${id}/start`, {}));
        assert.match(got, /^HTTP\/1\.1 101 UPGRADED\r\n/);
        assert.match(got, /\r\nContent-Type: application\/vnd\.docker\.multiplexed-stream\r\n/i);
        assert.ok(got.endsWith('\r\n\r\n\x01\0\0\0\0\0\0\x06hello\n'), JSON.stringify(got));
        await ask(engine.socketPath, 'DELETE', `/containers/${id}?force=1`);
      });

      it('attach without an upgrade: 200, then raw bytes, whatever its body was', async () => {
        const id = await container(false);
        const head = `POST /containers/${id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
        const got = await converse(head, 'hello\n', () => post(`/containers/${id}/start`, {}));
        assert.match(got, /^HTTP\/1\.1 200 OK\r\n/);
        assert.doesNotMatch(got, /chunked/i);
        assert.ok(got.endsWith('\r\n\r\n\x01\0\0\0\0\0\0\x06hello\n'), JSON.stringify(got));
        await ask(engine.socketPath, 'DELETE', `/containers/${id}?force=1`);
      });

      it('exec start reads its JSON body from an upgraded connection', async () => {
        const id = await container(true);
        await post(`/containers/${id}/start`, {});
        const exec = await post(`/containers/${id}/exec`, {
          Cmd: ['cat'],
          AttachStdin: true,
          AttachStdout: true,
        });
        const body = '{"Detach":false,"Tty":false}';
        const head = `POST /exec/${exec}/start HTTP/1.1\r\nHost: x\r\n${UPGRADE}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        const got = await converse(head, 'hello\n');
        assert.match(got, /^HTTP\/1\.1 101 UPGRADED\r\n/);
        assert.ok(got.endsWith('\x01\0\0\0\0\0\0\x06hello\n'), JSON.stringify(got));
        await ask(engine.socketPath, 'DELETE', `/containers/${id}?force=1`);
      });

      it('an upgrade that cannot be had is refused with an ordinary error', async () => {
        const socket = connect(engine.socketPath);
        socket.write(`POST /containers/nope/attach?stream=1 HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`);
        const chunk = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
        socket.destroy();
        assert.match(chunk.toString(), /^HTTP\/1\.1 404 Not Found\r\n/);
      });
    });
  }
});
