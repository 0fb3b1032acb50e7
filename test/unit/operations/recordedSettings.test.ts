import { strict as assert } from 'node:assert';
import * as v from 'valibot';
import {
  hasSettings,
  recordedSettingsOf,
  settingsBefore,
  settingValuesSchema,
} from '../../../src/core/operations/recordedSettings';
import { aClient } from '../../support/builders';

describe('settings as they are recorded', () => {
  const change = recordedSettingsOf({ useHttps: true, maxCpuCore: 4 });

  it('are read without anything else that an object may hold', () => {
    const values = v.parse(settingValuesSchema, { useHttps: true, proxyPassword: 'hush', other: 1 });
    assert.deepEqual(values, { useHttps: true });
  });

  it('tell the values before the change, of what it changes', () => {
    const client = aClient({ settings: { useHttps: false, maxWorker: 2 } });
    assert.deepEqual(settingsBefore(client, change), { useHttps: false });
    assert.deepEqual(settingsBefore(aClient({}), change), {});
  });

  it('are at a client that shows all of them, and unclear at one that shows none', () => {
    assert.equal(hasSettings({ settings: { useHttps: true, maxCpuCore: 4, maxWorker: 2 } }, change), true);
    assert.equal(hasSettings({ settings: { useHttps: true, maxCpuCore: 0 } }, change), false);
    assert.equal(hasSettings({ settings: { useHttps: true } }, change), true);
    assert.equal(hasSettings({ settings: { maxWorker: 2 } }, change), undefined);
    assert.equal(hasSettings({}, change), undefined);
    assert.equal(
      hasSettings({ settings: { maxCpuCore: 4 } }, recordedSettingsOf({ proxyPassword: 'p' })),
      undefined,
    );
  });
});
