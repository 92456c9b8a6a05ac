import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { connectSsh } from '../../../client/driver/ssh/connection.ts';
import { SILENT_PROMPTS } from '../../../client/driver/ssh/prompts.ts';

describe('connectSsh', () => {
  // The library tells twice what went wrong: an error that nobody listens to would end the process.
  it('a host that breaks off before it says anything is an error, not a crash', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await assert.rejects(connectSsh(optionsOf(port), SILENT_PROMPTS), { code: 'E_SSH_CONNECT' });
    } finally {
      server.close();
      await once(server, 'close');
    }
  });

  it('one that leaves in the middle of the handshake is told at once', async () => {
    const server = createServer((socket) => {
      socket.write('SSH-2.0-Test\r\n');
      socket.once('data', () => socket.end());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await assert.rejects(connectSsh(optionsOf(port), SILENT_PROMPTS), {
        code: 'E_SSH_CONNECT',
        message: /closed the connection|Connection lost/,
      });
    } finally {
      server.close();
      await once(server, 'close');
    }
  });
});

function optionsOf(port: number): Parameters<typeof connectSsh>[0] {
  return {
    label: 'box',
    alias: 'box',
    hostName: '127.0.0.1',
    port,
    user: 'root',
    hostKeyName: 'box',
    identityFiles: [],
    isIdentitiesOnly: false,
    agentSocket: undefined,
    knownHostsFiles: [],
    unknownKeys: 'refuse',
    wantsNoCheck: false,
    proxyJumps: [],
    proxyCommand: undefined,
    addressFamily: undefined,
    bindAddress: undefined,
  };
}
