import { strict as assert } from 'node:assert';
import { AsyncLocalStorage } from 'node:async_hooks';
import { attendedQuestions } from '../../../src/core/interaction/attendedQuestions';
import type { LiveRows, PickButton, Questions } from '../../../src/core/interaction/interaction';
import { FlowPresence, type Flow } from '../../../src/core/interaction/flowPresence';

describe('a question that a click leads to', () => {
  let now: number;
  let offered: string[];
  /** What the user does with the notification. */
  let press: () => Promise<boolean>;
  let presence: FlowPresence;
  let opened: string[];
  let questions: Questions;

  beforeEach(() => {
    now = 50_000;
    offered = [];
    opened = [];
    press = () => Promise.resolve(true);
    presence = new FlowPresence(
      new AsyncLocalStorage<Flow>(),
      () => now,
      (what) => {
        offered.push(what);
        return press();
      },
    );
    const open =
      <T>(answer: T) =>
      ({ title, message }: { readonly title?: string; readonly message?: string }): Promise<T> => {
        opened.push(title ?? message ?? '');
        return Promise.resolve(answer);
      };
    questions = attendedQuestions(
      {
        text: open('typed'),
        one: open(undefined),
        many: open([]),
        manyLive: open([]),
        compose: open(undefined),
        confirm: open('Upgrade'),
        confirmTyped: open('Uninstall'),
      },
      presence,
    );
  });

  const confirm = () => questions.confirm({ message: 'Upgrade 3 clients?', actions: ['Upgrade'] });
  const rows: LiveRows<string> = {
    rows: () => [],
    running: () => false,
    onDidChange: () => ({ dispose: () => undefined }),
  };
  /** Every way to ask, each after a check that took ten seconds. */
  const askAll = async (): Promise<readonly unknown[]> => {
    const question = { title: 'Order', placeholder: '' };
    const typed = {
      ...{ title: 'Uninstall 3 clients?', placeholder: '', mismatch: '', agreeing: ['3'] },
      ...{ actions: ['Uninstall'], facts: [] },
    };
    const answers: unknown[] = [];
    for (const ask of [
      () => questions.text({ title: 'Name', prompt: '' }),
      () => questions.one(question, []),
      () => questions.many(question, []),
      () => questions.manyLive(question, rows),
      () => questions.compose({ ...question, text: '', rows: () => [], onChosen: () => undefined }),
      confirm,
      () => questions.confirmTyped(typed),
    ]) {
      now += 10_000;
      answers.push(await ask());
    }
    return answers;
  };

  it('opens by itself while the user waits for it', async () => {
    const answer = await presence.begin(async () => {
      await Promise.resolve();
      now += 1000;
      return confirm();
    });
    assert.equal(answer, 'Upgrade');
    assert.deepEqual([opened, offered], [['Upgrade 3 clients?'], []]);
  });

  it('waits behind a notification after more than a second, whichever question it is', async () => {
    press = () => new Promise(() => undefined);
    presence.begin(() => {
      now += 1001;
      void confirm();
    });
    assert.deepEqual([opened, offered], [[], ['Upgrade 3 clients?']]);
    press = () => Promise.resolve(true);
    await presence.begin(askAll);
    const all = ['Name', 'Order', 'Order', 'Order', 'Order', 'Upgrade 3 clients?', 'Uninstall 3 clients?'];
    assert.deepEqual(offered.slice(1), all);
    assert.deepEqual(opened, all);
  });

  it('was backed out of once its notification is closed', async () => {
    press = () => Promise.resolve(false);
    assert.deepEqual(
      await presence.begin(askAll),
      Array.from({ length: 7 }, () => undefined),
    );
    assert.deepEqual(opened, []);
  });

  it('waits as soon as the user works in an editor, however fast the check was', async () => {
    await presence.begin(async () => {
      now += 200;
      presence.wentElsewhere();
      now += 200;
      await confirm();
    });
    assert.deepEqual(offered, ['Upgrade 3 clients?']);
  });

  it('follows at once on the answer to the one before, however long that was open', async () => {
    await presence.begin(async () => {
      const asked = confirm();
      now += 60_000;
      presence.wentElsewhere();
      await asked;
      now += 300;
      await confirm();
    });
    assert.deepEqual([opened.length, offered], [2, []]);
  });

  it('follows at once on the button of the notification', async () => {
    await presence.begin(async () => {
      now += 10_000;
      await confirm();
      now += 300;
      await confirm();
    });
    assert.deepEqual([opened.length, offered.length], [2, 1]);
  });

  it('is not opened by a click on something else', async () => {
    let checked: () => void = () => undefined;
    const check = new Promise<void>((resolve) => (checked = resolve));
    const slow = presence.begin(async () => {
      await check;
      return confirm();
    });
    now += 9_900;
    presence.begin(() => undefined);
    now += 100;
    checked();
    await slow;
    assert.deepEqual(offered, ['Upgrade 3 clients?']);
  });

  it('waits when nobody clicked, and when the click was long ago because the extension was loading', async () => {
    await confirm();
    await presence.begin(() => confirm(), now - 1500);
    assert.deepEqual(offered.length, 2);
  });

  it('takes a button of an open pick for something that the user does', async () => {
    let pressButton: () => void = () => undefined;
    let here: boolean | undefined;
    const asking = attendedQuestions(
      {
        ...questions,
        manyLive: ({ buttons = [] }: { readonly buttons?: readonly PickButton<never>[] }) => {
          pressButton = () => buttons.forEach(({ run }) => run([]));
          return new Promise<undefined>(() => undefined);
        },
      },
      presence,
    );
    const run = () => (here = presence.isHere());
    void presence.begin(() =>
      asking.manyLive(
        { title: 'Plan', placeholder: '', buttons: [{ label: 'Preview', icon: 'open-preview', run }] },
        rows,
      ),
    );
    await Promise.resolve();
    now += 60_000;
    pressButton();
    assert.equal(here, true);
  });
});
