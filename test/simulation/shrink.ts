import type { Setting, Story } from './story';

/** Runs that a shrinking may take. */
const mostRuns = 400;

/**
 * A smaller story for which `breaks` still answers true: events are left out, in halves and then one by one, and the
 * setting is made plainer, for as long as it does.
 */
export async function shrink(story: Story, breaks: (story: Story) => Promise<boolean>): Promise<Story> {
  let runs = 0;
  const stillBreaks = (candidate: Story): Promise<boolean> =>
    ++runs > mostRuns ? Promise.resolve(false) : breaks(candidate);
  let smallest = story;
  for (
    let size = Math.ceil(story.events.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < smallest.events.length;) {
      const { events } = smallest;
      const candidate = { ...smallest, events: [...events.slice(0, at), ...events.slice(at + size)] };
      if (await stillBreaks(candidate)) smallest = candidate;
      else at += size;
    }
  }
  for (const plainer of plainerSettings) {
    const candidate = { ...smallest, setting: { ...smallest.setting, ...plainer(smallest.setting) } };
    if (await stillBreaks(candidate)) smallest = candidate;
  }
  return smallest;
}

const plainerSettings: readonly ((setting: Setting) => Partial<Setting>)[] = [
  ({ machines }) => ({ machines: machines.slice(0, 1) }),
  ({ machines }) => ({ machines: machines.slice(0, 2) }),
  ({ machines }) => ({ machines: machines.map((kind) => (kind === 'twins' ? 'outdated' : kind)) }),
  () => ({ fates: ['completes'] }),
  () => ({ stopped: [] }),
  () => ({ slowness: 1 }),
  () => ({ clockOffsetMs: 0 }),
  () => ({ dateShiftMs: 0 }),
  () => ({ wordAsSecret: undefined }),
  () => ({ quotesSecrets: false }),
  () => ({ slowKeys: false }),
  () => ({ disk: { slowShare: 0, slowestMs: 0, lostEvents: 0 } }),
  () => ({ network: { slowestMs: 5 } }),
];
