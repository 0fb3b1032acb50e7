import type { ClientRow, Simulator } from '../../simulator/main';

/** Puts clients with these names into a simulator, of a version that can be upgraded, unless told otherwise. */
export function addClients(
  simulator: Pick<Simulator, 'insertClient'>,
  names: readonly string[],
  change: Partial<ClientRow> = {},
): readonly ClientRow[] {
  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  return names.map((name) =>
    simulator.insertClient({
      InstanceId: `i-bp1${name.replaceAll('-', '')}`,
      InstanceName: name,
      Hostname: name,
      ZoneId: 'cn-hangzhou-h',
      ClientVersion: '2.0.0',
      CreatedTime: hourAgo,
      UpdatedTime: hourAgo,
      ...change,
    }),
  );
}
