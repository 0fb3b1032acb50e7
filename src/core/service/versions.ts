/** Compares dotted versions part by part as numbers: negative when `a` is older. A missing part counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = numberOf(left[i]) - numberOf(right[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numberOf(part: string | undefined): number {
  const parsed = Number.parseInt(part ?? '0', 10);
  return Number.isNaN(parsed) ? 0 : parsed;
}
