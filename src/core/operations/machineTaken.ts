import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import type { OperationAction } from '../service/actions';
import { BackupError } from '../service/errors';
import { durationInWords } from '../service/words';

/** What a notice says about the operation that has a client. */
export interface Holder {
  /** Id of the operation. */
  readonly id: string;
  readonly action: OperationAction;
  readonly profileName: string;
  /** Milliseconds since the operation started. */
  readonly heldForMs: number;
}

/** A client is in a running operation, so no other one can start with it. */
export class MachineTaken extends BackupError {
  readonly machineName: string;
  readonly holder: Holder;

  constructor(machineName: string, holder: Holder) {
    super('busy-elsewhere', `a machine is in an operation already, operation: ${holder.id}`, {
      fate: 'not-run',
    });
    this.machineName = machineName;
    this.holder = holder;
  }

  override inWords(): string {
    return takenInWords(this);
  }
}

/** Says which operation has the client, and what to do. */
function takenInWords({ machineName, holder }: MachineTaken): string {
  return holdingWords[holder.action].taken(plainText(machineName, 60), holdingOf(holder));
}

/** The same in a few words, to follow the name of a client. */
export function holderInWords(holder: Holder): string {
  return holdingWords[holder.action].holder(holdingOf(holder));
}

function holdingOf({ profileName, heldForMs }: Holder): Holding {
  return { profile: plainText(profileName, 60), duration: durationInWords(heldForMs) };
}

/** Who changes a client, and since when, for a text. */
interface Holding {
  readonly profile: string;
  readonly duration: string;
}

/** Beside the error and not among the words of operations, which are loaded once there is one. */
const holdingWords: Readonly<
  Record<
    OperationAction,
    {
      /** Why no other operation can start with a client. */
      readonly taken: (client: string, holding: Holding) => string;
      /** The same in a few words, to follow the name of the client. */
      readonly holder: (holding: Holding) => string;
    }
  >
> = {
  install: {
    taken: (client, holding) =>
      t({
        message:
          'The client on {client} is already being installed. Profile “{profile}” started that operation {duration} ago. Wait until it ends, then try again.',
        args: { client, ...holding },
        comment: ['{client} is the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
    holder: (holding) =>
      t({
        message: 'being installed by profile “{profile}”, started {duration} ago',
        args: { ...holding },
        comment: ['Follows the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
  },
  upgrade: {
    taken: (client, holding) =>
      t({
        message:
          '{client} is already being upgraded. Profile “{profile}” started that operation {duration} ago. Wait until it ends, then try again.',
        args: { client, ...holding },
        comment: ['{client} is the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
    holder: (holding) =>
      t({
        message: 'being upgraded by profile “{profile}”, started {duration} ago',
        args: { ...holding },
        comment: ['Follows the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
  },
  uninstall: {
    taken: (client, holding) =>
      t({
        message:
          'The client on {client} is already being uninstalled. Profile “{profile}” started that operation {duration} ago. Wait until it ends, then try again.',
        args: { client, ...holding },
        comment: ['{client} is the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
    holder: (holding) =>
      t({
        message: 'being uninstalled by profile “{profile}”, started {duration} ago',
        args: { ...holding },
        comment: ['Follows the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
  },
  settings: {
    taken: (client, holding) =>
      t({
        message:
          'The settings of {client} are already being changed. Profile “{profile}” started that operation {duration} ago. Wait until it ends, then try again.',
        args: { client, ...holding },
        comment: ['{client} is the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
    holder: (holding) =>
      t({
        message: 'its settings are being changed by profile “{profile}”, started {duration} ago',
        args: { ...holding },
        comment: ['Follows the name of a client. {duration} is a duration such as "3 min 12 s".'],
      }),
  },
};
