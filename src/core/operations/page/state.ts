import type { Look } from '../outcomes';

/** A state in words, localized, and how it looks. */
export interface StateInWords {
  readonly text: string;
  readonly look: Look;
}
