/** The demo's two base images: the same busybox, and one with one more file in it, tagged as two versions. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { busyboxArchive } from '../base-images.ts';
import { BASES } from './edits.ts';
import type { DemoEngine } from './engine.ts';
import { heading, say } from './output.ts';

/** Loads busybox and builds the two bases from it. */
export async function makeBases(engine: DemoEngine, folder: string): Promise<void> {
  heading('base images, made from a Debian package');
  engine.naru(['load', '-i', await busyboxArchive()]);
  for (const [release, tag] of Object.entries(BASES)) {
    const context = join(folder, `base-${release}`);
    mkdirSync(context);
    writeFileSync(join(context, 'release'), `${release}\n`);
    writeFileSync(join(context, 'Dockerfile'), 'FROM busybox\nCOPY release /etc/naru-demo-release\n');
    engine.naru(['build', '-q', '-t', tag, context]);
  }
  say(engine.naru(['images']));
}
