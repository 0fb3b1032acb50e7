import type { LiveQuestion, Notices, PickRow, Questions } from '../../interaction/interaction';
import type { Log } from '../../kernel/log';
import type { Waiting } from '../../kernel/waiting';
import { pinKey, pinsOf, type Pin, type Profile } from '../profile';
import type { ProfileStore } from '../profileStore';
import { deferredList, type DeferredList } from './deferredList';
import type { ProfilesInView } from './profilesInView';

export interface SelectPinsDeps {
  readonly store: Pick<ProfileStore, 'list' | 'setPins'>;
  readonly view: Pick<ProfilesInView, 'shown'>;
  readonly questions: Pick<Questions, 'one' | 'manyLive'>;
  readonly notices: Pick<Notices, 'info'>;
  readonly log: Log;
}

/** What a profile can show: `Item` is what the service lists, `Value` the value of a row. */
export interface PinChoice<Item, Value> extends LiveQuestion<Value> {
  readonly list: (waiting: Waiting) => Promise<readonly Item[]>;
  /** For the log, when the list doesn't come. */
  readonly failure: string;
  readonly rows: (listed: DeferredList<Item>) => readonly PickRow<Value>[];
  readonly pins: (chosen: readonly Value[]) => readonly Pin[];
  /** What to say when nothing was chosen. */
  readonly noneChosen: string;
}

/**
 * Asks what a profile shows, while the service still lists what there is, and pins what was chosen. Throws what
 * `setPins` throws.
 *
 * @param choiceOf `listed` is empty until the list comes
 */
export async function selectPins<Item, Value>(
  profile: Profile,
  { store, questions, notices, log }: SelectPinsDeps,
  choiceOf: (listed: () => readonly Item[]) => PinChoice<Item, Value>,
): Promise<void> {
  const choice = choiceOf(() => listed.items);
  const listed = deferredList(choice.failure, log, choice.list);
  try {
    const chosen = await questions.manyLive(choice, {
      rows: () => choice.rows(listed),
      running: () => listed.phase === 'loading',
      onDidChange: listed.onDidChange,
    });
    if (chosen === undefined) return;
    if (chosen.length === 0) {
      notices.info(choice.noneChosen);
      return;
    }
    const pins = choice.pins(chosen);
    if (!isSame(pinsOf(profile), pins)) await store.setPins(profile.id, pins);
  } finally {
    listed.dispose();
  }
}

function isSame(pins: readonly Pin[], others: readonly Pin[]): boolean {
  const text = (pin: Pin): string => JSON.stringify([pinKey(pin), pin.crossAccount?.alias]);
  return pins.map(text).join() === others.map(text).join();
}
