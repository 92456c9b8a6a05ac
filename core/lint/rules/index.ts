/** Every rule, in the order of their ids. */

import type { Rule } from '../rule.ts';
import { DL3004 } from './DL3004.ts';

export const RULES: readonly Rule[] = [DL3004];
