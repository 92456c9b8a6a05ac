/** An engine in a process of its own, for tests that kill it: `child.ts ROOT ENGINE_ID SCRIPT…` starts one container per script, prints their ids and waits. */

import { BUSYBOX, openEngine } from '../containers/engine.ts';
import type { HostOptions } from '../../../runtime/engine/containers/container.ts';

const [root = '', engineId = '', ...specs] = process.argv.slice(2);
const engine = await openEngine(root, engineId);
const ids: string[] = [];
for (const spec of specs) {
  const { script, host } = JSON.parse(spec) as { script: string; host: HostOptions }; // written by recovery.test.ts
  const { id } = await engine.containers.create({
    config: { image: BUSYBOX, cmd: ['sh', '-c', script] },
    host: { networkMode: 'none', ...host },
  });
  await engine.containers.start(id);
  ids.push(id);
}
console.log(JSON.stringify(ids));
setInterval(() => undefined, 1000);
