import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { Redactor } from '../kernel/redact';
import type { Notices, Questions } from './interaction';
import type { Presence } from './presence';

/** Puts texts where the user can paste them. */
export interface Clipboard {
  write(text: string): Promise<void>;
}

/** What the editor offers to every flow. A flow takes the members it uses: `Pick<Host, 'questions' | 'notices'>`. */
export interface Host {
  readonly log: Log;
  readonly notices: Notices;
  readonly questions: Questions;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly clipboard: Clipboard;
  readonly redactor: Redactor;
}
