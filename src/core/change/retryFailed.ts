import { t } from '@vscode/l10n';
import { clientOf, readClients, type ClientReading } from '../clients/readClients';
import { reachOf } from '../clients/reach';
import type { Notices } from '../interaction/interaction';
import type { Disposable } from '../kernel/disposables';
import { markLeftovers } from '../operations/leftovers';
import { taskActionOf, type Operation, type Plan, type PlannedMachine } from '../operations/operation';
import type { Operations } from '../operations/operations';
import type { Again } from '../operations/outcomes';
import { retryPlanOf } from '../operations/retryPlan';
import type { BackupApi } from '../service/api';
import { isCancelled, toBackupError } from '../service/errors';
import type { BackupClient } from '../service/model';
import type { Scope } from '../service/scope';
import type { ChangeClients } from './changeClients';
import type { EditSettings } from './settings/editSettings';

/** "Retry Failed…" and "Continue with 11…": ask again about the clients that an operation didn't change, as they are now. */
export interface RetryFailed extends Disposable {
  /** Resolves once it was started or the user backed out; never rejects for a failure that the user was shown. */
  run(operation: Operation, how?: Again): Promise<void>;
}

export interface RetryFailedDeps {
  readonly changeClients: Pick<ChangeClients, 'run'>;
  readonly editSettings: Pick<EditSettings, 'run'>;
  readonly operations: Pick<Operations, 'list'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly notices: Pick<Notices, 'warn' | 'failure' | 'progress'>;
}

export function createRetryFailed(deps: RetryFailedDeps): RetryFailed {
  const { changeClients, editSettings, operations, api, notices } = deps;
  const closing = new AbortController();

  async function run(operation: Operation, how: Again = 'retry'): Promise<void> {
    const plan = retryPlanOf(how, operation, operations.list());
    if (!plan) {
      notices.warn(t('This operation has no clients left to start.'));
      return;
    }
    const reading = await readNow(plan);
    if (reading) await (plan.settings ? retrySettings : retryChange)(operation, plan, reading);
  }

  /** The clients as they are now, which decides what can be done, and how much care it needs. */
  async function readNow({ scope, machines }: Plan): Promise<ClientReading | undefined> {
    try {
      return await notices.progress(
        t({ message: 'Reading clients', comment: ['Progress, while it goes on'] }),
        'view',
        () => readClients(api, scope, machines, { signal: closing.signal }),
      );
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return undefined;
    }
  }

  function retryChange(operation: Operation, plan: Plan, reading: ClientReading): Promise<unknown> {
    const { scope, profileName, demo, machines, strategy = { kind: 'all' }, maxFailures = 0 } = plan;
    const clients = markLeftovers(operations.list(), scope, reading.clients);
    return changeClients.run({
      action: taskActionOf(operation),
      label: { scope, profileName, demo },
      clients: machines.map((machine) => ({
        key: machine.key,
        client: clientOf(machine, clients) ?? unlisted(machine, scope),
      })),
      // Reading by instance ID returns all clients of the instance.
      reach: reachOf(reading.clients, !reading.changedWhileReading),
      review: 'chosen',
      rollout: { order: strategy, maxFailures },
      retryOf: operation.id,
    });
  }

  function retrySettings(operation: Operation, plan: Plan, reading: ClientReading): Promise<void> {
    const { scope, profileName, demo, machines, settings } = plan;
    return editSettings.run({
      label: { scope, profileName, demo },
      clients: machines.flatMap((machine) => {
        const client = clientOf(machine, reading.clients);
        return client ? [{ key: machine.key, client }] : [];
      }),
      review: 'chosen',
      ...(settings && { before: { retryOf: operation.id, settings } }),
    });
  }

  return { run, dispose: () => closing.abort() };
}

/** A machine that Cloud Backup lists no client for: nothing is installed there. */
function unlisted({ instanceId, name, zoneId }: PlannedMachine, { clientType }: Scope): BackupClient {
  return {
    clientType,
    status: 'NOT_INSTALLED',
    instanceName: name,
    tags: [],
    ...(instanceId && { instanceId }),
    ...(zoneId && { zoneId }),
  };
}
