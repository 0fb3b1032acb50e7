import { t } from '@vscode/l10n';
import { listOf, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { failureInWords } from '../service/reasons';
import { actionWords } from './actionWords';
import { causeInWords } from './causes';
import { givenUpInWords, heldCountInWords } from './holdWords';
import { versionNow } from './machineVersions';
import { countsOf, type CountedAs, type MachineProgress, type Operation } from './operation';
import { canResumeTracking } from './operationFacts';
import { outcomes } from './outcomes';
import { countWords, operationTitle, stateInWords } from './words';

/** What was started, such as "Upgrading the client on web-1." or "Upgrading 12 clients in 2 waves. 2 clients wait for a backup." */
export function startedInWords({ action, machines, waves }: Operation): string {
  const [first, ...others] = machines;
  const { startedOne, startedMany, startedInWaves } = actionWords[action];
  const started =
    first && others.length === 0
      ? startedOne(plainText(first.machine.name))
      : waves.length > 1
        ? startedInWaves(machines.length, waves.length)
        : startedMany(machines.length);
  return sentences(started, heldCountInWords({ machines }));
}

const notDone = ['failed', 'refused', 'unconfirmed', 'notSent', 'unknown'] as const satisfies CountedAs[];

/**
 * How an operation ended, such as "Upgraded 37 of 41 clients. 2 failed, 2 rejected." or, when the user stopped it,
 * "Upgrade 20 clients: Stopped by you · 9 completed · 11 not started".
 */
export function summaryInWords(operation: Operation): string {
  if (canResumeTracking(operation)) {
    return sentences(
      t({
        message: '{operation}: {state}.',
        args: { operation: operationTitle(operation), state: stateInWords(operation) },
        comment: [
          '{operation} is a title such as "Upgrade 20 clients". {state} is "Not tracked" and counts.',
        ],
      }),
      t('Cloud Backup continues with what was started.'),
    );
  }
  if (operation.machines.some(({ outcome }) => outcome === 'stopped')) {
    return t({
      message: '{operation}: {state}',
      args: { operation: operationTitle(operation), state: stateInWords(operation) },
      comment: [
        '{operation} is a title such as "Upgrade 20 clients". {state} is "Stopped by you" and counts.',
      ],
    });
  }
  const [first, ...others] = operation.machines;
  if (first && others.length === 0) return summaryOfOne(operation, first);
  const counts = countsOf(operation);
  const parts = notDone.filter((name) => counts[name] > 0).map((name) => countWords[name](counts[name]));
  const lost = operation.calls.find(({ finding }) => finding === 'not-run');
  return sentences(
    doneInWords(operation, counts.done),
    parts.length > 0 &&
      t({
        message: '{0}.',
        args: [listOf(parts)],
        comment: ['Makes a sentence of a list such as "2 failed, 2 rejected".'],
      }),
    givenUpInWords(operation),
    lost?.failure && failureInWords({ ...lost.failure, finding: lost.finding }),
  );
}

function doneInWords({ action, machines }: Operation, done: number): string {
  const { doneNone, doneAll, doneSome } = actionWords[action];
  if (done === 0) return doneNone();
  return done === machines.length ? doneAll(done) : doneSome(done, machines.length);
}

/** One client has room for its name and the reason. */
function summaryOfOne(operation: Operation, progress: MachineProgress): string {
  const { machine, outcome } = progress;
  const name = plainText(machine.name);
  const { doneOne, failedOne, notStartedOne, unsureOne } = actionWords[operation.action];
  switch (outcomes[outcome].countedAs) {
    case 'done': {
      const version = operation.action === 'upgrade' && versionNow(progress, operation.action);
      return version ? upgradedInWords(name, plainText(version)) : doneOne(name);
    }
    case 'failed':
    case 'refused':
      return sentences(failedOne(name), why(operation, progress));
    case 'notSent':
      return sentences(notStartedOne(name), why(operation, progress));
    case 'unconfirmed':
      return sentences(unsureOne(name), causeInWords(progress, operation));
    case 'unknown':
    case 'notTracked':
    case 'waiting':
    case 'running':
      return sentences(unsureOne(name), why(operation, progress));
  }
}

function upgradedInWords(client: string, version: string): string {
  return t({
    message: 'Upgraded {client} to {version}.',
    args: { client, version },
    comment: ['{client} is the name of a client.'],
  });
}

function why(operation: Operation, progress: MachineProgress): string | undefined {
  const { machine } = progress;
  const call = operation.calls.find(({ machineKeys }) => machineKeys.includes(machine.key));
  // How the response was lost doesn't explain the result of a request that ran.
  const failure = call?.finding === 'ran' ? undefined : call?.failure;
  return failure ? failureInWords({ ...failure, finding: call?.finding }) : causeInWords(progress, operation);
}
