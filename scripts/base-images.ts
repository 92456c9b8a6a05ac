/**
 * Base images where no registry is at hand: `docker save` archives made from Debian packages, without any engine.
 * `busybox` (busybox-static), `debian` (mmdebstrap) and stand-ins under the names that tests want; every tag is an image ID of its own, so that pruning one never untags another.
 * Cached outside the work tree; `node scripts/base-images.ts [name…]` makes them and prints their paths.
 */

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { writeBusyboxRoot } from './base-images/busybox-root.ts';
import { makeDebianRoot } from './base-images/debian-root.ts';
import { packArchive, type ImageToPack } from './base-images/pack.ts';

/** Part of the cache's path: raise it when what an image holds changes. */
const EDITION = 'v1';
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const BUSYBOX_TAGS = ['busybox:latest', 'busybox:1.36', 'busybox:musl', 'alpine:3.18'];
/** Debian under the names that real Dockerfiles start from. */
const DEBIAN_TAGS = ['debian:12', 'debian:bookworm-slim', 'ubuntu:20.04', 'python:3.11-slim', 'node:20'];

/** Told what is begun, where something has to be made. */
type Say = (text: string) => void;

/** Path of an archive with busybox under several tags, about 2 MB. Made on first use. */
export function busyboxArchive(say: Say = () => undefined): Promise<string> {
  return cached('busybox.tar', async (folder, target) => {
    say('making busybox.tar from the busybox-static package');
    const root = join(folder, 'root');
    writeBusyboxRoot(root);
    await packArchive(root, imagesOf(BUSYBOX_TAGS, ['sh']), target);
  });
}

/** Path of an archive with a small Debian 12 under several tags, about 100 MB. The first use takes a minute, on a busy machine several. */
export function debianArchive(say: Say = () => undefined): Promise<string> {
  return cached('debian.tar', async (folder, target) => {
    const root = join(folder, 'root');
    say('making debian.tar: installing a small Debian from its archive, which takes a minute or several');
    await makeDebianRoot(root);
    say('packing debian.tar');
    await packArchive(root, imagesOf(DEBIAN_TAGS, ['bash']), target);
  });
}

function imagesOf(tags: readonly string[], cmd: readonly string[]): ImageToPack[] {
  return tags.map((tag) => ({ tag, config: { Env: [PATH], Cmd: cmd, Labels: { 'naru.stand-in': tag } } }));
}

async function cached(
  name: string,
  make: (folder: string, target: string) => Promise<void>,
): Promise<string> {
  const cache =
    process.env['NARU_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'naru');
  const folder = join(cache, 'images', EDITION);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, '.making-'));
  try {
    const finished = join(scratch, name);
    await make(scratch, finished);
    renameSync(finished, path); // two makers at once: the last one wins, both are whole
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return path;
}

if (import.meta.main) {
  const startedAt = performance.now();
  // The paths on stdout are for programs.
  const say: Say = (text) =>
    console.error(`[${Math.round((performance.now() - startedAt) / 1000)}s] ${text}`);
  const makers: Readonly<Record<string, (say: Say) => Promise<string>>> = {
    busybox: busyboxArchive,
    debian: debianArchive,
  };
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(makers)) {
    const make = makers[name];
    if (!make) {
      console.error(`no base image is called ${name}; known: ${Object.keys(makers).join(', ')}`);
      process.exit(2);
    }
    console.log(await make(say));
  }
}
