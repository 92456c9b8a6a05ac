/** Every language feature, in the order they are started. */

import type { Feature } from '../feature.ts';
import { cachePreview } from './cache-preview.ts';
import { codeActions } from './code-actions.ts';
import { completion } from './completion.ts';
import { diagnostics } from './diagnostics.ts';
import { formatting } from './formatting.ts';
import { hover } from './hover.ts';
import { links } from './links.ts';
import { navigation } from './navigation.ts';
import { outline } from './outline.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';

export const FEATURES: readonly Feature[] = [
  diagnostics,
  hover,
  completion,
  navigation,
  outline,
  formatting,
  links,
  semanticTokens,
  codeActions,
  signatureHelp,
  cachePreview,
];
