import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import type { OperationAction } from '../service/actions';
import { BackupError } from '../service/errors';
import { durationInWords } from '../service/words';

/** The operation that has a machine, as far as a notice names it. */
export interface Holder {
  /** Id of the operation. */
  readonly id: string;
  readonly action: OperationAction;
  readonly profileName: string;
  /** Milliseconds since the operation began. */
  readonly heldForMs: number;
}

/** A machine is in an operation that goes on, so no other one was begun with it. */
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

/** Says which operation has the machine, and what to do. */
function takenInWords({ machineName, holder }: MachineTaken): string {
  const { action, profileName, heldForMs } = holder;
  const name = plainText(machineName, 60);
  const profile = plainText(profileName, 60);
  const duration = durationInWords(heldForMs);
  switch (action) {
    case 'install':
      return t(
        'The client is already being installed on {0}. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
    case 'upgrade':
      return t(
        '{0} is already being upgraded. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
    case 'uninstall':
      return t(
        'The client is already being uninstalled from {0}. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
    case 'settings':
      return t(
        'The settings of {0} are already being changed. Profile “{1}” started that operation {2} ago. Wait until it ends, then try again.',
        name,
        profile,
        duration,
      );
  }
}

/** The same in a few words, to follow the name of a client. */
export function holderInWords({ action, profileName, heldForMs }: Holder): string {
  const profile = plainText(profileName, 60);
  const duration = durationInWords(heldForMs);
  switch (action) {
    case 'install':
      return t('being installed by profile “{0}”, started {1} ago', profile, duration);
    case 'upgrade':
      return t('being upgraded by profile “{0}”, started {1} ago', profile, duration);
    case 'uninstall':
      return t('being uninstalled by profile “{0}”, started {1} ago', profile, duration);
    case 'settings':
      return t('its settings are being changed by profile “{0}”, started {1} ago', profile, duration);
  }
}
