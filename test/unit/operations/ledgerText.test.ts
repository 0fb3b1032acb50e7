import { strict as assert } from 'node:assert';
import { ledgerMessage } from '../../../src/core/operations/ledgerText';

const inWords = (state: Parameters<typeof ledgerMessage>[0]) => ledgerMessage(state);

describe('the message above the Tasks view', () => {
  it('is none while all records can be read', () => {
    assert.equal(inWords({ damaged: [] }), undefined);
  });

  it('says what the system does not allow, and what to do', () => {
    const message = inWords({
      unreadable: "EACCES: permission denied, scandir '/x/operations/open'",
      damaged: [],
    });
    assert.match(message ?? '', /no operation can be started\. Make the file or folder readable/);
    assert.match(message ?? '', /EACCES: permission denied, scandir '\/x\/operations\/open'$/);
  });

  it('names the tasks of damaged records, which might still run', () => {
    const damaged = [
      { id: 'op-1', taskIds: ['t-1', 't-2'] },
      { id: 'op-2', taskIds: [] },
    ];
    assert.match(
      inWords({ damaged }) ?? '',
      /^The records of 2 operations are damaged .*\n.*might still be running: t-1, t-2\./,
    );
    assert.match(inWords({ damaged: damaged.slice(1) }) ?? '', /^The records of 1 operation are damaged/);
    assert.doesNotMatch(inWords({ damaged: damaged.slice(1) }) ?? '', /tasks/);
  });
});
