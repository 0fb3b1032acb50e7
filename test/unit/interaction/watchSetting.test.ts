import { strict as assert } from 'node:assert';
import { watchSetting } from '../../../src/core/interaction/watchSetting';
import { Emitter } from '../../../src/core/kernel/events';

describe('a watched setting', () => {
  it('is read at first and after each change, before its listeners hear of it', () => {
    let value = 1;
    const changes = new Emitter<void>();
    const setting = watchSetting({
      read: () => ({ value }),
      onDidChange: changes.event,
      isFocused: () => true,
      onProblem: (problem) => assert.fail(problem),
    });
    const heard: number[] = [];
    setting.onDidChange(() => heard.push(setting.current));
    assert.equal(setting.current, 1);
    value = 2;
    assert.equal(setting.current, 1);
    changes.fire();
    assert.equal(setting.current, 2);
    setting.dispose();
    value = 3;
    changes.fire();
    assert.deepEqual([setting.current, heard], [2, [2]]);
  });

  it('shows each problem once while it lasts, and again when it comes back', () => {
    let problems: string[] = ['a'];
    const shown: string[] = [];
    const changes = new Emitter<void>();
    watchSetting({
      read: () => ({ value: undefined, problems }),
      onDidChange: changes.event,
      isFocused: () => true,
      onProblem: (problem) => shown.push(problem),
    });
    changes.fire();
    assert.deepEqual(shown, ['a']);
    problems = ['a', 'b'];
    changes.fire();
    assert.deepEqual(shown, ['a', 'b']);
    problems = ['b'];
    changes.fire();
    problems = ['a', 'b'];
    changes.fire();
    assert.deepEqual(shown, ['a', 'b', 'a']);
  });

  it('tells of a problem in every window, and which of them somebody is using', () => {
    const told: string[] = [];
    const changes = new Emitter<void>();
    for (const focused of [true, false]) {
      watchSetting({
        read: () => ({ value: undefined, problems: ['a'] }),
        onDidChange: changes.event,
        isFocused: () => focused,
        onProblem: (problem, hasFocus) => told.push(`${problem} ${hasFocus ? 'shown' : 'logged'}`),
      });
    }
    changes.fire();
    assert.deepEqual(told, ['a shown', 'a logged']);
  });
});
