import { t } from '@vscode/l10n';
import { obstacleTo, type Obstacle } from '../clients/capabilities';
import { keyClients } from '../service/clientFacts';
import { markLeftovers } from '../operations/leftovers';
import { isCancelled, toBackupError } from '../service/errors';
import { Emitter, type Event } from '../kernel/events';
import type { PickRow, Notices, Questions } from '../interaction/interaction';
import type { BackupClient, Instance } from '../service/model';
import { plainText } from '../kernel/plainText';
import type { BackupApi, InstanceApi } from '../service/api';
import type { Waiting } from '../kernel/waiting';
import type { ChangeClients, ChangeRequest } from './changeClients';
import { previewButton } from './review';
import type { Operations } from '../operations/operations';
import { readByIds } from '../clients/readClients';
import { listOf } from '../kernel/localize';
import type { Scope } from '../service/scope';
import { filterInWords, type ScopeLabel } from '../service/scopeLabel';
import { readInstanceIds } from '../service/instanceIds';
import type { KeyedClient, LeftOut } from './draft';
import { factsOfClient, scopeShort, shownName } from './clientTexts';

/** The clients of a scope that are known so far. */
export interface ListedClients {
  clients(): readonly BackupClient[];
  /** True while more may come. */
  running(): boolean;
  readonly onDidChange: Event<unknown>;
}

/** "Install on ECS Instances…": finds instances that the list of clients doesn't show. */
export interface InstallOnInstances {
  /**
   * Asks for running instances without a client, or for pasted IDs, and passes them on as a change. It doesn't wait for
   * the list of clients: an instance leaves the pick when its client is listed. Never rejects for a failure that the user
   * was shown.
   */
  run(label: ScopeLabel, listed: ListedClients): Promise<void>;
}

export function createInstallOnInstances(deps: {
  readonly questions: Questions;
  readonly notices: Notices;
  readonly instances: Pick<InstanceApi, 'listInstances'>;
  readonly api: Pick<BackupApi, 'listClients'>;
  readonly changeClients: Pick<ChangeClients, 'run' | 'preview'>;
  readonly operations: Pick<Operations, 'list'>;
}): InstallOnInstances {
  return {
    async run(label, all) {
      const { questions } = deps;
      const listed = withUnlisted(deps, label.scope, all);
      if (label.scope.crossAccount) {
        // ECS is called with the profile's own key, which can't list the instances of another account.
        await fromIds(deps, label, listed, 0);
        return;
      }
      for (;;) {
        const ask = await questions.one<typeof fromList>(
          {
            title: title(),
            placeholder: t('Select instances in {0}', scopeShort(label)),
            step: stepOf(1, 1),
          },
          [
            { label: t('Select running instances without a client'), value: fromList },
            { label: t('Paste instance IDs'), value: fromIds },
          ],
        );
        if (!ask || (await ask(deps, label, listed, 1)) !== 'back') return;
      }
    },
  };
}

function title(): string {
  return t('Install on ECS Instances');
}

/** Where the user chooses among two sources, that's the first of three steps. */
function stepOf(number: number, stepsBefore: number) {
  return { number, of: stepsBefore + 2 };
}

type Deps = Parameters<typeof createInstallOnInstances>[0];

/** The listed clients, and those that a filter keeps from the list: an instance with one of them isn't offered. */
interface KnownClients extends ListedClients {
  /** Reads the clients of instances, where the list might lack them. Throws BackupError. */
  readOn(instanceIds: readonly string[], waiting: Waiting): Promise<void>;
}

function withUnlisted({ api, operations }: Deps, scope: Scope, listed: ListedClients): KnownClients {
  const unlisted: BackupClient[] = [];
  return {
    ...listed,
    clients: () => markLeftovers(operations.list(), scope, [...listed.clients(), ...unlisted]),
    async readOn(instanceIds, waiting) {
      if (!scope.filter) return;
      const { clients } = await readByIds(api, scope, { instanceIds, clientIds: [] }, waiting);
      unlisted.push(...clients);
    },
  };
}

/**
 * Shows rows as pages come, so that the first can be found before the last is read. What the list is limited to limits the
 * instances too. Back in the questions that follow shows them again, with their ticks.
 */
