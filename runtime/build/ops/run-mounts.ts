/**
 * The `--mount`s of a RUN on the host: views of results, layers of contexts' files, cache directories, secrets, agents.
 * What the step alone has is released when it ends; views and layers stay for the rest of the build.
 */

import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { selectionError } from '../../../core/context/selection.ts';
import { NaruError } from '../../../core/errors.ts';
import { missingAgents } from '../../../core/build/missing-agents.ts';
import { missingMountSource } from '../../../core/build/missing-mount-source.ts';
import { missingSecrets } from '../../../core/build/missing-secrets.ts';
import { landSelection } from '../../../core/build/requests.ts';
import type { RunMount, RunOp } from '../../../core/build/ops.ts';
import type { UserMount } from '../../oci-runtime/mounts.ts';
import type { OpenedCacheMount } from '../cache-mounts.ts';
import { placeFiles, placeInMounted } from '../place-files.ts';
import { type AgentSocket, listenForAgent } from '../ssh/agent-socket.ts';
import { type ActiveRoot, hostPathInRoot } from '../workspace.ts';
import type { StepContext } from './step-context.ts';

export interface PreparedMounts {
  readonly user: readonly UserMount[];
  /** Variables from secrets. */
  readonly env: ReadonlyMap<string, string>;
  release(): Promise<void>;
}

/** `bundle` is a private directory below /run; it goes with the step. */
export async function prepareMounts(
  op: RunOp,
  bundle: string,
  context: StepContext,
): Promise<PreparedMounts> {
  const user: UserMount[] = [];
  const env = new Map<string, string>();
  const actives: ActiveRoot[] = [];
  const caches = new Map<string, OpenedCacheMount>();
  const sockets: AgentSocket[] = [];
  async function release(): Promise<void> {
    for (const socket of sockets) await socket.close();
    for (const active of actives) await context.workspace.discard(active);
    for (const cache of caches.values()) cache.release();
  }
  try {
    await openCaches(op, context, caches);
    for (const mount of op.mounts) {
      if (mount.kind === 'bind') user.push(await bindMount(mount, op, context, actives));
      else if (mount.kind === 'cache') user.push(cacheMount(mount, caches));
      else if (mount.kind === 'tmpfs') user.push(tmpfsMount(mount));
      else if (mount.kind === 'secret') addSecret(mount, bundle, context, user, env);
      else await addAgent(op, mount, context, sockets, user, env);
    }
    if (op.pipes.length > 0) user.push(pipesMount(op, bundle));
    return { user, env, release };
  } catch (error) {
    await release();
    throw error;
  }
}

type MountOf<K extends RunMount['kind']> = Extract<RunMount, { readonly kind: K }>;

/** Writes to a writable bind are thrown away, so it gets a layer of its own above what it shows. */
async function bindMount(
  mount: MountOf<'bind'>,
  op: RunOp,
  context: StepContext,
  actives: ActiveRoot[],
): Promise<UserMount> {
  const { workspace } = context;
  const { source } = mount;
  const isOfVertex = source.kind === 'vertex';
  const result = isOfVertex
    ? context.resultOf(source.vertex)
    : await contextLayer(source.name, mount.path, context);
  const pathIn = (root: string): string =>
    isOfVertex ? boundPath(root, mount, op) : hostPathInRoot(root, CONTEXT_AT);
  if (mount.isReadonly && result !== undefined) {
    return bind(pathIn(await workspace.view(result)), mount.target, false);
  }
  const active = await workspace.prepare(result);
  actives.push(active);
  return bind(pathIn(await workspace.mount(active)), mount.target, !mount.isReadonly);
}

/** Where a layer of a context's files has them. */
const CONTEXT_AT = '/bound';

/** The files of a context as a layer for this build, into which they can be linked: whoever writes to them stands above it. */
async function contextLayer(name: string, path: string, context: StepContext): Promise<string> {
  const { workspace, signal } = context;
  const tree = context.contexts(name);
  if (tree === undefined) {
    const message = `build context ${JSON.stringify(name)} was not sent`;
    throw new NaruError('invalid-argument', 'E_CONTEXT', message);
  }
  const { landed, faults } = await landSelection(tree, { kind: 'tree', path }, signal);
  const [fault] = faults;
  if (fault !== undefined) throw selectionError(fault);
  const isFile = landed.landing !== 'inside';
  const files = landed.files.map((file) => ({ ...file, path: '' }));
  return workspace.layerFor(async (root) => {
    await placeFiles({
      root,
      destination: CONTEXT_AT,
      landed: isFile ? { ...landed, landing: 'exact', files } : landed,
      tree,
      owner: { uid: 0, gid: 0 },
      signal,
    });
  });
}

