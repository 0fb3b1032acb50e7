/** Where the simulator reads the time: milliseconds since 1970, UTC. Tests pass one that they move by hand. */
export interface Clock {
  nowMs(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** UNIX seconds, the unit of every time in a backup client or a task. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** `2026-01-02T03:04:05Z`: ISO 8601 in UTC without a fraction, as the services write times. */
export function toIsoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `2026-01-02T03:04Z`: the form of the times of an ECS instance. */
export function toIsoMinutes(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
