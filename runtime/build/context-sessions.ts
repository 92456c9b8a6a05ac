/**
 * Who is about to build from which contexts: they are held from the moment a client asks about them until its build holds them, or the client has left.
 * A client says that it is there by a request that stays open (core/protocol/context-sync.ts). One that does not is awaited for a while.
 */

import { NaruError } from '../../core/errors.ts';
import { contextResource, type Leases, TEMPORARY_OWNER } from '../store/leases.ts';

const AWAITED_MS = 10 * 60 * 1000;

export class ContextSessions {
  readonly #leases: Leases;
  readonly #open = new Set<string>();
  /** Of clients without a session, by the context. */
  readonly #awaited = new Map<string, NodeJS.Timeout>();

  constructor(leases: Leases) {
    this.#leases = leases;
  }

  /** Open when this returns; what is answered resolves when the client has left, and nothing is held for it any more. @throws NaruError "conflict" for one that is open */
  open(session: string, left: AbortSignal): Promise<void> {
    if (this.#open.has(session)) {
      throw new NaruError('conflict', 'E_CONTEXT_SESSION', `the session ${session} is open already`);
    }
    this.#open.add(session);
    return new Promise((resolve) => {
      const end = (): void => {
        this.#open.delete(session);
        this.#leases.release(ownerOf(session));
        resolve();
      };
      if (left.aborted) end();
      else left.addEventListener('abort', end, { once: true });
    });
  }

  /** To be called before anything of the context is looked at. Of a session that is over nothing is held: nobody waits for an answer. */
  hold(session: string | undefined, id: string): void {
    if (session === undefined) {
      clearTimeout(this.#awaited.get(id));
      this.#awaited.set(id, setTimeout(() => this.taken(id), AWAITED_MS).unref());
      this.#leases.hold(awaitedOwner(id), contextResource(id));
    } else if (this.#open.has(session)) this.#leases.hold(ownerOf(session), contextResource(id));
  }

  /** A build holds the context now; clients without a session are not awaited any longer. */
  taken(id: string): void {
    clearTimeout(this.#awaited.get(id));
    this.#awaited.delete(id);
    this.#leases.release(awaitedOwner(id));
  }
}

function ownerOf(session: string): string {
  return `${TEMPORARY_OWNER}context-session-${session}`;
}

function awaitedOwner(id: string): string {
  return `${TEMPORARY_OWNER}context-awaited-${id}`;
}
