const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:(Z)|([+-]\d\d):?(\d\d))?$/i;

/**
 * Milliseconds since 1970 of a time in ISO 8601. The services mean UTC where they name no zone, wherever this computer
 * is. Undefined for anything else.
 */
export function utcTime(text: string): number | undefined {
  const [, day, time, , hours = '+00', minutes = '00'] = isoTime.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const ms = Date.parse(`${day}T${time}${hours}:${minutes}`);
  return Number.isNaN(ms) ? undefined : ms;
}
