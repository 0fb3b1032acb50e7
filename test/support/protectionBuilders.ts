import type { BackupPlan, Job } from '../../src/core/service/protection';

/** A backup that's running on the instance i-1 with the client c-1. */
export function aJob(parts: Partial<Job> = {}): Job {
  return {
    ...{ kind: 'backup', jobId: 'job-1', status: 'RUNNING', edition: 'STANDARD' },
    ...{ clientId: 'c-1', instanceId: 'i-1' },
    ...parts,
  };
}

/** A daily plan of the instance i-1. */
export function aPlan(parts: Partial<BackupPlan> = {}): BackupPlan {
  return {
    ...{ planId: 'plan-1', name: 'nightly', instanceId: 'i-1', clientId: 'c-1', edition: 'STANDARD' },
    ...{ schedule: 'I|1790013600|P1D', retentionDays: 30, disabled: false },
    ...parts,
  };
}
