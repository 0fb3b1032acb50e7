import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { failureInWords, reasonInWords } from '../service/reasons';
import type { OperationAction } from '../service/actions';
import { operationTitle, outcomeInWords } from './words';
import { versionNow } from '../operations/machineVersions';
import { countsOf, type Operation } from '../operations/operation';

/** What goes on from now, such as "Upgrading web-1." or "Upgrading 12 clients in 2 waves.". */
export function startedInWords({ action, machines, waves }: Operation): string {
  const [first, ...others] = machines;
  const texts = starting[action];
  if (first && others.length === 0) return texts.one(plainText(first.machine.name));
  return waves.length > 1 ? texts.inWaves(machines.length, waves.length) : texts.many(machines.length);
}

const starting: Readonly<
  Record<
    OperationAction,
    {
      readonly one: (name: string) => string;
      readonly many: (clients: number) => string;
      readonly inWaves: (clients: number, waves: number) => string;
    }
  >
> = {
  install: {
    one: (name) => t('Installing the client on {0}.', name),
    many: (clients) => t('Installing {0} clients.', clients),
    inWaves: (clients, waves) => t('Installing {0} clients in {1} waves.', clients, waves),
  },
  upgrade: {
    one: (name) => t('Upgrading the client on {0}.', name),
    many: (clients) => t('Upgrading {0} clients.', clients),
    inWaves: (clients, waves) => t('Upgrading {0} clients in {1} waves.', clients, waves),
  },
  uninstall: {
    one: (name) => t('Uninstalling the client on {0}.', name),
    many: (clients) => t('Uninstalling {0} clients.', clients),
    inWaves: (clients, waves) => t('Uninstalling {0} clients in {1} waves.', clients, waves),
  },
  settings: {
    one: (name) => t('Changing the settings of {0}.', name),
    many: (clients) => t('Changing the settings of {0} clients.', clients),
    inWaves: (clients, waves) => t('Changing the settings of {0} clients in {1} waves.', clients, waves),
  },
};

/** How an operation ended, such as "Upgraded 37 clients, 2 failed, 2 refused.". */
export function summaryInWords(operation: Operation): string {
  const [first, ...others] = operation.machines;
  if (first && others.length === 0) return summaryOfOne(operation);
  const { done, failed, refused, unconfirmed, notSent, unknown } = countsOf(operation);
  const parts = [
    doneInWords(operation, done),
    failed > 0 && t('{0} failed', failed),
    refused > 0 && t('{0} refused', refused),
    unconfirmed > 0 && t('{0} not confirmed', unconfirmed),
    notSent > 0 && t('{0} not sent', notSent),
    unknown > 0 && t('{0} not known', unknown),
  ];
  const words = t('{0}.', parts.filter(Boolean).join(', '));
  const lost = operation.calls.find(({ finding }) => finding === 'not-run');
  const why = lost?.failure && failureInWords({ ...lost.failure, finding: lost.finding });
  return why ? t('{0} {1}', words, why) : words;
}

function doneInWords({ action }: Operation, done: number): string {
  switch (action) {
    case 'install':
      if (done === 0) return t('No client was installed');
      return done === 1 ? t('Installed 1 client') : t('Installed {0} clients', done);
    case 'upgrade':
      if (done === 0) return t('No client was upgraded');
      return done === 1 ? t('Upgraded 1 client') : t('Upgraded {0} clients', done);
    case 'uninstall':
      if (done === 0) return t('No client was uninstalled');
      return done === 1 ? t('Uninstalled 1 client') : t('Uninstalled {0} clients', done);
    case 'settings':
      if (done === 0) return t('No settings were changed');
      return done === 1
        ? t('Changed the settings of 1 client')
        : t('Changed the settings of {0} clients', done);
  }
}

/** One machine has room for its name and the reason. */
function summaryOfOne(operation: Operation): string {
  const [progress] = operation.machines;
  if (!progress) return '';
  const { machine, outcome, reason } = progress;
  const version = versionNow(progress, operation.action);
  if (outcome === 'done' && operation.action === 'upgrade' && version) {
    return t('Upgraded {0} to {1}.', plainText(machine.name), plainText(version));
  }
  if (outcome === 'done' && operation.action === 'settings') {
    return t('Changed the settings of {0}.', plainText(machine.name));
  }
  const title = operationTitle(operation);
  const words = t('{0}: {1}.', title, outcomeInWords(outcome));
  const call = operation.calls.find(({ machineKeys }) => machineKeys.includes(machine.key));
  if (outcome === 'done' || outcome === 'unconfirmed') return words;
  // What became of a call that ran is not to be explained by how its answer was lost.
  const failure = call?.finding === 'ran' ? undefined : call?.failure;
  const why = failure
    ? failureInWords({ ...failure, finding: call?.finding })
    : reason && reasonInWords(reason);
  return why ? t('{0} {1}', words, why) : words;
}
