import { chunksOf } from '../core/kernel/chunks';
import { inParallel } from '../core/kernel/inParallel';
import { BackupError } from '../core/service/errors';
import type { Instance } from '../core/service/model';
import type { InstanceApi } from '../core/service/api';
import type { Waiting } from '../core/kernel/waiting';
import type { Calls, ApiOperation, CallScope } from './call';
import { decodeAssistantStatuses, decodeInstancePage, type InstancePage } from './decodeInstances';
import { endlessPages } from './pageEnd';
import { assistantStatusFields, idsPerRead, instanceFields } from './requestFields';

const ecs = { service: 'ecs', version: '2014-05-26', kind: 'read' } as const;
const operations = {
  describeInstances: { ...ecs, action: 'DescribeInstances' },
  describeCloudAssistantStatus: { ...ecs, action: 'DescribeCloudAssistantStatus' },
} as const satisfies Readonly<Record<string, ApiOperation>>;

// ECS counts the calls of a whole account: these reads must not take them all.
const callsAtOnce = () => 6;
/** Of 100 instances each; more can only be a service that goes round and round. */
const mostPages = 1000;

/** ECS instances and their Cloud Assistant. */
export function createInstanceApi({ call }: Pick<Calls, 'call'>): InstanceApi {
  const readPage = async (
    at: CallScope,
    query: Parameters<typeof instanceFields>[1],
    waiting: Waiting,
  ): Promise<InstancePage> =>
    decodeInstancePage(await call(at, operations.describeInstances, instanceFields(at, query), waiting));

  /** Page by page: a page names the one that follows it. */
  async function* readInstances(
    at: CallScope,
    query: Parameters<typeof instanceFields>[1],
    waiting: Waiting,
  ): AsyncGenerator<readonly Instance[], void, void> {
    const tokens = new Set<string>();
    for (let token: string | undefined; ;) {
      const { instances, nextToken } = await readPage(at, { ...query, nextToken: token }, waiting);
      yield instances;
      if (nextToken === undefined) return;
      // Else it would go round and round.
      if (tokens.has(nextToken) || tokens.size === mostPages)
        throw endlessPages(operations.describeInstances.action);
      tokens.add(nextToken);
      token = nextToken;
    }
  }

  async function readNamed(
    at: CallScope,
    query: Parameters<typeof instanceFields>[1],
    waiting: Waiting,
  ): Promise<readonly Instance[]> {
    const found: Instance[] = [];
    for await (const instances of readInstances(at, query, waiting)) found.push(...instances);
    return found;
  }

  const readStatuses = async (at: CallScope, instanceIds: readonly string[], waiting: Waiting) =>
    decodeAssistantStatuses(
      await call(
        at,
        operations.describeCloudAssistantStatus,
        assistantStatusFields(at, instanceIds),
        waiting,
      ),
    );

  return {
    async *listInstances(scope, { instanceIds, ...query }, waiting) {
      const given = new Set<string>();
      const batches = instanceIds && chunksOf([...new Set(instanceIds)], idsPerRead.instances);
      const pages = batches
        ? inParallel(
            batches,
            callsAtOnce,
            (batch, each) => readNamed(scope, { ...query, instanceIds: batch }, each),
            waiting,
          )
        : readInstances(scope, query, waiting);
      for await (const page of pages) {
        // Instances come and go while pages are read.
        const fresh = page.filter(({ instanceId }) => !given.has(instanceId));
        for (const { instanceId } of fresh) given.add(instanceId);
        if (fresh.length > 0) yield fresh;
      }
    },

    async listCloudAssistantStatus(scope, instanceIds, waiting) {
      const read = async (batch: readonly string[], each: Waiting) => {
        try {
          return await readStatuses(scope, batch, each);
        } catch (error) {
          // One id that ECS does not know makes it refuse the whole call: ask again without such ids.
          if (!isNotFound(error)) throw error;
          const found = await readNamed(scope, { instanceIds: batch }, each);
          const known = found.map(({ instanceId }) => instanceId);
          if (known.length === batch.length) throw error;
          return known.length === 0 ? [] : readStatuses(scope, known, each);
        }
      };
      const batches = chunksOf([...new Set(instanceIds)], idsPerRead.assistantStatuses);
      const all = [];
      for await (const statuses of inParallel(batches, callsAtOnce, read, waiting)) all.push(...statuses);
      return all;
    },
  };
}

function isNotFound(error: unknown): error is BackupError {
  return error instanceof BackupError && error.code === 'not-found';
}
