import { createServiceApi, type ServiceApi } from '../../src/api/serviceApi';
import { createStsApi } from '../../src/api/sts';
import type { Disposable } from '../../src/core/kernel/disposables';
import type { Clock } from '../../src/core/kernel/clock';
import type { Profile } from '../../src/core/profiles/profile';
import type { RoleRequest, StsApi } from '../../src/core/profiles/keys/credentialSource';
import type { Profiles } from '../../src/core/profiles/createProfiles';
import type { AccessKey } from '../../src/core/service/model';
import type { Scope } from '../../src/core/service/scope';
import {
  startSimulator,
  type JournalEntry,
  type Simulator,
  type SimulatorOptions,
} from '../../simulator/main';
import { addShown, FakeLog, FakeOutside, openProfiles } from '../unit/profiles/signInFakes';
import { neverCancelled } from './apiBuilders';
import { createPatientClock } from './simulated';

/** Profiles, STS and services as they are, against a simulator, in a time that all of them share. */
export interface SignedIn {
  readonly simulator: Simulator;
  readonly profiles: Profiles;
  readonly outside: FakeOutside;
  readonly api: ServiceApi;
  readonly sts: StsApi;
  readonly clock: Clock;
  /** All that was logged, errors with their causes, not redacted. */
  readonly log: FakeLog;
  /** Moves the time of everybody, unless a clock was given. */
  move(seconds: number): void;
  /** Adds a profile that has the simulator's key. */
  addStored(id: string): Promise<Scope>;
  /** Adds a profile that assumes a role of the simulator with the key of another profile. */
  addRole(id: string, sourceProfileId: string, roleName: string, more?: Partial<RoleRequest>): Promise<Scope>;
  /** Calls received, of one operation. */
  calls(action: string): readonly JournalEntry[];
}

/** The ARN of whose a key is, as the simulator says. */
export async function ownerOf({ simulator, sts }: SignedIn, key: AccessKey): Promise<string> {
  return (await sts.getCallerIdentity(simulator.endpoint, () => Promise.resolve(key), neverCancelled)).arn;
}

/** Starts all of it, and takes it down after the work. @param options `aheadMs`: by how much the service's clock is ahead */
export async function signedIn(
  { aheadMs = 0, ...options }: SimulatorOptions & { readonly aheadMs?: number },
  work: (world: SignedIn) => Promise<void>,
): Promise<void> {
  let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  const now = (): number => options.clock?.nowMs() ?? nowMs;
  const simulator = await startSimulator({ ...options, clock: { nowMs: () => now() + aheadMs } });
  const clock = createPatientClock(now);
  const log = new FakeLog();
  const parts = { clock, log, random: () => 0.5, userAgent: 'contract-tests' };
  const sts = createStsApi(parts);
  const outside = new FakeOutside();
  const regions = new Map(
    Object.entries(simulator.endpoints).map(([id, origin]) => [
      id,
      { hbr: origin, ecs: origin, sts: origin },
    ]),
  );
  const profiles = openProfiles({
    sts,
    outside,
    clock,
    log,
    endpointOverrides: () => ({ regions }),
  });
  const api: ServiceApi & Disposable = createServiceApi({ connections: profiles.keys, ...parts });
  const scopeOf = ({ id, regionId }: Profile): Scope => ({
    ...{ profileId: id, accountId: simulator.accountId, regionId, clientType: 'ECS_CLIENT' },
  });
  const { regionId, accessKeyId, accessKeySecret } = simulator;
  try {
    await work({
      ...{ simulator, profiles, outside, api, sts, clock, log },
      move: (seconds) => {
        nowMs += seconds * 1000;
      },
      async addStored(id) {
        const { accountId } = simulator;
        const profile = { id, name: id, regionId, accountId };
        await addShown(profiles, profile, { accessKeyId, accessKeySecret });
        return scopeOf(profile);
      },
      async addRole(id, sourceProfileId, roleName, more = {}) {
        const roleArn = simulator.roles.find(({ name }) => name === roleName)?.arn ?? roleName;
        const role = { roleArn, sessionName: 'contract-tests', durationSeconds: 3600, ...more };
        const { accountId } = simulator;
        const profile = {
          id,
          name: id,
          regionId,
          accountId,
          source: { kind: 'role', sourceProfileId, role },
        } as const;
        await addShown(profiles, profile);
        return scopeOf(profile);
      },
      calls: (action) => simulator.journal().filter((entry) => entry.action === action),
    });
  } finally {
    profiles.dispose();
    api.dispose();
    sts.dispose();
    await simulator.dispose();
  }
}
