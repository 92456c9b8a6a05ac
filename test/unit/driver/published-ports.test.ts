/** Which ports are brought here: of all containers or of one, and what is told of those that are not. */

import assert from 'node:assert/strict';

import { makePortForwarder } from '../../../client/driver/ports/forwarder.ts';
import { forwardPublished } from '../../../client/driver/ports/published.ts';
import { portTeller } from '../../../client/cli/forwards.ts';
import type { CliIo } from '../../../client/cli/io.ts';
import type { Target } from '../../../client/driver/targets/target.ts';
import { fakeEngine } from './fake-engine.ts';

const PORT = { IP: '0.0.0.0', PrivatePort: 80 };

describe('published ports', () => {
  it('TCP ports are forwarded, UDP ports are told', async () => {
    const ports = [
      { ...PORT, PublicPort: 53_535, Type: 'udp' },
      { ...PORT, PublicPort: 45_123, Type: 'tcp' },
      { ...PORT, IP: '::', PublicPort: 45_123, Type: 'tcp' },
      { ...PORT, PublicPort: 0, Type: 'tcp' },
    ];
    const fake = await fakeEngine(() => ({ body: [{ Id: 'c', Ports: ports }] }));
    const forwarder = makePortForwarder(() => Promise.reject(new Error('unused')));
    try {
      const published = await forwardPublished(fake.engine, forwarder, { container: 'c' });
      assert.deepEqual(
        [published.ports.map(({ hostPort }) => hostPort), published.udpPorts],
        [[45_123], [53_535]],
      );
      assert.match(decodeURIComponent(fake.received[0]?.url ?? ''), /filters=\{"id":\["c"\]\}/);
    } finally {
      await forwarder.close();
      await fake.close();
    }
  });

  it('says what comes, what goes, and why a number is another one here', () => {
    let said = '';
    const stderr = { write: (text: string) => (said += text) };
    const tell = portTeller({ label: 'box' } as Target, { stderr } as unknown as CliIo);
    const [web, taken, low] = [
      { hostPort: 8080, localPort: 8080 },
      { hostPort: 81, localPort: 40_001, obstacle: 'taken' },
      { hostPort: 80, localPort: 40_000, obstacle: 'forbidden' },
    ] as const;
    tell({ ports: [web, taken], udpPorts: [53] });
    tell({ ports: [web, taken], udpPorts: [53] });
    tell({ ports: [web, low], udpPorts: [] });
    assert.equal(
      said,
      `port 8080 of box is on 127.0.0.1:8080
port 81 of box is on 127.0.0.1:40001: 81 is taken here
port 53/udp of box stays there: SSH carries TCP alone
port 80 of box is on 127.0.0.1:40000: this user may not open 80
port 81 of box is not published any more
port 53/udp of box is not published any more
`,
    );
  });
});
