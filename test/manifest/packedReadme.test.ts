import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import manifest from '../../package.json';
import { readPackage } from '../support/host/readPackage';

const source = readFileSync(path.join(process.cwd(), 'README.md'), 'utf8');
const references = /(!?)\[[^\]]*\]\(([^)]+)\)/g;

async function packed(markdown: string, repository?: string | { url: string }): Promise<string> {
  const { packedReadme } = await import('../../scripts/packedReadme.mjs');
  return packedReadme(markdown, repository).markdown;
}

describe('the README in the package', () => {
  it('has no picture and no link that leads nowhere', async () => {
    const readme = (await readPackage()).get('extension/readme.md')?.toString() ?? '';
    assert.ok(readme.includes('# Alibaba Cloud Backup Clients'));
    const targets = [...readme.matchAll(references)].map(([, , target]) => target);
    assert.deepEqual(
      targets.filter((target) => !/^(https:|#)/.test(target ?? '')),
      [],
    );
    if (!('repository' in manifest)) assert.ok(!readme.includes('!['));
  });

  it('keeps every other word while package.json has no repository', async () => {
    const readme = await packed(source);
    assert.ok(!/!\[/.test(readme));
    for (const heading of source.match(/^#+ .*$/gm) ?? []) assert.ok(readme.includes(heading), heading);
    assert.ok(readme.includes('See CONTRIBUTING.md and\nARCHITECTURE.md.'));
    assert.ok(!/^\|\s*\|/m.test(readme), 'a table of pictures leaves nothing behind');
  });

  it('names only tests that exist beside the promises that they hold', () => {
    const named = [...source.matchAll(/`(test\/[^`]+)`/g)].map(([, name = '']) => name);
    assert.ok(named.length > 10);
    assert.deepEqual(
      named.filter((name) => !existsSync(name)),
      [],
    );
  });

  it('says how many pictures and links were left out', async () => {
    const { packedReadme } = await import('../../scripts/packedReadme.mjs');
    const text = '![a](a.png) [b](b.md) [c](https://example.com) [![d](d.png)](e.md)';
    assert.deepEqual(packedReadme(text, undefined).leftOut, { pictures: 2, links: 2 });
  });

  it('has https pictures and links of files that exist once package.json has a repository', async () => {
    for (const repository of [
      'https://github.com/someone/backup-clients',
      { url: 'git+https://github.com/someone/backup-clients.git' },
    ]) {
      const readme = await packed(source, repository);
      const targets = [...readme.matchAll(references)].map(([, , target]) => target ?? '');
      const home = 'https://github.com/someone/backup-clients/';
      const own = targets
        .filter((target) => target.startsWith(home))
        .map((target) => target.slice(home.length));
      assert.ok(own.length >= 8, `${own.length} addresses`);
      for (const target of own) {
        assert.match(target, /\.(png|gif)$/.test(target) ? /^raw\/HEAD\// : /^blob\/HEAD\//);
        assert.ok(existsSync(target.replace(/^\w+\/HEAD\//, '')), target);
      }
      assert.ok(targets.every((target) => /^(https:|#)/.test(target)));
    }
  });

  it('is refused for a repository of another form', async () => {
    await assert.rejects(packed(source, 'git@example.com:someone/else'), /isn't the https address/);
  });

  it('leaves code blocks alone', async () => {
    const code = '```md\n[a](b.md)\n```';
    assert.equal(await packed(code), code);
  });
});