async function fromList(
  { questions, notices, instances, changeClients }: Deps,
  label: ScopeLabel,
  listed: KnownClients,
  stepsBefore: number,
): Promise<'back' | undefined> {
  const { scope } = label;
  const { tags, instanceIds } = scope.filter ?? {};
  let known = clientsByInstance(listed.clients());
  const read: Instance[] = [];
  const changes = new Emitter<void>();
  const stopping = new AbortController();
  let reading = true;
  let ticked: ReadonlySet<string> = new Set();
  let failure: unknown;
  const offeredNow = (): ReadonlyMap<Instance, readonly KeyedClient[]> =>
    new Map(
      read
        .map((instance) => [instance, clientsMeant(instance, known)] as const)
        .filter(([, all]) => all.every(({ client }) => client.status === 'NOT_INSTALLED' || client.leftover)),
    );
  const running = (): boolean => reading || listed.running();
  const rows = (): readonly PickRow<KeyedClient>[] => {
    const found = [...offeredNow()].flatMap(([instance, [first]]) =>
      first ? rowOf(instance, first, ticked) : [],
    );
    return found.length > 0 || running() || failure
      ? found
      : [{ kind: 'heading', label: noneLeftInWords(scope) }];
  };
  const following = listed.onDidChange(() => {
    known = clientsByInstance(listed.clients());
    changes.fire();
  });
  const readAll = async (waiting: Waiting): Promise<void> => {
    try {
      const query = { status: 'Running', tags, instanceIds };
      for await (const page of instances.listInstances(scope, query, waiting)) {
        await listed.readOn(
          page.map(({ instanceId }) => instanceId),
          waiting,
        );
        known = clientsByInstance(listed.clients());
        read.push(...page);
        changes.fire();
      }
    } catch (error) {
      failure = error;
    }
    reading = false;
    changes.fire();
  };
  const ended = readAll({ signal: stopping.signal });
  const clientsOf = (chosen: readonly KeyedClient[]): readonly KeyedClient[] => {
    const keys = new Set(chosen.map(({ key }) => key));
    return [...offeredNow().values()].filter(([first]) => first && keys.has(first.key)).flat();
  };
  // A failure is shown at once; rows that came before it stay.
  void ended.then(() => {
    if (failure && !isCancelled(failure) && !stopping.signal.aborted) notices.failure(toBackupError(failure));
  });
  try {
    for (;;) {
      const chosen = await questions.manyLive<KeyedClient, 'back'>(
        {
          title: title(),
          placeholder: t('Search by name, ID, address, zone, or tag'),
          step: stepOf(2, stepsBefore),
          back: 'back',
          buttons: [previewButton((some) => void preview(some))],
        },
        { rows, running, onDidChange: changes.event },
      );
      if (chosen === 'back') return chosen;
      const clients = clientsOf(chosen ?? []);
      if (clients.length === 0) return undefined;
      ticked = new Set(clients.map(({ key }) => key));
      const end = await changeClients.run({
        ...{ action: 'install', label, clients, review: 'reviewed' },
        stepsBefore: stepsBefore + 1,
      });
      if (end !== 'back') return undefined;
    }
  } finally {
    stopping.abort();
    following.dispose();
    changes.dispose();
  }

  /** What is ticked, or everything that could be. */
  async function preview(some: readonly KeyedClient[]): Promise<void> {
    const clients = some.length > 0 ? clientsOf(some) : [...offeredNow().values()].flat();
    await changeClients.preview({ action: 'install', label, clients });
  }
}

function noneLeftInWords({ filter }: Scope): string {
  return filter
    ? t('Every running instance with {0} has a client', listOf(filterInWords(filter), 'and'))
    : t('Every running instance in this region has a client');
}

/**
 * Asks for IDs, which say which instances are meant: what the list is limited to doesn't count. Back in the question that
 * follows shows them again.
 */
async function fromIds(
  deps: Deps,
  label: ScopeLabel,
  listed: KnownClients,
  stepsBefore: number,
): Promise<'back' | undefined> {
  for (let value = ''; ;) {
    const text = await deps.questions.text<typeof goBack>({
      title: title(),
      prompt: t('Paste instance IDs. Any separator works.'),
      placeholder: 'i-bp1…, i-bp1…',
      value,
      step: stepOf(stepsBefore + 1, stepsBefore),
      ...(stepsBefore > 0 && { back: goBack }),
      validate: (pasted) =>
        readInstanceIds(pasted).ids.length > 0
          ? undefined
          : t('Enter at least one instance ID, such as i-bp1….'),
    });
    if (text === goBack) return 'back';
    if (text === undefined) return undefined;
    value = text;
    const found = await clientsOfIds(deps, label, listed, text);
    const end =
      found &&
      (await deps.changeClients.run({
        ...{ action: 'install', label, ...found, review: 'reviewed' },
        stepsBefore: stepsBefore + 1,
      }));
    if (end !== 'back') return undefined;
  }
}

// A text that someone types can be anything but this.
const goBack = Symbol('back');

