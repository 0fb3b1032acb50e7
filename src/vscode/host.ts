import { attendedQuestions } from '../core/interaction/attendedQuestions';
import type { FlowPresence } from '../core/interaction/flowPresence';
import type { Host } from '../core/interaction/host';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import { Redactor } from '../core/kernel/redact';
import type { Profile } from '../core/profiles/profile';
import { clipboard } from './clipboard';
import { ContextKeys } from './contextKeys';
import { createLog, type OutputLog } from './log';
import { createNotices } from './notices';
import { createPresence } from './presence';
import { createQuestionsOnFirstUse } from './questionsOnFirstUse';
import { createSettings, type Settings } from './settings';
import { systemClock } from './systemClock';

/** VS Code as the extension uses it. */
export interface VscodeHost extends Host, Disposable {
  readonly log: OutputLog;
  readonly presence: FlowPresence;
  readonly settings: Settings;
  readonly contextKeys: ContextKeys;
}

/** @param profiles the stored profiles; notices show their names */
export function createHost(profiles: () => readonly Profile[]): VscodeHost {
  const owned = new DisposableStore();
  const redactor = new Redactor();
  const log = owned.add(createLog(redactor));
  const presence = owned.add(createPresence());
  const notices = createNotices({
    presence,
    log,
    redactor,
    clipboard,
    profiles,
  });
  return {
    log,
    presence,
    notices,
    redactor,
    clipboard,
    questions: attendedQuestions(createQuestionsOnFirstUse(systemClock), presence),
    clock: systemClock,
    settings: owned.add(createSettings({ notices, log })),
    contextKeys: new ContextKeys(),
    dispose: () => owned.dispose(),
  };
}
