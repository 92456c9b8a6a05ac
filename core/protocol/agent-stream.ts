/**
 * How a build reaches an SSH agent that stays with the client: streams of the agent protocol, opened by the client, used by the engine.
 *
 * 1. The client chooses a session, a name that nobody can guess, and parks a connection: `POST /naru/v1/agents/{session}` with `Upgrade: tcp`.
 * 2. A build names the session by the id of `--ssh`.
 * 3. When a step connects to its agent, the engine takes a parked connection and passes bytes both ways; the client sees the first of them, parks another connection and answers.
 * 4. Either side ends the connection when its own end is closed. A session is over when its client leaves.
 *
 * Invariant: no private key ever passes; what is asked and answered is which keys there are, and signatures.
 */

import { NaruError } from '../errors.ts';

const AGENTS_PATH = '/naru/v1/agents';

/** Where a client parks a connection. */
export function agentPath(session: string): string {
  return `${AGENTS_PATH}/${encodeURIComponent(session)}`;
}

/** @throws NaruError "invalid-argument" for a name that could be guessed: a session is a random UUID */
export function checkAgentSession(session: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(session)) return session;
  throw new NaruError('invalid-argument', 'E_AGENT_SESSION', 'the name of an agent session is a random UUID');
}
