import { isRegionId } from '../service/endpoints';

/** What a link into the extension shows. A link never changes anything. */
export type Link =
  /** `profile` is the name of a profile, or its ID; `id` a client ID or an instance ID. */
  | { readonly kind: 'client'; readonly profile: string; readonly regionId: string; readonly id: string }
  | { readonly kind: 'operation'; readonly id: string }
  | { readonly kind: 'filter'; readonly text: string };

type Fields = Readonly<Record<string, string>>;

const isShort = (text: string): boolean => text.length > 0 && text.length <= 200 && !/\p{C}/u.test(text);
const isId = (text: string): boolean => /^[\w.:-]{1,128}$/.test(text);

/** For each path: its parameters, all of them required, and what they make. Undefined for a value that can't be one. */
const paths: Readonly<
  Record<string, readonly [names: readonly string[], read: (of: Fields) => Link | undefined]>
> = {
  '/client': [
    ['profile', 'region', 'id'],
    ({ profile = '', region = '', id = '' }) =>
      isShort(profile) && isRegionId(region) && isId(id)
        ? { kind: 'client', profile, regionId: region, id }
        : undefined,
  ],
  '/operation': [['id'], ({ id = '' }) => (isId(id) ? { kind: 'operation', id } : undefined)],
  '/filter': [['q'], ({ q = '' }) => (isShort(q) ? { kind: 'filter', text: q } : undefined)],
};

/**
 * Reads a link. Undefined unless it's one of ours to the letter: a known path with each of its parameters once and no
 * other, and only values of the right form.
 *
 * @param query as VS Code gives it, which decodes it once; {@link writeLink} encodes twice, so that a value may hold `&`
 */
export function parseLink({
  path,
  query,
}: {
  readonly path: string;
  readonly query: string;
}): Link | undefined {
  const known = Object.entries(paths).find(([name]) => name === path)?.[1];
  if (!known) return undefined;
  const [names, read] = known;
  const fields = new Map<string, string>();
  for (const part of query.split('&')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0));
    const value = decoded(part.slice(at + 1));
    if (!names.includes(name) || fields.has(name) || value === undefined) return undefined;
    fields.set(name, value);
  }
  return fields.size === names.length ? read(Object.fromEntries(fields)) : undefined;
}

/** The link, from `base`: the scheme of the editor and the ID of the extension, `vscode://publisher.name`. */
export function writeLink(base: string, link: Link): string {
  switch (link.kind) {
    case 'client':
      return written(`${base}/client`, { profile: link.profile, region: link.regionId, id: link.id });
    case 'operation':
      return written(`${base}/operation`, { id: link.id });
    case 'filter':
      return written(`${base}/filter`, { q: link.text });
  }
}

function written(address: string, fields: Fields): string {
  const twice = (value: string): string => encodeURIComponent(encodeURIComponent(value));
  const query = Object.entries(fields).map(([name, value]) => `${name}=${twice(value)}`);
  return `${address}?${query.join('&')}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
