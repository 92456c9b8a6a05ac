/**
 * One SSH connection to a host: commands, and streams to its sockets and ports, all multiplexed over it.
 * API traffic goes through stream-local forwards, which sshd does not count against MaxSessions; commands are few and one at a time.
 */

import { connect } from 'node:net';
import { Duplex } from 'node:stream';

import ssh2 from 'ssh2';

import { NaruError } from '../../../core/errors.ts';
import { formatSshAddress } from './address.ts';
import { readKnownHosts, verifyHostKey } from './host-key.ts';
import type { SshHostOptions } from './host-options.ts';
import { loginMethods, type LoginTrail } from './keys.ts';
import { knownKeyTypes } from './known-hosts.ts';
import { startPatience } from './patience.ts';
import type { SshPrompts } from './prompts.ts';

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** undefined when a signal ended it. */
  readonly exitCode: number | undefined;
}

export interface SshConnection {
  readonly options: SshHostOptions;
  /** Runs a command line; `input` is its whole stdin. Rejects with "unavailable" when the connection ends first. */
  readonly exec: (
    command: string,
    input?: string | Uint8Array | NodeJS.ReadableStream,
  ) => Promise<ExecResult>;
  /** The input and output of a command line. */
  readonly openCommand: (command: string) => Promise<Duplex>;
  /** A stream to a unix socket on the host. */
  readonly openSocket: (path: string) => Promise<Duplex>;
  /** A stream to a TCP port as seen from the host. */
  readonly openPort: (host: string, port: number) => Promise<Duplex>;
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  readonly close: () => void;
}

const KEEPALIVE_MS = 15_000;
const READY_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 1000;

export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** The way to the host's sshd instead of a TCP connection of ours; destroyed with the connection. */
  readonly stream?: Duplex | undefined;
}

/**
 * Connects and logs in.
 *
 * @throws NaruError "forbidden" (host key), "unauthorized" (login refused), "unavailable" (not reached), "cancelled"
 */
export async function connectSsh(
  options: SshHostOptions,
  prompts: SshPrompts,
  { signal, stream }: ConnectOptions = {},
): Promise<SshConnection> {
  const client = new ssh2.Client();
  client.setMaxListeners(0); // one for each channel
  const known = knownKeyTypes(await readKnownHosts(options), options.hostKeyName, options.port);
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const way = stream ?? openTcp(options);
  try {
    await login(client, options, prompts, known, { signal, way });
  } catch (error) {
    letGo(way);
    throw error;
  }
  client.on('error', () => client.end()); // after login an error means the link is gone; `closed` tells
  void closed.then(() => letGo(way));
  let isClosed = false;
  const broken = closed.then(() => {
    isClosed = true;
    throw connectionBroke(options);
  });
  broken.catch(() => undefined); // told to whoever waits for an answer
  /** The library forgets what was asked when the connection breaks, and throws once it has. */
  const orClosed = <T>(answer: Promise<T>): Promise<T> =>
    Promise.race([answer, broken]).catch((error: unknown) => {
      throw isClosed ? connectionBroke(options) : error;
    });
  return {
    options,
    exec: (command, input) => orClosed(execOn(client, command, input)),
    openCommand: (command) =>
      orClosed(open(client, options, 'a command', (done) => client.exec(command, done))),
    openSocket: (path) =>
      orClosed(
        open(client, options, `socket ${path}`, (done) => client.openssh_forwardOutStreamLocal(path, done)),
      ),
    openPort: (host, port) =>
      orClosed(
        open(client, options, `port ${port}`, (done) => client.forwardOut('127.0.0.1', 0, host, port, done)),
      ),
    closed,
    close() {
      client.end();
      // A peer that does not answer would keep it open until the system gives up; the library lets that happen.
      const timer = setTimeout(() => letGo(way), CLOSE_TIMEOUT_MS);
      void closed.then(() => clearTimeout(timer));
    },
  };
}

/** The library has told what went wrong, and takes its own listeners away. */
function letGo(way: Duplex): void {
  way.on('error', () => undefined).destroy();
}

