/** Where a setting has which value, as far as it matters here. */
export interface InspectedSetting {
  /** Of the user, on whichever computers. */
  readonly globalValue?: unknown;
  /** Of the user on this computer. VS Code gives it at run time, though its API does not name it. */
  readonly globalLocalValue?: unknown;
  /** From the settings file of the remote computer. VS Code gives it at run time, though its API does not name it. */
  readonly globalRemoteValue?: unknown;
}

/** The value in the user's own settings: what a workspace or a remote computer's settings file says is left out. */
export function ownValueOf(inspected: InspectedSetting | undefined): unknown {
  if (inspected === undefined) return undefined;
  // `globalValue` merges the two below; without a remote value it also holds what another VS Code profile inherits.
  if (inspected.globalRemoteValue !== undefined) return inspected.globalLocalValue;
  return inspected.globalValue;
}
