import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

import { makePortForwarder, type PortForwarder } from '../../../client/driver/ports/forwarder.ts';

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, () => resolve((server.address() as AddressInfo).port)); // TCP
  });
}

/** Sends a text, ends its side, answers what came back. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.once('end', () => {
      socket.destroy();
      resolve(answer);
    });
    socket.once('error', reject);
    socket.end(text);
  });
}

describe('forwarded ports', () => {
  let echo: Server;
  let port = 0;
  let forwarder: PortForwarder;

  beforeEach(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      socket.once('end', () => socket.end(text.toUpperCase()));
    });
    port = await listening(echo);
    forwarder = makePortForwarder(async () => connect({ host: '127.0.0.1', port, allowHalfOpen: true }));
  });
  afterEach(async () => {
    await forwarder.close();
    echo.close();
  });

  it('a taken number gets another one, and the mapping says which', async () => {
    const [mapping] = await forwarder.update([port]);
    assert.notEqual(mapping?.localPort, port);
    assert.equal(await talk(mapping?.localPort ?? 0, 'half-close works'), 'HALF-CLOSE WORKS');
  });

  it('a free number is kept, and a port that is gone is closed', async () => {
    const probe = createServer();
    const free = await listening(probe);
    await new Promise((resolve) => probe.close(resolve));
    assert.deepEqual(await forwarder.update([free]), [{ hostPort: free, localPort: free }]);
    await forwarder.update([]);
    await assert.rejects(talk(free, ''), { code: 'ECONNREFUSED' });
  });

  it('nothing is opened any more once it is closed, by an update that was under way either', async () => {
    const closing = forwarder.close();
    assert.deepEqual(await forwarder.update([port]), []);
    await closing;
    assert.deepEqual(await forwarder.update([port]), []);
    assert.deepEqual(forwarder.current(), []);
  });

  it('a connection ends when no stream can be had', async () => {
    const broken = makePortForwarder(() => Promise.reject(new Error('link down')));
    const [mapping] = await broken.update([port]);
    await assert.rejects(
      talk(mapping?.localPort ?? 0, 'x').then((text) => {
        if (text === '') throw new Error('closed');
      }),
    );
    await broken.close();
  });
});
