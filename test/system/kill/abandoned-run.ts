/** A test run that is killed: an engine with a container, and a line that says where they are. */

import { createReadStream } from 'node:fs';

import '../../support/run-folder.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { ask, startEngine } from '../../support/engine.ts';

export interface AbandonedRun {
  readonly folder: string;
  readonly socketPath: string;
  readonly root: string;
  readonly pid: number;
}

const { socketPath, root, pid = 0 } = await startEngine();
await ask(socketPath, 'POST', '/images/load', createReadStream(await busyboxArchive()));
const body = { Image: 'busybox', Cmd: ['sleep', '1007'], HostConfig: { PortBindings: { '80/tcp': [{}] } } };
const { text } = await ask(socketPath, 'POST', '/containers/create', body);
const { Id } = JSON.parse(text) as { readonly Id: string };
await ask(socketPath, 'POST', `/containers/${Id}/start`);
const run: AbandonedRun = { folder: process.env['TMPDIR'] ?? '', socketPath, root, pid };
console.log(JSON.stringify(run));
