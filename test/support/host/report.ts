/** How one test ended. */
export interface TestResult {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly error?: string;
}

/** What every suite writes; without it a suite has failed, whatever its exit code says. */
export interface Report {
  readonly tests: readonly TestResult[];
}
