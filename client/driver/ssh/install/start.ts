/**
 * Starts the engine on a host, in a session of its own so that it outlives the connection, and waits until it answers.
 * An engine of another version is stopped first; its containers live on.
 */

import { NaruError } from '../../../../core/errors.ts';
import type { SshConnection } from '../connection.ts';
import { ENGINE_NODE_FLAGS } from '../../engine-flags.ts';
import { runHostScript, shellQuote } from '../host-script.ts';
import type { HostFacts } from '../probe.ts';
import type { OwnEngine } from './choose.ts';
import type { Component } from './component.ts';

export type HostEngine =
  | {
      readonly kind: 'started';
      /** Path of its socket on the host. */
      readonly socket: string;
    }
  /** Another client's; the host is to be looked at again. */
  | { readonly kind: 'found' };

/** sshd refuses longer paths to unix sockets. */
const MAX_SOCKET_BYTES = 100;

/**
 * Another client may start one at the same time: then that one is answered, which may be of another version.
 * What `facts` tells to run is stopped first.
 *
 * @throws NaruError "unavailable" when it does not start (with the last line it said)
 */
export async function startHostEngine(
  connection: SshConnection,
  facts: HostFacts,
  components: Readonly<Record<Component['name'], Component>>,
  own: OwnEngine,
): Promise<HostEngine> {
  const host = connection.options.label;
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
  const answer = await runHostScript(connection, startScript(facts, components, own, socket));
  if (answer.get('started') === 'yes') return { kind: 'started', socket };
  if (answer.get('found') === 'yes') return { kind: 'found' };
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
  own: OwnEngine,
  socket: string,
): string {
  const store = (component: Component): string => `${facts.home}/store/${component.digest}`;
  const engine = [
    ...(facts.root === 'sudo' ? ['sudo', '-n'] : []),
    'env',
    `NARU_NATIVE_DIR=${store(components.native)}`,
    'setsid',
    `${store(components.node)}/node`,
    ...ENGINE_NODE_FLAGS,
    `${store(components.engine)}/engine.cjs`,
    '--root',
    `${facts.home}/engine`,
    '--listen',
    `unix://${socket}`,
    '--socket-owner',
    String(facts.uid),
  ];
  const kept = Object.values(components).map(({ digest }) => digest);
  const become = facts.root === 'sudo' ? 'sudo -n ' : '';
  return `umask 077; H=${shellQuote(facts.home)}; mkdir -p "$H/run" "$H/log"; cd "$H" || exit 0
${IS_ENGINE}
${facts.engine ? stopScript(facts.engine.pid, become) : ''}
record() { printf 'pid=%s\\ncomponent=%s\\nversion=%s\\nprotocol=%s\\nbuiltAt=%s\\nsocket=%s\\n' "$@" ${shellQuote(shellQuote(socket))} > run/engine.$$ && mv run/engine.$$ run/engine; }
start() {
  : > run/ready.$$
  ${engine.map(shellQuote).join(' ')} > run/ready.$$ 2> log/engine.err.$$ < /dev/null &
  child=$!; i=0
  while [ ! -s run/ready.$$ ] && [ -d "/proc/$child" ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i+1)); done
  pid=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' run/ready.$$ | head -n 1); rm -f run/ready.$$
  [ -n "$pid" ] && { mv log/engine.err.$$ log/engine.err; record "$pid" ${components.engine.digest} ${own.version} ${own.protocol} ${own.builtAt}; }
}
# Another client may start one at the same time: the lock of the root decides, and the record of whoever won is awaited.
# When its client is gone and will never write it, what the winner's command line tells is written.
found() {
  owner=$(sed -n 's/.*another engine (pid \\([0-9]*\\)).*/\\1/p' log/engine.err.$$ | tail -n 1); i=0
  while [ $i -lt 300 ]; do
    pid=; component=; [ -f run/engine ] && . ./run/engine
    is_engine "$pid" && [ -S "$socket" ] && return 0
    [ -n "$owner" ] && ! is_engine "$owner" && return 1
    if [ $i -gt 100 ] && [ -n "$owner" ] && [ -S ${shellQuote(socket)} ]; then
      record "$owner" "$(tr '\\0' '\\n' < "/proc/$owner/cmdline" | sed -n 's,.*/store/\\([0-9a-f]*\\)/engine.cjs$,\\1,p')" '' '' ''
    fi
    sleep 0.1; i=$((i+1))
  done; return 1
}
n=0; outcome=; why=
while [ -z "$outcome" ] && [ $n -lt 5 ]; do
  n=$((n+1))
  if start; then outcome=started
  else
    why=$(tail -n 1 log/engine.err.$$)
    case "$why" in
      *'another engine'*|*'another process answers'*) found && outcome=found ;;
      *) mv log/engine.err.$$ log/engine.err; n=5 ;;
    esac
  fi
done
rm -f log/engine.err.$$
if [ -z "$outcome" ]; then echo "why=$why"; else echo "$outcome=yes"; fi
if [ "$outcome" = started ]; then
  [ -f components ] && mv components previous; echo "${kept.join(' ')}" > components
  rm -rf store/*/files # earlier versions left a second copy there when two clients installed at once
  for d in store/*; do case " $(cat components previous 2>/dev/null | tr '\\n' ' ') " in *" \${d##*/} "*) ;; *) [ -n "$(find "$d" -maxdepth 0 -mmin +30)" ] && rm -rf "$d" ;; esac; done
fi`;
}

/** A pid may have been given to another process since it was written down. */
const IS_ENGINE = 'is_engine() { [ -n "$1" ] && grep -q engine.cjs "/proc/$1/cmdline" 2>/dev/null; }';

/** Another client may have stopped it already. */
function stopScript(pid: number, become: string): string {
  return `is_engine ${pid} && ${become}kill ${pid} 2>/dev/null; i=0; while is_engine ${pid} && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done`;
}
