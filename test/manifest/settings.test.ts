import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import manifest from '../../package.json';
import texts from '../../package.nls.json';
import { keepDaysOf, rolloutDefaultsOf } from '../../src/core/change/rolloutSettings';
import { safetySettingsOf } from '../../src/core/change/safety/safetySettings';
import { endpointOverridesOf } from '../../src/core/profiles/endpointOverrides';

interface DeclaredSetting {
  readonly default: unknown;
  readonly scope: string;
}

const settings = manifest.contributes.configuration.flatMap(({ properties }) =>
  Object.entries<DeclaredSetting>(properties),
);

/** The default of each setting, by its ID. */
const defaults: ReadonlyMap<string, unknown> = new Map(
  settings.map(([id, setting]) => [id, setting.default]),
);

/** Settings that only change how rows look, and how often they're listed. A folder can have its own. */
const displayOnly = [
  'cloudBackup.clients.staleHeartbeatMinutes',
  'cloudBackup.clients.overdueBackupHours',
  'cloudBackup.clients.readLastBackups',
  'cloudBackup.clients.autoRefreshMinutes',
];

describe('the settings in the manifest', () => {
  it('count only in the user’s own settings, except those that only change what is shown', () => {
    assert.deepEqual(
      settings.filter(([, { scope }]) => scope !== 'application').map(([id]) => id),
      displayOnly,
    );
  });

  it('have the defaults that the code falls back to, and no others', () => {
    const asked = new Set<string>();
    const unset = (section: string) => (name: string) => {
      asked.add(`cloudBackup.${section}.${name}`);
      return undefined;
    };
    const set = (section: string) => (name: string) => ({
      globalValue: defaults.get(`cloudBackup.${section}.${name}`),
    });
    assert.deepEqual(rolloutDefaultsOf(unset('operations')), rolloutDefaultsOf(set('operations')));
    assert.deepEqual(keepDaysOf(unset('operations')), keepDaysOf(set('operations')));
    assert.deepEqual(safetySettingsOf(unset('safety')), safetySettingsOf(set('safety')));
    assert.deepEqual(endpointOverridesOf(unset('endpoints')), endpointOverridesOf(set('endpoints')));
    const elsewhere = [...displayOnly, 'cloudBackup.console.site', 'cloudBackup.credentials.cliConfigPath'];
    assert.deepEqual([...asked, ...elsewhere].sort(), [...defaults.keys()].sort());
  });

  it('are found by everybody, in titled sections with an order of their own', () => {
    const sections = manifest.contributes.configuration;
    assert.deepEqual(
      sections.map(({ order }) => order),
      sections.map((_, index) => index + 1),
    );
    for (const { title, properties } of sections) {
      const all = Object.entries<Readonly<Record<string, unknown>>>(properties);
      // A tag such as `advanced` hides a setting until somebody searches for the tag.
      for (const [id, setting] of all) assert.ok(!('tags' in setting), id);
      const orders = all.map(([, { order }]) => order);
      assert.equal(new Set(orders).size, orders.length, title);
    }
  });

  it('are described in one sentence each, with links to settings that exist', () => {
    const ids = settings.map(([id]) => id);
    for (const [key, text] of Object.entries(texts).filter(([key]) => key.startsWith('setting.'))) {
      if (key.endsWith('.label')) continue;
      assert.match(text, /\.$/, key);
      assert.doesNotMatch(text, /[.!?] [A-Z]/, `${key} has one sentence`);
      for (const [, id = ''] of text.matchAll(/#([\w.]+)#/g))
        assert.ok(ids.includes(id), `${key} links to ${id}`);
    }
  });

  it('name each value of a choice in words, without links, which VS Code shows as they are written there', () => {
    for (const [id, setting] of settings) {
      if (!('enum' in setting) || !Array.isArray(setting.enum)) continue;
      const { enumItemLabels, markdownEnumDescriptions } = setting as unknown as {
        readonly enumItemLabels: readonly string[];
        readonly markdownEnumDescriptions: readonly string[];
      };
      assert.equal(enumItemLabels.length, setting.enum.length, id);
      assert.equal(markdownEnumDescriptions.length, setting.enum.length, id);
      for (const reference of markdownEnumDescriptions) {
        const text = Object.entries(texts).find(([key]) => `%${key}%` === reference)?.[1] ?? '';
        assert.doesNotMatch(text, /#/, reference);
      }
    }
  });

  it('are the rows of the table in the README, with their defaults', () => {
    const [, table = ''] = readFileSync('README.md', 'utf8').split('\n## Settings\n');
    const rows = [...table.matchAll(/^\| (`[^|]+`) +\| ([^|]+?) +\|/gm)];
    const documented = rows.flatMap(([, ids = '', value = '']) => {
      const [first = '', ...others] = [...ids.matchAll(/`([\w.]+)`/g)].map(([, id = '']) => id);
      // `cloudBackup.endpoints.hbr`, `.ecs`
      const section = first.slice(0, first.lastIndexOf('.'));
      return [first, ...others.map((id) => `${section}${id}`)].map((id) => `${id}: ${value}`);
    });
    const inWords = (value: unknown): string =>
      typeof value === 'string' && value !== ''
        ? `\`${value}\``
        : typeof value === 'number' || typeof value === 'boolean'
          ? String(value)
          : Array.isArray(value)
            ? 'none'
            : 'empty';
    assert.deepEqual(
      documented.sort(),
      [...defaults].map(([id, value]) => `${id}: ${inWords(value)}`).sort(),
    );
  });
});
