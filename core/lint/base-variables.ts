/** What is known of the variables that a base image sets. */

import type { Stage } from '../dockerfile/types.ts';
import type { LintOptions } from './rule.ts';
import { bottomImage } from './stage-graph.ts';

/** What widely used images set. */
export const OF_IMAGES: ReadonlySet<string> = new Set(
  'CARGO_HOME CATALINA_HOME GEM_HOME GOLANG_VERSION GOPATH GOROOT GRADLE_HOME JAVA_HOME JAVA_VERSION MAVEN_HOME NGINX_VERSION NODE_VERSION OTP_VERSION PGDATA PG_MAJOR PG_VERSION PHP_VERSION PYTHON_VERSION RUBY_VERSION RUSTUP_HOME RUST_VERSION YARN_VERSION'.split(
    ' ',
  ),
);

/** The empty image sets nothing; of others we know what we are told. */
export function isBaseKnown(
  stage: Stage,
  parents: ReadonlyMap<Stage, Stage>,
  images: LintOptions['baseImages'],
): boolean {
  const image = bottomImage(stage, parents);
  return image === 'scratch' || images?.has(image) === true;
}

/** What is known of the image, or told by its name: `node` sets NODE_VERSION, `ros` ROS_DISTRO. */
export function isSetByBase(name: string, image: string, known: LintOptions['baseImages']): boolean {
  const base = known?.get(image);
  if (base !== undefined) return base.variables.has(name);
  const product = /^([A-Z\d]+)_(?:DISTRO|MAJOR|VERSION)$/.exec(name)?.[1]?.toLowerCase();
  if (product !== undefined && new RegExp(`(?:^|/)${product}(?:[:@-]|$)`).test(image)) return true;
  return OF_IMAGES.has(name) && !BARE.test(image);
}

/** Images that set nothing of the kind. */
const BARE = /^(?:(?:docker\.io\/)?library\/)?(?:alpine|busybox|debian|scratch|ubuntu)(?:[:@]|$)/;
