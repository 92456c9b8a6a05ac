/**
 * Starts the engine on a host, in a session of its own so that it outlives the connection, and waits until it answers.
 * An engine of another version is stopped first; its containers live on.
 */

import { NaruError } from '../../../../core/errors.ts';
import type { SshConnection } from '../connection.ts';
import { runHostScript, shellQuote } from '../host-script.ts';
import type { HostFacts } from '../probe.ts';
import type { Component } from './component.ts';

export interface HostEngine {
  /** Path of its socket on the host. */
  readonly socket: string;
  readonly wasRunning: boolean;
}

/** sshd refuses longer paths to unix sockets. */
const MAX_SOCKET_BYTES = 100;

/** @throws NaruError "forbidden" when it can't become root, "unavailable" when it does not start (with the last line it said) */
export async function startHostEngine(
  connection: SshConnection,
  facts: HostFacts,
  components: Readonly<Record<Component['name'], Component>>,
): Promise<HostEngine> {
  const host = connection.options.label;
  if (facts.engine?.component === components.engine.digest)
    return { socket: facts.engine.socket, wasRunning: true };
  if (facts.root === 'none') {
    throw new NaruError(
      'forbidden',
      'E_HOST_ROOT',
      `the engine needs root on ${host}, and ${connection.options.user} may not use sudo without a password`,
      {
        hint: 'log in as root, or allow sudo for this user',
      },
    );
  }
  const socket = `${facts.home}/run/naru.sock`;
  if (Buffer.byteLength(socket) > MAX_SOCKET_BYTES) {
    throw new NaruError(
      'unavailable',
      'E_HOST_PATH',
      `the path ${socket} on ${host} is too long for a socket`,
      {
        hint: 'choose a shorter folder by NARU_HOST_DIRECTORY',
      },
    );
  }
  const answer = await runHostScript(connection, startScript(facts, components, socket));
  if (answer.get('started') === 'yes') return { socket, wasRunning: false };
  throw new NaruError(
    'unavailable',
    'E_HOST_ENGINE',
    `the engine on ${host} did not start: ${answer.get('why') || 'it said nothing'}`,
    {
      hint: `its log is ${facts.home}/log/engine.err on the host`,
    },
  );
}

function startScript(
  facts: HostFacts,
  components: Readonly<Record<Component['name'], Component>>,
  socket: string,
): string {
  const store = (component: Component): string => `${facts.home}/store/${component.digest}`;
  const engine = [
    ...(facts.root === 'sudo' ? ['sudo', '-n'] : []),
    'env',
    `NARU_NATIVE_DIR=${store(components.native)}`,
    'setsid',
    `${store(components.node)}/node`,
    `${store(components.engine)}/engine.cjs`,
    '--root',
    `${facts.home}/engine`,
    '--listen',
    `unix://${socket}`,
    '--socket-owner',
    String(facts.uid),
  ];
  const kept = Object.values(components).map(({ digest }) => digest);
  const kill = facts.root === 'sudo' ? 'sudo -n kill' : 'kill';
  return `umask 077; H=${shellQuote(facts.home)}; mkdir -p "$H/run" "$H/log"; cd "$H" || exit 0
${facts.engine ? `${kill} ${facts.engine.pid} 2>/dev/null; i=0; while [ -d /proc/${facts.engine.pid} ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done` : ''}
: > run/ready
${engine.map(shellQuote).join(' ')} > run/ready 2> log/engine.err < /dev/null &
child=$!
i=0; while [ ! -s run/ready ] && [ -d "/proc/$child" ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done
pid=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' run/ready | head -n 1)
if [ -n "$pid" ]; then
  printf 'pid=%s\\ncomponent=%s\\nsocket=%s\\n' "$pid" ${components.engine.digest} ${shellQuote(shellQuote(socket))} > run/engine.new && mv run/engine.new run/engine
  echo started=yes
  [ -f components ] && mv components previous; echo "${kept.join(' ')}" > components
  for d in store/*; do case " $(cat components previous 2>/dev/null | tr '\\n' ' ') " in *" \${d##*/} "*) ;; *) rm -rf "$d" ;; esac; done
else echo "why=$(tail -n 1 log/engine.err)"; fi`;
}