/** Ours, so that it can be destroyed once it was ended. */
function openTcp({ hostName: host, port, addressFamily, bindAddress }: SshHostOptions): Duplex {
  return connect({
    host,
    port,
    // A packet is three writes: held back until the first is acknowledged, each round trip took 40 ms more.
    noDelay: true,
    ...(addressFamily === undefined ? {} : { family: addressFamily }),
    ...(bindAddress === undefined ? {} : { localAddress: bindAddress }),
  }).setMaxListeners(0);
}

function connectionBroke({ label }: SshHostOptions): NaruError {
  return new NaruError('unavailable', 'E_CONNECTION', `the connection to ${label} broke`);
}

function login(
  client: ssh2.Client,
  options: SshHostOptions,
  prompts: SshPrompts,
  knownTypes: readonly string[],
  { signal, way }: { readonly signal?: AbortSignal | undefined; readonly way: Duplex },
): Promise<void> {
  const where = whereOf(options);
  return new Promise((resolve, reject) => {
    let refusal: unknown;
    const trail: LoginTrail = { passedOver: [], nPasswords: 0 };
    const fail = (error: unknown): void => {
      patience.end();
      client.destroy();
      reject(error);
    };
    const patience = startPatience(prompts, READY_TIMEOUT_MS, () =>
      fail(asConnectError(new Error('no answer'), where, trail)),
    );
    const methods = loginMethods(options, patience.prompts, trail);
    const onAbort = (): void =>
      fail(new NaruError('cancelled', 'E_CANCELLED', `connecting to ${where} was cancelled`));
    signal?.addEventListener('abort', onAbort, { once: true });
    // In the middle of the handshake the library tells nothing else.
    const onClose = (): void =>
      fail(refusal ?? asConnectError(new Error('it closed the connection'), where, trail));
    client.once('close', onClose);
    client.once('ready', () => {
      patience.end();
      client.off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
      client.removeAllListeners('error');
      resolve();
    });
    client.on('error', (error) => {
      // An agent that has gone is passed over; the library goes on with the next way.
      if (error.level !== 'agent') fail(refusal ?? asConnectError(error, where, trail));
    });
    client.connect({
      host: options.hostName,
      port: options.port,
      username: options.user,
      sock: way,
      readyTimeout: 0, // the library's would run while somebody reads a question
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: 3,
      ...(knownTypes.length > 0
        ? { algorithms: { serverHostKey: { prepend: algorithmsOf(knownTypes), append: [], remove: [] } } }
        : {}),
      hostVerifier: (key: Buffer, verify: (isValid: boolean) => void) => {
        verifyHostKey(options, key, patience.prompts).then(
          () => verify(true),
          (error: unknown) => {
            refusal = error;
            verify(false);
          },
        );
      },
      authHandler: (_left, _partial, next) => void offerNext(methods, next).catch(fail),
    });
  });
}

/** As the user named it, and where that is when the config says so. */
function whereOf({ label, user, hostName, port }: SshHostOptions): string {
  const place = formatSshAddress({ user, host: hostName, port });
  const isSame = label === place || `${label}:22` === place || `${user}@${label}:${port}` === place;
  return isSame || `${user}@${label}` === place ? place : `${label} (${place})`;
}

/** Hands the next way to log in to the library, or false when there is none left. */
async function offerNext(
  methods: AsyncGenerator<ssh2.AnyAuthMethod>,
  next: (method: ssh2.AnyAuthMethod) => void,
): Promise<void> {
  const { done, value } = await methods.next();
  next(done ? (false as unknown as ssh2.AnyAuthMethod) : value); // the library documents false as "give up"
}

/** Signature algorithms of known key types: an ssh-rsa key signs with SHA-2 today. */
function algorithmsOf(types: readonly string[]): ssh2.ServerHostKeyAlgorithm[] {
  const names = types.flatMap((type) => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]));
  return names as ssh2.ServerHostKeyAlgorithm[]; // names it does not know are ignored by the library
}

