import { strict as assert } from 'node:assert';
import manifest from '../../package.json';
import texts from '../../package.nls.json';

const { commands, menus, keybindings } = manifest.contributes;
const rowMenu = menus['view/item/context'];

const textOf = (reference: string): string =>
  Object.entries(texts).find(([key]) => `%${key}%` === reference)?.[1] ?? reference;
const titleOf = (id: string): string =>
  textOf(commands.find(({ command }) => command === id)?.title.value ?? id);

/** What the menu of a row has in a group, in its order. */
function entriesIn(view: string, prefix: RegExp, kind: string): readonly string[] {
  return rowMenu
    .filter(({ when, group }) => when.includes(`view == ${view}`) && prefix.test(group) && aimsAt(when, kind))
    .sort((a, b) => a.group.localeCompare(b.group))
    .map((item) =>
      'submenu' in item && typeof item.submenu === 'string'
        ? item.submenu
        : titleOf('command' in item ? item.command : ''),
    );
}

/** Whether a clause can be true for a row of a kind. */
function aimsAt(when: string, kind: string): boolean {
  return [...when.matchAll(/viewItem (?:=~ \/\^(\(.+?\)|\w+)|== (\w+))/g)].some(([, words = '', word = '']) =>
    `${words}${word}`.replace(/[()]/g, '').split('|').includes(kind),
  );
}

describe('the menus in the manifest', () => {
  it('have the everyday verb of a client first, then what shows it, copying, and last what removes it', () => {
    const client = (group: RegExp) => entriesIn('cloudBackup.clients', group, 'client');
    assert.deepEqual(client(/^1_/), ['Upgrade…', 'Install…', 'Preview Plan…']);
    assert.equal(client(/^2_/).at(0), textsOfFirst2());
    assert.ok(client(/^2_/).includes('Show Last Operation') && client(/^2_/).includes('Open in Console'));
    assert.deepEqual(client(/^7_/), ['cloudBackup.copy']);
    assert.deepEqual(client(/^9_/), ['Uninstall…']);
  });

  it('offer the same for a group whatever is in it, and nothing twice', () => {
    const group = (prefix: RegExp) => entriesIn('cloudBackup.clients', prefix, 'group');
    assert.deepEqual(group(/^1_/), ['Upgrade…', 'Install…', 'Preview Plan…']);
    assert.deepEqual(group(/^9_/), []);
  });

  it('copy a client’s name, instance ID, client ID, and private IP from one submenu', () => {
    assert.deepEqual(
      menus['cloudBackup.copy'].slice(0, 4).map(({ command }) => titleOf(command)),
      ['Name', 'Instance ID', 'Client ID', 'Private IP'],
    );
  });

  it('disable what changes something in read-only mode, wherever it is offered', () => {
    const changes = ['install', 'upgrade', 'uninstall', 'editSettings', 'retryFailed', 'continueRollout'];
    const bulk = ['upgradeAllOutdated', 'installOnInstances'].flatMap((name) => [name, `${name}OnRow`]);
    for (const name of [...changes, ...bulk]) {
      const command = commands.find((one) => one.command === `cloudBackup.${name}`);
      assert.ok(command && 'enablement' in command && command.enablement === '!cloudBackup.readOnly', name);
    }
  });

  it('offer in the palette no command that needs a row of its own', () => {
    const shown = new Set(
      menus.commandPalette.filter(({ when }) => when !== 'false').map(({ command }) => command),
    );
    assert.deepEqual(
      [...shown].filter((command) => command.endsWith('OnRow')),
      [],
    );
    for (const name of [
      'uninstall',
      'retryFailed',
      'stopSending',
      'showReport',
      'exportOperation',
      'openInConsole',
    ])
      assert.ok(shown.has(`cloudBackup.${name}`), name);
  });

  it('have keys that count in the focused view only', () => {
    for (const { key, when } of keybindings) assert.match(when, /^focusedView == cloudBackup\.\w+ && /, key);
  });

  it('are found in the palette by the names of the cloud and of the service', () => {
    for (const { command, title, category } of commands) {
      const searched = `${textOf(category.original)}: ${textOf(title.original)}`;
      for (const word of ['Alibaba', 'Aliyun', 'HBR']) assert.ok(searched.includes(word), command);
      assert.match(textOf(category.value), /^Alibaba Cloud Backup(: Copy)?$/, 'what is read stays short');
    }
  });
});

const textsOfFirst2 = (): string =>
  commands.some(({ command }) => command === 'cloudBackup.openClient')
    ? titleOf('cloudBackup.openClient')
    : 'Show Last Operation';
