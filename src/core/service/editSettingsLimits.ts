/** Largest values that the service takes (documented in its metadata); 0 means no limit for all but the port. */
export const mostOf = {
  maxCpuCore: 999,
  maxWorker: 999,
  /** Bytes: 1 TiB. */
  maxMemory: 1024 ** 4,
  proxyPort: 65_535,
} as const;