function asConnectError(
  error: Error & { readonly level?: string; readonly code?: string },
  where: string,
  { passedOver: [unused], nPasswords }: LoginTrail,
): NaruError {
  if (error.level === 'client-authentication' && unused !== undefined) {
    const { file, why } = unused;
    const [code, words, command] = NOT_USED[why];
    return new NaruError(
      'unauthorized',
      code,
      `${where} accepts none of your other keys, and ${file} is ${words}`,
      { hint: `${command} ${file}`, cause: error },
    );
  }
  if (error.level === 'client-authentication') {
    const password = nPasswords > 0 ? ', and not your password' : '';
    return new NaruError('unauthorized', 'E_SSH_LOGIN', `${where} accepts none of your keys${password}`, {
      hint: 'add your key to an agent with ssh-add, or its public part to ~/.ssh/authorized_keys on the host',
      cause: error,
    });
  }
  if (/too many authentication failures/i.test(error.message)) {
    return new NaruError('unauthorized', 'E_SSH_LOGIN', `${where} wants to see no more of your keys`, {
      hint: 'name the right one in your ssh config, with IdentityFile and IdentitiesOnly yes',
      cause: error,
    });
  }
  const reason = REASONS[error.code ?? ''] ?? error.message;
  return new NaruError('unavailable', 'E_SSH_CONNECT', `cannot reach ${where}: ${reason}`, {
    hint: 'check the name, the port and that sshd runs there',
    cause: error,
  });
}

const NOT_USED = {
  locked: ['E_SSH_KEY_LOCKED', 'locked by a passphrase', 'unlock it for an agent, with: ssh-add'],
  exposed: ['E_SSH_KEY_EXPOSED', 'readable by others', 'make it yours alone, with: chmod 600'],
} as const;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'no route to it',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'it closed the connection',
};

function execOn(
  client: ssh2.Client,
  command: string,
  input?: string | Uint8Array | NodeJS.ReadableStream,
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) {
        reject(
          new NaruError('unavailable', 'E_SSH_EXEC', `the host refused to run a command: ${error.message}`, {
            cause: error,
          }),
        );
        return;
      }
      let stdout = '';
      let stderr = '';
      let exitCode: number | undefined;
      channel.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      channel.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      channel.on('exit', (code: number | null) => (exitCode = code ?? undefined));
      channel.on('error', reject);
      channel.on('close', () => resolve({ stdout, stderr, exitCode }));
      if (input === undefined || typeof input === 'string' || input instanceof Uint8Array) channel.end(input);
      else input.on('error', reject).pipe(channel);
    });
  });
}

function open(
  client: ssh2.Client,
  options: SshHostOptions,
  what: string,
  start: (done: (error: Error | undefined, channel: ssh2.ClientChannel) => void) => void,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    start((error, channel) => {
      if (!error) {
        endWithClient(channel, client);
        resolve(channel);
        return;
      }
      reject(
        new NaruError(
          'unavailable',
          'E_SSH_FORWARD',
          `${options.label} did not open ${what}: ${error.message}`,
          {
            hint: 'sshd may have AllowTcpForwarding or AllowStreamLocalForwarding switched off',
            cause: error,
          },
        ),
      );
    });
  });
}

/**
 * A channel that nobody reads right now, such as one that waits for the next request, would never say that its connection has broken.
 * One that has ended must be none to write to, too: an agent would take it for the next request, which nobody answers then.
 */
function endWithClient(channel: ssh2.ClientChannel, client: ssh2.Client): void {
  // The library's only asks the other side, which may never answer.
  const askToClose = channel.destroy.bind(channel);
  channel.destroy = () => {
    askToClose();
    Duplex.prototype.destroy.call(channel);
    return channel;
  };
  const onClose = (): void => {
    if (channel.listenerCount('data') + channel.listenerCount('readable') === 0) channel.resume();
  };
  client.once('close', onClose);
  channel.once('close', () => {
    client.off('close', onClose);
    Duplex.prototype.destroy.call(channel); // the library's own only asks the other side to close
  });
}
