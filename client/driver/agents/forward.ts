/** Lends SSH agents of this machine to builds on an engine, wherever it runs (core/protocol/agent-stream.ts). */

import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';

import { agentPath } from '../../../core/protocol/agent-stream.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { demandNaru } from '../engine/naru.ts';
import type { AgentSource } from './agent.ts';
import { frame, readMessages } from './frames.ts';

export interface ForwardedAgents {
  /** For `BuildRequest.agents`: sessions by the id that steps ask for. */
  readonly sessions: Readonly<Record<string, string>>;
  /** Nothing can be signed any more. */
  close(): void;
}

/** Resolves once every agent can be reached from the engine. @throws NaruError "unimplemented" for an engine that is not Naru's */
export async function forwardAgents(
  engine: EngineConnection,
  agents: ReadonlyMap<string, AgentSource>,
): Promise<ForwardedAgents> {
  const ended = new AbortController();
  const sessions: Record<string, string> = {};
  if (agents.size > 0) demandNaru(engine, 'SSH agent forwarding');
  try {
    for (const [id, open] of agents) {
      const session = randomUUID();
      await park(engine, session, open, ended.signal);
      sessions[id] = session;
    }
  } catch (error) {
    ended.abort();
    throw error;
  }
  return { sessions, close: () => ended.abort() };
}

/** One connection waits at the engine at any time; the next is sent when this one is used. */
async function park(
  engine: EngineConnection,
  session: string,
  open: AgentSource,
  signal: AbortSignal,
): Promise<void> {
  const { stream } = await engine.hijack({ method: 'POST', path: agentPath(session), signal });
  // Ends with the engine's side or with `close`; there is nobody left to tell then.
  void answer(stream, open, () => park(engine, session, open, signal)).catch(() => undefined);
}

async function answer(stream: Duplex, open: AgentSource, parkNext: () => Promise<void>): Promise<void> {
  let agent: Awaited<ReturnType<AgentSource>> | undefined;
  try {
    for await (const request of readMessages(stream)) {
      if (agent === undefined) {
        void parkNext().catch(() => undefined); // without it later steps wait in vain and say so
        agent = await open();
      }
      stream.write(frame(await agent.ask(request)));
    }
  } finally {
    agent?.close();
    stream.destroy();
  }
}
