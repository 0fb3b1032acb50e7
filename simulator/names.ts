import type { Random } from './random';

/** What a machine is for, and where it stands: the parts of its name and of its tags. */
export interface MachineName {
  readonly hostname: string;
  readonly instanceName: string;
  readonly environment: string;
  readonly team: string;
}

const roles: readonly (readonly [role: string, team: string])[] = [
  ['web', 'storefront'],
  ['app', 'storefront'],
  ['api', 'platform'],
  ['gateway', 'platform'],
  ['db', 'data'],
  ['cache', 'data'],
  ['mq', 'data'],
  ['erp', 'finance'],
  ['billing', 'finance'],
  ['file', 'office'],
  ['mail', 'office'],
  ['ci', 'platform'],
];
const environments = ['prod', 'prod', 'prod', 'staging', 'test', 'dev'];
const chinese = ['订单数据库', '文件服务器', '支付网关', '会员中心'];

/** Gives machines names as administrators do: `db-prod-07`, sometimes in Chinese, sometimes none at all. */
export class Names {
  readonly #random: Random;
  readonly #counts = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  next(): MachineName {
    const [role, team] = this.#random.pick(roles);
    const environment = this.#random.pick(environments);
    const stem = `${role}-${environment}`;
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    const number = String(count).padStart(2, '0');
    const hostname = `${stem}-${number}`;
    const style = this.#random.next();
    const instanceName =
      style < 0.04 ? '' : style < 0.08 ? `${this.#random.pick(chinese)}-${number}` : hostname;
    return { hostname, instanceName, environment, team };
  }
}

/** Names that try to be more than text: links, icons, markup, reversed writing, great length. */
export const hostileNames: readonly string[] = [
  '[Fix](command:workbench.action.closeWindow)',
  '$(check) done',
  '<img src=x onerror=alert(1)>',
  'report-\u202Egpj.exe\u202C-\u2066ok\u2069',
  'a-name-that-does-not-end-'.repeat(12),
];
