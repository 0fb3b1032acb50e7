/** Which programs of CLI profiles the user has allowed to run. */
export interface CommandConsent {
  isAllowed(profileName: string, commandLine: string): boolean;
  /** Only this command of this profile: a changed one has to be allowed anew. */
  allow(profileName: string, commandLine: string): Promise<void>;
}
