import { changedSettings, namesIn } from '../../clients/clientSettings';
import {
  obstacleToSetting,
  obstacleToSettings,
  type SettingsObstacle,
} from '../../clients/settingsObstacles';
import { recordedSettingsOf, settingsBefore, type RecordedSettings } from '../../operations/recordedSettings';
import type { BackupClient, ClientSettingsChange } from '../../service/model';
import { machineOf, type AnyDraft, type DraftSource, type KeyedClient, type LeftOut } from '../draft';
import { busyAmong, recordedWork, runningOn, soonAmong } from '../interruption';
import { guardedClient } from '../safety/safety';

/** What a draft of settings is made of. */
export interface SettingsSource extends Pick<
  DraftSource,
  'label' | 'rules' | 'holders' | 'checks' | 'now' | 'whenBusy' | 'holdLimitMs'
> {
  /** All clients that were asked for; one may be there twice. */
  readonly requested: readonly KeyedClient[];
  /** What is set; empty until it was asked for. */
  readonly change: ClientSettingsChange;
  /** No further client is changed after this many failed; 0: no limit. */
  readonly maxFailures: number;
  /** What an operation tried before: its values are filled in, and its clients are tried again. */
  readonly before?: { readonly retryOf: string; readonly settings: RecordedSettings };
}

/** A change of settings on its way to being agreed to. */
export interface SettingsDraft extends SettingsSource, AnyDraft {
  readonly leftOut: readonly LeftOut<SettingsObstacle>[];
}

/** Sorts clients into those that take the change and those that don't, and plans the operation. Pure. */
export function settingsDraftOf(source: SettingsSource): SettingsDraft {
  const { requested, holders, change, checks, now, whenBusy, holdLimitMs, maxFailures, before } = source;
  const { scope, profileName, demo } = source.label;
  const eligible: KeyedClient[] = [];
  const leftOut: LeftOut<SettingsObstacle>[] = [];
  for (const { key, client } of new Map(requested.map((keyed) => [keyed.key, keyed])).values()) {
    const own = obstacleToSettings(client);
    const holder = own ? undefined : holders.get(key);
    const first = own ?? (holder && 'in-operation') ?? obstacleToChange(change, client);
    const work = first || whenBusy !== 'leave-out' ? undefined : runningOn({ key, client }, checks);
    const obstacle = first ?? (work && 'job-running');
    if (obstacle) leftOut.push({ key, client, obstacle, ...(holder && { holder }), ...(work && { work }) });
    else eligible.push({ key, client });
  }
  const settings = recordedSettingsOf(change);
  return {
    ...source,
    eligible,
    busy: busyAmong(eligible, checks),
    soon: soonAmong(eligible, checks, now),
    leftOut,
    requests: eligible.length,
    guarded: eligible.map(({ client }) => guardedClient(client, checks)),
    plan: {
      ...{ action: 'settings', settings, scope, profileName, demo },
      machines: eligible.map(({ key, client }) => ({
        ...machineOf(key, client, 'client'),
        fromSettings: settingsBefore(client, settings),
        ...recordedWork(checks.works.get(key), whenBusy),
      })),
      holdLimitMs,
      ...(maxFailures > 0 && { maxFailures }),
      ...(before && { retryOf: before.retryOf }),
    },
  };
}

/** A client takes all of a change or none: half of it isn't what was agreed to. */
function obstacleToChange(change: ClientSettingsChange, client: BackupClient): SettingsObstacle | undefined {
  const names = namesIn(change);
  for (const name of names) {
    const obstacle = obstacleToSetting(name, client);
    if (obstacle) return obstacle;
  }
  return names.length > 0 && changedSettings(client, change).length === 0 ? 'unchanged' : undefined;
}
