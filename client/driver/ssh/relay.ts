/**
 * Ways into a host whose sshd forwards nothing (AllowTcpForwarding, AllowStreamLocalForwarding, DisableForwarding):
 * a command there, the Node that lies in the store, which joins its own input and output with the socket or the port.
 * Each is a session of its own, of which sshd grants ten (MaxSessions), so forwards come first.
 */

import { once } from 'node:events';
import type { Duplex } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import type { SshConnection } from './connection.ts';
import { shellQuote } from './host-script.ts';

/** As the connection's own, wherever sshd allows it. */
export type HostStreams = Pick<SshConnection, 'openPort' | 'openSocket'>;

type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** `home` is the folder of ours on the host. */
export function hostStreams(connection: SshConnection, home: string): HostStreams {
  let forwards = true;
  async function open(direct: () => Promise<Duplex>, place: Place): Promise<Duplex> {
    if (!forwards) return openRelay(connection, home, place);
    try {
      return await direct();
    } catch (error) {
      if (!mayBeForbidden(error, place)) throw error;
      const stream = await openRelay(connection, home, place).catch(() => undefined);
      if (stream === undefined) throw error;
      forwards = false;
      return stream;
    }
  }
  return {
    openSocket: (path) => open(() => connection.openSocket(path), { path }),
    openPort: (host, port) => open(() => connection.openPort(host, port), { host, port }),
  };
}

/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED (RFC 4254 section 5.1). OpenSSH says it of ports; of sockets it says the same as where none is. */
const PROHIBITED = 1;

function mayBeForbidden(error: unknown, place: Place): boolean {
  if (!(error instanceof NaruError) || error.code !== 'E_SSH_FORWARD') return false;
  return 'path' in place || (error.cause as { readonly reason?: unknown }).reason === PROHIBITED;
}

/** Says `+` once it is connected. */
const PROGRAM = `
const { stdin, stdout } = process;
const leave = () => process.exit(0);
const place = JSON.parse(Buffer.from(process.argv[3], 'hex'));
const socket = require('node:net').connect({ ...place, allowHalfOpen: true });
socket.on('connect', () => {
  stdout.write('+');
  stdin.pipe(socket);
  socket.pipe(stdout, { end: false });
});
socket.on('error', () => process.exit(1));
socket.on('end', () => stdout.write('', leave));
stdout.on('error', leave);
`;

async function openRelay(connection: SshConnection, home: string, place: Place): Promise<Duplex> {
  const stream = await connection.openCommand(relayCommand(home, place));
  const sign = await firstByte(stream);
  if (sign === '+') return stream;
  stream.destroy();
  throw new NaruError('unavailable', 'E_SSH_RELAY', `${connection.options.label} let nobody through`, {
    hint: 'sshd must allow forwarding (AllowTcpForwarding, AllowStreamLocalForwarding) or commands',
  });
}

/** Plain enough for every login shell: what is not a word is in hexadecimal digits. */
function relayCommand(home: string, place: Place): string {
  const folder = /^[\w./-]+$/.test(home) ? home : shellQuote(home);
  const hex = (text: string): string => Buffer.from(text).toString('hex');
  const run = 'eval(Buffer.from(process.argv[1],process.argv[2])+String())';
  const script = `for node in ${folder}/store/*/node; do exec "$node" -e "${run}" ${hex(PROGRAM)} hex ${hex(JSON.stringify(place))}; done`;
  return `exec sh -c ${shellQuote(script)}`;
}

/** Undefined when it ends without one. */
async function firstByte(stream: Duplex): Promise<string | undefined> {
  for (;;) {
    const read = stream.read(1) as Uint8Array | null; // a stream of bytes
    if (read !== null) return String.fromCharCode(read[0] ?? 0);
    if (stream.readableEnded || stream.destroyed) return undefined;
    const left = new AbortController();
    const { signal } = left;
    await Promise.race(['readable', 'end', 'close'].map((name) => once(stream, name, { signal })))
      .catch(() => undefined)
      .finally(() => left.abort());
  }
}