function boundPath(root: string, { path }: MountOf<'bind'>, op: RunOp): string {
  try {
    return hostPathInRoot(root, `/${path}`);
  } catch (cause) {
    throw missingMountSource(op, path, cause);
  }
}

/** Each once, and in one order everywhere: of two steps that lock two of them, none waits for the other for ever. */
async function openCaches(
  op: RunOp,
  context: StepContext,
  caches: Map<string, OpenedCacheMount>,
): Promise<void> {
  const mounts = op.mounts.flatMap((mount) => (mount.kind === 'cache' ? [mount] : []));
  for (const mount of mounts.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (caches.has(mount.id)) continue;
    const fill = async (directory: string): Promise<void> => {
      fs.chownSync(directory, mount.uid, mount.gid);
      fs.chmodSync(directory, mount.mode);
      await fillCache(mount, directory, context);
    };
    const { id: name, sharing } = mount;
    caches.set(name, await context.parts.mounts.open({ name, sharing, fill, signal: context.signal }));
  }
}

function cacheMount(
  { id, target, isReadonly }: MountOf<'cache'>,
  caches: ReadonlyMap<string, OpenedCacheMount>,
): UserMount {
  return bind(caches.get(id)?.directory ?? '', target, !isReadonly);
}

/** What a new cache begins with: `from` and `source`. */
async function fillCache(mount: MountOf<'cache'>, directory: string, context: StepContext): Promise<void> {
  const { source, path } = mount;
  if (source === undefined) return;
  const { workspace, resultOf, contexts, signal } = context;
  const tree =
    source.kind === 'vertex' ? await workspace.tree(resultOf(source.vertex)) : contexts(source.name);
  if (tree === undefined) return;
  const { landed, faults } = await landSelection(tree, { kind: 'tree', path }, signal);
  const [fault] = faults;
  if (fault !== undefined) throw selectionError(fault);
  await placeInMounted(directory, { destination: '/', landed, tree, signal });
}

function tmpfsMount({ target, sizeBytes }: MountOf<'tmpfs'>): UserMount {
  const size = sizeBytes === undefined ? [] : [`size=${sizeBytes}`];
  const options = ['exec', 'mode=1777', ...size];
  return {
    type: 'tmpfs',
    source: '',
    destination: target,
    isWritable: true,
    propagation: '',
    isRecursive: false,
    options,
  };
}

function addSecret(
  mount: MountOf<'secret'>,
  bundle: string,
  { secrets }: StepContext,
  user: UserMount[],
  env: Map<string, string>,
): void {
  const content = secrets.get(mount.id);
  if (content === undefined) {
    const [error] = missingSecrets([mount], secrets);
    if (error !== undefined) throw error;
    return;
  }
  if (mount.env !== undefined) env.set(mount.env, Buffer.from(content).toString());
  if (mount.target === undefined) return;
  const file = join(bundle, `secret-${randomUUID()}`);
  fs.writeFileSync(file, content, { mode: 0o600 });
  fs.chownSync(file, mount.uid, mount.gid);
  fs.chmodSync(file, mount.mode);
  user.push(bind(file, mount.target, false));
}

/** Docker: the variable names the first socket, whether or not there is an agent behind it, unless ENV or ARG says otherwise. */
async function addAgent(
  op: RunOp,
  mount: MountOf<'ssh'>,
  { agents, parts }: StepContext,
  sockets: AgentSocket[],
  user: UserMount[],
  env: Map<string, string>,
): Promise<void> {
  const isTaken = op.env.has('SSH_AUTH_SOCK') || env.has('SSH_AUTH_SOCK');
  if (!isTaken) env.set('SSH_AUTH_SOCK', mount.variable);
  const open = agents.get(mount.id);
  if (open !== undefined) {
    const socket = await listenForAgent(open, parts.runDir, mount);
    sockets.push(socket);
    user.push(bind(socket.path, mount.target, true));
    return;
  }
  const [error] = missingAgents([mount], agents);
  if (error !== undefined) throw error;
}

function pipesMount(op: RunOp, bundle: string): UserMount {
  const directory = join(bundle, 'pipes');
  fs.mkdirSync(directory);
  for (const { name, content } of op.pipes) {
    fs.writeFileSync(join(directory, name), content);
    fs.chmodSync(join(directory, name), 0o755);
  }
  return bind(directory, '/dev/pipes', false);
}

function bind(source: string, destination: string, isWritable: boolean): UserMount {
  return { type: 'bind', source, destination, isWritable, propagation: '', isRecursive: true, options: [] };
}
