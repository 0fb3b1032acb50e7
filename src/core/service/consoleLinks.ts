import { regions } from './regions';

/** Alibaba Cloud's two web consoles. An account can sign in to one of them only, and no API says to which. */
export const consoleSites = ['china', 'international'] as const;

export type ConsoleSite = (typeof consoleSites)[number];

/** The domain that all pages of a console are in. */
export const consoleDomains: Readonly<Record<ConsoleSite, string>> = {
  china: 'aliyun.com',
  international: 'alibabacloud.com',
};

/** True for one of the sites; false for an empty setting and for anything else. */
export function isConsoleSite(value: unknown): value is ConsoleSite {
  return consoleSites.some((site) => site === value);
}

/**
 * Pages without an object of their own. `cloudBackup`: its start page, because the addresses of its inner pages aren't
 * documented. `accessKeys`: those of the account or user that signs in to the console.
 */
const places = {
  cloudBackup: ['hbr', ''],
  ramUsers: ['ram', '/users'],
  accessKeys: ['ram', '/manage/ak'],
} as const satisfies Readonly<Record<string, readonly [product: string, path: string]>>;

export type ConsolePlace = keyof typeof places;

/** True for the name of a page. */
export function isConsolePlace(value: unknown): value is ConsolePlace {
  return typeof value === 'string' && Object.hasOwn(places, value);
}

/** A page of the console. */
export type ConsolePage =
  | { readonly kind: ConsolePlace }
  | { readonly kind: 'instance'; readonly instanceId: string; readonly regionId: string };

/**
 * The address of a page of the console (help pages of the vendor). Undefined for an instance with an ID that doesn't look
 * like one, or in a region that isn't in the official table: nothing else gets into an address.
 */
export function consoleLink(page: ConsolePage, site: ConsoleSite): string | undefined {
  const origin = (product: string): string => `https://${product}.console.${consoleDomains[site]}`;
  if (page.kind !== 'instance') {
    const [product, path] = places[page.kind];
    return origin(product) + path;
  }
  const { instanceId, regionId } = page;
  if (!/^i-[a-z0-9]{1,64}$/.test(instanceId) || !regions.some(({ id }) => id === regionId)) return undefined;
  const region = encodeURIComponent(regionId);
  return `${origin('ecs')}/server/${encodeURIComponent(instanceId)}/detail?regionId=${region}`;
}
