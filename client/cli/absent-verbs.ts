/** Docker's verbs that `naru` does not have: what is missing, and what does the same. */

import { NaruError } from '../../core/errors.ts';

interface Absence {
  /** With its verb, as the sentence goes on: `… not supported yet`. */
  readonly what: string;
  readonly hint: string;
}

const REGISTRIES: Absence = {
  what: 'registries are',
  hint: 'images come in with naru load -i FILE or naru import, and leave with naru save',
};
const SWARM: Absence = { what: 'swarm mode is', hint: 'naru run starts containers one by one' };

const ABSENT: ReadonlyMap<string, Absence> = new Map(
  Object.entries({
    login: REGISTRIES,
    logout: REGISTRIES,
    search: REGISTRIES,
    manifest: REGISTRIES,
    trust: { what: 'signed images are', hint: 'naru images --digests shows what is here' },
    compose: {
      what: 'Compose files are',
      hint: 'docker-compose drives this engine with DOCKER_HOST=unix://SOCKET and DOCKER_BUILDKIT=0; naru run starts one service',
    },
    bake: { what: 'bake files are', hint: 'naru build makes one image, with --target, --build-arg and -t' },
    buildx: { what: 'buildx is', hint: 'naru build takes its flags, naru builder prune clears the cache' },
    context: {
      what: 'contexts are',
      hint: 'name an engine with --host, or for a whole session in NARU_HOST',
    },
    plugin: { what: 'plugins are', hint: 'volumes are local, networks are bridge, host and none' },
    checkpoint: {
      what: 'checkpoints are',
      hint: 'naru pause freezes a container, naru commit keeps its files',
    },
    swarm: SWARM,
    node: SWARM,
    service: SWARM,
    stack: SWARM,
    config: SWARM,
    secret: { what: 'swarm mode is', hint: 'naru build --secret shows one to a step' },
  }),
);

/** Undefined for what is no verb of docker's either. */
export function absentVerb(name: string | undefined): NaruError | undefined {
  const absence = ABSENT.get(name ?? '');
  return absence === undefined ? undefined : absent(absence);
}

/** What a pull or a push ends with on an engine that asks no registry. */
export function noRegistries(cause: unknown): NaruError {
  return absent(REGISTRIES, cause);
}

function absent({ what, hint }: Absence, cause?: unknown): NaruError {
  return new NaruError('unimplemented', 'E_NO_VERB', `${what} not supported yet`, { hint, cause });
}
