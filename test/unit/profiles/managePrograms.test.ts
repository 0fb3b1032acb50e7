import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import type { Profile } from '../../../src/core/profiles/profile';
import { createManagePrograms } from '../../../src/core/profiles/signIn/managePrograms';
import { createCommandConsent } from '../../../src/core/profiles/keys/commandConsent';

/** State of the extension, kept in memory. */
function start(stored?: unknown) {
  const state = { stored };
  const consent = createCommandConsent(
    { read: () => state.stored, write: (programs) => Promise.resolve(void (state.stored = programs)) },
    (text) => createHash('sha256').update(text).digest('hex'),
  );
  const told: string[] = [];
  const readAgain: string[] = [];
  let rows: readonly string[] = [];
  const profiles: Profile[] = [
    { id: 'tool', name: 'tool', regionId: 'cn-hangzhou', source: { kind: 'cli', name: 'tool' } },
    { id: 'key', name: 'key', regionId: 'cn-hangzhou' },
  ];
  const manage = async (keep: (labels: readonly string[]) => readonly string[] | undefined) => {
    await createManagePrograms({
      consent,
      store: { list: () => profiles },
      keys: { readAgain: (id) => readAgain.push(id) },
      questions: {
        many: (_question, choices) => {
          assert.ok(choices.every(({ picked }) => picked));
          rows = choices.map(({ label, description }) => `${label} | ${description ?? ''}`);
          const kept = keep(choices.map(({ label }) => label));
          return Promise.resolve(
            kept && choices.filter(({ label }) => kept.includes(label)).map(({ value }) => value),
          );
        },
      },
      notices: { info: (message) => told.push(message) },
    })();
    return rows;
  };
  return { state, consent, told, readAgain, manage };
}

describe('programs that are allowed to run', () => {
  it('are remembered by profile and file name, and nothing else of the command', async () => {
    const { state, consent, manage } = start();
    await consent.allow('tool', '/opt/get-key --password SECRET', 'get-key');
    assert.ok(consent.isAllowed('tool', '/opt/get-key --password SECRET'));
    assert.equal(consent.isAllowed('tool', '/opt/get-key --password OTHER'), false);
    assert.equal(consent.isAllowed('other', '/opt/get-key --password SECRET'), false);
    assert.doesNotMatch(JSON.stringify(state.stored), /SECRET|opt/);
    assert.deepEqual(await manage((labels) => labels), ['get-key | CLI profile “tool”']);
  });

  it('are taken back when they are unticked, and keys that came from programs are read again', async () => {
    const { consent, told, readAgain, manage } = start();
    await consent.allow('tool', 'get-key', 'get-key');
    await consent.allow('own', 'my-key', 'my-key');
    await manage(() => ['my-key']);
    assert.equal(consent.isAllowed('tool', 'get-key'), false);
    assert.ok(consent.isAllowed('own', 'my-key'));
    assert.deepEqual(readAgain, ['tool']);
    assert.deepEqual(told, ["1 program can't run anymore. You'll be asked before it runs again."]);
    await manage(() => []);
    assert.deepEqual(consent.list(), []);
  });

  it('stay when nothing is unticked, or the user backs out', async () => {
    const { consent, told, readAgain, manage } = start();
    await consent.allow('tool', 'get-key', 'get-key');
    await manage(() => undefined);
    await manage((labels) => labels);
    assert.ok(consent.isAllowed('tool', 'get-key'));
    assert.deepEqual([told, readAgain], [[], []]);
  });

  it('are none at first, which is said without a question', async () => {
    const { told, manage } = start();
    await manage(() => assert.fail('asked'));
    assert.match(told[0] ?? '', /^No programs are allowed to run\./);
  });

  it('stay allowed from an earlier release, and can be taken back', async () => {
    const { consent: older } = start();
    await older.allow('tool', 'get-key', 'get-key');
    const [entry] = older.list();
    const { consent, manage } = start([entry?.id, 7, null, {}]);
    assert.ok(consent.isAllowed('tool', 'get-key'));
    assert.deepEqual(await manage(() => []), ['Unnamed program | Allowed in an earlier release']);
    assert.equal(consent.isAllowed('tool', 'get-key'), false);
  });
});
