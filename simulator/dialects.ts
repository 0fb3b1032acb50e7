/** Ways in which the answer of a list may look other than documented; each is one that other services have. */
export const dialects = [
  'bare',
  'codeNumber',
  'plain',
  'nested',
  'single',
  'null',
  'missing',
  'noTotal',
  'text',
  'milliseconds',
  'overflow',
  'sparse',
  'emptyIds',
  'futureStatus',
  'twice',
  'foreign',
] as const;
export type Dialect = (typeof dialects)[number];

type Json = Readonly<Record<string, unknown>>;

/** The lists of the answers that can be changed, with the wrapper that they have or might have. */
const lists: Readonly<Record<string, string>> = {
  BackupJobs: 'BackupJob',
  RestoreJobs: 'RestoreJob',
  BackupPlans: 'BackupPlan',
  Policies: 'Policy',
  PolicyBindings: 'PolicyBinding',
  ProtectedResources: 'ProtectedResource',
};

/** The text of an answer in a dialect. What isn't one of the lists stays as it is. */
export function spokenAs(dialect: Dialect, body: string): string {
  const answer: unknown = JSON.parse(body);
  const name = isJson(answer) ? Object.keys(lists).find((each) => each in answer) : undefined;
  return isJson(answer) && name !== undefined ? JSON.stringify(inDialect(dialect, answer, name)) : body;
}

function inDialect(dialect: Dialect, answer: Json, name: string): Json {
  const wrapper = lists[name] ?? '';
  const value = answer[name];
  const wrapped = isJson(value);
  const rows = rowsIn(wrapped ? value[wrapper] : value);
  const withRows = (changed: unknown): Json => ({
    ...answer,
    [name]: wrapped ? { [wrapper]: changed } : changed,
  });
  const each = (change: (row: Json) => Json): Json => withRows(rows.map(change));
  switch (dialect) {
    case 'bare':
      return without(answer, 'Success', 'Code', 'Message');
    case 'codeNumber':
      return { ...answer, Code: 200 };
    case 'plain':
      return { ...answer, [name]: rows };
    case 'nested':
      return { ...answer, [name]: { [wrapper]: rows } };
    case 'single':
      return rows.length === 1 ? withRows(rows[0]) : answer;
    case 'null':
      return { ...answer, [name]: null };
    case 'missing':
      return without(answer, name);
    case 'noTotal':
      return without(answer, 'TotalCount');
    case 'text':
      return { ...each(asText), TotalCount: String(answer['TotalCount']) };
    case 'milliseconds':
      return each((row) => mapped(row, (key, field) => (isTime(key, field) ? Number(field) * 1000 : field)));
    case 'overflow':
      return each((row) => ('Progress' in row ? { ...row, Progress: 12_500 } : row));
    case 'sparse':
      return each((row) => ({ ...without(row, 'Progress', 'CompleteTime', 'Paths'), Path: '/srv' }));
    case 'emptyIds':
      return each((row) => ({ ...row, PlanId: '', ClientId: '', TargetClientId: '' }));
    case 'futureStatus':
      return each((row) => ('Status' in row ? { ...row, Status: 'THROTTLED' } : row));
    case 'twice':
      return withRows([...rows, ...rows.slice(-1)]);
    case 'foreign':
      return withRows([...rows, ...rows.slice(0, 1).flatMap(foreign)]);
  }
}

/** Rows of another kind, edition, and region, each with ids of its own. */
function foreign(row: Json): Json[] {
  const renamed = (mark: string): Json =>
    mapped(row, (key, field) => (key.endsWith('Id') && field !== '' ? `${String(field)}${mark}` : field));
  return [
    { ...renamed('x'), SourceType: 'OSS', RestoreType: 'OSS' },
    { ...renamed('y'), Edition: 'ANOTHER', CreatedByProduct: 'ANOTHER' },
    { ...renamed('z'), RegionId: 'cn-elsewhere', ResourceRegionId: 'cn-elsewhere' },
  ];
}

function asText(row: Json): Json {
  return mapped(row, (_key, field) =>
    typeof field === 'number' || typeof field === 'boolean' ? String(field) : field,
  );
}

function isTime(key: string, field: unknown): boolean {
  return key.endsWith('Time') && typeof field === 'number';
}

function mapped(row: Json, change: (key: string, field: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(row).map(([key, field]) => [key, change(key, field)]));
}

function without(row: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !names.includes(key)));
}

function rowsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