/** The clients that pasted IDs mean, and what they don't mean; undefined where the user canceled, or clients that aren't listed can't be read. */
async function clientsOfIds(
  { notices, instances }: Deps,
  label: ScopeLabel,
  listed: KnownClients,
  text: string,
): Promise<Pick<ChangeRequest, 'clients' | 'leftOut'> | undefined> {
  const { ids, malformed } = readInstanceIds(text);
  if (label.scope.filter) {
    try {
      await notices.progress(
        t({ message: 'Reading clients', comment: ['Progress, while it goes on'] }),
        'view',
        () => listed.readOn(ids, { signal: new AbortController().signal }),
      );
    } catch (error) {
      // Without it, an install could reach a client that isn't shown.
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return undefined;
    }
  }
  const known = clientsByInstance(listed.clients());
  const found = new Map<string, Instance>();
  let asked = !label.scope.crossAccount;
  if (asked) {
    try {
      await notices.progress(
        t({ message: 'Reading instances', comment: ['Progress, while it goes on'] }),
        'view',
        async () => {
          const waiting = { signal: new AbortController().signal };
          for await (const page of instances.listInstances(label.scope, { instanceIds: ids }, waiting)) {
            for (const instance of page) found.set(instance.instanceId, instance);
          }
        },
      );
    } catch (error) {
      if (isCancelled(error)) return undefined;
      // Names only help: the plan says that nothing was checked.
      asked = false;
    }
  }
  const clients: KeyedClient[] = [];
  const leftOut = malformed.map((word) => excluded(word, 'not-an-id'));
  for (const id of ids) {
    const instance = found.get(id);
    if (asked && !instance) {
      leftOut.push(excluded(id, 'no-such-instance'));
      continue;
    }
    const all = clientsMeant(instance ?? { instanceId: id }, known);
    const [blocked] = all.flatMap((one) => {
      const obstacle = obstacleTo('install', one.client);
      return obstacle ? { ...one, obstacle } : [];
    });
    if (blocked) leftOut.push(blocked);
    else clients.push(...all);
  }
  return { clients, leftOut };
}

type ClientsByInstance = ReadonlyMap<string, readonly KeyedClient[]>;

function clientsByInstance(listed: readonly BackupClient[]): ClientsByInstance {
  const byInstance = new Map<string, KeyedClient[]>();
  for (const [key, client] of keyClients(listed)) {
    const { instanceId } = client;
    if (!instanceId) continue;
    byInstance.set(instanceId, [...(byInstance.get(instanceId) ?? []), { key, client }]);
  }
  return byInstance;
}

/** The clients that an install on an instance means: all that are listed there, or the one that it can get. */
function clientsMeant(
  instance: Pick<Instance, 'instanceId'> & Partial<Instance>,
  known: ClientsByInstance,
): readonly KeyedClient[] {
  const listed = known.get(instance.instanceId);
  if (!listed) return [{ key: instance.instanceId, client: clientOn(instance) }];
  return listed.map(({ key, client }) => ({ key, client: clientOn(instance, client) }));
}

function rowOf(instance: Instance, keyed: KeyedClient, ticked: ReadonlySet<string>): PickRow<KeyedClient> {
  const { publicIps, tags } = instance;
  const more = [...publicIps, ...tags.map(({ key, value }) => (value === '' ? key : `${key}=${value}`))].map(
    (fact) => plainText(fact),
  );
  return {
    kind: 'choice',
    id: keyed.key,
    label: shownName(keyed.client),
    description: factsOfClient(keyed.client),
    ...(more.length > 0 && { detail: more.join(' · ') }),
    value: keyed,
    picked: ticked.has(keyed.key),
  };
}

/** An instance as the client that it can get. What a listed client of it says comes first. */
function clientOn(
  instance: Pick<Instance, 'instanceId'> & Partial<Instance>,
  listed?: BackupClient,
): BackupClient {
  const { instanceId, instanceName, hostName, zoneId, osType, privateIps = [], tags = [] } = instance;
  const [privateIpV4] = privateIps;
  return {
    clientType: 'ECS_CLIENT',
    status: 'NOT_INSTALLED',
    instanceId,
    ...(instanceName && { instanceName }),
    ...(hostName && { hostname: hostName }),
    ...(zoneId && { zoneId }),
    ...(osType && { osType }),
    ...(privateIpV4 && { privateIpV4 }),
    ...listed,
    tags: [...tags, ...(listed?.tags ?? [])],
  };
}

function excluded(text: string, obstacle: Obstacle): LeftOut {
  return {
    key: `${obstacle}:${text}`,
    client: { clientType: 'ECS_CLIENT', status: 'NOT_INSTALLED', instanceId: text, tags: [] },
    obstacle,
  };
}
