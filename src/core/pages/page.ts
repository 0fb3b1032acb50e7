import type { Look } from '../operations/outcomes';

/** What the state of every page has. Every text of a state is localized and safe; the page only places it. */
export interface PageState {
  /** What the page is of: it differs for each operation and client. */
  readonly subject: string;
  /** Heading of the page, and title of its tab. */
  readonly title: string;
  /** Milliseconds since 1970 by the host's clock; from then on the page counts by its own. */
  readonly now: number;
}

/** What a page shows once its subject doesn't exist anymore. */
export interface GoneState {
  readonly title: string;
  readonly text: string;
}

/** A state in words, localized, and how it looks. */
export interface StateInWords {
  readonly text: string;
  readonly look: Look;
}
