/** An engine's networking as a process that a test can kill: attaches what it reads on stdin and prints the attachments. */

import { readFileSync } from 'node:fs';

import type { AttachRequest } from '../../../runtime/net/networking.ts';
import type { Network } from '../../../runtime/net/network.ts';
import { makeNetworking, memoryRecords } from './own-host.ts';

export interface EngineProcessInput {
  readonly engineId: string;
  /** Names of networks to create. */
  readonly networks: readonly string[];
  readonly requests: readonly AttachRequest[];
}

export interface EngineProcessOutput {
  /** Dates as text. */
  readonly networks: readonly Network[];
  readonly attachments: readonly Awaited<ReturnType<ReturnType<typeof makeNetworking>['attach']>>[];
}

const input = JSON.parse(readFileSync(0, 'utf8')) as EngineProcessInput; // written by the test itself
const networking = makeNetworking(input.engineId, memoryRecords());
for (const name of input.networks) {
  await networking.createNetwork({
    name,
    driver: 'bridge',
    isInternal: false,
    isAttachable: false,
    hasIpv6: false,
    labels: {},
    options: {},
    subnets: [],
  });
}
const attachments = await Promise.all(input.requests.map((request) => networking.attach(request)));
const output: EngineProcessOutput = { networks: networking.networks(), attachments };
process.stdout.write(`${JSON.stringify(output)}\n`);
setInterval(() => undefined, 60_000);
