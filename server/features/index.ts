/** Every language feature, in the order they are started. */

import type { Feature } from '../feature.ts';
import { diagnostics } from './diagnostics.ts';
import { hover } from './hover.ts';
import { navigation } from './navigation.ts';
import { outline } from './outline.ts';

export const FEATURES: readonly Feature[] = [diagnostics, hover, navigation, outline];
