import { plainText } from '../kernel/plainText';
import type { OperationAction } from '../service/actions';
import { BackupError } from '../service/errors';
import { durationInWords } from '../service/words';
import { actionWords } from './actionWords';

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
  return actionWords[holder.action].taken(plainText(machineName, 60), holdingOf(holder));
}

/** The same in a few words, to follow the name of a client. */
export function holderInWords(holder: Holder): string {
  return actionWords[holder.action].holder(holdingOf(holder));
}

function holdingOf({ profileName, heldForMs }: Holder): {
  readonly profile: string;
  readonly duration: string;
} {
  return { profile: plainText(profileName, 60), duration: durationInWords(heldForMs) };
}
