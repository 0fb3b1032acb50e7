import { Random } from './random';
import { Region } from './region';
import { OidcTokens, rolesOf, type Role } from './roles';
import { latestVersion, seedRegion } from './seed';
import { seedBackups } from './seedBackups';
import { Tasks, type TaskKind } from './tasks';

/** An account whose machines the caller may reach through a role or a resource directory. */
export interface CrossAccount {
  readonly id: number;
  readonly type: 'CROSS_ACCOUNT' | 'CROSS_ACCOUNT_BY_RD';
  readonly accountId: string;
  /** Empty for a member of the resource directory. */
  readonly roleName: string;
  readonly alias: string;
  readonly createdS: number;
}

export interface WorldOptions {
  readonly seed: string;
  /** Where most of the caller's machines are. */
  readonly regionId: string;
  /** In that region. */
  readonly clients: number;
  readonly zones: number;
  readonly hostileNames: boolean;
  /** Whether there are plans, policies, and jobs of every kind. */
  readonly backups: boolean;
  readonly timeScale: number;
  readonly nowMs: number;
}

const begunElsewhere: readonly (readonly [status: string, kind: TaskKind])[] = [
  ['INSTALLING', 'install'],
  ['UPGRADING', 'upgrade'],
  ['UNINSTALLING', 'uninstall'],
];
// Tasks that someone else started last this many times as long, so that there is time to see them.
const slownessElsewhere = 3.2;

/** Accounts, their regions and tasks. A region comes into being when it is first asked for. */
export class World {
  readonly accountId: string;
  readonly crossAccounts: readonly CrossAccount[];
  readonly roles: readonly Role[];
  readonly oidcTokens: OidcTokens;
  readonly tasks: Tasks;
  readonly random: Random;
  readonly #options: WorldOptions;
  readonly #regions = new Map<string, Region>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.random = new Random(options.seed);
    this.accountId = accountNumber(this.random);
    const createdS = Math.floor(options.nowMs / 1000) - 90 * 86_400;
    this.crossAccounts = [
      {
        id: 101,
        type: 'CROSS_ACCOUNT',
        accountId: accountNumber(this.random),
        roleName: 'hbrcrossaccountrole',
        alias: 'Branch office',
        createdS,
      },
      {
        id: 102,
        type: 'CROSS_ACCOUNT_BY_RD',
        accountId: accountNumber(this.random),
        roleName: '',
        alias: 'Subsidiary',
        createdS,
      },
    ];
    this.roles = rolesOf(this.accountId, this.crossAccounts);
    this.oidcTokens = new OidcTokens(new Random(`oidc ${options.seed}`));
    this.tasks = new Tasks(options.timeScale, this.random);
  }

  /**
   * The machines of an account in a region. The caller has a third of its number in each other region, and other
   * accounts have a tenth of what the caller has.
   */
  region(accountId: string, regionId: string, nowMs: number): Region {
    const name = `${accountId} ${regionId}`;
    const known = this.#regions.get(name);
    if (known !== undefined) return known;
    const { seed, zones, hostileNames, backups } = this.#options;
    const clients = Math.ceil(this.#options.clients / (regionId === this.#options.regionId ? 1 : 3));
    const region = new Region(accountId, regionId, seed);
    this.#regions.set(name, region);
    const own = accountId === this.accountId;
    seedRegion(region, {
      clients: own ? clients : Math.min(clients, Math.max(5, Math.ceil(clients / 10))),
      zones,
      hostileNames,
      nowMs,
    });
    this.#beginElsewhere(region, nowMs);
    // With choices of its own: the machines are the same with and without.
    seedBackups(region, new Random(`backups ${seed} ${name}`), { varied: backups, nowMs });
    return region;
  }

  /** Busy clients have a task that was started elsewhere; it ends like any other. */
  #beginElsewhere(region: Region, nowMs: number): void {
    for (const [status, kind] of begunElsewhere) {
      for (const record of region.clients('ECS_CLIENT').filter((client) => client.status === status)) {
        const hostname = region.instance(record.instanceId)?.hostName ?? record.row.Hostname;
        const success = kind === 'uninstall' ? {} : { ClientVersion: latestVersion, Hostname: hostname };
        this.tasks.start(kind, [{ record, success }], {
          accountId: region.accountId,
          nowMs,
          fate: { end: 'completes' },
          slowness: slownessElsewhere,
        });
      }
    }
  }
}

function accountNumber(random: Random): string {
  return `1${random.characters(15, '0123456789')}`;
}
