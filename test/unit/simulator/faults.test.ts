import { strict as assert } from 'node:assert';
import * as http from 'node:http';
import { FaultFileError, parseFaultFile } from '../../../simulator/faultFile';
import { Faults } from '../../../simulator/faults';
import { Random } from '../../../simulator/random';
import { ask, exchange, json, refused, send, simulators, type Running } from './caller';

function problems(content: string): string {
  try {
    parseFaultFile(content);
  } catch (error) {
    if (error instanceof FaultFileError) return error.message;
    throw error;
  }
  return '';
}

function executed(running: Running): boolean[] {
  return running.simulator.journal().map((entry) => entry.executed);
}

describe('the faults of the simulator', () => {
  const start = simulators();

  it('throttle the nth call and say when to come back, in milliseconds', async () => {
    const running = await start({
      faults: [{ action: 'DescribeRegions', nth: [2, 3], fault: 'throttle', retryAfterMs: 120 }],
    });
    await ask(running, 'DescribeRegions');
    await refused(running, 'DescribeTask', { TaskId: 't' });
    const answer = await send(running, 'DescribeRegions');
    assert.deepEqual(
      [answer.status, json(answer)['Code'], answer.headers['x-acs-retry-after']],
      [400, 'Throttling.User', '120'],
    );
    assert.equal(await refused(running, 'DescribeRegions'), '400 Throttling.User');
    await ask(running, 'DescribeRegions');
    assert.deepEqual(executed(running), [true, false, false, false, true]);
    assert.equal(running.simulator.journal()[2]?.fault, 'throttle');
  });

  it('throttle what is beyond so many calls within a second, and count only those let through', () => {
    const faults = new Faults(new Random('1'));
    faults.set([{ action: '*', fault: 'throttle', perSecond: 2 }]);
    const refused = [0, 500, 600, 999, 1000, 1001, 1500].map(
      (nowMs) => faults.fire('DescribeTask', 'cn-hangzhou', nowMs).call !== undefined,
    );
    assert.deepEqual(refused, [false, false, true, true, false, true, false]);
  });

  it('happen with a probability, the same way for the same seed', async () => {
    const pattern = async (seed: number): Promise<boolean[]> => {
      const running = await start({
        seed,
        faults: [{ action: '*', probability: 0.5, fault: 'serverError' }],
      });
      for (let call = 0; call < 20; call++) await send(running, 'DescribeRegions');
      return executed(running);
    };
    const one = await pattern(1);
    assert.ok(one.includes(true) && one.includes(false));
    assert.deepEqual(await pattern(1), one);
    assert.notDeepEqual(await pattern(2), one);
  });

  it('use up the nonce of a call that they refuse, as the service does', async () => {
    const running = await start({ faults: [{ action: '*', nth: 1, fault: 'throttle' }] });
    await refused(running, 'DescribeRegions', {}, { nonce: 'n1' });
    assert.equal(await refused(running, 'DescribeRegions', {}, { nonce: 'n1' }), '400 SignatureNonceUsed');
  });

  it('hold an answer back although the work is done', async () => {
    const running = await start({ faults: [{ action: '*', nth: 1, fault: 'delay', ms: 60_000 }] });
    const pending = send(running, 'DescribeRegions').then(
      () => 'answered',
      () => 'cut',
    );
    const arrived = new Promise<void>((resolve) => {
      running.simulator.onRequest(() => resolve());
    });
    await arrived;
    await ask(running, 'DescribeRegions');
    assert.deepEqual(executed(running), [true, true]);
    await running.simulator.dispose();
    assert.equal(await pending, 'cut');
  });

  it('leave connections to be counted', async () => {
    const running = await start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
    await Promise.all(Array.from({ length: 9 }, () => send(running, 'DescribeRegions', { agent })));
    agent.destroy();
    assert.equal(running.simulator.connections(), 3);
    assert.ok(running.simulator.peakInFlight() <= 3);
    assert.equal((await exchange(running.simulator, { method: 'GET', path: '/' }, '')).status, 400);
    assert.equal(running.simulator.connections(), 4);
  });
});

describe('a fault file', () => {
  it('is an array of rules', () => {
    const rules = parseFaultFile(`[
      { "action": "UpgradeBackupClients", "nth": 1, "fault": "resetAfter" },
      { "action": "*", "probability": 0.1, "fault": "throttle", "retryAfterMs": 500 }
    ]`);
    assert.deepEqual(rules, [
      { action: 'UpgradeBackupClients', nth: 1, fault: 'resetAfter' },
      { action: '*', probability: 0.1, fault: 'throttle', retryAfterMs: 500 },
    ]);
    assert.deepEqual(parseFaultFile('[]'), []);
  });

  it('is told the line and the field of every mistake', () => {
    const content = `[
      { "action": "Upgrade", "fault": "throttle" },
      { "action": "*",
        "fault": "throttle",
        "retryAfterMs": "soon",
        "ms": 5 },
      { "action": "*", "fault": "explode" },
      { "action": "*", "fault": "delay" },
      { "action": "*", "fault": "skew", "seconds": 10 },
      { "action": "*", "fault": "empty", "nth": 0, "probability": 2 },
      { "action": "*", "fault": "empty",
        "action": "DescribeTask" },
      7
    ]`;
    assert.deepEqual(problems(content).split('\n'), [
      'line 2: rule 1, field "action": must be * or the name of an operation',
      'line 5: rule 2, field "retryAfterMs": must be a whole number from 0 to 3600000',
      'line 6: rule 2, field "ms": is not known to throttle',
      'line 7: rule 3, field "fault": must be one of throttle, serverError, error, businessFailure, denied, ' +
        'nonceUsed, skew, resetBefore, resetAfter, delay, html, redirect, truncate, empty, oversize, oddPages, ' +
        'dialect, unknownFiltersIgnored, unfinishedRefused, unfinishedHidden, largePages, clientDeleted, ' +
        'taskFails, taskExpires, taskCancelled, taskPartlyFails',
      'line 8: rule 4, field "ms": is required by delay',
      'line 9: rule 5, field "seconds": must be a whole number of seconds beyond 900 or below -900',
      'line 10: rule 6, field "nth": must be a whole number from 1, or an array of them',
      'line 10: rule 6, field "probability": must be a number from 0 to 1',
      'line 12: rule 7, field "action": is there twice',
      'line 13: rule 8 must be an object',
    ]);
  });

  it('is told the line where it is not JSON', () => {
    const cases = new Map([
      ['{}', 'line 1: the file must hold an array of rules'],
      ['[\n{"action" "*"}]', 'line 2: not JSON (ColonExpected)'],
      ['[\n\n{"action": *}]', 'line 3: not JSON (InvalidSymbol)'],
      ['[\n{"a":1', 'line 2: not JSON (CloseBraceExpected)'],
      ['[]\n[]', 'line 2: not JSON (EndOfFileExpected)'],
      ['', 'line 1: not JSON (ValueExpected)'],
      ['[1,]', 'line 1: not JSON (ValueExpected)'],
      ['[{}, // no\n]', 'line 1: not JSON (InvalidCommentToken)'],
    ]);
    for (const [content, message] of cases) assert.equal(problems(content), message);
  });
});
