import { strict as assert } from 'node:assert';
import { parseLink, writeLink, type Link } from '../../../src/core/shell/links';

const base = 'vscode://publisher.name';

/** As VS Code hands a link over: its query is decoded once. */
const received = (link: string) => {
  const { pathname, search } = new URL(link);
  return { path: pathname, query: decodeURIComponent(search.slice(1)) };
};
const client = (query: string) => parseLink({ path: '/client', query });

describe('a link into the extension', () => {
  it.each<Link>([
    { kind: 'client', profile: 'prod & test=1', regionId: 'cn-hangzhou', id: 'c-0001' },
    { kind: 'client', profile: '生产 100%', regionId: 'eu-central-1', id: 'i-bp1abc' },
    { kind: 'operation', id: '0b7a8e3c-1111-4222-8333-944445555666' },
    { kind: 'filter', text: 'is:stopped tag:env=prod "a & b"' },
  ])('is read as it was written: %j', (link) => {
    assert.deepEqual(parseLink(received(writeLink(base, link))), link);
  });

  it('may be written by hand', () => {
    assert.deepEqual(client('profile=prod&region=cn-hangzhou&id=i-1'), {
      ...{ kind: 'client', profile: 'prod', regionId: 'cn-hangzhou', id: 'i-1' },
    });
  });

  it.each([
    ['a parameter that is unknown', 'profile=p&region=cn-hangzhou&id=i-1&run=uninstall'],
    ['a parameter twice', 'profile=p&region=cn-hangzhou&id=i-1&id=i-2'],
    ['a parameter that is missing', 'profile=p&region=cn-hangzhou'],
    ['a parameter without a value', 'profile=&region=cn-hangzhou&id=i-1'],
    ['nothing', ''],
    ['a region that is a path', 'profile=p&region=../x&id=i-1'],
    ['an ID with markup', 'profile=p&region=cn-hangzhou&id=<img>'],
    ['an ID with a space', 'profile=p&region=cn-hangzhou&id=i-1 i-2'],
    ['a name with a line break', 'profile=p%0Aq&region=cn-hangzhou&id=i-1'],
    ['a name that turns its line around', 'profile=p\u202eq&region=cn-hangzhou&id=i-1'],
    ['a name that is too long', `profile=${'p'.repeat(201)}&region=cn-hangzhou&id=i-1`],
    ['a broken code', 'profile=%E0%A4%A&region=cn-hangzhou&id=i-1'],
  ])('is refused with %s', (_what, query) => {
    assert.equal(client(query), undefined);
  });

  it('is refused on any other path, those of objects included', () => {
    for (const path of ['/', '', '/install', '/client/', '/constructor', '/__proto__', 'client'])
      assert.equal(parseLink({ path, query: 'id=op-1' }), undefined, path);
  });
});
